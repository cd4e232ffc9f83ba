import assert from 'node:assert/strict';
import { type Instruction, parseInstruction } from './instruction.ts';
import { splitLogicalLines } from './logicalLines.ts';

function only(text: string): Instruction {
  const split = splitLogicalLines(text);
  return parseInstruction(split.lines[0]!, split.escape);
}

describe('parseInstruction', () => {
  it('reads flags beside each other, each with its ranges', () => {
    const text = 'COPY --from=build --chown=a:b x /y';
    const { flags, words } = only(text);
    assert.deepEqual(
      flags.map((flag) => [flag.name, flag.value, text.slice(flag.range.start, flag.range.end)]),
      [
        ['from', 'build', '--from=build'],
        ['chown', 'a:b', '--chown=a:b'],
      ],
    );
    assert.deepEqual(
      words.map((word) => word.text),
      ['x', '/y'],
    );
  });

  it('does not take options of a command for flags', () => {
    assert.deepEqual(
      only('RUN my--tool --fast').words.map((word) => word.text),
      ['my--tool', '--fast'],
    );
    assert.deepEqual(only('CMD --help').flags, []);
  });

  it('keeps blanks and escapes of JSON items', () => {
    assert.deepEqual(
      only('CMD ["a b", "c\\"d", "\\u0041", "]"]').json?.items.map((item) => item.value),
      ['a b', 'c"d', 'A', ']'],
    );
  });

  it('takes JSON with a trailing comma or trailing text for words', () => {
    for (const text of ['CMD ["a",]', 'CMD ["a"] b']) assert.equal(only(text).json, undefined);
  });

  it('leaves comments between the lines out of the arguments', () => {
    assert.deepEqual(
      only("RUN a \\\n    # it's b\n    c").words.map((word) => word.text),
      ['a', 'c'],
    );
  });

  it('splits pairs outside quotes', () => {
    assert.deepEqual(
      only('ENV A="x y" B=\'z\' C=d\\ e F=').pairs.map((pair) => [pair.name, pair.rawValue]),
      [
        ['A', '"x y"'],
        ['B', "'z'"],
        ['C', 'd\\ e'],
        ['F', ''],
      ],
    );
    assert.deepEqual(
      only('ARG A=1 B').pairs.map((pair) => [pair.name, pair.rawValue]),
      [
        ['A', '1'],
        ['B', undefined],
      ],
    );
  });

  it('reads the old form of ENV as one pair', () => {
    const { pairs, legacyPair } = only('ENV A  b=c d');
    assert.equal(legacyPair, true);
    assert.deepEqual(
      pairs.map((pair) => [pair.name, pair.rawValue]),
      [['A', 'b=c d']],
    );
  });

  it('looks into ONBUILD', () => {
    const text = 'ONBUILD COPY --chown=x a /b';
    const trigger = only(text).trigger!;
    assert.equal(trigger.keyword, 'COPY');
    assert.equal(text.slice(trigger.keywordRange.start, trigger.keywordRange.end), 'COPY');
    assert.equal(trigger.flags[0]!.name, 'chown');
  });

  it('marks words that run across lines', () => {
    assert.deepEqual(
      only('RUN ap\\\nt x').words.map((word) => word.split),
      [true, true, false],
    );
  });

  it('tells an unknown word', () => {
    const { keyword, known } = only('Frm a');
    assert.deepEqual([keyword, known], ['FRM', false]);
  });
});
