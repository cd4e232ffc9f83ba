import assert from 'node:assert/strict';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import { alignInstructions } from './alignInstructions.ts';

const before =
  'FROM debian:12\nRUN apt-get update \\\n  && apt-get install -y curl\nCOPY . /app\nRUN make\nCMD ["/app/run"]\n';

/** Each instruction of `before` by its line, with the line where it is now; `*` marks a changed one. */
function moves(now: string): Record<number, string> {
  const old = buildModel(before);
  const present = buildModel(now);
  const moved = alignInstructions(old, present);
  return Object.fromEntries(
    [...moved].map(([start, { instruction, isChanged }]) => [
      old.lines.lineAt(start) + 1,
      `${present.lines.lineAt(instruction.range.start) + 1}${isChanged ? '*' : ''}`,
    ]),
  );
}

describe('alignInstructions', () => {
  const same = { 1: '1', 2: '2', 4: '4', 5: '5', 6: '6' };

  it('finds everything in an unchanged text', () => {
    assert.deepEqual(moves(before), same);
    assert.deepEqual(moves(before.replaceAll('\n', '\r\n')), same);
  });

  it('moves what stands below an inserted instruction or comment', () => {
    assert.deepEqual(moves(before.replace('COPY', '# the program\nWORKDIR /srv\nCOPY')), {
      ...same,
      ...{ 4: '6', 5: '7', 6: '8' },
    });
  });

  it('marks what is edited, and nothing else', () => {
    assert.deepEqual(moves(before.replace('curl', 'curl git')), { ...same, 2: '2*' });
    assert.deepEqual(moves(before.replace('debian:12', 'debian:13')), { ...same, 1: '1*' });
  });

  it('takes another layout of the same instruction for the same', () => {
    assert.deepEqual(moves(before.replace('update \\\n  &&', 'update &&')), { ...same, 4: '3', 5: '4', 6: '5' });
    assert.deepEqual(moves(before.replace('  && apt', '  # needed\n  && apt')), { ...same, 4: '5', 5: '6', 6: '7' });
  });

  it('drops what is gone', () => {
    const { 4: _, ...rest } = same;
    assert.deepEqual(moves(before.replace('COPY . /app\n', '')), { ...rest, 5: '4', 6: '5' });
    assert.deepEqual(moves(''), {});
  });

  it('sees a change in the body of a heredoc', () => {
    const text = 'FROM a\nRUN <<EOF\necho 1\nEOF\n';
    const old = buildModel(text);
    const moved = [...alignInstructions(old, buildModel(text.replace('echo 1', 'echo 2'))).values()];
    assert.deepEqual(
      moved.map(({ isChanged }) => isChanged),
      [false, true],
    );
  });
});
