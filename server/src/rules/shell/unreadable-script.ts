import { defineRule } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import type { Range } from '../../text/range.ts';

export const unreadableScript = defineRule({
  id: 'unreadable-script',
  practice: 'shell',
  summary: 'The shell can’t read the script of a `RUN` to its end.',
  why: 'A quote that is not closed, an `if` without `fi`, a loop without `done` or an operator without a command behind it: the shell stops with a syntax error, and so does the build. In a list over several lines it is mostly a continuation mark that is missing, or one too many.',
  severity: 'error',
  fix: 'none',
  aliases: ['hadolint/SC1072', 'hadolint/SC1073'],
  examples: [{ before: 'FROM debian:13\nRUN if [ -f /x ]; then cat /x\n' }],
  check({ dockerfile, report }) {
    for (const run of dockerfile.runs) {
      const { script } = run;
      // Words that run across lines are read as two; that may be all that is wrong.
      if (!script || script.complete || script.errorAt === undefined || run.instruction.line.gluedAt.length > 0)
        continue;
      if (run.instruction.heredocs.some((heredoc) => !heredoc.terminatorRange)) continue;
      report({
        range: place(run, script.errorAt),
        message: 'The shell can’t read this script; close the quote, bracket, if or loop, or complete the list.',
      });
    }
  },
});

/** The word at the place, or the last one in front of it when the text ends there. */
function place(run: Run, offset: number): Range {
  const { scriptRange } = run;
  const text = run.stage.dockerfile.slice(scriptRange);
  const at = Math.min(offset - scriptRange.start, text.trimEnd().length);
  const before = text.slice(0, at);
  const start = /\S*$/.exec(/\S/.test(text[at] ?? ' ') ? before : before.trimEnd())!.index;
  const end = at + (/^\S*/.exec(text.slice(at))?.[0].length ?? 0);
  return { start: scriptRange.start + start, end: scriptRange.start + Math.max(end, start + 1) };
}
