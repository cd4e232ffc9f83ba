import assert from 'node:assert/strict';
import type { Diagnostic } from 'vscode-languageserver';
import { rangeOf, Session } from './session.ts';

const good = 'untitled:good';
const goodText = 'FROM debian:13\nUSER app\nRUN apt-get install curl\n';

/** Texts that no one should have to fear; each is opened, asked about, changed and closed. */
const badTexts: Readonly<Record<string, string>> = {
  empty: '',
  'blank lines': '\n\n\n',
  'only a comment': '# hello',
  'a byte order mark alone': '\uFEFF',
  binary: '\x7fELF\u0002\u0001\u0000\u0000\u0000\uFFFD\u0003\n\u0000',
  'CR line ends': 'FROM debian:13\rRUN apt-get install curl\r',
  'mixed line ends': 'FROM debian:13\r\nRUN a \\\n  b\r\nRUN c',
  'half a surrogate pair': 'FROM debian:13\nRUN echo \ud83d\nLABEL a=\udc00\n',
  'unfinished instructions':
    'FROM\nFROM debian:13 AS\nRUN\nCOPY\nENV\nENV A\nUSER\nCMD [\nHEALTHCHECK CMD\nONBUILD\nRUN apt-get \\',
  'unfinished heredoc': 'FROM debian:13\nRUN <<EOF\napt-get install curl\n',
  'unfinished quotes': 'FROM debian:13\nRUN echo "abc\nENV A="b\nLABEL \'\n',
  'stage cycle': 'FROM b AS a\nFROM a AS b\nCOPY --from=b / /\nFROM a\n',
  'a template': '{{ if .x }}\nFROM {{ .image }}\n{{ end }}\nRUN {% raw %} x {% endraw %}\n',
  'escape directive': '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver\nRUN dir c:\\ `\n  && echo x\n',
  'a wrong escape directive': '# escape=xyz\nFROM debian:13\n',
  'one very long line': `FROM debian:13\nRUN echo ${'x'.repeat(70_000)}\n`,
  'deep nesting': `FROM debian:13\nRUN ${'$('.repeat(2000)}\n`,
  'many variables': `FROM debian:13\nENV A=${'${A:-'.repeat(2000)}\n`,
  'ten megabytes': 'RUN apt-get update && apt-get install -y curl\n'.repeat(220_000),
};

describe('language server: bad input', () => {
  let session: Session;
  before(async () => {
    session = await Session.start();
    await session.open(good, goodText);
    await session.diagnostics(good);
  });
  after(() => session.kill());

  for (const [name, text] of Object.entries(badTexts)) {
    it(`answers: ${name}`, async () => {
      const uri = `untitled:${encodeURIComponent(name)}`;
      const textDocument = { uri };
      const start = { line: 0, character: 0 };
      await session.open(uri, text);
      const diagnostics = await session.diagnostics(uri);
      assertInside(text, diagnostics);
      await session.actions(uri, { start, end: { line: 1_000_000, character: 0 } });
      await session.actions(uri, { start, end: start }, ['source.fixAll']);
      for (const method of ['textDocument/documentSymbol', 'textDocument/foldingRange', 'plimsoll/dockerfileInfo']) {
        await session.connection.sendRequest(method, { textDocument });
      }
      const position = { line: 1, character: 5 };
      for (const method of [
        'hover',
        'completion',
        'definition',
        'documentHighlight',
        'prepareRename',
        'documentLink',
      ]) {
        // A refusal to rename is an answer, too.
        await session.connection.sendRequest(`textDocument/${method}`, { textDocument, position }).catch((error) => {
          assert.equal(method, 'prepareRename', String(error));
        });
      }
      await session.change(uri, { range: { start, end: start }, newText: 'F' });
      await session.diagnostics(uri);
      await session.close(uri);
      const found = await session.diagnostics(good);
      assert.ok(
        found.some(({ code }) => code === 'apt-get-without-yes'),
        'another document is not affected',
      );
    });
  }

  it('says why it does not check a binary or a huge file', async () => {
    const codes: Record<string, string> = { binary: 'input:binary', 'ten megabytes': 'input:too-long' };
    for (const [name, code] of Object.entries(codes)) {
      const uri = `untitled:why-${code}`;
      await session.open(uri, badTexts[name]!);
      assert.deepEqual(
        (await session.diagnostics(uri)).map((diagnostic) => diagnostic.code),
        [code],
      );
      await session.close(uri);
    }
  });

  it('survives requests that make no sense', async () => {
    const { connection } = session;
    await assert.rejects(connection.sendRequest('plimsoll/noSuchRequest', {}));
    await assert.rejects(connection.sendRequest('textDocument/hover', {}));
    await assert.rejects(connection.sendRequest('plimsoll/dockerfileInfo', null));
    await assert.rejects(connection.sendRequest('workspace/executeCommand', { command: 'rm' }));
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: 'untitled:never-opened', version: 3 },
      contentChanges: [{ text: 'x' }],
    });
    await connection.sendNotification('workspace/didChangeConfiguration', { settings: 7 });
    await connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: 'nonsense', type: 1 }] });
    await session.change(good, { range: rangeOf(goodText, 'curl'), newText: 'wget' });
    assert.ok((await session.diagnostics(good)).length > 0);
  });

  it('ends with 0 after shutdown and with 1 without', async () => {
    const polite = await Session.start();
    assert.equal(await polite.end(), 0);
    const rude = await Session.start();
    await rude.connection.sendNotification('exit');
    assert.equal(await rude.exited, 1);
  });

  it('ends when its client goes away', async () => {
    const abandoned = await Session.start();
    abandoned.connection.end();
    assert.notEqual(await abandoned.exited, undefined);
  });
});

/** Every position is a line of the text and a character in it. */
function assertInside(text: string, diagnostics: readonly Diagnostic[]): void {
  const lines = text.split(/\r\n|\n|\r/);
  for (const { range } of diagnostics) {
    for (const { line, character } of [range.start, range.end]) {
      assert.ok(line < lines.length && character <= lines[line]!.length, JSON.stringify(range));
    }
  }
}
