import assert from 'node:assert/strict';
import type { DocumentSymbol, FoldingRange, Hover } from 'vscode-languageserver';
import { rangeOf, Session } from './session.ts';

const uri = 'untitled:Dockerfile';

describe('language server: hover, outline and the like', () => {
  let session: Session;
  beforeEach(async () => {
    session = await Session.start();
  });
  afterEach(() => session.kill());

  it('explains a finding and links its page', async () => {
    const text = 'FROM debian:13\nUSER app\nRUN apt-get install curl\n';
    await session.open(uri, text);
    const hover = await hoverAt(text, 'install');
    assert.match(value(hover), /A build has no keyboard/);
    assert.match(
      value(hover),
      /\[apt-get-without-yes\]\(https:\/\/github\.com\/plimsoll\/.*\/packages\/apt-get-without-yes\.md\)/,
    );
    assert.deepEqual(hover!.range, rangeOf(text, 'install'));
  });

  it('tells what it knows of a base image, and as of when', async () => {
    const text = 'FROM node:14\nUSER node\n';
    await session.open(uri, text);
    const markdown = value(await hoverAt(text, 'node:14'));
    assert.match(markdown, /\| Support \| Node\.js 14: ended 2023-04-30 \|/);
    assert.match(markdown, /\| Default user \| `root`; also has `node` \|/);
    assert.match(markdown, /images as of \d{4}-\d\d-\d\d/);
  });

  it('is silent elsewhere', async () => {
    const text = 'FROM scratch\nUSER 1000\nWORKDIR /srv\n';
    await session.open(uri, text);
    assert.equal(await hoverAt(text, '/srv'), null);
  });

  it('lists stages and their instructions', async () => {
    const text = 'ARG V=1\nFROM node:24 AS build\nRUN make\nFROM scratch\nCOPY --from=build /x /x\nUSER 1\n';
    await session.open(uri, text);
    const symbols = await session.connection.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', {
      textDocument: { uri },
    });
    assert.deepEqual(
      symbols.map((symbol) => [symbol.name, symbol.children?.map((child) => child.name)]),
      [
        ['ARG', []],
        ['build', ['RUN']],
        ['scratch', ['COPY', 'USER']],
      ],
    );
  });

  it('folds stages, long instructions and blocks of comments', async () => {
    const text = '# a\n# b\nFROM debian:13\nRUN <<EOF\nx\nEOF\n';
    await session.open(uri, text);
    const found = await session.connection.sendRequest<FoldingRange[]>('textDocument/foldingRange', {
      textDocument: { uri },
    });
    assert.deepEqual(
      found.map(({ startLine, endLine, kind }) => [startLine, endLine, kind]),
      [
        [2, 5, undefined],
        [3, 5, undefined],
        [0, 1, 'comment'],
      ],
    );
  });

  it('tells a scan the stages and build arguments', async () => {
    const text = 'ARG TAG\nARG TARGETARCH\nFROM node:${TAG} AS Build\nARG A=1\nARG TAG=2\nFROM scratch\n';
    await session.open(uri, text);
    const info = await session.connection.sendRequest('plimsoll/dockerfileInfo', { textDocument: { uri } });
    assert.deepEqual(info, {
      stages: [
        { index: 0, name: 'Build', isFinal: false, line: 2, image: 'node:${TAG}' },
        { index: 1, isFinal: true, line: 5, image: 'scratch' },
      ],
      args: [
        { name: 'TAG', hasDefault: true },
        { name: 'A', hasDefault: true },
      ],
    });
    assert.equal(
      await session.connection.sendRequest('plimsoll/dockerfileInfo', { textDocument: { uri: 'file:///nowhere' } }),
      null,
    );
  });

  async function hoverAt(text: string, piece: string): Promise<Hover | null> {
    return session.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: rangeOf(text, piece).start,
    });
  }
});

function value(hover: Hover | null): string {
  assert.ok(hover && typeof hover.contents === 'object' && 'value' in hover.contents);
  return hover.contents.value;
}
