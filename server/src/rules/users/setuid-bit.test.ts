import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { setuidBit } from './setuid-bit.ts';

describeRule(setuidBit, {
  accepts: {
    'a plain mode': 'RUN chmod 0755 /x && chmod u+x /y',
    'the group of a folder': 'RUN chmod g+s /srv && chmod 2775 /srv',
    'the sticky bit': 'RUN chmod 1777 /x',
    'taken away': 'RUN chmod u-s /usr/bin/su',
    'a stage that does not ship': 'FROM debian:13 AS build\nRUN chmod u+s /x\nFROM debian:13',
  },
  reports: {
    'by number': 'RUN chmod ⟦4755⟧ /usr/bin/helper',
    'by letter': 'RUN cd /usr/bin && chmod ⟦u+s⟧ ping',
    'both bits': 'RUN chmod ⟦06755⟧ /x',
    'among others': 'RUN chmod ⟦u+rxs,g+x⟧ /x',
  },
});
