import { defineRule } from '../../lint/rule.ts';

export const unterminatedHeredoc = defineRule({
  id: 'unterminated-heredoc',
  practice: 'syntax',
  summary: 'A heredoc is never ended.',
  why: 'Everything behind `<<EOF` belongs to the heredoc until a line that holds nothing but `EOF`: no blanks in front (tabs are allowed after `<<-`) and none behind. Without it the rest of the file is swallowed and the build stops.',
  severity: 'error',
  fix: 'none',
  aliases: [],
  covers: ['heredoc-unterminated'],
  examples: [{ before: 'FROM debian:13\nRUN <<EOF\ntrue\n' }],
  check({ dockerfile, report }) {
    for (const { heredocs } of dockerfile.instructions) {
      for (const heredoc of heredocs) {
        if (heredoc.terminatorRange) continue;
        // A line that would end it but for blanks around it is what was meant.
        const body = dockerfile.slice(heredoc.bodyRange);
        const near = body.split(/\r?\n/).some((line) => line.trim() === heredoc.name);
        report({
          range: heredoc.operatorRange,
          message: near
            ? `The heredoc is never ended, since blanks stand around ${heredoc.name}; write it alone on its line.`
            : `The heredoc is never ended; add a line with ${heredoc.name} alone.`,
        });
      }
    }
  },
});
