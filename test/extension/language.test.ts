import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import {
  activatePlimsoll,
  closeEditors,
  codeOf,
  diagnosticOf,
  eventually,
  openExample,
  openUntitled,
  plimsollDiagnostics,
  replaceIn,
  untilGone,
} from './editor.ts';

const rule = 'apt-get-without-yes';
const faulty = 'FROM debian:13\nRUN apt-get update && apt-get install curl\n';

describe('a Dockerfile in the editor', () => {
  before(activatePlimsoll);
  afterEach(closeEditors);

  it('has what is wrong underlined: the word, not the line', async () => {
    const document = await openUntitled(faulty);
    const diagnostic = await diagnosticOf(document, rule);
    assert.equal(document.getText(diagnostic.range), 'install');
    assert.equal(diagnostic.severity, vscode.DiagnosticSeverity.Error);
  });

  it('has a link to the page of the rule at each finding', async () => {
    const document = await openUntitled(faulty);
    const { code } = await diagnosticOf(document, rule);
    assert.ok(typeof code === 'object');
    assert.match(code.target.toString(), new RegExp(rule));
  });

  it('is checked when it is a file of the workspace', async () => {
    const document = await openExample('node-shop/Dockerfile');
    await eventually('findings in the example', () => (plimsollDiagnostics(document).length > 0 ? true : undefined));
  });

  it('is checked while it is written, without being saved', async () => {
    const document = await openUntitled('FROM debian:13\n');
    await replaceIn(document, new vscode.Range(1, 0, 1, 0), 'RUN apt-get update && apt-get install curl\n');
    await diagnosticOf(document, rule);
    await replaceIn(document, new vscode.Range(1, 0, 2, 0), '');
    await untilGone(document, rule);
  });

  it('is repaired by a code action', async () => {
    const document = await openUntitled(faulty);
    const { range } = await diagnosticOf(document, rule);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      vscode.CodeActionKind.QuickFix.value,
      20,
    );
    const fix = actions.find(({ title }) => title === 'Add -y');
    assert.ok(fix?.edit, `offered: ${actions.map(({ title }) => title).join(', ')}`);
    assert.ok(await vscode.workspace.applyEdit(fix.edit));
    assert.equal(document.lineAt(1).text, 'RUN apt-get update && apt-get install -y curl');
    await untilGone(document, rule);
  });

  it('is repaired as a whole by Fix All Safe Problems', async () => {
    const document = await openUntitled(`${faulty}RUN apt-get install wget\n`);
    await diagnosticOf(document, rule);
    await vscode.commands.executeCommand('plimsoll.fixAll');
    await untilGone(document, rule);
    assert.match(document.getText(), /install\b.* -y\b.* curl/);
    assert.match(document.getText(), /install\b.* -y\b.* wget/);
  });

  it('is left alone where a comment says so', async () => {
    const document = await openUntitled(faulty.replace('RUN', `# plimsoll ignore=${rule}\nRUN`));
    await eventually('another finding', () => (plimsollDiagnostics(document).length > 0 ? true : undefined));
    assert.ok(plimsollDiagnostics(document).every((diagnostic) => codeOf(diagnostic) !== rule));
  });

  it('is not checked any more after it was closed', async () => {
    const document = await openExample('node-shop/Dockerfile');
    await eventually('findings', () => (plimsollDiagnostics(document).length > 0 ? true : undefined));
    await closeEditors();
    const other = await openExample('README.md');
    assert.deepEqual(plimsollDiagnostics(other), []);
  });
});

describe('settings', () => {
  const settings = () => vscode.workspace.getConfiguration('plimsoll');

  before(activatePlimsoll);
  afterEach(async () => {
    await settings().update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await settings().update('enable', undefined, vscode.ConfigurationTarget.Workspace);
    await closeEditors();
  });

  it('change the severity of a rule at once', async () => {
    const document = await openExample('nginx-site/Dockerfile');
    await replaceIn(document, new vscode.Range(3, 0, 3, 0), 'RUN apt-get update && apt-get install wget\n');
    await diagnosticOf(document, rule);
    await settings().update('rules', { [rule]: 'info' }, vscode.ConfigurationTarget.Workspace);
    await eventually('the new severity', async () => {
      const { severity } = await diagnosticOf(document, rule);
      return severity === vscode.DiagnosticSeverity.Information ? severity : undefined;
    });
  });

  it('switch a rule off and on at once', async () => {
    const document = await openUntitled(faulty);
    await diagnosticOf(document, rule);
    await settings().update('rules', { [rule]: 'off' }, vscode.ConfigurationTarget.Workspace);
    await untilGone(document, rule);
    await settings().update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    await diagnosticOf(document, rule);
  });

  it('switch all checks off at once', async () => {
    const document = await openUntitled(faulty);
    await diagnosticOf(document, rule);
    await settings().update('enable', false, vscode.ConfigurationTarget.Workspace);
    await untilGone(document, rule);
    assert.deepEqual(plimsollDiagnostics(document), []);
  });
});
