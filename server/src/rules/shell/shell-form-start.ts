import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { parseShell, type ShellWord } from '../../syntax/shell.ts';
import { insertBefore, replace } from '../../text/edit.ts';

/** Commands of the shell itself: there is no program to start in their place. */
const builtins: ReadonlySet<string> = new Set(
  'cd source . eval exec exit export set unset test [ [[ if for while case : alias type ulimit umask wait trap read return shift local declare readonly'.split(
    ' ',
  ),
);

export const shellFormStart = defineRule({
  id: 'shell-form-start',
  practice: 'shell',
  summary: '`CMD` or `ENTRYPOINT` in shell form starts a shell that starts the program.',
  why: [
    'The shell is then process 1 and keeps the signals to itself: `docker stop` waits ten seconds and kills. A shell-form `ENTRYPOINT` also ignores `CMD` and the arguments of `docker run`. In JSON form the program is started directly.',
    '',
    'JSON form is offered where the shell does nothing but start one program with literal words. Where it is needed, for a variable say, `exec` in front of the program gives it the shell’s place, and with it the signals. Where `SHELL` is set the form was chosen on purpose, and the rule is silent.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: [
    'hadolint/DL3025',
    'buildkit/JSONArgsRecommended',
    'sonar/S7019',
    'kics/not_using_json_in_cmd_and_entrypoint_arguments',
  ],
  examples: [
    { before: 'FROM node:24-slim\nCMD node server.js\n', after: 'FROM node:24-slim\nCMD ["node", "server.js"]\n' },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const keyword of ['ENTRYPOINT', 'CMD'] as const) {
        const instruction = stage.instructions.findLast((each) => each.keyword === keyword);
        if (!instruction || instruction.json || instruction.argsText === '' || stage.shellAt(instruction).words)
          continue;
        // Something that should have been JSON is malformed-json's.
        if (instruction.problems.some((problem) => problem.kind.startsWith('json-'))) continue;
        const words = plainWords(instruction, stage);
        const replaced = words ? undefined : lastProgram(instruction, stage);
        // A shell that becomes the program at last is in nobody's way.
        if (replaced === 'exec') continue;
        if (!words) {
          report({
            range: instruction.argsRange,
            severity: 'hint',
            message: `A shell starts this and keeps signals from it; let exec start the program, or write ${keyword} in JSON form.`,
            ...(replaced
              ? {
                  fixes: [
                    {
                      title: `Start ${replaced.value ?? replaced.text} with exec (it gets signals itself)`,
                      edits: [insertBefore(replaced.range, 'exec ')],
                      preferred: true,
                    },
                  ],
                }
              : { withheld: 'It needs a shell: for variables, operators, quotes or a command of the shell itself.' }),
          });
          continue;
        }
        report({
          range: instruction.argsRange,
          message: `A shell starts this and keeps signals from it; write ${keyword} in JSON form.`,
          fixes: fixes(stage, instruction, words),
        });
      }
    }
  },
});

/** The words of the command when the shell would pass them on as they stand; undefined when it has more to do. */
function plainWords(instruction: Instruction, stage: Stage): readonly string[] | undefined {
  const { argsText, argsRange } = instruction;
  if (!['posix', 'bash', 'ash'].includes(stage.shellAt(instruction).dialect)) return undefined;
  if (instruction.line.continuations.length > 0 || /[\\$`*?[\]{}~#!]/.test(argsText)) return undefined;
  const script = parseShell(argsText, argsRange.start);
  const [command, ...others] = script.commands;
  if (
    !script.complete ||
    !command ||
    others.length > 0 ||
    command.redirects.length > 0 ||
    command.assignments.length > 0
  )
    return undefined;
  const isWhole =
    script.statements.length === 1 &&
    script.statements[0]!.node.kind === 'command' &&
    !script.statements[0]!.background;
  const words = [command.nameWord!, ...command.args].map((word) => word.value);
  if (!isWhole || words.includes(undefined)) return undefined;
  // `exec program` is what JSON form does.
  const execs = command.wrappers.length === 1 && command.wrappers[0]!.value === 'exec';
  if ((command.wrappers.length > 0 && !execs) || builtins.has(words[0]!)) return undefined;
  return words as string[];
}

/** The name of the program that the shell starts last, where `exec` may stand in front of it; `exec` when it does. */
function lastProgram(instruction: Instruction, stage: Stage): ShellWord | 'exec' | undefined {
  if (!['posix', 'bash', 'ash'].includes(stage.shellAt(instruction).dialect)) return undefined;
  const script = parseShell(instruction.argsText, instruction.argsRange.start);
  const command = script.commands.at(-1);
  const last = script.statements.at(-1);
  if (!script.complete || !command || !last || last.background || !command.nameWord) return undefined;
  if (command.wrappers[0]?.value === 'exec') return 'exec';
  const isOnly = script.statements.length === 1 && script.commands.length === 1 && last.node.kind === 'command';
  const isProgram = !builtins.has(command.nameWord.value ?? '') && command.wrappers.length === 0;
  return isOnly && isProgram && command.assignments.length === 0 ? command.nameWord : undefined;
}

function fixes(stage: Stage, instruction: Instruction, words: readonly string[]): FixProposal[] {
  const json = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  const entrypoint = stage.lastInChain('ENTRYPOINT');
  const command = stage.lastInChain('CMD');
  // A shell-form ENTRYPOINT ignores CMD; in JSON form it would suddenly get it as arguments.
  const changesArguments =
    (instruction.keyword === 'ENTRYPOINT' && command !== undefined) ||
    (instruction.keyword === 'CMD' && entrypoint !== undefined);
  if (changesArguments) return [];
  // A shell also runs a script that does not say what runs it; the kernel does not.
  const script = /\.(?:sh|bash)$/.test(words[0]!) ? '; the script needs a first line with #!' : '';
  return [
    {
      title: `Write ${json.length > 40 ? 'it in JSON form' : json} (the program gets signals itself${script})`,
      edits: [replace(instruction.argsRange, json)],
      preferred: true,
    },
  ];
}
