import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { secretInVariable } from './secret-in-variable.ts';

describeRule(secretInVariable, {
  accepts: {
    'where it is': 'ENV DB_PASSWORD_FILE=/run/secrets/db',
    'a public key': 'ARG PUBLIC_KEY',
    'a part of another word': 'ENV KEYBOARD=us TOKENIZER=x SECRETARY=y',
    'a switch': 'ENV MYSQL_ALLOW_EMPTY_PASSWORD=yes MYSQL_RANDOM_ROOT_PASSWORD="1"',
    emptied: 'ENV NPM_TOKEN=',
    'a key that verifies packages': 'ENV GPG_KEY=0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D',
    'the key of a pair': 'ENV Filters__0__Key=ProcessId Filters__0__Value=1',
    'a property of the secret': 'ENV TOKEN_TTL=3600 AUTH_TYPE=basic KEY_PREFIX=app DB_AUTH_HOST=db',
    'keys that every visitor sees': 'ARG RECAPTCHA_SITE_KEY\nARG SITE_KEY\nARG STRIPE_PUBLISHABLE_KEY',
    'a secret mount': 'RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci',
  },
  reports: {
    'the key of a pair without its value': 'ENV ⟦Api__Key⟧=abc',
    'a password beside a property': 'ENV ⟦HOST_PASSWORD⟧=abc',
    'an argument that nothing uses': 'ARG ⟦NPM_TOKEN⟧',
    'one with a default': 'ARG ⟦API_TOKEN⟧=abc\nRUN use $API_TOKEN',
    'one that ENV passes on': 'ARG ⟦API_TOKEN⟧\nENV X=$API_TOKEN\nRUN use $API_TOKEN',
    'a RUN in JSON form': 'ARG ⟦API_TOKEN⟧\nRUN ["sh", "-c", "use $API_TOKEN"]',
    'among others': 'ENV A=1 ⟦DB_PASSWORD⟧=hunter2 B=2',
    'the old form': 'ENV ⟦API_KEY⟧ abc',
  },
  fixes: {
    'an empty default': [
      '# syntax=docker/dockerfile:1.10\nFROM node:24-slim\nARG ⟦NPM_TOKEN⟧=""\nRUN npm ci\n',
      '# syntax=docker/dockerfile:1.10\nFROM node:24-slim\nRUN --mount=type=secret,id=npm-token,env=NPM_TOKEN npm ci\n',
    ],
    'a variable where the frontend has it': [
      '# syntax=docker/dockerfile:1.10\nFROM node:24-slim\nWORKDIR /app\nARG ⟦NPM_TOKEN⟧\nCOPY . .\nRUN npm ci\nRUN npm run build\n',
      '# syntax=docker/dockerfile:1.10\nFROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN --mount=type=secret,id=npm-token,env=NPM_TOKEN npm ci\nRUN npm run build\n',
    ],
    'the file elsewhere': [
      'ARG ⟦GH_TOKEN⟧\nRUN git clone https://$GH_TOKEN@example.com/a \\\n  && make\n',
      'RUN --mount=type=secret,id=gh-token export GH_TOKEN="$(cat /run/secrets/gh-token)" && git clone https://$GH_TOKEN@example.com/a \\\n  && make\n',
    ],
    'in a heredoc, behind other flags': [
      'ARG ⟦API_KEY⟧\nRUN --network=host <<EOF\nuse ${API_KEY}\nEOF\n',
      'RUN --mount=type=secret,id=api-key --network=host <<EOF\nexport API_KEY="$(cat /run/secrets/api-key)"\nuse ${API_KEY}\nEOF\n',
    ],
  },
});
