import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { keywordCasing } from './keyword-casing.ts';

describeRule(keywordCasing, {
  accepts: { 'all upper': 'FROM a AS b\nRUN x', 'all lower': 'from a as b\nrun x' },
  fixes: {
    'one is lower': ['FROM a\nRUN x\n⟦run⟧ y', 'FROM a\nRUN x\nRUN y'],
    'one is upper': ['from a\nrun x\n⟦RUN⟧ y', 'from a\nrun x\nrun y'],
    mixed: ['FROM a\n⟦Run⟧ x', 'FROM a\nRUN x'],
    as: ['FROM a ⟦as⟧ b\nRUN x', 'FROM a AS b\nRUN x'],
    'inside ONBUILD': ['FROM a\nONBUILD ⟦run⟧ x', 'FROM a\nONBUILD RUN x'],
  },
});
