import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { sparseLastlog } from './sparse-lastlog.ts';

describeRule(sparseLastlog, {
  accepts: {
    'a small number': 'RUN useradd -u 10001 app',
    'no number': 'RUN useradd app',
    'already has it': 'RUN useradd -l -u 1000650000 app',
    'the long option': 'RUN useradd --no-log-init --uid=1000650000 app',
    'a variable': 'RUN useradd -u $APP_UID app',
    'another program': 'RUN adduser -u 1000650000 -D app',
  },
  fixes: {
    'short option': ['RUN useradd -m -u ⟦1000650000⟧ app', 'RUN useradd --no-log-init -m -u 1000650000 app'],
    'long option': ['RUN useradd ⟦--uid=1000650000⟧ app', 'RUN useradd --no-log-init --uid=1000650000 app'],
    'behind a group': [
      'RUN groupadd app \\\n && useradd -u ⟦200000⟧ -g app app',
      'RUN groupadd app \\\n && useradd --no-log-init -u 200000 -g app app',
    ],
  },
});
