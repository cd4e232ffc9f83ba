import * as vscode from 'vscode';
import { withoutLinks } from '../text.ts';

/** The Dockerfile of a scan; undefined, and the user knows, when it was moved or deleted since. */
export async function openDockerfile(path: string): Promise<vscode.TextDocument | undefined> {
  try {
    return await vscode.workspace.openTextDocument(vscode.Uri.file(path));
  } catch {
    tellGone(path);
    return undefined;
  }
}

export function tellGone(path: string): void {
  const name = vscode.workspace.asRelativePath(path);
  void vscode.window.showWarningMessage(
    withoutLinks(
      `${name} is not there any more: it was moved or deleted. Open the Dockerfile where it is now and scan.`,
    ),
  );
}
