import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { aptGetWithoutYes } from './apt-get-without-yes.ts';

describeRule(aptGetWithoutYes, {
  accepts: {
    'already has it': 'RUN apt-get -y install curl',
    'in a cluster': 'RUN apt-get install -qqy curl',
    'quiet twice means yes': 'RUN apt-get install -qq curl',
    'a comment': '# RUN apt-get install curl',
    'an answer is piped in': 'RUN yes | apt-get install curl',
    'options only the shell knows': 'RUN apt-get install $OPTS curl',
    'a heredoc of another language': 'RUN python3 <<EOF\napt-get install curl\nEOF',
  },
  fixes: {
    'plain': ['RUN apt-get ⟦install⟧ curl', 'RUN apt-get install -y curl'],
    'across lines': [
      "RUN apt-get ⟦install⟧ \\\n  # it's needed\n  curl",
      "RUN apt-get install -y \\\n  # it's needed\n  curl",
    ],
    'in a heredoc': ['RUN <<EOF\napt-get update\napt-get ⟦install⟧ curl\nEOF', 'RUN <<EOF\napt-get update\napt-get install -y curl\nEOF'],
    'under sudo': ['RUN sudo apt-get ⟦install⟧ curl', 'RUN sudo apt-get install -y curl'],
    'twice': ['RUN apt-get ⟦install⟧ a && apt-get ⟦install⟧ b', 'RUN apt-get install -y a && apt-get install -y b'],
  },
});
