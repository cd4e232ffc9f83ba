import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { missingSource } from './missing-source.ts';

const context = {
  'package.json': '{}',
  'package-lock.json': '{}',
  'src/App.js': '',
  '.gitignore': '# local\n/config.json\n*.log\nsecret/\n',
};

describeRule(missingSource, {
  accepts: {
    'all there': { text: 'COPY package.json src ./\nCOPY ./src/App.js /x', context },
    'the context is not known': 'COPY nowhere.txt /x',
    'another folder is built': { text: 'COPY app/package.json app/src ./', context },
    'wildcards and variables': { text: 'ARG F=x\nCOPY package.json *.txt $F /x/', context },
    'from a stage': { text: 'FROM a AS a\nFROM b\nCOPY package.json /\nCOPY --from=a nowhere.txt /x', context },
    'results of a build': { text: 'COPY package.json dist ./\nCOPY target/app.jar /', context },
    'what git ignores': { text: 'COPY package.json config.json a.log secret/b ./', context },
    'URLs and heredocs': { text: 'COPY package.json /\nADD https://example.com/a /a\nCOPY <<EOF /x\nEOF', context },
    'the whole context': { text: 'COPY . /app', context },
    'a leading slash': { text: 'COPY /package.json /x', context },
    'what leads out is cut off': { text: 'COPY ../package.json /x', context },
  },
  fixes: {
    'a slip of the pen': [
      { text: 'COPY package.json ⟦pakcage-lock.json⟧ ./', context },
      { text: 'COPY package.json package-lock.json ./', safety: 'suggestion' },
    ],
    case: [
      { text: 'COPY package.json /\nCOPY ⟦./src/app.js⟧ /x', context },
      'COPY package.json /\nCOPY ./src/App.js /x',
    ],
    'JSON form': [
      { text: 'COPY ["package.json", ⟦"Package-lock.json"⟧, "/x/"]', context },
      'COPY ["package.json", "package-lock.json", "/x/"]',
    ],
  },
  reports: {
    'nothing near': { text: 'COPY package.json ⟦nowhere.txt⟧ ./', context },
    'out of the context': { text: 'COPY package.json ⟦../shared⟧ /x/', context },
  },
});
