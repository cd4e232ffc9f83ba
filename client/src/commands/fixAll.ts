import * as vscode from 'vscode';
import { isDockerfile } from '../languageClient.ts';

const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('plimsoll');

/** Applies every safe fix to the given Dockerfile, or to the one in the active editor, as one undoable change. */
export async function fixAllSafeProblems(uri = vscode.window.activeTextEditor?.document.uri): Promise<void> {
  const document = uri && (await vscode.workspace.openTextDocument(uri));
  if (!document || !isDockerfile(document)) {
    void vscode.window.showInformationMessage('Open a Dockerfile first: Plimsoll fixes the one in the active editor.');
    return;
  }
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
    fixAllKind.value,
    1,
  );
  const edit = actions.find(({ kind, edit }) => edit && kind && fixAllKind.contains(kind))?.edit;
  if (!edit) {
    vscode.window.setStatusBarMessage('Plimsoll: nothing here can be fixed safely.', 5000);
    return;
  }
  if (await vscode.workspace.applyEdit(edit)) {
    vscode.window.setStatusBarMessage('Plimsoll: applied all safe fixes.', 5000);
  } else {
    void vscode.window.showWarningMessage('The Dockerfile changed while its fixes were computed. Try again.');
  }
}
