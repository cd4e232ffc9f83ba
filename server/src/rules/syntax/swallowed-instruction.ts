import { defineRule } from '../../lint/rule.ts';
import { keywords } from '../../syntax/instruction.ts';
import { remove } from '../../text/edit.ts';

const starts = new RegExp(`^\\s*(${keywords.filter((keyword) => keyword !== 'USER').join('|')})\\s+\\S`);

export const swallowedInstruction = defineRule({
  id: 'swallowed-instruction',
  practice: 'syntax',
  summary: 'A continuation mark at the end of an instruction makes the next instruction part of it.',
  why: 'Blank lines and comments do not end an instruction whose last line ends with the continuation mark. What looks like the next instruction becomes words of this one: `apk add curl \\` followed by `COPY a b` tries to install packages named `COPY`, `a` and `b`.',
  severity: 'warning',
  fix: 'suggestion',
  aliases: [],
  examples: [
    {
      before: 'FROM alpine:3.24\nRUN apk add --no-cache curl \\\n\nCOPY app /app\n',
      after: 'FROM alpine:3.24\nRUN apk add --no-cache curl\n\nCOPY app /app\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const { line, keyword } of dockerfile.instructions) {
      if (keyword === 'ONBUILD') continue;
      for (const continuation of line.continuations) {
        const word = starts.exec(dockerfile.slice({ start: continuation.end, end: line.headRange.end }))?.[1];
        const before = dockerfile.slice({ start: line.headRange.start, end: continuation.start }).trimEnd();
        // Behind an operator a command must follow; one in capitals is odd, but it is no instruction.
        if (!word || (keyword === 'HEALTHCHECK' && word === 'CMD') || /(?:&&|\|\||\||;|,|=|\()$/.test(before)) continue;
        const start =
          continuation.end + dockerfile.slice({ start: continuation.end, end: line.headRange.end }).indexOf(word);
        report({
          range: { start, end: start + word.length },
          message: `This ${word} belongs to the ${keyword} above, which ends with ${dockerfile.escape}; remove that mark.`,
          fixes: [
            {
              title: `Remove the ${dockerfile.escape} above, so that ${word} is an instruction`,
              edits: [remove({ start: line.headRange.start + before.length, end: continuation.start + 1 })],
              preferred: true,
            },
          ],
        });
      }
    }
  },
});
