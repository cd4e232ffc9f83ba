import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Flag, Instruction } from '../../syntax/instruction.ts';
import { remove, replace } from '../../text/edit.ts';
import { meant } from './spelling.ts';

/** Flags of each instruction, up to Dockerfile frontend 1.20 and its labs channel. */
const flags: Readonly<Record<string, readonly string[]>> = {
  ADD: ['keep-git-dir', 'checksum', 'chmod', 'chown', 'link', 'exclude', 'unpack'],
  COPY: ['from', 'chmod', 'chown', 'link', 'parents', 'exclude'],
  FROM: ['platform'],
  HEALTHCHECK: ['interval', 'timeout', 'start-period', 'start-interval', 'retries'],
  RUN: ['mount', 'network', 'security', 'device'],
};

/** Flags that may stand alone, and those that may be repeated. */
const withoutValue: readonly string[] = ['link', 'parents', 'keep-git-dir', 'unpack'];
const repeatable: readonly string[] = ['mount', 'exclude', 'device'];

export const unknownFlag = defineRule({
  id: 'unknown-flag',
  practice: 'syntax',
  summary: 'A flag that the instruction does not have, has twice, or that lacks its value.',
  why: 'The build stops before it starts. Flags stand between the instruction and its arguments, as `--name=value`; a blank instead of the `=` makes the value an argument.',
  severity: 'error',
  fix: 'suggestion',
  aliases: ['dockerfile-utils/UNKNOWN_COPY_FLAG', 'dockerfile-utils/UNKNOWN_FROM_FLAG'],
  examples: [
    { before: 'FROM debian:13\nCOPY --chwon=app . /app/\n', after: 'FROM debian:13\nCOPY --chown=app . /app/\n' },
  ],
  check({ dockerfile, report }) {
    for (const outer of dockerfile.instructions) {
      const instruction = outer.trigger ?? outer;
      instruction.flags.forEach((flag, index) => {
        const found = complaint(instruction, flag, index);
        if (found) report({ range: flag.range, message: found.message, fixes: found.fixes });
      });
    }
  },
});

function complaint(
  instruction: Instruction,
  flag: Flag,
  index: number,
): { message: string; fixes: FixProposal[] } | undefined {
  const known = flags[instruction.keyword];
  if (!known || instruction.line.gluedAt.length > 0) return undefined;
  if (!known.includes(flag.name)) {
    const guess = meant(flag.name, known);
    return {
      message: `${instruction.keyword} has no flag --${flag.name}${guess ? `; write --${guess}` : ''}.`,
      fixes: guess ? [{ title: `Write --${guess}`, edits: [replace(flag.nameRange, guess)], preferred: true }] : [],
    };
  }
  if (flag.value === undefined && !withoutValue.includes(flag.name)) {
    return { message: `--${flag.name} needs a value; write --${flag.name}=value.`, fixes: [] };
  }
  const first = instruction.flags.findIndex((each) => each.name === flag.name);
  if (first < index && !repeatable.includes(flag.name)) {
    const isSame = instruction.flags[first]!.value === flag.value;
    const range = { start: flag.range.start - 1, end: flag.range.end };
    return {
      message: `--${flag.name} may stand only once; remove this one.`,
      fixes: isSame ? [{ title: `Remove the second --${flag.name}`, edits: [remove(range)], preferred: true }] : [],
    };
  }
  return undefined;
}
