import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { missingProgram } from './missing-program.ts';

const check = 'HEALTHCHECK CMD curl -f http://localhost/ || exit 1\n';

describeRule(missingProgram, {
  accepts: {
    'the image has it': `FROM nginx:1.29\n${check}`,
    'it is installed': `FROM debian:13\nRUN apt-get update && apt-get install -y curl\n${check}`,
    'it is installed below': `FROM alpine:3.22 AS base\nRUN apk add --no-cache curl\nFROM base\n${check}`,
    'an image that is not known': `FROM example.org/base\n${check}`,
    'packages in a variable': `FROM debian:13\nRUN apt-get install -y $PACKAGES\n${check}`,
    'a script that installs': `FROM debian:13\nCOPY setup.sh /\nRUN /setup.sh\n${check}`,
    'it is copied': `FROM debian:13\nCOPY --from=curl /usr/bin/curl /usr/bin/curl\n${check}`,
    'programs are copied': `FROM debian:13\nCOPY bin/ /usr/local/bin/\n${check}`,
    'it is downloaded': `FROM debian:13\nADD https://example.org/curl /opt/curl\nRUN ln -s /opt/curl /bin/curl\n${check}`,
    'a large package': `FROM debian:13\nRUN apt-get install -y build-essential\n${check}`,
    'another way is tried': 'FROM debian:13\nHEALTHCHECK CMD curl -f http://localhost/ || wget -O- http://localhost/\n',
    'no check': 'FROM debian:13\nHEALTHCHECK NONE\n',
    'a script of its own': 'FROM debian:13\nHEALTHCHECK CMD ["/check.sh"]\n',
    'wget of busybox': 'FROM alpine:3.22\nHEALTHCHECK CMD wget -q -O /dev/null http://localhost/\n',
    'sh is everywhere': 'FROM alpine:3.22\nSHELL ["/bin/sh", "-ec"]\nCMD ["sh"]\n',
    'the program starts a shell': 'FROM alpine:3.22\nCMD bash\n',
  },
  fixes: {
    'another tool is there': [
      'FROM node:24-alpine\nHEALTHCHECK --interval=5s CMD ⟦curl⟧ -fsS http://localhost:3000/health || exit 1\n',
      'FROM node:24-alpine\nHEALTHCHECK --interval=5s CMD wget -q -O /dev/null http://localhost:3000/health || exit 1\n',
    ],
    'beside other packages': [
      `FROM node:24-slim\nRUN apt-get update && apt-get install -y \\\n    git \\\n    tini\nHEALTHCHECK CMD ⟦curl⟧ -f http://localhost/ || exit 1\n`,
      {
        text: `FROM node:24-slim\nRUN apt-get update && apt-get install -y \\\n    git \\\n    tini curl\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n`,
        safety: 'suggestion',
      },
    ],
    'bash on Alpine': [
      'FROM alpine:3.22\nRUN apk add --no-cache tini\nCMD [⟦"bash"⟧, "-c", "x"]\n',
      'FROM alpine:3.22\nRUN apk add --no-cache tini bash\nCMD ["bash", "-c", "x"]\n',
    ],
  },
  reports: {
    'a slim image': 'FROM python:3.13-slim\nHEALTHCHECK CMD ⟦curl⟧ -f http://localhost/\n',
    'JSON form': 'FROM python:3.13-slim\nHEALTHCHECK CMD [⟦"curl"⟧, "-f", "http://localhost/"]\n',
    'the shell': 'FROM alpine:3.22\nSHELL [⟦"/bin/bash"⟧, "-o", "pipefail", "-c"]\nRUN x\nRUN apk add bash\n',
    'a stage below': 'FROM debian:13 AS base\nRUN true\nFROM base\nHEALTHCHECK CMD ⟦pgrep⟧ nginx\n',
    'a virtual group':
      'FROM alpine:3.22\nRUN apk add --virtual .x gcc && gcc x && apk del .x\nENTRYPOINT [⟦"/bin/bash"⟧]\n',
  },
});
