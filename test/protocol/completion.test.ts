import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ClientCapabilities, CompletionItem } from 'vscode-languageserver';
import { applyTo, rangeOf, Session, type SessionOptions, textIn } from './session.ts';

const untitled = 'untitled:Dockerfile';

describe('language server: completion', () => {
  let session: Session;
  const sessions = new Map<string, Session>();
  after(() => {
    for (const each of sessions.values()) each.kill();
  });

  /** A server for an editor of this kind; the same one whenever it is asked for. */
  async function sessionFor(options: SessionOptions): Promise<Session> {
    const kind = JSON.stringify(options);
    const found = sessions.get(kind) ?? (await Session.start(options));
    sessions.set(kind, found);
    return found;
  }

  /** Opens the text, whose `|` is the cursor, and asks there. */
  async function complete(
    marked: string,
    { uri = untitled, trigger, ...options }: SessionOptions & { uri?: string; trigger?: string } = {},
  ): Promise<CompletionItem[]> {
    session = await sessionFor(options);
    if (session.isOpen(uri)) await session.close(uri);
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
    }
  });

  it('says nothing in a word of two lines, nor behind a digest', async () => {
    for (const text of ['FROM no\\\nde:|\n', 'FROM node:2|\\\n4\n', 'FROM node:24@|\n', 'FROM node@sha256:|\n']) {
      assert.deepEqual(labels(await complete(text)), [], text);
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
    const bases = await complete(`${head}FROM |\nFROM c AS three\n`);
    assert.deepEqual(labels(bases.filter(({ kind }) => kind === 7)), ['Two', 'one']);
    const mounts = await complete(`${head}RUN --mount=type=bind,from=o|,target=/x true\n`);
    assert.equal(choose(mounts, 'one'), `${head}RUN --mount=type=bind,from=one,target=/x true\n`);
  });

  it('offers flags that the frontend has, and each only once', async () => {
    const plain = labels(await complete('FROM a\nCOPY --link --|\n'));
    assert.deepEqual(plain, ['--from=', '--chown=', '--chmod=']);
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
    const child = labels(await complete('FROM a AS b\nARG PARENT=1\nFROM b\nRUN echo $|\n'));
    assert.ok(child.includes('PARENT'), 'a stage goes on with the arguments of the one it is built on');
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
    const global = await complete(`${head}RUN apt-get install curl\n# plimsoll global ignore=|`);
    assert.equal(global.find(({ label }) => label === 'apt-get-without-yes')!.detail, 'found in this file');
    const more = await complete(`${head}# plimsoll ignore=latest-tag, |\nRUN apt-get install curl\n`);
    assert.ok(!labels(more).includes('latest-tag'));
    assert.match(choose(more, 'root-user'), /# plimsoll ignore=latest-tag, root-user\n/);
  });

  it('offers directives at the top of the file only, and never unasked', async () => {
    assert.ok(labels(await complete('# |\nFROM a\n')).includes('syntax='));
    assert.ok(!labels(await complete('FROM a\n# |\n')).includes('syntax='));
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
      const inside = await complete('FROM a\nCOPY src/m| /x\n', { uri });
      assert.deepEqual(labels(inside), ['deep/', 'main.js']);
      assert.equal(choose(inside, 'main.js', uri), 'FROM a\nCOPY src/main.js /x\n');
      const quoted = await complete('FROM a\nCOPY ["src/|", "/x"]\n', { uri });
      assert.deepEqual(labels(quoted), ['deep/', 'main.js', 'with blank.js']);
    });

    it('lists nothing where no file is', async () => {
      const items = await complete('FROM a\nCOPY |\n');
      assert.ok(items.every(({ kind }) => kind !== 17 && kind !== 19));
    });
  });
});

function labels(items: readonly CompletionItem[]): string[] {
  return items.toSorted((a, b) => a.sortText!.localeCompare(b.sortText!)).map(({ label }) => label);
}
