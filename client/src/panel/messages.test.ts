import assert from 'node:assert/strict';
import { defaultQuery } from './findings.ts';
import { parsePanelState, parseQuery, parseViewMessage } from './messages.ts';

describe('messages from the webview', () => {
  const good = [
    { type: 'ready' },
    { type: 'query', query: defaultQuery },
    { type: 'rows', selection: 1, offset: 0, count: 100 },
    { type: 'details', finding: 0 },
    { type: 'openLink', finding: 3, link: 0 },
    { type: 'action', action: 'rescan' },
    { type: 'remedy', remedy: 'skip-database-update' },
  ];
  for (const message of good) {
    it(`takes ${JSON.stringify(message).slice(0, 60)}`, () => assert.deepEqual(parseViewMessage(message), message));
  }

  const bad: unknown[] = [
    undefined,
    null,
    'ready',
    [],
    {},
    { type: 'eval', code: '1' },
    { type: 'query' },
    { type: 'query', query: { ...defaultQuery, search: 1 } },
    { type: 'query', query: { ...defaultQuery, search: 'x'.repeat(501) } },
    { type: 'query', query: { ...defaultQuery, sort: { column: '__proto__', descending: false } } },
    { type: 'rows', selection: 1, offset: -1, count: 100 },
    { type: 'rows', selection: 1, offset: 0, count: 100_000 },
    { type: 'rows', selection: 1, offset: 0.5, count: 10 },
    { type: 'details', finding: '0' },
    { type: 'openLink', finding: 0, link: 'https://example.com' },
    { type: 'action', action: 'constructor' },
    { type: 'remedy', remedy: '../x' },
  ];
  for (const message of bad) {
    it(`refuses ${JSON.stringify(message)?.slice(0, 70)}`, () => assert.equal(parseViewMessage(message), undefined));
  }

  it('leaves out severities it does not know', () => {
    assert.deepEqual(parseQuery({ ...defaultQuery, severities: ['high', 'terrible'] })?.severities, ['high']);
  });

  it('takes only what is its own', () => {
    const message = parseViewMessage({ type: 'details', finding: 1, extra: true });
    assert.deepEqual(message, { type: 'details', finding: 1 });
  });
});

describe('what a webview kept', () => {
  it('is read back', () => {
    assert.deepEqual(
      parsePanelState({ version: 1, key: 'image:a', query: defaultQuery, place: { top: 3, active: 0 } }),
      {
        version: 1,
        key: 'image:a',
        query: defaultQuery,
      },
    );
  });

  it('is dropped when another version wrote it', () => {
    assert.equal(parsePanelState({ version: 2, key: 'image:a' }), undefined);
    assert.equal(parsePanelState(undefined), undefined);
  });
});
