import assert from 'node:assert/strict';
import { parseShell } from './shell.ts';

const names = (text: string): string[] => parseShell(text, 0).commands.map((command) => command.name);

describe('parseShell', () => {
  it('finds commands wherever they stand', () => {
    assert.deepEqual(names('a && (b; c) || { d | e; } & if f; then g; fi; for i in $(h); do j; done'), [
      'a',
      'b',
      'c',
      'd',
      'e',
      'f',
      'g',
      'h',
      'j',
    ]);
  });

  it('sees through wrappers and paths', () => {
    assert.deepEqual(names('sudo -E -u x env A=b /usr/bin/apt-get install y; exec java; timeout 5 curl z'), [
      'apt-get',
      'java',
      'curl',
    ]);
  });

  it('tells whether a command always runs', () => {
    const { commands } = parseShell('a && b || c; if d; then e; fi; f &', 0);
    assert.deepEqual(
      commands.map((command) => [command.name, command.unconditional]),
      [
        ['a', true],
        ['b', true],
        ['c', false],
        ['d', false],
        ['e', false],
        ['f', false],
      ],
    );
  });

  it('gives the value of literal words only', () => {
    const [command] = parseShell(`x "a b" 'c' d\\ e $f *.g "\${h}"`, 0).commands;
    assert.deepEqual(
      command!.args.map((word) => word.value),
      ['a b', 'c', 'd e', undefined, undefined, undefined],
    );
  });

  it('has ranges in the document', () => {
    const text = 'apt-get  install -y "curl"';
    const [command] = parseShell(text, 100).commands;
    const last = command!.args.at(-1)!;
    assert.equal(text.slice(last.range.start - 100, last.range.end - 100), '"curl"');
  });

  it('says when it did not understand everything', () => {
    assert.equal(parseShell('if a; then', 0).complete, false);
    assert.equal(parseShell('a && b', 0).complete, true);
  });

  it('keeps assignments and redirects apart', () => {
    const [command] = parseShell('A=1 B=$x cmd > /f 2>&1', 0).commands;
    assert.deepEqual(
      command!.assignments.map((each) => [each.name, each.value]),
      [
        ['A', '1'],
        ['B', undefined],
      ],
    );
    assert.deepEqual(
      command!.redirects.map((each) => [each.operator, each.target?.value]),
      [
        ['>', '/f'],
        ['>&', '1'],
      ],
    );
  });
});
