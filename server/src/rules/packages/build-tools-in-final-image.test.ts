import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { buildToolsInFinalImage } from './build-tools-in-final-image.ts';

const cmd = '\nCMD ["/app"]\n';

describeRule(buildToolsInFinalImage, {
  accepts: {
    'removed in the same RUN': `RUN apt-get install -y gcc && make && apt-get purge -y gcc${cmd}`,
    'a virtual group': `FROM alpine:3.22\nRUN apk add --no-cache --virtual .deps gcc musl-dev && x && apk del .deps${cmd}`,
    'a group in a variable': `RUN deps="gcc make" && apt-get install -y $deps && make && apt-get purge -y --auto-remove $deps${cmd}`,
    'removed by a pattern': `RUN apt-get install -y libpq-dev && x && apt-get purge -y '*-dev'${cmd}`,
    'marked as automatic': `RUN saved="$(apt-mark showmanual)"; apt-get install -y gcc; make; apt-mark auto '.*' > /dev/null; apt-get purge -y --auto-remove${cmd}`,
    'a build stage': `FROM debian:13 AS build\nRUN apt-get install -y gcc\nFROM debian:13\nCOPY --from=build /app /app${cmd}`,
    'an image to work in': 'RUN apt-get install -y gcc make\nCMD ["bash"]\n',
    'an image that starts a shell by itself': 'RUN apt-get install -y gcc make\n',
    'a stage named so': `FROM debian:13 AS dev\nRUN apt-get install -y gcc${cmd}`,
    'used at start': 'RUN apt-get install -y make\nCMD ["make", "serve"]\n',
    'used by the script that starts': {
      text: 'RUN apt-get install -y make\nCOPY run.sh /\nCMD ["/run.sh"]\n',
      context: { 'run.sh': 'make serve\n' },
    },
    'other packages': `RUN apt-get install -y nginx curl python3${cmd}`,
    'packages of a language': `RUN pip install cmake && npm install -g node-gyp${cmd}`,
    'removed by another layer is for another rule': `RUN apt-get install -y gcc\nRUN apt-get purge -y gcc${cmd}`,
    'git that the program may call': `RUN apt-get install -y git${cmd}`,
    'git, and a script that can not be seen':
      'RUN apt-get install -y git && git clone https://example.org/x\nCMD ["/start.sh"]\n',
  },
  fixes: {
    apt: [
      `RUN apt-get update && apt-get install -y --no-install-recommends ⟦gcc⟧ make && make install${cmd}`,
      {
        text: `RUN apt-get update && apt-get install -y --no-install-recommends gcc make && make install && apt-get purge -y --auto-remove gcc make${cmd}`,
        safety: 'suggestion',
      },
    ],
    'apk over lines': [
      `FROM alpine:3.22\nRUN apk add --no-cache \\\n    curl \\\n    # to compile\n    ⟦build-base⟧ \\\n  && make${cmd}`,
      {
        text: `FROM alpine:3.22\nRUN apk add --no-cache \\\n    curl \\\n    # to compile\n    build-base \\\n  && make \\\n  && apk del build-base${cmd}`,
        title: 'libstdc++',
      },
    ],
    dnf: [
      `FROM almalinux:9\nRUN dnf install -y ⟦gcc⟧ && make && dnf clean all${cmd}`,
      `FROM almalinux:9\nRUN dnf install -y gcc && make && dnf remove -y gcc && dnf clean all${cmd}`,
    ],
    'in front of the clean-up': [
      `RUN apt-get update \\\n && apt-get install -y ⟦gcc⟧ make curl \\\n && make \\\n && apt-get clean \\\n && rm -rf /var/lib/apt/lists/*${cmd}`,
      `RUN apt-get update \\\n && apt-get install -y gcc make curl \\\n && make \\\n && apt-get purge -y --auto-remove gcc make \\\n && apt-get clean \\\n && rm -rf /var/lib/apt/lists/*${cmd}`,
    ],
    'the clean-up in front of the work': [
      `RUN apt-get update && apt-get install -y ⟦gcc⟧ && rm -rf /var/lib/apt/lists/* && make${cmd}`,
      `RUN apt-get update && apt-get install -y gcc && rm -rf /var/lib/apt/lists/* && make && apt-get purge -y --auto-remove gcc${cmd}`,
    ],
    'a script that stops at failures': [
      `RUN set -eux; \\\n    apt-get update; \\\n    apt-get install -y ⟦gcc⟧; \\\n    make; \\\n    rm -rf /var/lib/apt/lists/*${cmd}`,
      `RUN set -eux; \\\n    apt-get update; \\\n    apt-get install -y gcc; \\\n    make; \\\n    apt-get purge -y --auto-remove gcc; \\\n    rm -rf /var/lib/apt/lists/*${cmd}`,
    ],
    'work in a subshell': [
      `RUN apt-get update && apt-get install -y ⟦gcc⟧ && (cd x && make) && rm -rf /var/lib/apt/lists/*${cmd}`,
      `RUN apt-get update && apt-get install -y gcc && (cd x && make) && rm -rf /var/lib/apt/lists/* && apt-get purge -y --auto-remove gcc${cmd}`,
    ],
    'two installs, many tools': [
      `RUN apt-get install -y ⟦gcc⟧ make && apt-get install -y cmake ninja-build autoconf && make${cmd}`,
      {
        text: `RUN apt-get install -y gcc make && apt-get install -y cmake ninja-build autoconf && make && apt-get purge -y --auto-remove gcc make cmake ninja-build autoconf${cmd}`,
        title: 'Remove gcc and 4 more',
      },
    ],
    'tools beside headers': [
      `RUN apt-get install -y ⟦libpng-dev⟧ gcc && make${cmd}`,
      { text: `RUN apt-get install -y libpng-dev gcc && make && apt-get purge -y --auto-remove gcc${cmd}`, remains: 1 },
    ],
    'git to clone': [
      `RUN apt-get install -y ⟦git⟧ && git clone https://example.org/x /x${cmd}`,
      `RUN apt-get install -y git && git clone https://example.org/x /x && apt-get purge -y --auto-remove git${cmd}`,
    ],
    'nothing builds': [
      `RUN apt-get install -y nginx ⟦cmake⟧${cmd}`,
      { text: `RUN apt-get install -y nginx${cmd}`, title: 'nothing in this file' },
    ],
    'one later RUN builds': [
      `FROM python:3.13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends ⟦gcc⟧ libc6-dev curl && rm -rf /var/lib/apt/lists/*\nCOPY requirements.txt .\nRUN pip install -r requirements.txt${cmd}`,
      {
        text: `FROM python:3.13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\nCOPY requirements.txt .\nRUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev \\\n    && pip install -r requirements.txt \\\n    && apt-get purge -y --auto-remove gcc libc6-dev && rm -rf /var/lib/apt/lists/*${cmd}`,
        safety: 'suggestion',
      },
    ],
    'a RUN for the tools alone goes': [
      `FROM python:3.13-alpine\nRUN apk add --no-cache ⟦gcc⟧ musl-dev\nCOPY . .\nRUN pip install . \\\n  && x${cmd}`,
      `FROM python:3.13-alpine\nCOPY . .\nRUN apk add --no-cache --virtual .build-deps gcc musl-dev \\\n    && pip install . \\\n  && x \\\n  && apk del .build-deps${cmd}`,
    ],
  },
  reports: {
    headers: `FROM php:8.4-apache\nRUN apt-get install -y ⟦libpng-dev⟧ && docker-php-ext-install gd\n`,
    'several RUNs build': `FROM python:3.13-slim\nRUN apt-get install -y ⟦gcc⟧ && pip install a\nRUN pip install b${cmd}`,
    'a comment speaks of the RUN': `FROM python:3.13-slim\n# for wheels\nRUN apt-get install -y ⟦build-essential⟧\nRUN pip install b${cmd}`,
    'the RUN that builds is not root': `FROM python:3.13-slim\nRUN apt-get install -y ⟦gcc⟧ curl\nUSER 1000\nRUN pip install b${cmd}`,
    'no certain place': `RUN apt-get install -y ⟦gcc⟧ && make || true${cmd}`,
    'a stage that the final one is built from': `FROM debian:13 AS base\nRUN apt-get install -y ⟦g++⟧\nFROM base${cmd}`,
  },
});
