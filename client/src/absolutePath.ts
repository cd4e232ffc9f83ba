import * as vscode from 'vscode';

/** Relative paths in settings start at the workspace folder. */
export function absolutePath(path: string, resource: vscode.Uri | undefined): string | undefined {
  if (path === '') return undefined;
  if (/^([/\\]|[A-Za-z]:)/.test(path)) return path;
  const folder = (resource && vscode.workspace.getWorkspaceFolder(resource)) ?? vscode.workspace.workspaceFolders?.[0];
  return folder && vscode.Uri.joinPath(folder.uri, path).fsPath;
}
