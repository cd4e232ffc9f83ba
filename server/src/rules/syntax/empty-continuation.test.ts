import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { emptyContinuation } from './empty-continuation.ts';

describeRule(emptyContinuation, {
  accepts: {
    'a comment line': 'RUN a && \\\n  # why\n  b',
    'between instructions': 'RUN a\n\n\nRUN b',
    'in a heredoc': 'RUN <<EOF\na\n\nb\nEOF',
    'a mark at the end of the file': 'RUN a \\\n\n',
  },
  fixes: {
    one: ['RUN a \\\n⟦⟧\n  && b', 'RUN a \\\n  && b'],
    'several, with blanks and comments': ['RUN a \\\n⟦  ⟧\n\n  # c\n\n  && b\n', 'RUN a \\\n  # c\n  && b\n'],
  },
});
