import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { debugToolsInFinalImage } from './debug-tools-in-final-image.ts';

const cmd = '\nCMD ["/app"]\n';

describeRule(debugToolsInFinalImage, {
  accepts: {
    'curl with its certificates': `RUN apt-get install -y ca-certificates curl${cmd}`,
    'a build stage': `FROM debian:13 AS build\nRUN apt-get install -y vim nginx\nFROM debian:13\nCOPY --from=build /app /app${cmd}`,
    'removed again': `RUN apt-get install -y nginx strace && strace x && apt-get purge -y strace${cmd}`,
    'used in a RUN': `RUN apt-get install -y nginx telnet && telnet x${cmd}`,
    'the program itself': 'RUN apt-get install -y nginx tcpdump\nENTRYPOINT ["tcpdump"]\n',
    'used by the health check': `RUN apt-get install -y nginx netcat-openbsd\nHEALTHCHECK CMD nc -z localhost 80${cmd}`,
    'named as editor': `RUN apt-get install -y nginx vim\nENV EDITOR=vim${cmd}`,
    'a script may wait with it': 'RUN apt-get install -y nginx netcat-openbsd\nCMD ["/start.sh"]\n',
    'an image to work in': 'RUN apt-get install -y git vim\nCMD ["/bin/bash"]\n',
    'a stage named so': `FROM debian:13 AS debug\nRUN apt-get install -y nginx vim${cmd}`,
    'curl in the health check': `RUN apt-get install -y nginx curl\nHEALTHCHECK CMD curl -f http://localhost/${cmd}`,
    'curl downloads': `RUN apt-get install -y nginx curl && curl -fO https://example.org/x${cmd}`,
    'curl, and a script that can not be seen':
      'RUN apt-get install -y nginx curl\nENTRYPOINT ["/docker-entrypoint.sh"]\n',
    'curl for a start that is not known': 'FROM example.org/base:1\nRUN apt-get install -y nginx curl\n',
    'curl installed on purpose': `FROM alpine:3.22\nRUN apk add --no-cache curl${cmd}`,
    'manual pages': `RUN apt-get install -y man-db nginx${cmd}`,
    'names inside others': `RUN apt-get install -y nginx libcurl4 vim-common${cmd}`,
    'a health check of Compose': {
      text: `FROM alpine:3.22\nRUN apk add --no-cache nginx curl${cmd}`,
      context: {
        'docker-compose.yml': 'services:\n  web:\n    healthcheck:\n      test: [CMD, curl, -f, localhost]\n',
        '.dockerignore': 'docker-compose.yml\n',
      },
    },
    'the program calls it': {
      text: `FROM alpine:3.22\nRUN apk add --no-cache nginx curl${cmd}`,
      context: { 'src/app.js': "spawn('curl', [url])\n" },
    },
    'a script that a RUN runs': `RUN apt-get install -y nginx wget && ./install.sh${cmd}`,
    'a script that a later RUN runs': `RUN apt-get install -y nginx wget\nRUN bash setup.sh${cmd}`,
  },
  fixes: {
    'an editor': [
      `RUN apt-get install -y nginx ⟦vim⟧${cmd}`,
      { text: `RUN apt-get install -y nginx${cmd}`, safety: 'suggestion' },
    ],
    'several, over lines': [
      `RUN apt-get update && apt-get install -y \\\n    ⟦htop⟧ \\\n    nginx \\\n    ⟦strace⟧ \\\n    && rm -rf /var/lib/apt/lists/*${cmd}`,
      `RUN apt-get update && apt-get install -y \\\n    nginx \\\n    && rm -rf /var/lib/apt/lists/*${cmd}`,
    ],
    'curl that nothing calls': [
      {
        text: `FROM alpine:3.22\nRUN apk add --no-cache nginx ⟦curl⟧${cmd}`,
        context: { 'app.php': '<?php curl_init();', 'README.md': 'curl localhost', 'package-lock.json': '"curl"' },
      },
      { text: `FROM alpine:3.22\nRUN apk add --no-cache nginx${cmd}`, title: 'unless the program' },
    ],
    'a service of the base image': [
      'FROM nginx:1.29\nRUN apt-get install -y gettext ⟦nano⟧\n',
      'FROM nginx:1.29\nRUN apt-get install -y gettext\n',
    ],
    'a script that is seen': [
      {
        text: 'RUN apt-get install -y nginx ⟦telnet⟧\nCOPY start.sh /\nCMD ["/start.sh"]\n',
        context: { 'start.sh': 'exec nginx\n' },
      },
      'RUN apt-get install -y nginx\nCOPY start.sh /\nCMD ["/start.sh"]\n',
    ],
  },
  reports: {
    'curl, and nobody knows what the program calls': `RUN apt-get install -y nginx ⟦curl⟧${cmd}`,
    'the only package': `RUN apt-get install -y ⟦vim⟧${cmd}`,
  },
});
