import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { PlimsollApi } from '../../client/src/languageFeatures.ts';

export const extensionId = 'plimsoll.plimsoll';

/** The extension's API, once it is active and its language server has answered. */
export async function activatePlimsoll(): Promise<PlimsollApi> {
  const extension = vscode.extensions.getExtension<PlimsollApi>(extensionId);
  if (!extension) throw new Error(`${extensionId} is not installed in this host`);
  const api = await extension.activate();
  await api.ready;
  return api;
}

/** Opens a Dockerfile that is nowhere on disk and shows it. */
export async function openUntitled(content: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument({ language: 'dockerfile', content });
  await vscode.window.showTextDocument(document);
  return document;
}

/** Opens a file of the workspace, which is a copy of examples/, and shows it. */
export async function openExample(path: string): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no workspace folder is open');
  const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder.uri, path));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Asks again until the answer is not undefined. Rejects after `limit` milliseconds, saying what was waited for. */
export async function eventually<T>(
  what: string,
  ask: () => T | undefined | Thenable<T | undefined>,
  limit = 15_000,
): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${limit} ms in vain: ${what}`);
    await delay(50);
  }
}

/** The rule or parser id of a diagnostic. */
export function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code);
}

export function plimsollDiagnostics(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source?.toLowerCase() === 'plimsoll');
}

/** Plimsoll's diagnostic with this code, as soon as it is there. */
export function diagnosticOf(document: vscode.TextDocument, code: string): Promise<vscode.Diagnostic> {
  return eventually(`${code} in ${document.uri}`, () =>
    plimsollDiagnostics(document).find((diagnostic) => codeOf(diagnostic) === code),
  );
}

/** Settles when Plimsoll has no diagnostic with this code any more. */
export async function untilGone(document: vscode.TextDocument, code: string): Promise<void> {
  await eventually(`no ${code} in ${document.uri}`, () =>
    plimsollDiagnostics(document).every((diagnostic) => codeOf(diagnostic) !== code) ? true : undefined,
  );
}

export async function replaceIn(document: vscode.TextDocument, range: vscode.Range, text: string): Promise<void> {
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, range, text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(`${document.uri} could not be edited`);
}

/** Closes every editor and drops what was not saved. */
export async function closeEditors(): Promise<void> {
  while (vscode.window.activeTextEditor) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}
