import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { type Instruction, keywords } from '../../syntax/instruction.ts';
import { insertAt, replace } from '../../text/edit.ts';
import { inCase, meant } from './spelling.ts';

export const unknownInstruction = defineRule({
  id: 'unknown-instruction',
  practice: 'syntax',
  summary: 'A line starts with a word that is no instruction.',
  why: 'The build stops before it starts. Mostly it is a typing error, or the line above should go on in this one and lacks the continuation mark at its end.',
  severity: 'error',
  fix: 'suggestion',
  aliases: ['dockerfile-utils/UNKNOWN_INSTRUCTION'],
  examples: [{ before: 'FROM debian:13\nRNU true\n', after: 'FROM debian:13\nRUN true\n' }],
  check({ dockerfile, report }) {
    dockerfile.instructions.forEach((instruction, index) => {
      const unknown = instruction.known ? instruction.trigger : instruction;
      if (!unknown || unknown.known) return;
      const guess = meant(unknown.writtenKeyword, keywords);
      const fixes: FixProposal[] = [];
      if (guess) {
        const written = inCase(unknown.writtenKeyword, guess);
        fixes.push({ title: `Write ${written}`, edits: [replace(unknown.keywordRange, written)], preferred: true });
      }
      const previous = dockerfile.instructions[index - 1];
      if (!guess && unknown === instruction && previous && goesOn(dockerfile, previous, unknown)) {
        fixes.push({
          title: `Continue the ${previous.keyword} above with ${dockerfile.escape}`,
          edits: [insertAt(previous.headRange.end, ` ${dockerfile.escape}`)],
          preferred: true,
        });
      }
      report({
        range: unknown.keywordRange,
        message: `${unknown.writtenKeyword} is no instruction${guess ? `; write ${guess}` : fixes.length > 0 ? `; end the line above with ${dockerfile.escape} to go on with it here` : ''}.`,
        fixes,
      });
    });
  },
});

/** Whether the line reads like the rest of the instruction above: that ends with an operator, or this starts with one. */
function goesOn(dockerfile: Dockerfile, previous: Instruction, unknown: Instruction): boolean {
  if (previous.heredocs.length > 0 || previous.argsText === '') return false;
  const next = dockerfile.lines.lineAt(unknown.range.start);
  if (dockerfile.lines.lineAt(previous.range.end) + 1 !== next) return false;
  return /(?:&&|\|\||\||,|;)$/.test(previous.argsText) || /^(?:&&|\|\||\||-)/.test(unknown.writtenKeyword);
}
