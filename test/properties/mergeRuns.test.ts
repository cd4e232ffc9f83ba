import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { propertyRuns } from '../helpers/propertyRuns.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { heredocForm } from '../../server/src/rules/layers/heredocForm.ts';
import { mergeRuns } from '../../server/src/rules/layers/mergeRuns.ts';
import { applyEdits } from '../../server/src/text/edit.ts';
import { skip } from '../helpers/skip.ts';

/**
 * The merge of RUNs keeps its promise: scripts are made up from a grammar, run as a build would run them (each in a
 * shell of its own, up to the first that fails), and run once more as the merged script. What the commands report of
 * themselves (order, working directory, variables, umask, shell options) and whether the build fails must be the same.
 */

interface ShellUnderTest {
  readonly name: string;
  readonly program: readonly string[];
  /** The SHELL instruction that stands for it; undefined for the default. */
  readonly instruction?: string;
  readonly cases: number;
}

const shells: readonly ShellUnderTest[] = [
  { name: 'dash', program: ['dash', '-c'], cases: 150 },
  { name: 'bash', program: ['bash', '-c'], cases: 150 },
  { name: 'bash as sh', program: ['bash', '--posix', '-c'], cases: 150 },
  { name: 'busybox ash', program: ['busybox', 'ash', '-c'], cases: 150 },
  { name: 'dash -e', program: ['dash', '-ec'], instruction: 'SHELL ["/bin/dash", "-ec"]', cases: 150 },
  {
    name: 'bash -eo pipefail',
    program: ['bash', '-eo', 'pipefail', '-c'],
    instruction: 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]',
    cases: 150,
  },
];

/** What each command tells of the shell it runs in. */
const state = '$PWD v=${V-unset} w=${W-unset} $-';

/** Succeeds or fails, and says so; `printf` reports the letter and fails at the number that is none. */
const succeeds = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('a', 'b', 'c', 'd').map((name) => `echo "${name} ${state}"`) },
  { weight: 1, arbitrary: fc.constant('umask') },
);
const fails = fc.constantFrom('x', 'y', 'z').map((name) => `printf "${name} ${state} %d\\n" no`);

const changesState = fc.constantFrom(
  'cd one',
  'cd missing',
  'export V=1',
  'V=2',
  'W=3',
  'unset V',
  'umask 077',
  'set -e',
  'set +e',
  'set -u',
  'set -ex',
  'exit 0',
  'exit 3',
  'exec echo last',
  'f() { echo f; false; echo g; }',
  'f',
  'V=$(echo s; false; echo t)',
  ': ${W:=4}',
  'echo $((V = 5))',
  '. ./settings',
  "eval 'cd one; set -e'",
  "trap 'echo trapped' EXIT",
  'read V < settings',
);

const script = fc.letrec<{
  simple: string;
  pipeline: string;
  andOr: string;
  list: string;
  compound: string;
  script: string;
}>((tie) => ({
  simple: fc.oneof(
    { weight: 5, arbitrary: succeeds },
    { weight: 4, arbitrary: fails },
    { weight: 3, arbitrary: changesState },
  ),
  compound: fc.oneof(
    tie('list').map((list) => `(${list})`),
    tie('list').map((list) => `{ ${list}; }`),
    fc
      .tuple(tie('andOr'), tie('list'), tie('list'))
      .map(([test, yes, no]) => `if ${test}; then ${yes}; else ${no}; fi`),
    tie('list').map((list) => `for V in 1 2; do ${list}; done`),
    tie('list').map((list) => `case $V in 0) ${list};; *) echo other;; esac`),
  ),
  pipeline: fc.oneof(
    { depthSize: 'small' },
    { weight: 8, arbitrary: tie('simple') },
    { weight: 1, arbitrary: tie('simple').map((command) => `! ${command}`) },
    { weight: 1, arbitrary: tie('simple').map((command) => `${command} | cat`) },
    { weight: 2, arbitrary: tie('compound') },
  ),
  andOr: fc
    .array(fc.tuple(fc.constantFrom(' && ', ' && ', ' || ', ' \\\n  && ', ' && \\\n  # why\n  '), tie('pipeline')), {
      minLength: 1,
      maxLength: 3,
    })
    .map((items) => items.map(([operator, item], index) => (index === 0 ? item : operator + item)).join('')),
  list: fc.array(tie('andOr'), { minLength: 1, maxLength: 2 }).map((items) => items.join('; ')),
  script: fc
    .tuple(
      fc.constantFrom('', '', '', 'set -ex; ', 'set -ex && ', 'set -eu; '),
      fc.array(tie('andOr'), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '', ';'),
    )
    .map(([opening, items, end]) => opening + items.join('; ') + end),
})).script;

const scripts = fc.array(script, { minLength: 2, maxLength: 3 });

/** Runs all but the last of its arguments as RUNs, then the last one as the RUN they became. */
const driver = `
cd "$1"; count=$2; shift 2
while [ $count -gt 0 ]; do
  V=0 $PROGRAM "$1" 2>/dev/null || { echo failed; shift $count; break; }
  shift; count=$((count - 1))
done
echo =====
V=0 $PROGRAM "$1" 2>/dev/null || echo failed`;

/**
 * Scripts that can become heredocs: mostly one list each, or several under a `set -e` of their own. Without `$-`, since
 * that `set -e` is on is the one thing that a heredoc may show.
 */
const listItem = fc.oneof(
  { weight: 5, arbitrary: succeeds },
  { weight: 3, arbitrary: fails },
  { weight: 2, arbitrary: changesState },
  { weight: 1, arbitrary: fails.map((command) => `! ${command}`) },
  { weight: 1, arbitrary: fails.map((command) => `${command} | cat`) },
  { weight: 1, arbitrary: fc.tuple(succeeds, fails).map((both) => `(cd one && ${both.join(' || ')})`) },
  { weight: 1, arbitrary: fc.tuple(fails, succeeds).map((both) => `{ ${both.join('; ')}; }`) },
  { weight: 1, arbitrary: fc.tuple(fails, succeeds).map((both) => `for V in 1 2; do \\\n  ${both.join('; ')}; done`) },
);
const operator = fc.constantFrom(
  ' && ',
  ' && ',
  ' && ',
  ' || ',
  ' \\\n  && ',
  ' \\\n  # why\n  && ',
  ' && \\\n # why\n  ',
);
const oneList = fc
  .array(fc.tuple(operator, listItem), { minLength: 1, maxLength: 4 })
  .map((items) => items.map(([joint, item], index) => (index === 0 ? item : joint + item)).join(''));
const steadyScript = fc.oneof(
  { weight: 5, arbitrary: oneList },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom('set -ex; ', 'set -ex && ', 'set -eu; \\\n  '),
        fc.array(oneList, { minLength: 1, maxLength: 3 }),
      )
      .map(([opening, lists]) => opening + lists.join('; \\\n  ')),
  },
  { weight: 1, arbitrary: script },
);
const heredocScripts = fc
  .array(steadyScript, { minLength: 2, maxLength: 3 })
  .map((texts) => texts.map((text) => text.replaceAll(' $-', '')));

describe('merged RUNs do what the RUNs did', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'merge-'));
    mkdirSync(join(folder, 'one'));
    writeFileSync(join(folder, 'settings'), 'V=6\nset -e\n');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const shell of shells) {
    it(`in ${shell.name}`, function () {
      this.timeout(60_000);
      if (spawnSync('sh', ['-c', 'command -v "$1"', 'sh', shell.program[0]!]).status !== 0)
        skip(this, `${shell.program[0]} is not installed`);
      let merged = 0;
      fc.assert(
        fc.property(scripts, (texts) => {
          const outcome = mergeAll(texts, shell.instruction);
          if (!outcome) return;
          merged++;
          const [separate, together] = execute(shell, folder, outcome);
          assert.equal(together, separate, `${outcome.before}\n--- became ---\n${outcome.after}`);
        }),
        propertyRuns(shell.cases),
      );
      assert.ok(merged > shell.cases / 5, `only ${merged} were merged`);
    });

    it(`as a heredoc in ${shell.name}`, function () {
      this.timeout(60_000);
      if (spawnSync('sh', ['-c', 'command -v "$1"', 'sh', shell.program[0]!]).status !== 0)
        skip(this, `${shell.program[0]} is not installed`);
      let merged = 0;
      fc.assert(
        fc.property(heredocScripts, (texts) => {
          const outcome = intoHeredoc(texts, shell.instruction);
          if (!outcome) return;
          merged++;
          const [separate, together] = execute(shell, folder, outcome);
          assert.equal(together, separate, `${outcome.before}\n--- became ---\n${outcome.after}`);
        }),
        propertyRuns(shell.cases * 2),
      );
      assert.ok(merged > shell.cases / 10, `only ${merged} were merged`);
    });
  }
});

interface Outcome {
  readonly before: string;
  readonly after: string;
  /** The scripts as the shell gets them. */
  readonly scripts: readonly string[];
  readonly script: string;
}

function dockerfileOf(texts: readonly string[], instruction: string | undefined): string {
  const runs = texts.map((text) => `RUN ${text}`);
  return ['FROM debian:13', ...(instruction ? [instruction] : []), ...runs, ''].join('\n');
}

function intoHeredoc(texts: readonly string[], instruction: string | undefined): Outcome | undefined {
  const before = dockerfileOf(texts, instruction);
  const model = buildModel(before);
  const edits = heredocForm(model.runs);
  if (!edits) return undefined;
  const after = applyEdits(before, edits);
  const merged = buildModel(after);
  assert.deepEqual(merged.problems, []);
  assert.equal(merged.runs.length, 1, after);
  assert.equal(after.match(/# why/g)?.length, before.match(/# why/g)?.length, after);
  return { before, after, scripts: model.runs.map((run) => run.scriptText), script: merged.runs[0]!.scriptText };
}

function mergeAll(texts: readonly string[], instruction: string | undefined): Outcome | undefined {
  const before = dockerfileOf(texts, instruction);
  const model = buildModel(before);
  const merge = mergeRuns(model.runs);
  if (merge.kind === 'refused') return undefined;
  const after = applyEdits(before, merge.edits);
  const merged = buildModel(after);
  assert.deepEqual(merged.problems, []);
  assert.equal(merged.runs.length, 1, after);
  assert.equal(merged.comments.length, model.comments.length, after);
  return { before, after, scripts: model.runs.map((run) => run.scriptText), script: merged.runs[0]!.scriptText };
}

function execute(shell: ShellUnderTest, folder: string, outcome: Outcome): readonly [string, string] {
  const args = [folder, String(outcome.scripts.length), ...outcome.scripts, outcome.script];
  const result = spawnSync('sh', ['-c', driver, 'sh', ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', PROGRAM: shell.program.join(' ') },
    // A bash whose input is a socket takes itself for a remote shell and reads ~/.bashrc.
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 20_000,
  });
  const [separate, together] = result.stdout.split('=====\n');
  return [separate ?? '', together ?? 'nothing'];
}
