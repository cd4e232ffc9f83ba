import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { copiedArchiveKept } from './copied-archive-kept.ts';

describeRule(copiedArchiveKept, {
  accepts: {
    'ADD unpacks it': 'ADD app.tar.gz /opt/',
    'a program reads it': 'COPY app.tar.gz /opt/\nRUN import /opt/app.tar.gz',
    'it is only listed': 'COPY app.tar.gz /opt/\nRUN tar tzf /opt/app.tar.gz',
    'it is packed': 'COPY app.tar.gz /opt/\nRUN tar cf /opt/app.tar.gz /srv',
    'it is used twice': 'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz && sha256sum /tmp/a.tgz',
    'the program gets it, too': 'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz\nCMD ["serve", "/tmp/a.tgz"]',
    'removed by its name, of which another rule tells': 'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz && rm /tmp/a.tgz',
    'removed by a pattern': 'COPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz && rm -rf /tmp/*',
    'a build stage':
      'FROM debian:13 AS build\nCOPY a.tgz /tmp/\nRUN tar xf /tmp/a.tgz -C /opt\nFROM debian:13\nCOPY --from=build /opt /opt\n',
    'an address': 'ADD https://example.com/a.zip /tmp/\nRUN unzip /tmp/a.zip',
    'several files': 'COPY a.tgz b.tgz /tmp/\nRUN tar xf /tmp/a.tgz',
    'mounted already': 'RUN --mount=type=bind,source=a.tgz,target=/tmp/a.tgz tar xf /tmp/a.tgz',
  },
  fixes: {
    'into a folder': [
      'COPY ⟦app.tar.gz⟧ /tmp/\nRUN tar xf /tmp/app.tar.gz -C /opt\n',
      'RUN --mount=type=bind,source=app.tar.gz,target=/tmp/app.tar.gz tar xf /tmp/app.tar.gz -C /opt\n',
    ],
    'under another name, out of a folder': [
      'COPY ⟦./dist/app.tgz⟧ /tmp/a.tgz\nWORKDIR /srv\nRUN cd / && tar --extract --file=/x; tar -xzf /tmp/a.tgz --strip-components=1\n',
      'WORKDIR /srv\nRUN --mount=type=bind,source=dist/app.tgz,target=/tmp/a.tgz cd / && tar --extract --file=/x; tar -xzf /tmp/a.tgz --strip-components=1\n',
    ],
    'beside the working directory': [
      'WORKDIR /srv\nCOPY --chown=1:1 ⟦app.zip⟧ .\nRUN unzip -q app.zip\n',
      'WORKDIR /srv\nRUN --mount=type=bind,source=app.zip,target=/srv/app.zip unzip -q app.zip\n',
    ],
    'a package out of another stage': [
      'FROM debian:13 AS build\nRUN make\nFROM debian:13\nCOPY --from=build ⟦/out/a.deb⟧ /tmp/\nRUN dpkg -i /tmp/a.deb\n',
      {
        text: 'FROM debian:13 AS build\nRUN make\nFROM debian:13\nRUN --mount=type=bind,from=build,source=/out/a.deb,target=/tmp/a.deb dpkg -i /tmp/a.deb\n',
        safety: 'suggestion',
        title: 'Mount a.deb for the RUN instead of copying it (needs BuildKit)',
      },
    ],
    'in a heredoc': [
      'COPY ⟦a.tgz⟧ /tmp/a.tgz\nRUN <<EOF\nset -e\ntar xf /tmp/a.tgz\nEOF\n',
      'RUN --mount=type=bind,source=a.tgz,target=/tmp/a.tgz <<EOF\nset -e\ntar xf /tmp/a.tgz\nEOF\n',
    ],
  },
  reports: {
    'a destination that may be a folder': 'COPY ⟦a.tgz⟧ /data\nRUN tar xf /data/a.tgz',
    'another user, who may not read a mount': 'USER app\nCOPY --chown=app ⟦a.tgz⟧ /tmp/\nRUN tar xf /tmp/a.tgz',
    'a name that is too long for a message': `COPY ⟦${'long-'.repeat(20)}.tgz⟧ /data\nRUN tar xf /data/${'long-'.repeat(20)}.tgz`,
    'JSON form': 'COPY ⟦a.tgz⟧ /tmp/\nRUN ["tar", "xf", "/tmp/a.tgz"]',
    'a name with a blank': 'COPY [⟦"a b.tgz"⟧, "/tmp/"]\nRUN tar xf "/tmp/a b.tgz"',
  },
});
