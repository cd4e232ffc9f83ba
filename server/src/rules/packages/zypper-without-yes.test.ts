import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { zypperWithoutYes } from './zypper-without-yes.ts';

const from = 'FROM opensuse/leap:15.6\n';

describeRule(zypperWithoutYes, {
  accepts: {
    'has it': `${from}RUN zypper install -y nginx`,
    'short, in front': `${from}RUN zypper -n in nginx`,
    'in a cluster': `${from}RUN zypper -qn in nginx`,
    'long, in front': `${from}RUN zypper --non-interactive install nginx`,
    'no-confirm': `${from}RUN zypper rm --no-confirm nginx`,
    'an answer is piped in': `${from}RUN yes | zypper in nginx`,
    'does not ask': `${from}RUN zypper refresh && zypper clean`,
  },
  fixes: {
    plain: [`${from}RUN zypper ⟦install⟧ nginx`, { text: `${from}RUN zypper install -y nginx`, safety: 'safe' }],
    'short names': [
      `${from}RUN zypper ref && zypper ⟦in⟧ \\\n  nginx`,
      `${from}RUN zypper ref && zypper in -y \\\n  nginx`,
    ],
    '-n at the wrong place': [`${from}RUN zypper ⟦in⟧ -n nginx`, `${from}RUN zypper in -y -n nginx`],
  },
  reports: { 'not understood': `${from}RUN zypper ⟦in⟧ nginx "` },
});
