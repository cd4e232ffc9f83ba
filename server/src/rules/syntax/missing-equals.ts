import { defineRule } from '../../lint/rule.ts';
import { remove } from '../../text/edit.ts';

export const missingEquals = defineRule({
  id: 'missing-equals',
  practice: 'syntax',
  summary: 'A word of `ENV` or `LABEL` has no `=`.',
  why: 'With one pair in the form `name=value`, all others on the line must have it too. Mostly blanks stand around the `=`, or a value with blanks lacks its quotes. The build stops.',
  severity: 'error',
  fix: 'suggestion',
  aliases: ['dockerfile-utils/SYNTAX_MISSING_EQUALS'],
  examples: [{ before: 'FROM debian:13\nENV A=1 B = 2\n', after: 'FROM debian:13\nENV A=1 B=2\n' }],
  check({ dockerfile, report }) {
    for (const outer of dockerfile.instructions) {
      const instruction = outer.trigger ?? outer;
      if (instruction.legacyPair || (instruction.keyword !== 'ENV' && instruction.keyword !== 'LABEL')) continue;
      const { words } = instruction;
      words.forEach((word, index) => {
        if (word.text.includes('=') || word.split || words[index - 1]?.text === '=') return;
        const before = words[index - 1];
        const equals = words[index + 1];
        const value = words[index + 2];
        if (equals?.text === '=' && value && !value.text.includes('=')) {
          const edits = [
            remove({ start: word.range.end, end: equals.range.start }),
            remove({ start: equals.range.end, end: value.range.start }),
          ];
          report({
            range: { start: word.range.start, end: value.range.end },
            message: 'No blanks may stand around =; remove them.',
            fixes: [{ title: 'Remove the blanks around =', edits, preferred: true }],
          });
        } else if (before?.text.endsWith('=')) {
          report({
            range: word.range,
            message: 'No blank may stand behind =; remove it.',
            fixes: [
              {
                title: 'Remove the blank behind =',
                edits: [remove({ start: before.range.end, end: word.range.start })],
                preferred: true,
              },
            ],
          });
        } else {
          report({
            range: word.range,
            message: `${word.text} has no =; write name=value, and put a value with blanks into quotes.`,
          });
        }
      });
    }
  },
});
