import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { wgetAndCurl } from './wget-and-curl.ts';

const calls = 'RUN curl -fO https://example.com/a\nRUN wget https://example.com/b\nCMD ["x"]\n';

describeRule(wgetAndCurl, {
  accepts: {
    'one of them': 'RUN apt-get install -y curl\nRUN curl -fO https://example.com/a\nCMD ["x"]',
    'one that is not called': 'RUN apt-get install -y curl wget\nRUN curl -fO https://example.com/a\nCMD ["x"]',
    'one that is removed again': `RUN apt-get install -y curl\nRUN apt-get install -y wget && wget https://example.com/b && apt-get purge -y wget\n${calls}`,
    'a build stage': `FROM debian:13 AS build\nRUN apt-get install -y curl wget\n${calls}FROM debian:13\nCOPY --from=build /a /a\nCMD ["/a"]\n`,
    'an image to work in': `FROM debian:13\nRUN apt-get install -y curl wget\nRUN curl -fO https://example.com/a\nRUN wget https://example.com/b\nCMD ["bash"]\n`,
  },
  reports: {
    'in one list': `RUN apt-get install -y wget ⟦curl⟧\n${calls}`,
    'in two RUNs': `RUN apk add curl\nRUN apk add ⟦wget⟧\n${calls}`,
    'a health check calls it':
      'RUN apt-get install -y curl ⟦wget⟧\nRUN wget https://example.com/b\nHEALTHCHECK CMD curl -f http://localhost\nCMD ["x"]',
    'in the stage that it is built from': `FROM debian:13 AS base\nRUN apt-get install -y curl\nFROM base\nRUN apt-get install -y ⟦wget⟧\n${calls}`,
  },
});
