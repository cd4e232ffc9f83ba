import assert from 'node:assert/strict';
import { parseShell } from './shell.ts';
import { type ShellEffects, shellEffects } from './shellEffects.ts';

function effects(text: string): ShellEffects {
  return shellEffects(parseShell(text, 0), text);
}

describe('effects of a script on its shell', () => {
  const leaks: Readonly<Record<string, string | undefined>> = {
    'a && b | c': undefined,
    '(cd /x)': undefined,
    'cd /x | cat': undefined,
    'x=$(cd /y && pwd) a': undefined,
    'a; cd /x': 'cd',
    'command cd /x': 'cd',
    '{ export A=1; }': 'export',
    'A=1': 'assignment',
    'A=1 a': undefined,
    'A=1 :': 'assignment',
    'echo ${A:-1}': undefined,
    'echo ${A:=1}': 'assignment',
    'echo $((A + 1))': undefined,
    'echo $((A += 1))': 'assignment',
    'if a; then umask 077; fi': 'umask',
    'for x in 1; do a; done': 'loop variable',
    'f() { a; }': 'function',
    'exec a': 'exec',
    '$RUNNER a': '$RUNNER',
    '$HOME/bin/a b': undefined,
    'set -e; a': undefined,
    'a; set -e': 'set',
    'set -- a b': 'set',
  };
  for (const [text, what] of Object.entries(leaks)) {
    it(`${text} leaks ${what ?? 'nothing'}`, () => assert.equal(effects(text).leak?.what, what));
  }

  it('reads the options a script opens with', () => {
    assert.deepEqual(effects('set -eux; a').opening, ['e', 'u', 'x']);
    assert.deepEqual(effects('set -o errexit -o pipefail && a').opening, ['e', 'o pipefail']);
    assert.deepEqual(effects('set -exo pipefail; a').opening, ['e', 'o pipefail', 'x']);
    assert.deepEqual(effects('set +e; a').opening, []);
    assert.deepEqual(effects('a; set -e').opening, []);
  });

  it('tells where set -e makes a difference', () => {
    const depends = (text: string): boolean => effects(text).dependsOnErrexit;
    for (const text of [
      'a',
      'a && b || c',
      'set -e; a && b',
      'set -ex && (cd /x && a)',
      '! a',
      '. ./x && a',
      'a | b',
    ]) {
      assert.equal(depends(text), false, text);
    }
    for (const text of [
      'a; b',
      '(a; b)',
      'a && { b; c; }',
      'for x in 1; do a; done',
      'a && . ./x',
      'a $(b; c)',
      'if a; then b; fi',
    ]) {
      assert.equal(depends(text), true, text);
    }
  });

  it('tells whether under set -e a failure ends the shell', () => {
    for (const text of ['a', 'a; b', '(a && b)', 'a || b', '{ a; b; }', 'a | b'])
      assert.ok(effects(text).failureEndsShell, text);
    for (const text of ['a && b', '! a', 'a &', '{ a && b; }', 'if a; then b; fi'])
      assert.ok(!effects(text).failureEndsShell, text);
  });

  it('finds what outlives the script', () => {
    for (const text of ['a & b', '(a &)', 'coproc a', 'a > >(b)', 'x=$(a & b)'])
      assert.ok(effects(text).background, text);
    assert.ok(!effects('a && b 2>&1').background);
    assert.ok(effects("trap 'rm x' EXIT; a").trap);
    assert.ok(!effects("(trap 'rm x' EXIT; a)").trap);
    assert.ok(effects('return 1').strayReturn);
    assert.ok(!effects('f() { return 1; }').strayReturn);
  });
});
