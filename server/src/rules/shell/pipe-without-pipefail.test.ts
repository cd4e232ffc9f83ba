import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts';

describeRule(pipeWithoutPipefail, {
  accepts: {
    'set by SHELL': 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN wget -qO- https://a.example | tar xz',
    'set in the RUN': 'RUN set -eo pipefail && wget -qO- https://a.example | tar xz',
    'no pipe': 'RUN a || b',
    'nothing that can fail': 'RUN echo a | tee /b',
    'expected to fail': 'RUN curl x | tar x || true',
    'a reader that ends early': 'RUN find / | head -1',
    'inherited from the parent stage':
      'FROM debian:13 AS a\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nFROM a\nRUN wget x | tar x',
    'exec form': 'RUN ["sh", "-c", "wget x | tar x"]',
    windows: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN type a | more',
  },
  reports: {
    'an image whose shell is not known': 'FROM registry.example.com/x\nRUN ⟦wget x⟧ | tar x',
    'a shell form of CMD would get another shell': 'RUN ⟦wget x⟧ | tar x\nCMD run me',
  },
  fixes: {
    debian: [
      'RUN apt-get update\n# get it\nRUN ⟦curl -fsSL https://a.example⟧ | tar xz\nRUN wget x | sh',
      'RUN apt-get update\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\n# get it\nRUN curl -fsSL https://a.example | tar xz\nRUN wget x | sh',
    ],
    alpine: [
      'FROM alpine:3.24\nRUN apk add x && ⟦wget -qO- y⟧ | sh',
      'FROM alpine:3.24\nSHELL ["/bin/ash", "-o", "pipefail", "-c"]\nRUN apk add x && wget -qO- y | sh',
    ],
    'a bash heredoc': ['RUN <<EOF bash\n⟦wget x⟧ | tar x\nEOF', 'RUN <<EOF bash\nset -o pipefail\nwget x | tar x\nEOF'],
    'behind a shebang': [
      'RUN <<EOF\n#!/bin/bash\n⟦wget x⟧ | tar x\nEOF',
      'RUN <<EOF\n#!/bin/bash\nset -o pipefail\nwget x | tar x\nEOF',
    ],
  },
});
