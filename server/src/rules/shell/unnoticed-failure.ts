import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import { isEditable, stopsAtFailure } from '../../model/scriptEdits.ts';
import type { ShellCommand, ShellNode } from '../../syntax/shell.ts';
import { insertAt } from '../../text/edit.ts';

export const unnoticedFailure = defineRule({
  id: 'unnoticed-failure',
  practice: 'shell',
  summary: 'A command of a `RUN` may fail and the build goes on, since only the last one counts.',
  why: [
    'The shell goes on to the next command behind `;` or a line break, whatever became of the one before, and its exit code is that of the last command. A failed download or install is then stored in the cache as if it had worked, and shows up later, or in production. This holds for the lines of a heredoc, too.',
    '',
    'Join the commands by `&&`, or begin the script with `set -e`. Commands whose failure is meant to be ignored get `|| true`. The rule says nothing of commands that practically never fail (`echo`, `export`), and of scripts that set `-e` themselves or by `SHELL`, but for one thing: a command behind `!` never stops them, neither when it fails nor when it succeeds, so `! grep -q bad file;` checks nothing. Write `! grep -q bad file || exit 1`.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update; apt-get install -y curl; rm -rf /var/lib/apt/lists/*\n',
      after: 'FROM debian:13\nRUN set -e; apt-get update; apt-get install -y curl; rm -rf /var/lib/apt/lists/*\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.stages.flatMap((stage) => stage.allRuns)) {
      for (const node of uselessChecks(run)) {
        report({
          range: { start: node.range.start, end: node.range.start + 1 },
          message:
            'set -e does not look at what stands behind !, so this checks nothing; add || exit 1 to stop the build.',
          fixes: [
            {
              title: 'Add || exit 1: stop when the command succeeds',
              edits: [insertAt(node.range.end, ' || exit 1')],
            },
          ],
        });
      }
      const command = unnoticed(run);
      if (!command?.nameWord) continue;
      report({
        range: command.nameWord.range,
        message: `When ${command.name} fails, the build goes on, for only the last command counts; join by && or begin with set -e.`,
        fixes: [repair(run)],
      });
    }
  },
});

/** Sets what happens at a failure, or shows that another shell than the one that is read here runs the script. */
const settingOrForeign = /^(?:set|trap|powershell|pwsh|cmd)$/;

/** The first command that may fail without the script noticing. */
function unnoticed(run: Run): ShellCommand | undefined {
  const { script } = run;
  if (!script || !isEditable(run) || stopsAtFailure(run)) return undefined;
  if (script.commands.some(({ name }) => settingOrForeign.test(name))) return undefined;
  // `#!/bin/bash -e`.
  if (/^\s*#!.*\s-\w*e/.test(run.scriptText)) return undefined;
  for (const { node, background } of script.statements.slice(0, -1)) {
    const command = background ? undefined : failingCommand(node);
    if (command) return command;
  }
  return undefined;
}

/** Statements with `!` in a script under `set -e`, which is not their exit code. */
function uselessChecks(run: Run): readonly ShellNode[] {
  const { script } = run;
  if (!script || !isEditable(run) || !stopsAtFailure(run)) return [];
  return script.statements
    .slice(0, -1)
    .filter(({ node, background }) => !background && node.kind === 'pipeline' && node.negated)
    .map(({ node }) => node)
    .filter(({ range }) => run.stage.dockerfile.text[range.start] === '!');
}

/** The last command of a statement whose exit code is not looked at; undefined where it is, or hardly ever fails. */
function failingCommand(node: ShellNode): ShellCommand | undefined {
  switch (node.kind) {
    case 'command':
      return hardlyFails(node.command) ? undefined : node.command;
    case 'and-or': {
      // Behind `||` stands what is to happen then; `test && do` is an `if`.
      const [first] = node.items;
      const isCondition =
        first?.kind === 'command' &&
        [first.command.name, first.command.wrappers[0]?.value].some((name) => conditions.includes(name ?? ''));
      return node.operators.includes('||') || isCondition ? undefined : failingCommand(node.items.at(-1)!);
    }
    case 'pipeline':
      return node.negated ? undefined : failingCommand(node.items.at(-1)!);
    default:
      return undefined;
  }
}

function hardlyFails({ name, args }: ShellCommand): boolean {
  if (name === 'mkdir') return args.some((word) => /^-\w*p|^--parents$/.test(word.text));
  return name === '' || harmless.includes(name);
}

const conditions: readonly string[] = ['[', '[[', 'test', 'grep', 'egrep', 'command', 'which', 'type'];

/** Practically never fail, or fail on purpose and harm nobody. */
const harmless: readonly string[] = [
  ...['echo', 'printf', 'export', 'unset', 'alias', 'umask', 'shopt', 'true', ':', 'cat', 'ls', 'env', 'date', 'pwd'],
  ...['exit', 'return', 'sleep', 'wait', 'kill', 'pkill', 'killall', 'hash', 'id', 'uname', 'whoami', 'exec', 'sync'],
  ...['test', '[', '[[', 'grep', 'which', 'command', 'type', 'rm', 'local', 'declare', 'readonly', 'let', 'ulimit'],
];

function repair(run: Run): FixProposal {
  const title = 'Begin with set -e: stop at the first failure';
  const { range } = run.script!;
  if (run.form === 'shell') return { title, edits: [insertAt(range.start, 'set -e; ')] };
  const { dockerfile } = run.stage;
  const body = run.scriptText;
  const first = /^#!.*(?:\r?\n|$)/.exec(body)?.[0].length ?? 0;
  const at = run.scriptRange.start + first;
  const indent = /^[ \t]*/.exec(body.slice(first))![0];
  return { title, edits: [insertAt(at, `${indent}set -e${dockerfile.lineBreak}`)] };
}
