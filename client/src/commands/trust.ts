import * as vscode from 'vscode';

/** True in a trusted workspace; otherwise says why nothing happens and offers the way out. */
export function ensureTrusted(): boolean {
  if (vscode.workspace.isTrusted) return true;
  const manage = 'Manage Workspace Trust';
  void vscode.window
    .showWarningMessage(
      'Building and scanning run programs, some of them named in the Dockerfile. Trust this workspace first.',
      manage,
    )
    .then((picked) => picked === manage && vscode.commands.executeCommand('workbench.trust.manage'));
  return false;
}
