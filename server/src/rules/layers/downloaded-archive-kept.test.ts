import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { downloadedArchiveKept } from './downloaded-archive-kept.ts';

const get = 'curl -fsSLo /tmp/a.tgz https://example.com/a.tgz';

describeRule(downloadedArchiveKept, {
  accepts: {
    removed: `RUN ${get} && tar xf /tmp/a.tgz && rm /tmp/a.tgz`,
    'removed in a later layer, which another rule tells': `RUN ${get} && tar xf /tmp/a.tgz\nRUN rm /tmp/a.tgz`,
    'removed with its folder': `RUN ${get} && tar xf /tmp/a.tgz && rm -rf /tmp`,
    'removed by a pattern': `RUN ${get} && tar xf /tmp/a.tgz && rm -f /tmp/*`,
    piped: 'RUN curl -fsSL https://example.com/a.tgz | tar xz',
    'read twice': `RUN ${get} && echo "abc /tmp/a.tgz" | sha256sum -c && tar xf /tmp/a.tgz`,
    'not unpacked': `RUN ${get} && tar tf /tmp/a.tgz`,
    'another file': `RUN ${get} && tar xf /tmp/b.tgz`,
    'on a mount': `RUN --mount=type=cache,target=/tmp ${get} && tar xf /tmp/a.tgz`,
    'in a stage that is not shipped': `FROM debian:13 AS build\nRUN ${get} && tar xf /tmp/a.tgz\nFROM scratch`,
    'in another folder': 'RUN curl -fO https://example.com/a.tgz && cd /opt && tar xf a.tgz',
    'a name that changes': 'RUN for v in 1 2; do curl -fO https://example.com/a-$v.tgz && tar xf a-$v.tgz; done',
  },
  reports: {
    'in two RUNs': `RUN ${get}\nRUN tar xf ⟦/tmp/a.tgz⟧`,
    'in a list with ||': `RUN ${get} && tar xf ⟦/tmp/a.tgz⟧ || exit 1`,
    'another stage takes it': `RUN ${get} && tar xf ⟦/tmp/a.tgz⟧\nVOLUME /tmp/a.tgz`,
  },
  fixes: {
    'curl and tar': [
      `RUN ${get} && tar xzf ⟦/tmp/a.tgz⟧ -C /opt`,
      `RUN ${get} && tar xzf /tmp/a.tgz -C /opt && rm /tmp/a.tgz`,
    ],
    'in the middle': [
      'RUN cd /opt \\\n  && wget -q https://example.com/a.zip \\\n  && unzip -q ⟦a.zip⟧ \\\n  && make',
      'RUN cd /opt \\\n  && wget -q https://example.com/a.zip \\\n  && unzip -q a.zip \\\n  && rm a.zip \\\n  && make',
    ],
    'a package': [
      'RUN wget -O x.deb https://example.com/x && dpkg -i ⟦x.deb⟧',
      'RUN wget -O x.deb https://example.com/x && dpkg -i x.deb && rm x.deb',
    ],
    apt: [
      'RUN curl -fLo x.deb https://example.com/x && apt-get install -y ⟦./x.deb⟧',
      'RUN curl -fLo x.deb https://example.com/x && apt-get install -y ./x.deb && rm ./x.deb',
    ],
    'with a version': [
      'ARG V=1\nRUN curl -fO "https://example.com/a-${V}.tar.gz" && tar -xf ⟦"a-${V}.tar.gz"⟧',
      'ARG V=1\nRUN curl -fO "https://example.com/a-${V}.tar.gz" && tar -xf "a-${V}.tar.gz" && rm "a-${V}.tar.gz"',
    ],
    'under set -e': [
      `RUN set -eux; \\\n  ${get}; \\\n  tar xf ⟦/tmp/a.tgz⟧; \\\n  make`,
      `RUN set -eux; \\\n  ${get}; \\\n  tar xf /tmp/a.tgz; \\\n  rm /tmp/a.tgz; \\\n  make`,
    ],
  },
});
