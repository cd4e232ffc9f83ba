import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { sudoInRun } from './sudo-in-run.ts';

describeRule(sudoInRun, {
  accepts: {
    'a trigger that runs as the user of the end': 'ONBUILD RUN sudo make\nUSER app',
    'a trigger behind a change of the user': 'ONBUILD USER app\nONBUILD RUN sudo make',
    'another user': 'RUN useradd app\nUSER app\nRUN sudo apt-get update',
    'a user that is not known': 'FROM registry.example.com/base\nRUN sudo apt-get update',
    'installing it': 'RUN apt-get install -y sudo',
    'a word of another command': 'RUN echo "app ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/app',
  },
  reports: {
    'as another user': 'RUN ⟦sudo⟧ -u postgres createdb x',
    'a word split across lines': 'RUN ⟦sudo⟧ \\\n  apt-get update',
  },
  fixes: {
    'each of a list': [
      'RUN ⟦sudo⟧ apt-get update && ⟦sudo⟧ -E apt-get install -y curl',
      'RUN apt-get update && apt-get install -y curl',
    ],
    'in a heredoc': ['RUN <<EOF\n⟦sudo⟧ make\nEOF', 'RUN <<EOF\nmake\nEOF'],
  },
});
