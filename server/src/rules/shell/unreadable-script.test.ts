import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unreadableScript } from './unreadable-script.ts';

describeRule(unreadableScript, {
  accepts: {
    'whole scripts':
      'RUN if a; then b; fi\nRUN for i in 1 2; do x; done && y\nRUN case $a in b) c;; esac\nRUN a <<EOF\nb\nEOF',
    bash: 'SHELL ["/bin/bash", "-c"]\nRUN [[ $a == b* ]] && echo "${a//x/y}" <(c) && ((i++))',
    'another language': 'RUN python3 <<EOF\nprint("it\'s")\nEOF',
    windows: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN if exist x (echo y)',
    'exec form': 'RUN ["sh", "-c", "if"]',
    'a word over two lines': 'RUN ec\\\nho "a"',
  },
  reports: {
    'no fi': 'RUN if [ -f /x ]; then cat ⟦/x⟧',
    'an open quote': 'RUN echo ⟦"hello⟧',
    'nothing behind the operator': 'RUN apt-get update ⟦&&⟧',
    'in a heredoc': 'RUN <<EOF\nwhile true; do\n  ⟦x⟧\nEOF',
  },
});
