import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { installWithoutUpdate } from './install-without-update.ts';

const clean = 'apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*';

describeRule(installWithoutUpdate, {
  accepts: {
    'its own update': `RUN ${clean}\nRUN ${clean.replace('curl', 'git')}`,
    'an update in a loop': 'RUN for i in 1 2 3; do apt-get update && break; done; apt-get install -y curl',
    'an update inside of text': 'RUN sh -c "apt-get update" && apt-get install -y curl',
    'a base image that may have lists': 'FROM company/base\nRUN apt-get install -y curl',
    'the update has a RUN of its own': 'RUN apt-get update\nRUN apt-get install -y curl',
    'a script that may refresh': 'RUN ./setup.sh\nRUN apt-get install -y curl',
    'a repository that is added': 'RUN add-apt-repository ppa:x/y && apt-get install -y y',
    'a package file': 'RUN apt-get install -y ./x.deb',
    'packages that only the build knows': 'RUN apt-get install -y $PACKAGES',
    'a cache mount': 'RUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y curl',
    'exec form': `RUN ${clean}\nRUN ["apt-get", "install", "-y", "git"]`,
    'another manager': 'FROM alpine:3.22\nRUN apk add curl',
    'lists that may be copied in':
      'FROM company/lists AS lists\nFROM debian:13\nCOPY --from=lists / /\nRUN apt-get install -y curl',
  },
  reports: {
    'in an if': 'RUN if [ -n "$X" ]; then apt-get ⟦install⟧ -y curl; fi',
    'behind ||': 'RUN which curl || apt-get ⟦install⟧ -y curl',
  },
  fixes: {
    'no lists at all': [
      'RUN apt-get ⟦install⟧ -y curl',
      { text: 'RUN apt-get update && apt-get install -y curl', safety: 'suggestion' },
    ],
    'lists that were removed': [
      `FROM ubuntu:24.04\nRUN ${clean}\nCOPY . .\nRUN mkdir /a \\\n  && apt-get ⟦install⟧ -y git`,
      `FROM ubuntu:24.04\nRUN ${clean}\nCOPY . .\nRUN mkdir /a \\\n  && apt-get update && apt-get install -y git`,
    ],
    'lists of an earlier RUN': [
      'FROM company/base\nRUN apt-get update && apt-get install -y curl\nCOPY . .\nRUN sudo apt ⟦install⟧ -y git',
      'FROM company/base\nRUN apt-get update && apt-get install -y curl\nCOPY . .\nRUN sudo apt update && sudo apt install -y git',
    ],
    'lists of an earlier stage': [
      `FROM debian:13 AS base\nRUN ${clean}\nFROM base\nRUN apt-get ⟦install⟧ -y git`,
      `FROM debian:13 AS base\nRUN ${clean}\nFROM base\nRUN apt-get update && apt-get install -y git`,
    ],
    'with variables for the command': [
      'RUN DEBIAN_FRONTEND=noninteractive apt-get ⟦install⟧ -y curl',
      'RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y curl',
    ],
    'under set -e': [
      'RUN set -eux; \\\n  apt-get ⟦install⟧ -y curl; \\\n  mkdir /a',
      'RUN set -eux; \\\n  apt-get update; apt-get install -y curl; \\\n  mkdir /a',
    ],
  },
});
