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
    'a secret mount': 'RUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci',
  },
  reports: {
    'an argument': 'ARG ⟦NPM_TOKEN⟧',
    'among others': 'ENV A=1 ⟦DB_PASSWORD⟧=hunter2 B=2',
    'the old form': 'ENV ⟦API_KEY⟧ abc',
  },
});
