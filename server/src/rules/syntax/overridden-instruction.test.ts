import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { overriddenInstruction } from './overridden-instruction.ts';

describeRule(overriddenInstruction, {
  accepts: {
    'one of each': 'CMD ["a"]\nENTRYPOINT ["b"]\nHEALTHCHECK NONE',
    'one in each stage': 'FROM debian:13 AS a\nCMD ["a"]\nFROM debian:13\nCMD ["b"]',
    triggers: 'ONBUILD CMD a\nONBUILD CMD b',
  },
  reports: { 'a comment inside': '⟦CMD⟧ ["a", \\\n  # why\n  "b"]\nCMD ["c"]' },
  fixes: {
    CMD: ['# first\n⟦CMD⟧ a\n\n# second\nCMD b\n', '# first\n\n# second\nCMD b\n'],
    three: ['⟦CMD⟧ a\n⟦CMD⟧ b\nCMD c\n', 'CMD c\n'],
    'several lines': ['⟦ENTRYPOINT⟧ ["a", \\\n  "b"]\nRUN x\nENTRYPOINT ["c"]\n', 'RUN x\nENTRYPOINT ["c"]\n'],
    HEALTHCHECK: ['⟦HEALTHCHECK⟧ CMD a\nHEALTHCHECK --interval=5s CMD b\n', 'HEALTHCHECK --interval=5s CMD b\n'],
  },
});
