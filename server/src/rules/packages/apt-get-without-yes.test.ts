import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { aptGetWithoutYes } from './apt-get-without-yes.ts';

describeRule(aptGetWithoutYes, {
  accepts: {
    'already has it': 'RUN apt-get -y install curl',
    'in a cluster': 'RUN apt-get install -qqy curl',
    'quiet twice means yes': 'RUN apt-get install -qq curl',
    'quiet twice in a cluster': 'RUN apt-get install -qmq curl',
    'quiet twice, spelt out': 'RUN apt-get install --quiet --quiet curl',
    'a comment': '# RUN apt-get install curl',
    'an answer is piped in': 'RUN yes | apt-get install curl',
    'options only the shell knows': 'RUN apt-get install $OPTS curl',
    'options the Dockerfile knows': 'ENV APT="-y -q"\nRUN apt-get install $APT curl',
    'a heredoc of another language': 'RUN python3 <<EOF\napt-get install curl\nEOF',
    'settled before': `RUN echo 'APT::Get::Assume-Yes "true";' > /etc/apt/apt.conf.d/90yes\nRUN apt-get install curl`,
    'by option': 'RUN apt-get -o APT::Get::Assume-Yes=true install curl',
    'does not ask': 'RUN apt-get update && apt-get clean && apt-get download curl',
  },
  fixes: {
    'letters of a release are no options': [
      'RUN apt-get ⟦install⟧ -tbullseye curl',
      'RUN apt-get install -y -tbullseye curl',
    ],
    'a trigger, as a suggestion': [
      'ONBUILD RUN apt-get update && apt-get ⟦install⟧ curl',
      { text: 'ONBUILD RUN apt-get update && apt-get install -y curl', safety: 'suggestion' },
    ],
    plain: ['RUN apt-get ⟦install⟧ curl', 'RUN apt-get install -y curl'],
    'across lines': [
      "RUN apt-get ⟦install⟧ \\\n  # it's needed\n  curl",
      "RUN apt-get install -y \\\n  # it's needed\n  curl",
    ],
    'in a heredoc': [
      'RUN <<EOF\napt-get update\napt-get ⟦install⟧ curl\nEOF',
      'RUN <<EOF\napt-get update\napt-get install -y curl\nEOF',
    ],
    'under sudo': ['RUN sudo apt-get ⟦install⟧ curl', 'RUN sudo apt-get install -y curl'],
    twice: ['RUN apt-get ⟦install⟧ a && apt-get ⟦install⟧ b', 'RUN apt-get install -y a && apt-get install -y b'],
    'a list in a variable': [
      'ARG PACKAGES\nRUN apt-get ⟦install⟧ $PACKAGES',
      'ARG PACKAGES\nRUN apt-get install -y $PACKAGES',
    ],
    'exec form': ['RUN ["apt-get", ⟦"install"⟧, "curl"]', 'RUN ["apt-get", "install", "-y", "curl"]'],
    'others that ask': ['RUN apt ⟦purge⟧ gcc && apt-get ⟦autoremove⟧', 'RUN apt purge -y gcc && apt-get autoremove -y'],
  },
  reports: { 'not understood': 'RUN apt-get ⟦install⟧ curl "' },
});
