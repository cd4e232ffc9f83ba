import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DocumentHighlight, DocumentLink, InlayHint, Location, Range, WorkspaceEdit } from 'vscode-languageserver';
import { rangeOf, Session, type SessionOptions, textIn } from './session.ts';

const untitled = 'untitled:Dockerfile';

describe('language server: navigation', () => {
  let session: Session;
  afterEach(() => session.kill());

  const text = [
    'ARG TAG=24',
    'FROM node:${TAG} AS build',
    'ARG TAG',
    'RUN echo $TAG',
    'FROM scratch AS files',
    'FROM build',
    'COPY --from=Build /a /a',
    'COPY --from=0 /b /b',
    'RUN --mount=type=bind,from=build,target=/c true',
    '',
  ].join('\n');

  async function open(options: SessionOptions = {}, written = text): Promise<void> {
    session = await Session.start(options);
    await session.open(untitled, written);
  }

  /** Asks at the first place of `piece` behind `line`. */
  async function ask<Answer>(method: string, line: string, piece: string, more: object = {}): Promise<Answer> {
    const written = session.textOf(untitled);
    const start = written.indexOf(line);
    const { line: before } = rangeOf(written, line).start;
    const inLine = rangeOf(written.slice(start), piece).start;
    assert.equal(inLine.line, 0);
    const { character } = rangeOf(written, line).start;
    return session.connection.sendRequest(method, {
      textDocument: { uri: untitled },
      position: { line: before, character: character + inLine.character },
      ...more,
    });
  }

  const shown = (ranges: readonly { readonly range: Range }[]): string[] =>
    ranges.map(({ range }) => `${range.start.line + 1}:${textIn(session.textOf(untitled), range)}`);

  it('goes to the stage, from its name and from its number', async () => {
    await open();
    for (const piece of ['Build', '0'])
      assert.deepEqual(shown(await ask<Location[]>('textDocument/definition', `COPY --from=${piece}`, `${piece} `)), [
        '2:build',
      ]);
    assert.deepEqual(shown(await ask<Location[]>('textDocument/definition', 'FROM scratch', 'scratch')), []);
  });

  it('goes from the use of an argument to its ARG, and from there to the first one', async () => {
    await open();
    assert.deepEqual(shown(await ask<Location[]>('textDocument/definition', 'RUN echo', 'TAG')), ['3:TAG']);
    assert.deepEqual(shown(await ask<Location[]>('textDocument/definition', 'ARG TAG\n', 'TAG')), ['1:TAG']);
    assert.deepEqual(shown(await ask<Location[]>('textDocument/definition', 'FROM node', 'TAG')), ['1:TAG']);
  });

  it('finds all places, with and without the declaration', async () => {
    await open();
    const context = { includeDeclaration: false };
    assert.deepEqual(shown(await ask<Location[]>('textDocument/references', 'AS build', 'build', { context })), [
      '6:build',
      '7:Build',
      '8:0',
      '9:build',
    ]);
    const all = { context: { includeDeclaration: true } };
    assert.deepEqual(shown(await ask<Location[]>('textDocument/references', 'RUN echo', 'TAG', all)), [
      '1:TAG',
      '2:TAG',
      '3:TAG',
      '4:TAG',
    ]);
  });

  it('tells declarations from uses', async () => {
    await open();
    const found = await ask<DocumentHighlight[]>('textDocument/documentHighlight', 'RUN echo', 'TAG');
    assert.deepEqual(
      found.map(({ kind }) => kind),
      [3, 2, 3, 2],
    );
  });

  it('renames a stage wherever it is named', async () => {
    await open({ capabilities: { workspace: { workspaceEdit: { documentChanges: true } } } });
    session.apply(await ask<WorkspaceEdit>('textDocument/rename', 'COPY --from=Build', 'Build', { newName: 'deps' }));
    assert.equal(
      session.textOf(untitled),
      text
        .replace('AS build', 'AS deps')
        .replace('FROM build', 'FROM deps')
        .replace('=Build', '=deps')
        .replace('from=build', 'from=deps'),
    );
  });

  it('renames a variable in its scope and nowhere else', async () => {
    const written = 'FROM a AS x\nENV A=1\nRUN echo $A\nFROM x\nRUN echo ${A:-$B}\nFROM a\nENV A=2\nRUN echo $A\n';
    await open({}, written);
    session.apply(await ask<WorkspaceEdit>('textDocument/rename', 'ENV A', 'A', { newName: 'NEW' }));
    assert.equal(
      session.textOf(untitled),
      'FROM a AS x\nENV NEW=1\nRUN echo $NEW\nFROM x\nRUN echo ${NEW:-$B}\nFROM a\nENV A=2\nRUN echo $A\n',
    );
  });

  it('says what can be renamed before it is, to editors that ask', async () => {
    await open({ capabilities: { textDocument: { rename: { prepareSupport: true } } } });
    assert.deepEqual(session.initializeResult.capabilities.renameProvider, { prepareProvider: true });
    const target = await ask<{ range: Range; placeholder: string }>('textDocument/prepareRename', 'AS build', 'build');
    assert.deepEqual(target, { range: rangeOf(text.replace('AS ', '   '), 'build'), placeholder: 'build' });
    assert.equal(await ask('textDocument/prepareRename', 'FROM scratch', 'scratch'), null);
  });

  for (const [title, written, line, piece, newName, message] of [
    ['a number', text, 'COPY --from=0', '0', 'x', /A number is no name/],
    ['to a name that is taken', text, 'AS build', 'build', 'files', /already a stage files/],
    ['to what is none', text, 'AS build', 'build', 'a b', /starts with a letter/],
    [
      'over an image',
      'FROM a AS x\nFROM node\nCOPY --from=x / /\n',
      'AS x',
      'x',
      'node',
      /Line 2 takes the image node/,
    ],
    [
      'a variable that a script sets',
      'FROM a\nARG V\nRUN V=1; echo $V\n',
      'ARG V',
      'V',
      'W',
      /Line 3 mentions V as a variable that the script sets/,
    ],
    [
      'a variable of another program',
      "FROM a\nENV V=1\nRUN node -e 'process.env.V'\n",
      'ENV V',
      'V=1',
      'W',
      /Line 3 mentions V/,
    ],
    ['a variable in the JSON form', 'FROM a\nENV V=1\nCMD ["sh", "-c", "$V"]\n', 'ENV V', 'V=1', 'W', /JSON form/],
    ['what the builder sets', 'FROM a\nARG TARGETARCH\n', 'ARG', 'TARGET', 'W', /set by the builder/],
  ] as const) {
    it(`refuses to rename ${title}, and says why`, async () => {
      await open({}, written);
      await assert.rejects(ask('textDocument/rename', line, piece, { newName }), message);
    });
  }
});

describe('language server: links and hints', () => {
  let session: Session;
  afterEach(() => session.kill());

  it('links images to the pages of their registries', async () => {
    session = await Session.start({ capabilities: { textDocument: { documentLink: { tooltipSupport: true } } } });
    const text =
      'ARG V=24\nFROM node:${V} AS build\nFROM ghcr.io/astral-sh/uv:1\nFROM quay.io/a/b@sha256:0\nFROM mcr.microsoft.com/dotnet/sdk:10.0\nFROM bitnami/redis\nFROM registry.example.com/x\nFROM $UNKNOWN\nFROM build\nFROM scratch\n';
    await session.open(untitled, text);
    const found = await documentLinks(untitled);
    assert.deepEqual(
      found.map(({ range, target }) => [textIn(text, range), target]),
      [
        ['node:${V}', 'https://hub.docker.com/_/node'],
        ['ghcr.io/astral-sh/uv:1', 'https://ghcr.io/astral-sh/uv'],
        ['quay.io/a/b@sha256:0', 'https://quay.io/repository/a/b'],
        ['mcr.microsoft.com/dotnet/sdk:10.0', 'https://mcr.microsoft.com/artifact/mar/dotnet/sdk'],
        ['bitnami/redis', 'https://hub.docker.com/r/bitnami/redis'],
      ],
    );
    assert.match(found[0]!.tooltip!, /page/);
  });

  it('goes from what is copied to the file, where it is there', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'plimsoll-links-'));
    try {
      mkdirSync(join(folder, 'src'));
      writeFileSync(join(folder, 'a b.txt'), '');
      writeFileSync(join(folder, 'package.json'), '{}');
      session = await Session.start();
      const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
      const text = 'FROM registry.example.com/x\nCOPY ["a b.txt", "/"]\nCOPY package.json src gone.json ./\n';
      await session.open(uri, text);
      const targetOf = async (source: string) => {
        const position = rangeOf(text, source).start;
        const params = { textDocument: { uri }, position };
        const found = await session.connection.sendRequest<Location[]>('textDocument/definition', params);
        return found.map((location) => location.uri);
      };
      assert.deepEqual(await targetOf('a b.txt'), [pathToFileURL(join(folder, 'a b.txt')).href]);
      assert.deepEqual(await targetOf('package.json'), [pathToFileURL(join(folder, 'package.json')).href]);
      for (const other of ['src', 'gone.json', './', 'COPY']) assert.deepEqual(await targetOf(other), [], other);
      assert.deepEqual(await documentLinks(uri), []);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('shows what an image with variables is', async () => {
    session = await Session.start();
    const text = 'ARG V=24\nARG NONE\nFROM node:${V}-slim\nFROM a:$NONE\nFROM b\n';
    await session.open(untitled, text);
    const hints = await session.connection.sendRequest<InlayHint[]>('textDocument/inlayHint', {
      textDocument: { uri: untitled },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    });
    assert.deepEqual(
      hints.map(({ position, label }) => [position, label]),
      [[rangeOf(text, '${V}-slim').end, '= node:24-slim']],
    );
  });

  it('leaves all of it to another server when it is told to', async () => {
    const capabilities = { workspace: { configuration: true } };
    session = await Session.start({ capabilities, settings: { editing: false } });
    const text = 'ARG V=1\nFROM a:${V}\n';
    await session.open(untitled, text);
    const textDocument = { uri: untitled };
    const position = rangeOf(text, 'V}').start;
    const ask = <Answer>(method: string, more = {}): Promise<Answer> =>
      session.connection.sendRequest(method, { textDocument, position, ...more });
    assert.deepEqual(await ask('textDocument/completion'), []);
    for (const method of ['definition', 'documentHighlight', 'prepareRename', 'documentLink'])
      assert.equal(await ask(`textDocument/${method}`), null, method);
    assert.equal(await ask('textDocument/rename', { newName: 'W' }), null);
    assert.equal(await ask('textDocument/references', { context: { includeDeclaration: true } }), null);
    const symbols = await ask<unknown[]>('textDocument/documentSymbol');
    assert.ok(symbols.length > 0, 'the outline stays');
  });

  async function documentLinks(uri: string): Promise<DocumentLink[]> {
    return session.connection.sendRequest('textDocument/documentLink', { textDocument: { uri } });
  }
});
