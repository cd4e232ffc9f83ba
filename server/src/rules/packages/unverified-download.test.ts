import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unverifiedDownload } from './unverified-download.ts';

const tini = 'https://example.com/tini/v0.19.0/tini';

describeRule(unverifiedDownload, {
  accepts: {
    'a checksum in the same RUN': `RUN curl -fsSLO ${tini} && echo "0123  tini" | sha256sum -c`,
    'a checksum in a later RUN': `RUN curl -fsSLO ${tini}\nRUN echo "0123  tini" | sha256sum -c`,
    'a signature': `RUN curl -fsSLO ${tini} && curl -fsSLO ${tini}.asc && gpg --verify tini.asc tini`,
    'a checksum in a stage built on it': `FROM debian:13 AS a\nADD ${tini} /tini\nFROM a\nRUN sha512sum -c /sums\n`,
    'ADD with a checksum': `ADD --checksum=sha256:0123 ${tini} /tini`,
    'ADD of a repository': 'ADD https://github.com/a/b.git#v1.2.3 /src',
    'a frontend that knows no checksum': `# syntax=docker/dockerfile:1.5\nFROM debian:13\nADD ${tini} /tini\n`,
    'no version': 'RUN curl -fsSL https://example.com/install.sh | sh\nADD https://example.com/latest/tool /bin/tool',
    'a commit': 'ADD https://example.com/a/0123456789012345678901234567890123456789/v1.2/a.tgz /a/',
    'a key, a list, a signature': `RUN curl -fsSL https://example.com/v1.2/key.asc > /k\nRUN wget https://example.com/v1.2/a.list`,
    'the version of a distribution': 'RUN wget https://example.com/config/ubuntu/22.04/packages-prod.deb',
    'the newest of a line': 'RUN wget https://example.com/v1.2/tool-latest.tgz',
    'a branch in a variable': 'ENV TOOL_VERSION=main\nRUN wget https://example.com/${TOOL_VERSION}/tool.tgz',
    'a question to the server': 'RUN curl -I https://example.com/v1.2/x && curl -X POST https://example.com/v1.2/x',
    'a server of its own': 'RUN curl -f http://localhost:8080/v1.2/x',
    'a variable that is not known': 'RUN curl -fsSL "$URL" | tar xz',
  },
  reports: {
    'curl to a file': `RUN curl -fsSL -o /usr/bin/tini ⟦${tini}⟧ && chmod +x /usr/bin/tini`,
    'a pipe': 'RUN curl -fsSL ⟦"https://example.com/a-1.2.tar.gz"⟧ | tar xz',
    'a variable in the address': 'ARG TINI_VERSION=v0.19\nRUN wget ⟦https://example.com/${TINI_VERSION}/tini⟧',
    'a variable that only the build knows': 'ARG TOOL_VERSION\nRUN wget ⟦https://example.com/v"$TOOL_VERSION"/tool⟧',
    'an address in a variable': `ENV URL=${tini}\nRUN wget -O /tini ⟦"$URL"⟧`,
    'several at once': `RUN wget ⟦${tini}⟧ && wget https://example.com/1.2/b.tgz`,
    'a check in front of it': `RUN sha256sum -c /sums\nRUN wget ⟦${tini}⟧`,
    ADD: `ADD ⟦${tini}⟧ /tini`,
    'ADD in JSON form': `ADD ["a", ⟦"${tini}"⟧, "/x/"]`,
    'a stage that does not ship': `FROM debian:13 AS get\nRUN wget ⟦${tini}⟧\nFROM scratch\nCOPY --from=get /tini /\n`,
  },
});
