import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { cleanupInLaterLayer } from './cleanup-in-later-layer.ts';

describeRule(cleanupInLaterLayer, {
  accepts: {
    'in the same RUN': 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*',
    'each for itself':
      'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nRUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*',
    'of what the base image brings': 'RUN rm -rf /var/lib/apt/lists/* /usr/share/doc && apt-get purge -y perl',
    'in a stage that is not shipped':
      'FROM debian:13 AS build\nRUN apt-get update && apt-get install -y gcc\nRUN rm -rf /var/lib/apt/lists/*\nFROM debian:13\nCOPY --from=build /a /a',
    'a cache that never was': 'FROM alpine:3.22\nRUN apk add --no-cache curl\nRUN rm -rf /var/cache/apk/*',
    'a cache mount': 'RUN --mount=type=cache,target=/var/lib/apt/lists apt-get update\nRUN rm -rf /var/lib/apt/lists/*',
    'a file of the same RUN': 'RUN curl -fo /tmp/x.tgz https://example.com/x.tgz && tar xf /tmp/x.tgz && rm /tmp/x.tgz',
    'a file that was removed before':
      'RUN curl -fo /tmp/x.tgz https://example.com/x.tgz && rm /tmp/x.tgz\nRUN rm -f /tmp/x.tgz',
    'another file': 'RUN curl -fo /tmp/x.tgz https://example.com/x.tgz\nRUN rm -f /tmp/y.tgz',
    'a small script that was copied': 'COPY install.sh /tmp/\nRUN /tmp/install.sh && rm /tmp/install.sh',
    'a package that is put back': 'RUN apt-get purge -y curl && apt-get install -y curl',
    'in a function': 'RUN apt-get update && apt-get install -y curl\nRUN f() { rm -rf /var/lib/apt/lists/*; }; g',
  },
  reports: {
    'an archive that was copied': 'COPY app.tar.gz /tmp/\nRUN tar xf /tmp/app.tar.gz && ⟦rm /tmp/app.tar.gz⟧',
    'by a pattern': 'ADD https://example.com/a.zip /tmp/a.zip\nRUN unzip /tmp/a.zip\nRUN ⟦rm -rf /tmp/*.zip⟧',
    'packages that are used between':
      'RUN apt-get update && apt-get install -y gcc\nCOPY . /src\nRUN make -C /src && ⟦apt-get purge -y gcc⟧',
    'a virtual package':
      'FROM alpine:3.22\nRUN apk add --no-cache --virtual .build-deps gcc\nCOPY . .\nRUN make && ⟦apk del .build-deps⟧',
    'with more than the lists':
      'RUN apt-get update && apt-get install -y curl\nCOPY a /tmp/a\nRUN ⟦rm -rf /var/lib/apt/lists/* /tmp/*⟧',
    'lists that a later install needs':
      'RUN apt-get update && apt-get install -y curl\nENV A=1\nRUN ./setup.sh\nRUN ⟦apt-get clean⟧',
    'as another user': 'RUN apt-get update && apt-get install -y curl\nUSER app\nRUN ⟦rm -rf /var/lib/apt/lists/*⟧',
    'in a stage that it is built from':
      'FROM debian:13 AS base\nRUN apt-get update && apt-get install -y curl\nFROM base\nRUN ⟦rm -rf /var/lib/apt/lists/*⟧',
  },
  fixes: {
    'the RUN before': [
      'RUN apt-get update && apt-get install -y curl\n# no lists\nRUN ⟦apt-get clean⟧ && rm -rf /var/lib/apt/lists/*\n',
      'RUN apt-get update && apt-get install -y curl \\\n    # no lists\n    && apt-get clean && rm -rf /var/lib/apt/lists/*\n',
    ],
    'a RUN further up': [
      'RUN apt-get update && apt-get install -y curl\nENV A=1\nRUN mkdir /a\nRUN ⟦rm -rf /var/lib/apt/lists/*⟧\nCMD a',
      {
        text: 'RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nENV A=1\nRUN mkdir /a\nCMD a',
        safety: 'suggestion',
      },
    ],
    'one command of a RUN': [
      'RUN apt-get update \\\n  && apt-get install -y curl\nENV A=1\nRUN mkdir /a && ⟦rm -rf /var/lib/apt/lists/*⟧',
      {
        text: 'RUN apt-get update \\\n  && apt-get install -y curl \\\n  && rm -rf /var/lib/apt/lists/*\nENV A=1\nRUN mkdir /a',
        safety: 'suggestion',
      },
    ],
    'RUNs between that merge freely': [
      'RUN apt-get update\nRUN apt-get install -y curl\nRUN mkdir /a\nRUN ⟦rm -rf /var/lib/apt/lists/*⟧',
      'RUN apt-get update\nRUN apt-get install -y curl \\\n    && mkdir /a \\\n    && rm -rf /var/lib/apt/lists/*',
    ],
    'a download': [
      'RUN wget https://example.com/a.zip\nRUN unzip a.zip; ⟦rm a.zip⟧\n'.replace(/^/, 'WORKDIR /opt\n'),
      {
        text: 'WORKDIR /opt\nRUN wget https://example.com/a.zip \\\n    && { unzip a.zip; rm a.zip; }\n',
        safety: 'suggestion',
      },
    ],
    'build tools': [
      'RUN apt-get update && apt-get install -y gcc\nRUN make -C /src\nRUN ⟦apt-get purge -y gcc⟧',
      {
        text: 'RUN apt-get update && apt-get install -y gcc \\\n    && make -C /src \\\n    && apt-get purge -y gcc',
        safety: 'suggestion',
      },
    ],
  },
});
