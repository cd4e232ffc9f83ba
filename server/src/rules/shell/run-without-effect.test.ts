import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { runWithoutEffect } from './run-without-effect.ts';

describeRule(runWithoutEffect, {
  accepts: {
    'cd for a command': 'RUN cd /app && make',
    'export for a command': 'RUN export A=1; make',
    'a service that is used': 'RUN service mysql start && mysql < x.sql',
    'a service that is enabled': 'RUN systemctl enable nginx',
    'variables written to a file': 'RUN export > /etc/environment',
    'an assignment that runs something': 'RUN A=$(make)',
    'a condition': 'RUN if [ -e x ]; then cd /x; fi',
    'a test of a folder, on purpose': 'RUN cd /app || exit 1',
    'a program of that name': 'RUN ./source x',
    'exec form': 'RUN ["cd", "/app"]',
  },
  fixes: {
    cd: ['RUN ⟦cd⟧ /app\nRUN make', { text: 'WORKDIR /app\nRUN make', safety: 'suggestion' }],
    'a folder below': ['WORKDIR /app\nrun ⟦cd⟧ web\n', 'WORKDIR /app\nworkdir web\n'],
    export: ['RUN ⟦export⟧ A=1 B="x y"\n', 'ENV A=1 B="x y"\n'],
    'a variable alone': ['RUN ⟦PATH=$PATH:/opt/bin⟧\n', 'ENV PATH=$PATH:/opt/bin\n'],
    'export with a variable': ['RUN ⟦export⟧ PATH=$PATH:/opt/bin\n', 'ENV PATH=$PATH:/opt/bin\n'],
  },
  reports: {
    'a service': 'RUN ⟦service⟧ mysql start',
    'a script of init.d': 'RUN ⟦/etc/init.d/postgresql⟧ start',
    source: 'RUN ⟦source⟧ /opt/env.sh',
    'another file': 'RUN ⟦.⟧ /opt/env.sh',
    'an alias': "RUN ⟦alias⟧ ll='ls -l'",
    'cd and more': 'RUN ⟦cd⟧ /app && export A=1',
    'a folder that only the shell knows': 'RUN ⟦cd⟧ ~/app',
    'a value that only the shell knows': 'RUN ⟦export⟧ A=${B:-c}',
    'a variable of the shell': 'RUN ⟦export⟧ A=$HOME/x',
    'a mount': 'RUN --mount=type=cache,target=/x ⟦cd⟧ /app',
  },
});
