import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { unterminatedHeredoc } from './unterminated-heredoc.ts';

describeRule(unterminatedHeredoc, {
  accepts: {
    ended: 'RUN <<EOF\ntrue\nEOF\nCOPY <<-"A B" /x\n\tx\n\tA B\n',
    'a shift is no heredoc': 'RUN echo $((1 << 2))\nRUN cat <<<x',
  },
  reports: {
    'the file ends': 'RUN ⟦<<EOF⟧\ntrue\n',
    'blanks in front': 'RUN ⟦<<EOF⟧\ntrue\n  EOF\n',
  },
});
