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
        if (!word || (keyword === 'HEALTHCHECK' && word === 'CMD') || /(?:\|\||\||,|=|\()$/.test(before)) continue;
        const start =
          continuation.end + dockerfile.slice({ start: continuation.end, end: line.headRange.end }).indexOf(word);
        const operator = /(?:&&|;)$/.exec(before)?.[0];
        if (operator && keyword !== 'RUN') continue;
        const end = before.slice(0, before.length - (operator?.length ?? 0)).trimEnd().length;
        const mark = operator ? `${operator} ${dockerfile.escape}` : dockerfile.escape;
        report({
          range: { start, end: start + word.length },
          // No program has such a name, so the shell stops there.
          ...(operator === '&&' ? { severity: 'error' as const } : {}),
          message: `This ${word} belongs to the ${keyword} above, which ends with ${mark}; remove that.`,
          fixes: [
            {
              title: `Remove the ${mark} above, so that ${word} is an instruction`,
              edits: [remove({ start: line.headRange.start + end, end: continuation.start + 1 })],
              preferred: true,
            },
          ],
        });
      }
    }
  },
});
