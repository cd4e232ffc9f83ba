import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type {
  ClientCapabilities,
  CompletionItem,
  DocumentHighlight,
  DocumentLink,
  InlayHint,
  Location,
  Range,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { applyTo, rangeOf, Session, type SessionOptions, textIn } from './session.ts';

const untitled = 'untitled:Dockerfile';

describe('language server: completion', () => {
  let session: Session;
  afterEach(() => session.kill());

  /** Opens the text, whose `|` is the cursor, and asks there. */
  async function complete(
    marked: string,
    { uri = untitled, trigger, ...options }: SessionOptions & { uri?: string; trigger?: string } = {},
  ): Promise<CompletionItem[]> {
    session = await Session.start(options);
    const position = rangeOf(marked, '|').start;
    await session.open(uri, marked.replace('|', ''));
    return session.connection.sendRequest('textDocument/completion', {
      textDocument: { uri },
      position,
      context: trigger === undefined ? { triggerKind: 1 } : { triggerKind: 2, triggerCharacter: trigger },
    });
  }

  /** The text after the item with that label was chosen. */
  function choose(items: readonly CompletionItem[], label: string, uri = untitled): string {
    const found = items.find((item) => item.label === label);
    assert.ok(found?.textEdit && 'range' in found.textEdit, `${label} in ${labels(items).join(' ')}`);
    return applyTo(session.textOf(uri), [found.textEdit]);
  }

  it('offers only what may come first, then only what may follow', async () => {
    assert.deepEqual(labels(await complete('|\nFROM a\n')), ['FROM', 'ARG']);
    session.kill();
    const later = labels(await complete('FROM a\n|'));
    assert.ok(later.includes('COPY') && later.includes('FROM') && !later.includes('MAINTAINER'));
  });

  it('writes keywords in the case of the file', async () => {
    const text = 'from a\nrun x\n  co|\n';
    const items = await complete(text);
    assert.equal(choose(items, 'copy'), 'from a\nrun x\n  copy \n');
  });

  it('offers snippets to those who take them', async () => {
    const capabilities = { textDocument: { completion: { completionItem: { snippetSupport: true } } } };
    const items = await complete('FROM a\n|', { capabilities });
    const snippet = items.find(({ label }) => label === 'RUN --mount=type=cache');
    assert.equal(snippet?.insertTextFormat, 2);
    session.kill();
    assert.ok((await complete('FROM a\n|')).every(({ insertTextFormat }) => insertTextFormat === undefined));
  });

  it('says nothing inside of what goes on', async () => {
    for (const text of [
      'FROM a\nRUN x \\\n  |\n',
      'FROM a\nRUN x \\|\n  y\n',
      'FROM a\nRUN <<EOF\n|\nEOF\n',
      'FROM a\nCOPY <<EOF /x\n|\nEOF\n',
      'FROM a\nRUN x \\\n  # |\n  y\n',
      'FROM a\nRUN apt-get |install\n',
      'FROM a\nWORKDIR /x\nCOPY . |\n',
    ]) {
      assert.deepEqual(labels(await complete(text, { trigger: ' ' })), [], text);
      session.kill();
    }
  });

  it('says nothing in a word of two lines, nor behind a digest', async () => {
    for (const text of ['FROM no\\\nde:|\n', 'FROM node:2|\\\n4\n', 'FROM node:24@|\n', 'FROM node@sha256:|\n']) {
      assert.deepEqual(labels(await complete(text)), [], text);
      session.kill();
    }
  });

  it('offers recommended tags first, with support and size', async () => {
    const items = await complete('FROM node:| AS build\n');
    const [first] = items.toSorted((a, b) => a.sortText!.localeCompare(b.sortText!));
    assert.match(first!.detail!, /^\d+ MB, Node\.js \d+ LTS until \d{4}-\d\d-\d\d$/);
    assert.equal(choose(items, '24-slim'), 'FROM node:24-slim AS build\n');
    assert.ok(items.every(({ label }) => !label.includes('@') && !label.includes('sha256')));
  });

  it('tells it beside every label, in the editor that can', async () => {
    const capabilities = { textDocument: { completion: { completionItem: { labelDetailsSupport: true } } } };
    const items = await complete('FROM node:|\n', { capabilities });
    assert.match(items.find(({ label }) => label === '24-slim')!.labelDetails!.description!, /, Node\.js 24/);
  });

  it('replaces the whole tag or what stands before the cursor, as the editor likes', async () => {
    const capabilities: ClientCapabilities = {
      textDocument: { completion: { completionItem: { insertReplaceSupport: true } } },
    };
    const marked = 'FROM node:24|-alpine\n';
    const { textEdit } = (await complete(marked, { capabilities })).find(({ label }) => label === '24-slim')!;
    assert.ok(textEdit && 'replace' in textEdit);
    const text = session.textOf(untitled);
    assert.equal(textIn(text, textEdit.insert), '24');
    assert.equal(textIn(text, textEdit.replace), '24-alpine');
  });

  it('offers stages above, for FROM and for --from', async () => {
    const head = 'FROM a AS one\nFROM b AS Two\n';
    const items = await complete(`${head}COPY --from=| /x /x\nFROM c AS three\n`);
    assert.deepEqual(labels(items), ['one']);
    session.kill();
    const bases = await complete(`${head}FROM |\nFROM c AS three\n`);
    assert.deepEqual(labels(bases.filter(({ kind }) => kind === 7)), ['Two', 'one']);
    session.kill();
    const mounts = await complete(`${head}RUN --mount=type=bind,from=o|,target=/x true\n`);
    assert.equal(choose(mounts, 'one'), `${head}RUN --mount=type=bind,from=one,target=/x true\n`);
  });

  it('offers flags that the frontend has, and each only once', async () => {
    const plain = labels(await complete('FROM a\nCOPY --link --|\n'));
    assert.deepEqual(plain, ['--from=', '--chown=', '--chmod=']);
    session.kill();
    const labs = labels(await complete('# syntax=docker/dockerfile:1-labs\nFROM a\nCOPY --link --|\n'));
    assert.deepEqual(labs, ['--from=', '--chown=', '--chmod=', '--parents', '--exclude=']);
  });

  it('knows where the package manager of a RUN keeps its downloads', async () => {
    const items = await complete('FROM node:24\nRUN --mount=type=cache,target=| npm ci\n');
    assert.equal(choose(items, '/root/.npm'), 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n');
  });

  it('offers the variables in scope, and closes the brace', async () => {
    const items = await complete('ARG OUT=1\nFROM a\nARG IN=2\nRUN echo ${|\nENV LATER=1\n');
    assert.ok(labels(items).includes('IN'));
    assert.ok(!labels(items).includes('OUT') && !labels(items).includes('LATER'));
    assert.match(choose(items, 'IN'), /RUN echo \$\{IN\}\n/);
    session.kill();
    const child = labels(await complete('FROM a AS b\nARG PARENT=1\nFROM b\nRUN echo $|\n'));
    assert.ok(child.includes('PARENT'), 'a stage goes on with the arguments of the one it is built on');
    session.kill();
    const global = labels(await complete('ARG OUT=1\nFROM a:$|\nARG IN=2\n'));
    assert.ok(global.includes('OUT') && global.includes('TARGETARCH') && !global.includes('IN'));
  });

  it('offers the users of the base image and those made here', async () => {
    const items = await complete('FROM node:24\nRUN useradd --uid 900 worker\nUSER |\n');
    assert.deepEqual(labels(items).slice(0, 2), ['worker', 'node']);
  });

  it('offers rules in an ignore comment, those that are found below first', async () => {
    const head = 'FROM debian:13\nUSER app\n';
    const items = await complete(`${head}# plimsoll ignore=|\nRUN apt-get install curl\n`, { trigger: '=' });
    const names = labels(items);
    assert.ok(names.indexOf('apt-get-without-yes') < names.indexOf('root-user'));
    assert.equal(items.find(({ label }) => label === 'apt-get-without-yes')!.detail, 'found below');
    assert.ok(names.includes('hadolint/DL3014'));
    session.kill();
    const global = await complete(`${head}RUN apt-get install curl\n# plimsoll global ignore=|`);
    assert.equal(global.find(({ label }) => label === 'apt-get-without-yes')!.detail, 'found in this file');
    session.kill();
    const more = await complete(`${head}# plimsoll ignore=latest-tag, |\nRUN apt-get install curl\n`);
    assert.ok(!labels(more).includes('latest-tag'));
    assert.match(choose(more, 'root-user'), /# plimsoll ignore=latest-tag, root-user\n/);
  });

  it('offers directives at the top of the file only, and never unasked', async () => {
    assert.ok(labels(await complete('# |\nFROM a\n')).includes('syntax='));
    session.kill();
    assert.ok(!labels(await complete('FROM a\n# |\n')).includes('syntax='));
    session.kill();
    assert.deepEqual(await complete('# |\nFROM a\n', { trigger: ' ' }), []);
  });

  it('counts in UTF-16, with CRLF, a byte order mark, the other escape character and continuations', async () => {
    const marked =
      '\uFEFF# escape=`\r\nFROM a AS one\r\nFROM b\r\nLABEL a="😀" `\r\n  b=c\r\nCOPY --link `\r\n  --from=o| `\r\n  /x /x\r\n';
    const items = await complete(marked);
    assert.equal(choose(items, 'one'), marked.replace('o| ', 'one '));
  });

  it('asks for the next list in the editor that can', async () => {
    const items = await complete('FROM a\nCOPY --|', { initializationOptions: { suggestsAgain: true } });
    assert.equal(items.find(({ label }) => label === '--from=')?.command?.command, 'editor.action.triggerSuggest');
    session.kill();
    assert.ok((await complete('FROM a\nCOPY --|')).every(({ command }) => command === undefined));
  });

  describe('of paths', () => {
    let folder: string;
    before(() => {
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-completion-'));
      mkdirSync(join(folder, 'src/deep'), { recursive: true });
      for (const name of ['package.json', 'secret.env', 'src/main.js', 'src/with blank.js'])
        writeFileSync(join(folder, name), '');
      writeFileSync(join(folder, '.dockerignore'), 'secret.env\n');
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it('lists what the build sees, folder by folder', async () => {
      const uri = pathToFileURL(join(folder, 'Dockerfile')).href;
      const items = await complete('FROM a\nCOPY |\n', { uri });
      assert.deepEqual(labels(items.filter(({ kind }) => kind === 17 || kind === 19)), [
        'package.json',
        'src/',
        '.dockerignore',
      ]);
      session.kill();
      const inside = await complete('FROM a\nCOPY src/m| /x\n', { uri });
      assert.deepEqual(labels(inside), ['deep/', 'main.js']);
      assert.equal(choose(inside, 'main.js', uri), 'FROM a\nCOPY src/main.js /x\n');
      session.kill();
      const quoted = await complete('FROM a\nCOPY ["src/|", "/x"]\n', { uri });
      assert.deepEqual(labels(quoted), ['deep/', 'main.js', 'with blank.js']);
    });

    it('lists nothing where no file is', async () => {
      const items = await complete('FROM a\nCOPY |\n');
      assert.ok(items.every(({ kind }) => kind !== 17 && kind !== 19));
    });
  });
});

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

function labels(items: readonly CompletionItem[]): string[] {
  return items.toSorted((a, b) => a.sortText!.localeCompare(b.sortText!)).map(({ label }) => label);
}
