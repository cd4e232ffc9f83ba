import assert from 'node:assert/strict';
import type { CodeAction, TextDocumentEdit } from 'vscode-languageserver';
import { rangeOf, Session } from './session.ts';

const uri = 'untitled:Dockerfile';
const head = 'FROM debian:13\nUSER app\n';
const versioned = { workspace: { workspaceEdit: { documentChanges: true } } };

describe('language server: code actions', () => {
  let session: Session;
  afterEach(() => session.kill());

  it('repairs the finding at the cursor, for the version it saw', async () => {
    session = await Session.start({ capabilities: versioned });
    const text = `${head}RUN apt-get install curl\n`;
    await session.open(uri, text);
    const diagnostics = await session.diagnostics(uri);
    const action = titled(await session.actions(uri, rangeOf(text, 'install'), undefined, diagnostics), 'Add -y');
    assert.equal(action.kind, 'quickfix');
    assert.equal(action.isPreferred, true);
    assert.deepEqual(
      action.diagnostics?.map(({ code }) => code),
      ['apt-get-without-yes'],
    );
    const [change] = action.edit!.documentChanges as TextDocumentEdit[];
    assert.deepEqual(change!.textDocument, { uri, version: 1 });
    session.apply(action.edit!);
    assert.equal(session.textOf(uri), `${head}RUN apt-get install -y curl\n`);
    const left = await session.diagnostics(uri);
    assert.ok(!left.some(({ code }) => code === 'apt-get-without-yes'));
  });

  it('sends plain changes to a client that knows no versions', async () => {
    session = await Session.start();
    const text = `${head}RUN apt-get install curl\n`;
    await session.open(uri, text);
    const action = titled(await session.actions(uri, rangeOf(text, 'install')), 'Add -y');
    assert.deepEqual(Object.keys(action.edit!.changes!), [uri]);
    assert.equal(action.edit!.documentChanges, undefined);
  });

  it('offers nothing where nothing is found', async () => {
    session = await Session.start();
    const text = `${head}RUN apt-get install curl\n`;
    await session.open(uri, text);
    assert.deepEqual(await session.actions(uri, rangeOf(text, 'app')), []);
  });

  it('offers only the kinds that are asked for', async () => {
    session = await Session.start({ capabilities: versioned });
    const text = `${head}RUN apt-get install curl\n`;
    await session.open(uri, text);
    const at = rangeOf(text, 'install');
    assert.deepEqual(await session.actions(uri, at, ['refactor.extract']), []);
    assert.ok((await session.actions(uri, at, ['quickfix'])).every(({ kind }) => kind === 'quickfix'));
    assert.ok((await session.actions(uri, at)).every(({ kind }) => kind !== 'source.fixAll.plimsoll'));
    for (const only of ['source', 'source.fixAll', 'source.fixAll.plimsoll']) {
      const kinds = (await session.actions(uri, at, [only])).map(({ kind }) => kind);
      assert.deepEqual(kinds, ['source.fixAll.plimsoll']);
    }
  });

  it('fixes all that is safe, in as many passes as it takes', async () => {
    session = await Session.start({ capabilities: versioned });
    const text = `${head}RUN apt-get update && apt-get install curl\nRUN apt-get update && apt-get install wget\n`;
    await session.open(uri, text);
    const [action] = await session.actions(uri, rangeOf(text, 'FROM'), ['source.fixAll.plimsoll']);
    session.apply(action!.edit!);
    assert.equal(session.textOf(uri).match(/apt-get install -y/g)?.length, 2);
    assert.deepEqual(await session.actions(uri, rangeOf(text, 'FROM'), ['source.fixAll']), []);
  });

  it('fixes all of one rule, and says the edit later to who can wait', async () => {
    const resolves = { codeAction: { resolveSupport: { properties: ['edit'] } } };
    session = await Session.start({ capabilities: { ...versioned, textDocument: resolves } });
    const text = `${head}RUN apt-get install curl\nRUN apt-get install wget\n`;
    await session.open(uri, text);
    const action = titled(
      await session.actions(uri, rangeOf(text, 'install')),
      "Fix all 'apt-get-without-yes' problems in this file",
    );
    assert.equal(action.edit, undefined);
    const resolved = await session.connection.sendRequest<CodeAction>('codeAction/resolve', action);
    session.apply(resolved.edit!);
    assert.equal(session.textOf(uri), `${head}RUN apt-get install -y curl\nRUN apt-get install -y wget\n`);
    await assert.rejects(session.connection.sendRequest('codeAction/resolve', action), /changed/);
  });

  it('applies all safe fixes as a command', async () => {
    session = await Session.start({ capabilities: versioned });
    const text = `${head}RUN apt-get install curl\n`;
    await session.open(uri, text);
    const run = () =>
      session.connection.sendRequest('workspace/executeCommand', {
        command: 'plimsoll.server.fixAll',
        arguments: [uri],
      });
    assert.equal(await run(), true);
    assert.match(session.textOf(uri), /install -y/);
    assert.equal(await run(), false);
    await assert.rejects(
      session.connection.sendRequest('workspace/executeCommand', { command: 'plimsoll.server.fixAll', arguments: [1] }),
      /URI of an open Dockerfile/,
    );
  });

  describe('ignore here', () => {
    const title = "Ignore 'apt-get-without-yes' here";

    async function ignore(text: string): Promise<string> {
      session = await Session.start({ capabilities: versioned });
      await session.open(uri, text);
      session.apply(titled(await session.actions(uri, rangeOf(text, 'install')), title).edit!);
      const left = await session.diagnostics(uri);
      assert.ok(!left.some(({ code }) => code === 'apt-get-without-yes'), 'the finding is hidden');
      return session.textOf(uri);
    }

    it('writes our comment above the instruction, never inside of it', async () => {
      const text = `${head}  RUN true \\\n    && apt-get install curl\n`;
      assert.equal(await ignore(text), text.replace('  RUN', '  # plimsoll ignore=apt-get-without-yes\n  RUN'));
    });

    it('extends the comment that is there', async () => {
      const text = `${head}# plimsoll ignore=latest-tag: reasons\n# more\nRUN apt-get install curl\n`;
      assert.equal(await ignore(text), text.replace('latest-tag', 'latest-tag,apt-get-without-yes'));
    });

    it('keeps CRLF', async () => {
      const text = `${head}RUN apt-get install curl\n`.replaceAll('\n', '\r\n');
      assert.equal(await ignore(text), text.replace('RUN', '# plimsoll ignore=apt-get-without-yes\r\nRUN'));
    });
  });
});

function titled(actions: readonly CodeAction[], title: string): CodeAction {
  const found = actions.filter((action) => action.title === title);
  assert.equal(found.length, 1, actions.map((action) => action.title).join(' | '));
  return found[0]!;
}
