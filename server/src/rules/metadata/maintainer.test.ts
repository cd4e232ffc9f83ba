import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { maintainer } from './maintainer.ts';

describeRule(maintainer, {
  accepts: { 'a label': 'LABEL maintainer="a"', 'a comment': '# MAINTAINER a' },
  fixes: {
    plain: [
      '⟦MAINTAINER⟧ Ada Lovelace <ada@example.com>',
      'LABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.com>"',
    ],
    quoted: ['⟦MAINTAINER⟧ "Ada"', 'LABEL org.opencontainers.image.authors="Ada"'],
    'a dollar': ['⟦MAINTAINER⟧ Ada $X', { text: 'LABEL org.opencontainers.image.authors="Ada \\$X"' }],
    'lower case': ['from debian:13\n⟦maintainer⟧ ada', 'from debian:13\nlabel org.opencontainers.image.authors="ada"'],
  },
});
