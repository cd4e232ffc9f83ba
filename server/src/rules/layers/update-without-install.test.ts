import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { updateWithoutInstall } from './update-without-install.ts';

describeRule(updateWithoutInstall, {
  accepts: {
    'both in one': 'RUN apt-get update && apt-get install -y curl',
    'an upgrade': 'RUN apt-get update && apt-get upgrade -y',
    'a script that may install':
      'RUN apt-get update && ./setup.sh\nRUN apt-get update && puppet apply site.pp\nRUN apt-get update && curl -fsSL https://example.com/x | bash',
    'a cache mount': 'RUN --mount=type=cache,target=/var/lib/apt apt-get update',
    'lists that are removed again': 'RUN apt-get update && rm -rf /var/lib/apt/lists/*',
    'a manager that refreshes itself': 'FROM fedora:43\nRUN dnf makecache\nRUN dnf install -y git',
    'a heredoc with both': 'RUN <<EOF\napt-get update\napt-get install -y curl\nEOF',
    'another language': 'RUN cargo update',
  },
  reports: {
    'nothing installs': 'RUN ⟦apt-get update⟧\nRUN mkdir /a',
    'the install is in another stage': 'FROM debian:13 AS a\nRUN ⟦apt-get update⟧\nFROM a\nRUN apt-get install -y curl',
    'with more than the update': 'RUN ⟦apt-get update⟧ && mkdir /a\nENV A=1\nRUN apt-get install -y curl',
  },
  fixes: {
    plain: [
      'RUN ⟦apt-get update⟧\nRUN apt-get install -y curl',
      'RUN apt-get update \\\n    && apt-get install -y curl',
    ],
    'in a stage that is not shipped': [
      'FROM debian:13 AS build\nRUN ⟦apt-get update⟧\n\nRUN apt-get install -y gcc\nFROM scratch',
      'FROM debian:13 AS build\nRUN apt-get update \\\n    && apt-get install -y gcc\nFROM scratch',
    ],
    'the next one does more': [
      'RUN ⟦apt-get update⟧\nRUN apt-get install -y make; \\\n    make',
      'RUN apt-get update \\\n    && { apt-get install -y make; \\\n    make; }',
    ],
    'exec form': [
      'RUN ⟦["apt-get", "update"]⟧\nRUN apt-get install -y curl',
      { text: 'RUN apt-get update && apt-get install -y curl', safety: 'suggestion' },
    ],
    'a heredoc': [
      'RUN <<EOF\n⟦apt-get update⟧\nEOF\nRUN apt-get install -y curl',
      { text: 'RUN apt-get update && apt-get install -y curl', safety: 'suggestion' },
    ],
    'apk, with sudo between': [
      'FROM alpine:3.22\nRUN ⟦apk update⟧\n# tools\nRUN apk add curl',
      'FROM alpine:3.22\nRUN apk update \\\n    # tools\n    && apk add curl',
    ],
    'an upgrade between': [
      'RUN ⟦apt-get update⟧\nRUN apt-get upgrade -y\nRUN apt-get install -y curl',
      'RUN apt-get update \\\n    && apt-get upgrade -y \\\n    && apt-get install -y curl',
    ],
    'work between': [
      'RUN ⟦apt-get update⟧\nRUN ./prepare\nRUN apt-get install -y curl',
      { text: 'RUN apt-get update \\\n    && ./prepare \\\n    && apt-get install -y curl', safety: 'suggestion' },
    ],
    'something else between': [
      'RUN ⟦sudo apt-get update⟧\nENV A=1\nRUN mkdir /a && sudo apt-get install -y curl',
      { text: 'ENV A=1\nRUN mkdir /a && sudo apt-get update && sudo apt-get install -y curl', safety: 'suggestion' },
    ],
  },
});
