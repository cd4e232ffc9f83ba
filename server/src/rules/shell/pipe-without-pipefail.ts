import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import { lineAbove, inCaseOf } from '../insertLine.ts';
import { insertAt } from '../../text/edit.ts';

/** Commands that practically never fail, so that nothing is lost when their exit code is. */
const harmless: ReadonlySet<string> = new Set([
  'echo',
  'printf',
  'yes',
  'true',
  'cat',
  'ls',
  'env',
  'seq',
  'date',
  'id',
  'uname',
  'dpkg',
  'arch',
  'nproc',
  'hostname',
]);
/** Readers that may end before everything is written: under pipefail the writer's broken pipe would fail the build. */
const earlyReaders: ReadonlySet<string> = new Set([
  'head',
  'grep',
  'egrep',
  'fgrep',
  'true',
  'sed',
  'awk',
  'less',
  'more',
  'yes',
]);

export const pipeWithoutPipefail = defineRule({
  id: 'pipe-without-pipefail',
  practice: 'shell',
  summary: 'When a command in front of a pipe fails, the build goes on as if nothing had happened.',
  why: 'The exit code of a pipe is that of its last command: `wget … | tar x` succeeds as long as `tar` is content, and a failed download may leave a broken image. With `pipefail` the pipe fails when any of its commands does. `/bin/sh` of Debian does not know the option, so the shell has to be bash; busybox’s ash knows it.',
  severity: 'info',
  fix: 'suggestion',
  aliases: ['hadolint/DL4006', 'kics/shell_running_a_pipe_without_pipefail_flag', 'semgrep/set-pipefail'],
  examples: [
    {
      before: 'FROM debian:13\nRUN wget -qO- https://example.com/a.tgz | tar xz\n',
      after:
        'FROM debian:13\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN wget -qO- https://example.com/a.tgz | tar xz\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      // One SHELL line repairs all RUNs behind it, so the first one stands for them.
      for (const run of stage.runs) {
        const found = losesExitCode(run);
        if (!found) continue;
        report({
          range: found,
          message: 'If the command in front of this pipe fails, the build goes on; set pipefail.',
          fixes: fix(run),
        });
        break;
      }
    }
  },
});

/** The command in front of a pipe whose failure is lost; undefined when there is none. */
function losesExitCode(run: Run): { readonly start: number; readonly end: number } | undefined {
  const { script } = run;
  if ((run.shell.pipefail && !run.interpreter) || !script?.complete || run.form === 'exec') return undefined;
  if (
    script.commands.some((command) => command.name === 'set' && command.args.some((word) => word.text === 'pipefail'))
  )
    return undefined;
  for (const statement of script.statements) {
    const items = statement.node.kind === 'and-or' ? statement.node.items : [statement.node];
    for (const [index, item] of items.entries()) {
      if (item.kind !== 'pipeline' || item.items.length < 2) continue;
      // What stands around `||` is expected to fail.
      if (
        statement.node.kind === 'and-or' &&
        (statement.node.operators[index] === '||' || statement.node.operators[index - 1] === '||')
      )
        continue;
      const members = item.items.map((each) => (each.kind === 'command' ? each.command.name : ''));
      if (members.some((name) => name === '') || members.slice(1).some((name) => earlyReaders.has(name))) continue;
      const lost = item.items
        .slice(0, -1)
        .find(
          (each) => each.kind === 'command' && !harmless.has(each.command.name) && !each.command.name.endsWith('grep'),
        );
      if (lost) return lost.range;
    }
  }
  return undefined;
}

function fix(run: Run): FixProposal[] {
  const { facts } = run.stage.rootBase;
  const { instruction } = run;
  if (instruction.isTrigger) return [];
  if (run.form === 'heredoc' && (run.interpreter ?? run.shell.dialect) === 'bash') {
    return [
      {
        title: 'Set pipefail in this script (a pipe whose first part fails then stops the build)',
        edits: [insertAt(scriptStart(run), `set -o pipefail${run.stage.dockerfile.lineBreak}`)],
        preferred: true,
      },
    ];
  }
  // A SHELL further down would also start the shell form of CMD and ENTRYPOINT.
  const startsWithShell = run.stage.instructions.some(
    (each) => (each.keyword === 'CMD' || each.keyword === 'ENTRYPOINT') && !each.json,
  );
  if (run.shell.words !== undefined || run.form !== 'shell' || startsWithShell) return [];
  const words =
    facts?.shell === 'bash'
      ? '["/bin/bash", "-o", "pipefail", "-c"]'
      : facts?.shell === 'ash'
        ? '["/bin/ash", "-o", "pipefail", "-c"]'
        : undefined;
  if (!words) return [];
  return [
    {
      title: `Add SHELL ${words} (a pipe whose first part fails then stops the build)`,
      edits: [lineAbove(run.stage.dockerfile, instruction, `${inCaseOf(instruction, 'SHELL')} ${words}`)],
      preferred: true,
    },
  ];
}

/** Behind the shebang line, which must stay the first one. */
function scriptStart(run: Run): number {
  const { dockerfile } = run.stage;
  const body = dockerfile.slice(run.scriptRange);
  return run.scriptRange.start + (body.startsWith('#!') ? body.indexOf('\n') + 1 : 0);
}
