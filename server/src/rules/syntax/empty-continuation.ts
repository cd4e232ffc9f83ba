import { defineRule } from '../../lint/rule.ts';
import { keywords } from '../../syntax/instruction.ts';
import { remove } from '../../text/edit.ts';

export const emptyContinuation = defineRule({
  id: 'empty-continuation',
  practice: 'syntax',
  summary: 'A blank line stands between the lines of an instruction.',
  why: 'BuildKit skips it with a warning and says that it will become an error. It also misleads: it looks like the end of the instruction, but the next line still belongs to it.',
  severity: 'warning',
  fix: 'safe',
  aliases: ['buildkit/NoEmptyContinuation', 'dockerfile-utils/EMPTY_CONTINUATION_LINE'],
  examples: [{ before: 'FROM debian:13\nRUN a && \\\n\n    b\n', after: 'FROM debian:13\nRUN a && \\\n    b\n' }],
  check({ dockerfile, report }) {
    for (const { line, keyword } of dockerfile.instructions) {
      const [first] = line.emptyContinuations;
      // With an instruction behind the blank line, the mark above is the mistake: see swallowed-instruction.
      if (!first || (keyword !== 'HEALTHCHECK' && swallowsInstruction(dockerfile.slice(line.headRange)))) continue;
      report({
        range: first,
        message: 'A blank line inside an instruction will become an error; remove it, or use a comment line.',
        fixes: [
          {
            title:
              line.emptyContinuations.length > 1
                ? 'Remove the blank lines inside this instruction'
                : 'Remove the blank line',
            edits: line.emptyContinuations.map((blank) =>
              remove(dockerfile.lines.fullLine(dockerfile.lines.lineAt(blank.start))),
            ),
          },
        ],
      });
    }
  },
});

const instructionLine = new RegExp(`^\\s*(?:${keywords.join('|')})\\s+\\S`);

function swallowsInstruction(text: string): boolean {
  return text.split('\n').some((line, index) => index > 0 && instructionLine.test(line));
}
