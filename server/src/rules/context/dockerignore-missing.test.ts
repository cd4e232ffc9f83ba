import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { dockerignoreMissing } from './dockerignore-missing.ts';

const context = { '.git/HEAD': '', 'node_modules/a/a.js': '', '.env.local': '', 'server.js': '' };

describeRule(dockerignoreMissing, {
  accepts: {
    'there is one': { text: 'COPY . /app', context: { ...context, '.dockerignore': '.git\n' } },
    'one of its own': { text: 'COPY . /app', context: { ...context, 'Dockerfile.dockerignore': '' } },
    'nothing unwanted': { text: 'COPY . /app', context: { 'server.js': '', '.env.example': '', 'target/x': '' } },
    'single files': { text: 'COPY server.js /app/', context },
    'the context is not known': 'COPY . /app',
    'a stage that nobody needs': { text: 'FROM a AS dev\nCOPY . /app\nFROM b\nCOPY server.js /', context },
    'from a stage': { text: 'FROM a AS a\nFROM b\nCOPY --from=a . /app', context },
  },
  reports: {
    'the whole context': { text: 'COPY ⟦.⟧ /app', context },
    'told once': { text: 'ADD ⟦./⟧ /app\nCOPY . /app', context },
    'in a build stage': { text: 'FROM a AS build\nCOPY ⟦.⟧ /app\nFROM b\nCOPY --from=build /app /app', context },
  },
});
