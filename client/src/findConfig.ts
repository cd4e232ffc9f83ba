import * as vscode from 'vscode';
import type { ConfigText, FindConfigParams } from '../../server/src/features/protocol.ts';
import { configFileNames } from '../../server/src/lint/settings/configFile.ts';

/**
 * The nearest configuration file of a document, from its folder up to its workspace folder; null when there is none.
 * For a server that can't read files itself.
 */
export async function findConfig({ uri }: FindConfigParams): Promise<ConfigText | null> {
  const document = vscode.Uri.parse(uri);
  const top = vscode.workspace.getWorkspaceFolder(document)?.uri.path.replace(/\/$/, '');
  for (let folder = vscode.Uri.joinPath(document, '..'); ; folder = vscode.Uri.joinPath(folder, '..')) {
    for (const name of configFileNames) {
      const file = vscode.Uri.joinPath(folder, name);
      const text = await read(file);
      if (text !== undefined) return { uri: file.toString(), text };
    }
    const isTop = top === undefined || folder.path.replace(/\/$/, '') === top || folder.path.length <= 1;
    if (isTop) return null;
  }
}

async function read(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    return undefined;
  }
}
