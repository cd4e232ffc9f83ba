import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { consecutiveRuns } from './consecutive-runs.ts';

const suggestion = { safety: 'suggestion' } as const;

describeRule(consecutiveRuns, {
  accepts: {
    'an instruction commented out between': 'RUN mkdir /a\n# for a full build\n# RUN tar xf b\nRUN mkdir /c',
    'one RUN': 'RUN mkdir /a',
    'something between':
      'RUN mkdir /a\nENV A=1\nRUN mkdir /b\nARG B\nRUN mkdir /c\nWORKDIR /\nRUN mkdir /d\nUSER app\nRUN touch x',
    'layers that are not shipped':
      'FROM debian:13 AS build\nRUN mkdir /a\nRUN mkdir /b\nFROM debian:13\nCOPY --from=build /a /a',
    triggers: 'ONBUILD RUN mkdir /a\nONBUILD RUN mkdir /b',
    'different mounts': 'RUN --mount=type=cache,target=/a mkdir /b\nRUN mkdir /c',
    'exec form': 'RUN ["mkdir", "/a"]\nRUN mkdir /b',
    heredocs: 'RUN <<EOF\nmkdir /a\nEOF\nRUN mkdir /b',
    Windows: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN mkdir a\nRUN mkdir b',
    'a daemon for one RUN': 'RUN service redis start && mkdir /a\nRUN mkdir /b',
    'dependencies before the build': 'FROM node:24\nCOPY package*.json ./\nRUN npm ci\nRUN npm run build',
    'packages before the dependencies':
      'FROM python:3.14\nRUN apt-get update && apt-get install -y gcc\nRUN pip install -r requirements.txt',
    'packages before the work': 'RUN apt-get update && apt-get install -y make\nRUN make -C /src',
    'packages of different managers':
      'FROM python:3.14\nRUN apt-get update && apt-get install -y gcc\nRUN pip install numpy',
    'a block beside a line':
      'RUN useradd app\nRUN set -eux; \\\n  apt-get update; \\\n  apt-get install -y curl; \\\n  rm -rf /var/lib/apt/lists/*',
    'a suppressed one': 'RUN mkdir /a\n# plimsoll ignore=consecutive-runs: kept apart for the cache\nRUN mkdir /b',
  },
  fixes: {
    textbook: [
      'RUN apt-get update\n⟦RUN⟧ apt-get install -y curl\nRUN apt-get clean\n',
      'RUN apt-get update \\\n    && apt-get install -y curl \\\n    && apt-get clean\n',
    ],
    'two groups': [
      'RUN mkdir /a\n⟦RUN⟧ mkdir /b\nWORKDIR /b\nRUN touch c\n⟦RUN⟧ touch d',
      'RUN mkdir /a \\\n    && mkdir /b\nWORKDIR /b\nRUN touch c \\\n    && touch d',
    ],
    'a stage that the final one is built from': [
      'FROM debian:13 AS base\nRUN mkdir /a\n⟦RUN⟧ mkdir /b\nFROM base\nCMD a',
      'FROM debian:13 AS base\nRUN mkdir /a \\\n    && mkdir /b\nFROM base\nCMD a',
    ],
    'lower case and section comments': [
      'run mkdir /a\n\n# Users\n# and groups\n⟦run⟧ useradd app',
      'run mkdir /a \\\n    # Users\n    # and groups\n    && useradd app',
    ],
    'state and exit codes': [
      'RUN cd /etc && touch motd\n⟦RUN⟧ mkdir /a; mkdir /b\nRUN rm /c || true',
      'RUN (cd /etc && touch motd) \\\n    && { mkdir /a; mkdir /b; } \\\n    && { rm /c || true; }',
    ],
    'expensive work before a setting': [
      'RUN make -C /src\n⟦RUN⟧ echo done > /state',
      { text: 'RUN make -C /src \\\n    && echo done > /state', ...suggestion },
    ],
    'a build in steps': [
      'RUN ./configure\n⟦RUN⟧ make\nRUN make install',
      { text: 'RUN ./configure \\\n    && make \\\n    && make install', ...suggestion },
    ],
    'dependencies and their owner': [
      'FROM node:24\nRUN npm ci\n⟦RUN⟧ chown -R node:node node_modules',
      { text: 'FROM node:24\nRUN npm ci \\\n    && chown -R node:node node_modules', ...suggestion },
    ],
    'a suggestion takes the free ones along': [
      'RUN mkdir /a\n⟦RUN⟧ mkdir /b\n⟦RUN⟧ ./setup /a',
      {
        text: 'RUN mkdir /a \\\n    && mkdir /b \\\n    && ./setup /a',
        ...suggestion,
        title: 'Merge 3 RUNs into one (an edit of a later one then runs the earlier ones again)',
      },
    ],
  },
});
