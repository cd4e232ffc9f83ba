import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver';
import { rangeOf, Session, type SessionOptions, textIn } from './session.ts';

const uri = 'untitled:Dockerfile';
const text = 'FROM debian:13\nUSER app\nRUN apt-get install curl\n';

describe('language server: diagnostics', () => {
  let session: Session;

  async function start(options: SessionOptions = {}): Promise<void> {
    session = await Session.start(options);
  }

  afterEach(() => session.kill());

  it('says who it is and what it can do', async () => {
    await start();
    const { capabilities, serverInfo } = session.initializeResult;
    assert.equal(serverInfo?.name, 'plimsoll');
    assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2 });
    assert.equal(capabilities.diagnosticProvider, undefined, 'a client that does not pull gets diagnostics pushed');
  });

  it('underlines the word, not the line, with the rule and a link to its page', async () => {
    await start();
    await session.open(uri, text);
    const found = only(await session.diagnostics(uri), 'apt-get-without-yes');
    assert.deepEqual(found.range, rangeOf(text, 'install'));
    assert.equal(found.source, 'plimsoll');
    assert.equal(found.severity, 1);
    assert.equal(
      found.codeDescription?.href,
      'https://github.com/plimsoll/plimsoll/blob/main/docs/rules/packages/apt-get-without-yes.md',
    );
  });

  it('follows incremental changes', async () => {
    await start();
    await session.open(uri, text);
    await session.diagnostics(uri);
    const at = rangeOf(text, 'install').end;
    await session.change(uri, { range: { start: at, end: at }, newText: ' -y' });
    assert.deepEqual(named(await session.diagnostics(uri), 'apt-get-without-yes'), []);
    const yes = rangeOf(session.textOf(uri), ' -y');
    await session.change(
      uri,
      { range: yes, newText: '' },
      { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, newText: '# é 😀\n' },
    );
    const found = only(await session.diagnostics(uri), 'apt-get-without-yes');
    assert.deepEqual(found.range, rangeOf(session.textOf(uri), 'install'));
  });

  it('counts in UTF-16, with CRLF and a byte order mark', async () => {
    await start();
    const odd = '\uFEFFFROM debian:13\r\nUSER app\r\nRUN echo "😀é" && apt-get install curl\r\n';
    await session.open(uri, odd);
    const found = only(await session.diagnostics(uri), 'apt-get-without-yes');
    assert.deepEqual(found.range, rangeOf(odd, 'install'));
    assert.equal(textIn(odd, found.range), 'install');
  });

  it('leaves the left side of a diff alone', async () => {
    await start({ capabilities: { textDocument: { diagnostic: {} } } });
    const old = 'git:/w/Dockerfile?%7B%22ref%22%3A%22HEAD%22%7D';
    await session.open(old, text);
    const report = await session.connection.sendRequest('textDocument/diagnostic', { textDocument: { uri: old } });
    assert.deepEqual(report, { kind: 'full', items: [] });
  });

  it('takes the diagnostics of a closed document away', async () => {
    await start();
    await session.open(uri, text);
    await session.diagnostics(uri);
    await session.close(uri);
    assert.deepEqual(await session.diagnostics(uri), []);
  });

  it('answers when it is asked, and says when nothing has changed', async () => {
    await start({ capabilities: { textDocument: { diagnostic: {} } } });
    assert.equal(session.initializeResult.capabilities.diagnosticProvider?.interFileDependencies, false);
    await session.open(uri, text);
    const first = await pull();
    assert.ok(first.kind === 'full');
    assert.deepEqual(only(first.items, 'apt-get-without-yes').range, rangeOf(text, 'install'));
    const second = await pull(first.resultId);
    assert.equal(second.kind, 'unchanged');
    await session.change(uri, { range: rangeOf(text, 'install'), newText: 'install -y' });
    const third = await pull(first.resultId);
    assert.ok(third.kind === 'full');
    assert.deepEqual(named(third.items, 'apt-get-without-yes'), []);
  });

  describe('settings', () => {
    const capabilities = { workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } } };

    it('asks for them and follows their changes', async () => {
      await start({ capabilities, settings: { rules: { 'apt-get-without-yes': 'hint' } } });
      await session.open(uri, text);
      assert.equal(only(await session.diagnostics(uri), 'apt-get-without-yes').severity, 4);
      assert.ok(session.registrations.includes('workspace/didChangeConfiguration'));
      session.settings = { rules: { 'apt-get-without-yes': 'off' } };
      await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await session.diagnostics(uri, (found) => named(found, 'apt-get-without-yes').length === 0);
      session.settings = { enable: false };
      await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await session.diagnostics(uri, (found) => found.length === 0);
      session.settings = {};
      await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      const found = await session.diagnostics(uri, (all) => all.length > 0);
      assert.equal(only(found, 'apt-get-without-yes').severity, 1);
    });

    for (const [title, client] of [
      ['cannot be asked', {}],
      ['answers with nothing', { capabilities, settings: null }],
    ] as const) {
      it(`takes them from the initialization options when the client ${title}`, async () => {
        await start({ ...client, initializationOptions: { settings: { rules: { 'apt-get-without-yes': 'info' } } } });
        await session.open(uri, text);
        assert.equal(only(await session.diagnostics(uri), 'apt-get-without-yes').severity, 3);
      });
    }

    it('takes them from the notice when the client cannot be asked', async () => {
      await start();
      await session.open(uri, text);
      await session.diagnostics(uri);
      await session.connection.sendNotification('workspace/didChangeConfiguration', {
        settings: { plimsoll: { rules: { 'hadolint/DL3014': 'info' } } },
      });
      const found = await session.diagnostics(uri, (all) => only(all, 'apt-get-without-yes').severity === 3);
      assert.equal(named(found, 'apt-get-without-yes').length, 1);
    });

    it('complains once about wrong ones and obeys the others', async () => {
      await start({
        capabilities,
        settings: { enable: 'yes', rules: { 'apt-get-without-yes': 'info', 'no-such-rule': 'error', 'root-user': 7 } },
      });
      await session.open(uri, text);
      assert.equal(only(await session.diagnostics(uri), 'apt-get-without-yes').severity, 3);
      await session.open('untitled:Dockerfile-2', text);
      await session.diagnostics('untitled:Dockerfile-2');
      assert.equal(session.messages.length, 3, session.messages.join('\n'));
      assert.match(session.messages.join('\n'), /plimsoll\.enable: must be true or false, not "yes"/);
      assert.match(session.messages.join('\n'), /there is no rule "no-such-rule"/);
    });

    it('asks a pulling client to pull again', async () => {
      await start({
        capabilities: {
          textDocument: { diagnostic: {} },
          workspace: { configuration: true, diagnostics: { refreshSupport: true } },
        },
      });
      await session.open(uri, text);
      await pull();
      session.settings = { enable: false };
      await session.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
      await session.waitFor('a refresh', () => (session.refreshes > 0 ? true : undefined));
      const report = await pull();
      assert.ok(report.kind === 'full');
      assert.deepEqual(report.items, []);
    });
  });

  describe('files around the Dockerfile', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-protocol-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('obeys the nearest .plimsoll.yaml and follows its changes', async () => {
      const config = join(folder, '.plimsoll.yaml');
      writeFileSync(config, 'rules:\n  apt-get-without-yes: hint\n');
      mkdirSync(join(folder, 'app'));
      await start({
        folders: [pathToFileURL(folder).href],
        capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
      });
      const file = pathToFileURL(join(folder, 'app/Dockerfile')).href;
      await session.open(file, text);
      assert.equal(only(await session.diagnostics(file), 'apt-get-without-yes').severity, 4);
      assert.ok(session.registrations.includes('workspace/didChangeWatchedFiles'));
      writeFileSync(config, 'rules:\n  apt-get-without-yes: "off"\n');
      await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: pathToFileURL(config).href, type: 2 }],
      });
      await session.diagnostics(file, (found) => named(found, 'apt-get-without-yes').length === 0);
    });
  });

  it('underlines what is wrong in a .plimsoll.yaml until it is repaired', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-protocol-'));
    try {
      const path = join(folder, '.plimsoll.yaml');
      const config = pathToFileURL(path).href;
      const wrong = 'rules:\n  root-user: loud\n';
      writeFileSync(path, wrong);
      await start({ folders: [pathToFileURL(folder).href], capabilities: { textDocument: { diagnostic: {} } } });
      const textDocument = { uri: pathToFileURL(join(folder, 'Dockerfile')).href };
      await session.open(textDocument.uri, text);
      await session.connection.sendRequest('textDocument/diagnostic', { textDocument });
      const [found] = await session.diagnostics(config, (all) => all.length > 0);
      assert.deepEqual(found!.range, rangeOf(wrong, 'root-user'));
      writeFileSync(path, 'rules:\n  root-user: hint\n');
      await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: config, type: 2 }],
      });
      assert.deepEqual(await session.diagnostics(config, (all) => all.length === 0), []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  describe('the build context', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-protocol-'));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    it('is looked at, and its changes are followed', async () => {
      writeFileSync(join(folder, 'package.json'), '{}');
      await start({
        folders: [pathToFileURL(folder).href],
        capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
      });
      const file = pathToFileURL(join(folder, 'Dockerfile')).href;
      await session.open(file, 'FROM node:24\nCOPY . .\nRUN npm install\nUSER node\n');
      const rule = 'npm-install-with-lockfile';
      assert.deepEqual(named(await session.diagnostics(file), rule), []);
      const lock = join(folder, 'package-lock.json');
      writeFileSync(lock, '{ "lockfileVersion": 3 }');
      await session.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: pathToFileURL(lock).href, type: 1 }],
      });
      const found = only(await session.diagnostics(file, (all) => named(all, rule).length > 0), rule);
      assert.equal(textIn(session.textOf(file), found.range).includes('install'), true);
    });
  });

  async function pull(previousResultId?: string): Promise<DocumentDiagnosticReport> {
    return session.connection.sendRequest('textDocument/diagnostic', {
      textDocument: { uri },
      ...(previousResultId === undefined ? {} : { previousResultId }),
    });
  }
});

function named(diagnostics: readonly Diagnostic[], rule: string): Diagnostic[] {
  return diagnostics.filter((diagnostic) => diagnostic.code === rule);
}

function only(diagnostics: readonly Diagnostic[], rule: string): Diagnostic {
  const found = named(diagnostics, rule);
  assert.equal(found.length, 1, JSON.stringify(diagnostics));
  return found[0]!;
}
