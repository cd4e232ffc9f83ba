import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { resolvePath } from '../../model/copy.ts';
import type { Run } from '../../model/run.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import { type Edit, replace } from '../../text/edit.ts';
import { inCaseOf } from '../insertLine.ts';

export const runWithoutEffect = defineRule({
  id: 'run-without-effect',
  practice: 'shell',
  summary: 'A `RUN` only changes its own shell, or only starts a service: both end with it.',
  why: [
    'Each `RUN` has a shell of its own. What `cd`, `export`, `source`, `alias` or `umask` change is gone when it ends, and so is a service that it starts: a layer holds files, no processes.',
    '',
    'Write `WORKDIR` for a folder and `ENV` for a variable: they count for all instructions that follow, and for the container. Let `CMD` start the service, or start it in the `RUN` that needs it.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: ['hadolint/DL3003'],
  examples: [{ before: 'FROM debian:13\nRUN cd /app\nRUN make\n', after: 'FROM debian:13\nWORKDIR /app\nRUN make\n' }],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const run of stage.runs) {
        const { commands, script } = run;
        if (!script || !isEditable(run) || script.statements.length === 0) continue;
        const isPlain = commands.every((command) => command.shell.unconditional && !isUsed(command));
        if (!isPlain || !commands.every(endsWithTheShell)) continue;
        // A RUN of assignments alone has no command with a name.
        const first = commands[0];
        const range = first?.shell.nameWord?.range ?? first?.range ?? script.range;
        const fix = repair(run);
        report({ range, message: messageFor(first), ...(fix ? { fixes: [fix] } : {}) });
      }
    }
  },
});

const ofTheShell = ['cd', 'pushd', 'export', 'source', '.', 'alias', 'umask', 'set', 'shopt', 'unset', 'ulimit'];

function endsWithTheShell(command: Command): boolean {
  if (command.name === '')
    return command.shell.nameWord === undefined && command.shell.assignments.length > 0 && isLiteral(command);
  const isBuiltin = command.shell.nameWord?.text === command.name && command.shell.wrappers.length === 0;
  return (isBuiltin && ofTheShell.includes(command.name)) || startsService(command);
}

/** An assignment with a substitution runs a program. */
function isLiteral({ shell }: Command): boolean {
  return shell.assignments.every((each) => !/[`(]/.test(each.text));
}

function startsService(command: Command): boolean {
  const words = command.args.map((word) => word.value);
  if (command.name === 'service' || /\/init\.d\//.test(command.shell.nameWord?.text ?? ''))
    return words.at(-1) === 'start' || words.at(-1) === 'restart';
  return (command.name === 'systemctl' || command.name === 'rc-service') && words.includes('start');
}

/** Whether what it writes or reads is of use. */
function isUsed(command: Command): boolean {
  return command.shell.redirects.length > 0 || command.shell.within.includes('pipeline');
}

function messageFor(first: Command | undefined): string {
  if (first && startsService(first))
    return 'A service that a RUN starts ends with it; start it with CMD, or in the RUN that needs it.';
  if (first?.name === 'cd' || first?.name === 'pushd')
    return 'cd ends with the shell of this RUN; write WORKDIR, which counts for all that follows.';
  if (first?.name === 'export' || first?.name === '')
    return 'This variable ends with the shell of this RUN; write ENV, which counts for all that follows.';
  return `What ${first?.name ?? 'this'} changes ends with the shell of this RUN; do it in the RUN that needs it.`;
}

function repair(run: Run): FixProposal | undefined {
  const [command, ...others] = run.commands;
  const { instruction, stage } = run;
  if (!command || others.length > 0 || instruction.flags.length > 0 || instruction.comments.length > 0)
    return undefined;
  const edit = (keyword: string, text: string): Edit =>
    replace(
      { start: instruction.keywordRange.start, end: instruction.headRange.end },
      `${inCaseOf(instruction, keyword)} ${text}`,
    );
  if (command.name === 'cd') {
    const target = command.args.length === 1 ? command.args[0]!.value : undefined;
    if (target === undefined || !/^[\w./-]+$/.test(target) || target === '-') return undefined;
    if (!target.startsWith('/') && resolvePath(stage.workdirAt(instruction), target) === undefined) return undefined;
    return { title: `Write WORKDIR ${target} (it counts for all that follows)`, edits: [edit('WORKDIR', target)] };
  }
  const words = command.name === 'export' ? command.args : command.name === '' ? command.shell.assignments : [];
  const pairs = words.map((word) => word.text);
  // Only what ENV reads as the shell does: it knows no variables of the shell, such as HOME.
  const environment = stage.envAt(instruction);
  const isKnown = (pair: string): boolean =>
    [...pair.matchAll(/\$\{?(\w+)/g)].every(([, name]) => name === 'PATH' || environment.get(name!) !== undefined);
  const isPlain = /^[A-Za-z_]\w*=(?:[\w./:@,+-]|\$\{?\w+\}?|"[\w ./:@,+${}-]*")*$/;
  if (pairs.length === 0 || !pairs.every((pair) => isPlain.test(pair) && isKnown(pair))) return undefined;
  return { title: 'Write ENV (it counts for all that follows)', edits: [edit('ENV', pairs.join(' '))] };
}
