import * as vscode from 'vscode';
import { isDockerfile, type LanguageServer } from './languageClient.ts';
import { plural } from './text.ts';

/** Shows the server's state and the number of findings of the Dockerfile in the active editor. */
export function createStatusItem(server: LanguageServer): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('plimsoll.status', vscode.StatusBarAlignment.Right, 100);
  item.name = 'Plimsoll';

  const update = () => {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !isDockerfile(document)) {
      item.hide();
      return;
    }
    const { tooltip, ...others } = appearance(server, document);
    Object.assign(item, { tooltip, ...others });
    item.accessibilityInformation = { label: `Plimsoll: ${tooltip}`, role: 'button' };
    item.show();
  };
  update();

  return vscode.Disposable.from(
    item,
    server.onDidChangeState(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('plimsoll') && update()),
    vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      const active = vscode.window.activeTextEditor?.document.uri.toString();
      if (uris.some((uri) => uri.toString() === active)) update();
    }),
  );
}

type Appearance = Pick<vscode.StatusBarItem, 'text' | 'command' | 'backgroundColor'> & { readonly tooltip: string };

function appearance(server: LanguageServer, document: vscode.TextDocument): Appearance {
  const restart = { command: 'plimsoll.restartServer', backgroundColor: undefined };
  switch (server.state) {
    case 'starting':
      return {
        text: '$(loading~spin) Plimsoll',
        tooltip: 'The language server is starting.',
        command: 'plimsoll.showOutput',
        backgroundColor: undefined,
      };
    case 'stopped':
      return {
        ...restart,
        text: '$(circle-slash) Plimsoll',
        tooltip: 'The language server has stopped. Click to start it.',
      };
    case 'failed':
      return {
        ...restart,
        text: '$(error) Plimsoll',
        tooltip: 'The language server did not start. Click to try again; the output has the details.',
        backgroundColor: new vscode.ThemeColor('statusBarItem.errorBackground'),
      };
    case 'running':
      return runningAppearance(document);
  }
}

function runningAppearance(document: vscode.TextDocument): Appearance {
  if (!vscode.workspace.getConfiguration('plimsoll', document).get('enable', true)) {
    return {
      text: '$(circle-slash) Plimsoll',
      tooltip: 'Switched off by the setting plimsoll.enable. Click to open it.',
      command: { command: 'workbench.action.openSettings', title: 'Open Settings', arguments: ['plimsoll.enable'] },
      backgroundColor: undefined,
    };
  }
  const findings = vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'plimsoll');
  return {
    text: findings.length === 0 ? '$(pass) Plimsoll' : `$(warning) Plimsoll: ${findings.length}`,
    tooltip:
      findings.length === 0
        ? 'No findings in this Dockerfile.'
        : `${plural(findings.length, 'finding')} in this Dockerfile. Click to see them.`,
    command: findings.length === 0 ? 'plimsoll.showOutput' : 'workbench.actions.view.problems',
    backgroundColor: undefined,
  };
}
