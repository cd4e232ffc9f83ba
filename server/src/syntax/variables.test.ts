import assert from 'node:assert/strict';
import { expandWord, findVariables, unknownValue } from './variables.ts';

describe('variables', () => {
  const values: Readonly<Record<string, string>> = { A: 'one', E: '', P: '/usr/local/bin', V: '1.2.3' };
  const expand = (text: string): string | undefined =>
    expandWord(text, '\\', (name) => (name === 'U' ? unknownValue : values[name]));

  const cases: Readonly<Record<string, string | undefined>> = {
    '$A-${A}': 'one-one',
    $MISSING: '',
    "'$A'": '$A',
    '"$A b"': 'one b',
    '\\$A': '$A',
    '${E:-x}': 'x',
    '${E-x}': '',
    '${MISSING-x}': 'x',
    '${MISSING:-$A}': 'one',
    '"${MISSING:-a b}"': 'a b',
    '${A:+x}': 'x',
    '${E:+x}': '',
    '${P#*/}': 'usr/local/bin',
    '${P##*/}': 'bin',
    '${P%/*}': '/usr/local',
    '${V%%.*}': '1',
    '${V/./-}': '1-2.3',
    '${V//./-}': '1-2-3',
    $U: undefined,
    'a${U:-b}': undefined,
    $: '$',
    '${A': '${A',
  };
  for (const [text, expected] of Object.entries(cases)) {
    it(`expands ${text}`, () => assert.equal(expand(text), expected));
  }

  it('finds references and those in their operands', () => {
    const text = 'x$A "${B:-${C}}" \'$D\' \\$E';
    const found = findVariables(text, 10, '\\');
    assert.deepEqual(
      found.map((reference) => reference.name),
      ['A', 'B', 'C'],
    );
    for (const { name, nameRange } of found) assert.equal(text.slice(nameRange.start - 10, nameRange.end - 10), name);
  });
});
