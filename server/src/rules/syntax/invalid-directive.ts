import { defineRule } from '../../lint/rule.ts';

export const invalidDirective = defineRule({
  id: 'invalid-directive',
  practice: 'syntax',
  summary: 'A directive at the top of the file is repeated or has a value that is not allowed.',
  why: '`# escape=`, `# syntax=` and `# check=` may each stand once, before anything else, comments included. The escape character is a backslash or a backtick. Otherwise the build stops.',
  severity: 'error',
  fix: 'none',
  aliases: ['dockerfile-utils/INVALID_ESCAPE_DIRECTIVE', 'dockerfile-utils/DUPLICATED_ESCAPE_DIRECTIVE'],
  covers: ['directive-repeated', 'directive-escape-invalid'],
  examples: [{ before: '# escape=x\nFROM debian:13\n' }],
  check({ dockerfile, report }) {
    for (const problem of dockerfile.problems) {
      if (problem.kind.startsWith('directive-')) report({ range: problem.range, message: problem.message });
    }
  },
});
