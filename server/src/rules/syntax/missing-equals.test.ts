import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { missingEquals } from './missing-equals.ts';

describeRule(missingEquals, {
  accepts: { pairs: 'ENV A=1 B="x y" C=\nLABEL a.b=c', 'the old form': 'ENV A b c', 'ARG has none': 'ARG A B=1' },
  reports: { 'a value without quotes': 'ENV A=x ⟦y⟧' },
  fixes: {
    'blanks behind': ['ENV A= ⟦1⟧', 'ENV A=1'],
    'blanks around a later one': ['ENV A=1 ⟦B = 2⟧', 'ENV A=1 B=2'],
  },
});
