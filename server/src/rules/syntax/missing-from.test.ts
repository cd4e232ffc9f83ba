import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { missingFrom } from './missing-from.ts';

describeRule(missingFrom, {
  accepts: {
    'arguments first': 'ARG A=1\n# hello\nFROM debian:13\nRUN true',
    'an unknown word is another rule’s': 'FORM debian\nFROM debian:13',
  },
  reports: {
    'RUN first': '⟦RUN⟧ true\nRUN false\nFROM debian:13',
    'LABEL behind ARG': 'ARG A\n⟦LABEL⟧ a=b\nFROM debian:13',
  },
});
