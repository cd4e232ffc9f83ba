import assert from 'node:assert/strict';
import fc from 'fast-check';
import { diffLines, lineEdits, splitLines, unifiedDiff } from './diff.ts';
import { applyEdits } from './edit.ts';

const names = { old: 'a', new: 'b' };

describe('line diff', () => {
  it('finds the lines that differ', () => {
    assert.deepEqual(diffLines(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e']), [
      { oldStart: 1, oldEnd: 2, newStart: 1, newEnd: 2 },
      { oldStart: 4, oldEnd: 4, newStart: 4, newEnd: 5 },
    ]);
    assert.deepEqual(diffLines(['a'], ['a']), []);
    assert.deepEqual(diffLines([], ['a']), [{ oldStart: 0, oldEnd: 0, newStart: 0, newEnd: 1 }]);
  });

  it('makes edits that lead from one text to the other', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'RUN x', '😀', '\ud83d', 'é'), { maxLength: 12 });
    const text = fc
      .tuple(lines, fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([all, eol, end]) => all.join(eol) + (end ? eol : ''));
    fc.assert(
      fc.property(text, text, (before, after) => assert.equal(applyEdits(before, lineEdits(before, after)), after)),
    );
  });

  it('changes only what differs in a line', () => {
    const edits = lineEdits('FROM a\nRUN x install y\n', 'FROM a\nRUN x install -y y\n');
    assert.deepEqual(edits, [{ range: { start: 21, end: 21 }, newText: '-y ' }]);
  });

  it('tears no pair and no CRLF apart', () => {
    assert.deepEqual(lineEdits('😀\n', '😃\n'), [{ range: { start: 0, end: 2 }, newText: '😃' }]);
    assert.deepEqual(lineEdits('a\r\n', 'b\r\n'), [{ range: { start: 0, end: 1 }, newText: 'b' }]);
  });

  it('shows three lines around a change and joins near ones', () => {
    const before = splitLines(Array.from({ length: 20 }, (_, index) => `${index + 1}\n`).join(''));
    const after = before.map((line) => (line === '5\n' || line === '8\n' || line === '19\n' ? `x${line}` : line));
    assert.equal(
      unifiedDiff(before.join(''), after.join(''), names),
      '--- a\n+++ b\n@@ -2,10 +2,10 @@\n 2\n 3\n 4\n-5\n+x5\n 6\n 7\n-8\n+x8\n 9\n 10\n 11\n' +
        '@@ -16,5 +16,5 @@\n 16\n 17\n 18\n-19\n+x19\n 20\n',
    );
  });

  it('tells of a missing line break at the end', () => {
    assert.equal(unifiedDiff('a', 'a\n', names), '--- a\n+++ b\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n');
    assert.equal(unifiedDiff('', 'a\n', names), '--- a\n+++ b\n@@ -0,0 +1 @@\n+a\n');
    assert.equal(unifiedDiff('a', 'a', names), '');
  });

  it('gives up on a shortest script for very different texts, not on a right one', () => {
    const before = Array.from({ length: 3000 }, (_, index) => `a${index}\n`).join('');
    const after = Array.from({ length: 3000 }, (_, index) => `b${index}\n`).join('');
    assert.equal(applyEdits(before, lineEdits(before, after)), after);
  });
});
