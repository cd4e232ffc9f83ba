import assert from 'node:assert/strict';
import { parseShell, type ShellNode } from '../../syntax/shell.ts';
import { simulate } from './simulate.ts';

/** Steps and end of scripts in which the commands named in `failing` fail. */
function play(scripts: readonly string[], failing = '', errexit = false): string {
  const text = scripts.join('\n');
  let base = 0;
  const played = scripts.map((script) => {
    const parsed = parseShell(script, base);
    base += script.length + 1;
    return { script: parsed, errexit };
  });
  const source = (node: ShellNode): string => text.slice(node.range.start, node.range.end);
  const names: string[] = [];
  for (const { script } of played) for (const command of script.commands) names.push(command.name);
  const { steps, succeeded } = simulate(played, source, (leaf) => !failing.includes(names[leaf] ?? '?'));
  return `${steps.map((step) => (step.state ? `${step.text}[${step.state}]` : step.text)).join(' ')} ${succeeded ? 'ok' : 'failed'}`;
}

describe('simulate', () => {
  const cases: ReadonlyArray<
    readonly [name: string, scripts: readonly string[], failing: string, expected: string, errexit?: boolean]
  > = [
    ['a list stops at the first failure', ['a && b && c'], 'b', 'a b failed'],
    ['a sequence fails by its last command', ['a; b'], 'a', 'a b ok'],
    ['a failed RUN ends the build', ['a', 'b'], 'a', 'a failed'],
    ['or catches', ['a || b; c'], 'a', 'a b c ok'],
    ['or is skipped', ['a && b || c'], '', 'a b ok'],
    ['negation', ['! a && b'], 'a', 'a b ok'],
    ['state of cd lasts in its shell', ['cd x && a', 'b'], '', 'cd x a[cd x;] b ok'],
    ['but not out of a subshell', ['(cd x && a) && b'], '', 'cd x a[cd x;] b ok'],
    ['a group keeps it', ['{ cd x; a; } && b'], '', 'cd x a[cd x;] b[cd x;] ok'],
    ['errexit ends a sequence', ['set -e; a; b'], 'a', 'set -e a[set errexit;] failed'],
    [
      'errexit is off in a tested list',
      ['set -e; a || b; c'],
      'a',
      'set -e a[set errexit;] b[set errexit;] c[set errexit;] ok',
    ],
    ['errexit spares all but the last of a list', ['a && b; c'], 'a', 'a[set errexit;] c[set errexit;] ok', true],
    ['errexit acts on the last of a list', ['a && b; c'], 'b', 'a[set errexit;] b[set errexit;] failed', true],
    [
      'errexit is off in a group that is tested',
      ['{ a; b; } && c'],
      'a',
      'a[set errexit;] b[set errexit;] c[set errexit;] ok',
      true,
    ],
    [
      'options are what counts, not how they were set',
      ['set -eu; a', 'set -e -u; b'],
      '',
      'set -eu a[set errexit nounset;] set -e -u b[set errexit nounset;] ok',
    ],
    ['exit leaves the script', ['a; exit 0; b', 'c'], '', 'a c ok'],
    ['exit leaves only its subshell', ['(a; exit 1) || b'], '', 'a b ok'],
    ['background jobs never fail', ['a & b'], 'a', 'a b ok'],
    ['false fails', ['a || true', 'false'], 'a', 'a true false failed'],
  ];
  for (const [name, scripts, failing, expected, errexit] of cases) {
    it(name, () => assert.equal(play(scripts, failing, errexit ?? false), expected));
  }
});
