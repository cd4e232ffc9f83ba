import assert from 'node:assert/strict';
import { formatBytes, plainItem, plural, relativeTime, sentences, withoutLinks } from './text.ts';

describe('relative time', () => {
  const now = Date.parse('2026-08-21T12:00:00Z');
  const cases: readonly (readonly [seconds: number, expected: string])[] = [
    [-100, 'just now'],
    [0, 'just now'],
    [59, 'just now'],
    [60, '1 min ago'],
    [3599, '59 min ago'],
    [7200, '2 h ago'],
    [86_399, '23 h ago'],
    [86_400 * 3, '3 d ago'],
  ];
  for (const [seconds, expected] of cases) {
    it(`${seconds} s: ${expected}`, () => assert.equal(relativeTime(now - seconds * 1000, now), expected));
  }
});

describe('sizes', () => {
  const cases: Record<number, string> = {
    0: '0 B',
    999: '999 B',
    1000: '1.0 kB',
    1234: '1.2 kB',
    48_000_000: '48 MB',
    999_700: '1.0 MB',
    1_230_000_000: '1.2 GB',
  };
  for (const [bytes, expected] of Object.entries(cases)) {
    it(`${bytes}: ${expected}`, () => assert.equal(formatBytes(Number(bytes)), expected));
  }
});

describe('plurals', () => {
  it('go with the number', () => {
    assert.equal(plural(1, 'finding'), '1 finding');
    assert.equal(plural(0, 'finding'), '0 findings');
    assert.equal(plural(1200, 'finding'), '1,200 findings');
    assert.equal(plural(2, 'entry', 'entries'), '2 entries');
  });
});

describe('sentences', () => {
  it('get the full stop they lack', () => {
    assert.equal(sentences('no such host ', 'Try again.'), 'no such host. Try again.');
    assert.equal(sentences('Docker is not running.', 'Start it.'), 'Docker is not running. Start it.');
  });
});

describe('texts of strangers', () => {
  it('become no icons in a list', () => {
    const item = plainItem({ label: '$(bug)', description: 'a $(sync~spin)', detail: '$(x', own: 1 });
    assert.equal(Object.values(item).join('|').includes('$('), false);
    assert.equal(item.own, 1);
    assert.deepEqual(plainItem({ label: 'CVE-2024-1' }), { label: 'CVE-2024-1' });
  });

  it('become no links in a message', () => {
    assert.doesNotMatch(withoutLinks('[a](command:b) [c](https://d)'), /\]\(/);
    assert.equal(withoutLinks('a (b) [c]'), 'a (b) [c]');
  });
});
