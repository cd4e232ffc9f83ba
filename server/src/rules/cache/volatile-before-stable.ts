import { defineRule, type Report } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import { findVariables } from '../../syntax/variables.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { type Edit, insertAt } from '../../text/edit.ts';
import { lineAbove, lineBelow } from '../insertLine.ts';

export const volatileBeforeStable = defineRule({
  id: 'volatile-before-stable',
  practice: 'cache',
  summary: 'An argument that changes with every build is declared in front of expensive steps.',
  why: [
    'A build argument belongs to the environment of every `RUN` behind its `ARG`. When its value is new, as a date or a commit is with each build, none of these steps comes from the cache, whether it uses the argument or not.',
    '',
    'Declare it directly in front of the first instruction that uses it, behind the installs; labels can stand at the end of the stage.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before:
        'FROM debian:13\nARG GIT_COMMIT\nLABEL commit=$GIT_COMMIT\nRUN apt-get update && apt-get install -y curl\nCMD ["curl"]\n',
      after:
        'FROM debian:13\nRUN apt-get update && apt-get install -y curl\nCMD ["curl"]\nARG GIT_COMMIT\nLABEL commit=$GIT_COMMIT\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const arg of stage.instructions) {
        const pair = arg.keyword === 'ARG' ? arg.pairs[0] : undefined;
        if (!pair || arg.pairs.length > 1 || !changesAlways(pair.name)) continue;
        const delayed = stage.runs.filter((run) => run.instruction.range.start > arg.range.start && isExpensive(run));
        const users = stage.instructions.filter((each) => each.range.start > arg.range.start && uses(each, pair.name));
        const first = users.find((each) => each.keyword !== 'LABEL');
        const needless = delayed.filter((run) => !first || run.instruction.range.start < first.range.start);
        if (needless.length === 0) continue;
        report({
          range: pair.nameRange,
          message: `Each new value of ${pair.name} runs ${needless[0]!.installs[0]?.command.name ?? 'an install'} again; declare it behind that step.`,
          related: [
            { range: needless[0]!.instruction.keywordRange, message: 'This step is not taken from the cache.' },
          ],
          ...repair(stage, arg, users, first),
        });
      }
    }
  },
});

/** Names that hold a date, a commit or the number of a build. */
function changesAlways(name: string): boolean {
  return (
    /^(?:(?:BUILD|CREATED|RELEASE)_?(?:DATE|TIME|TIMESTAMP|AT)|TIMESTAMP|(?:CI_|GIT_|VCS_|SOURCE_|BUILD_|GITHUB_)*(?:COMMIT|SHA|REF|REVISION|HASH)(?:_(?:SHA|ID|HASH|REF|SHORT))?|BUILD_?(?:NUMBER|NUM|ID|NO)|CACHE_?BUST(?:ER)?)$/i.test(
      name,
    ) && !/^CACHE/i.test(name)
  );
}

function isExpensive(run: Run): boolean {
  return run.installs.length > 0;
}

function uses(instruction: Instruction, name: string): boolean {
  const bodies = instruction.heredocs.length > 0;
  // A script may read the argument from its environment under its name.
  return (
    bodies ||
    findVariables(instruction.argsText.replaceAll("'", ' '), 0, instruction.escape).some(
      (reference) => reference.name === name,
    ) ||
    new RegExp(`\\b${name}\\b`).test(instruction.argsText)
  );
}

function repair(
  stage: Stage,
  arg: Instruction,
  users: readonly Instruction[],
  first: Instruction | undefined,
): Pick<Report, 'fixes' | 'withheld'> {
  const { dockerfile } = stage;
  const early = users.filter((each) => each.keyword === 'LABEL' && (!first || each.range.start < first.range.start));
  if (arg.comments.length > 0 || early.some((each) => each.comments.length > 0))
    return { withheld: 'Comments stand inside the instructions that would move.' };
  const moved = [arg, ...early];
  if (first && early.length > 0) return { withheld: 'Labels and later steps use it; move both by hand.' };
  const text = moved.map((each) => dockerfile.slice(each.range));
  const edits: Edit[] = moved.map((each) => wholeLines(dockerfile.text, each));
  if (first) edits.push(lineAbove(dockerfile, first, text[0]!));
  else {
    const last = stage.instructions.at(-1)!;
    if (moved.includes(last)) return { withheld: 'There is no later place for it.' };
    const below = lineBelow(dockerfile, last, text.join(dockerfile.lineBreak));
    edits.push(insertAt(below.range.start, below.newText));
  }
  const where = first ? `in front of ${first.keyword}` : 'to the end of the stage';
  return {
    fixes: [
      { title: `Move ${arg.pairs[0]!.name} ${where} (scripts in between no longer see it)`, edits, preferred: true },
    ],
  };
}

function wholeLines(text: string, { range }: Instruction): Edit {
  const start = text.lastIndexOf('\n', range.start - 1) + 1;
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(range.end))?.[0].length ?? 0;
  return { range: { start, end: range.end + rest }, newText: '' };
}
