import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { ignoredSource } from './ignored-source.ts';

const context = {
  '.dockerignore': '# tools\ndocs\n*.log\n!keep.log\nvendor\n!vendor/a\ndist/\n',
  'docs/a.md': '',
  'a.log': '',
  'keep.log': '',
  'vendor/a': '',
  'src/x.log': '',
};

describeRule(ignoredSource, {
  accepts: {
    'an exception': { text: 'COPY keep.log /x', context },
    'a folder with an exception in it': { text: 'COPY vendor /x', context },
    'patterns start at the root': { text: 'COPY src/x.log src /x/', context },
    'the whole context': { text: 'COPY . /x', context },
    'wildcards and variables': { text: 'ARG A=docs\nCOPY *.log $A /x/', context },
    'from a stage': { text: 'FROM a AS a\nFROM b\nCOPY --from=a docs /x', context },
    'the context is not known': 'COPY docs /x',
    'no ignore file': { text: 'COPY docs /x', context: { 'docs/a.md': '' } },
  },
  reports: {
    'a folder': { text: 'COPY src ⟦./docs⟧ /x/', context },
    'a file by a pattern': { text: 'COPY ⟦a.log⟧ /x', context },
    'a file in an ignored folder': { text: 'COPY ["src", ⟦"docs/a.md"⟧, "/x/"]', context },
    'a result of a build that is ignored': { text: 'COPY ⟦dist⟧ /x', context },
    everything: { text: 'COPY ⟦.⟧ /x', context: { '.dockerignore': '**\n', 'a.js': '' } },
  },
});
