import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { swallowedInstruction } from './swallowed-instruction.ts';

describeRule(swallowedInstruction, {
  accepts: {
    'a command': 'RUN a \\\n  && b',
    'words in lower case': 'RUN apk add \\\n  run \\\n  copy me',
    'behind an operator that leaves a choice': 'RUN a || \\\n  RUN b',
    'an operator that is no shell’s': 'LABEL a=b; \\\n  ENV c',
    'a heredoc': 'RUN <<EOF\na \\\nCOPY b c\nEOF',
    'the command of a health check': 'HEALTHCHECK --interval=5s \\\n  CMD curl -f http://localhost',
    'a word alone': 'RUN echo \\\n  RUN',
  },
  fixes: {
    'a blank line between': ['RUN apk add curl \\\n\n⟦COPY⟧ a b\n', 'RUN apk add curl\n\nCOPY a b\n'],
    'a comment between': ['ENV A=1 \\\n# next\n⟦RUN⟧ true\n', 'ENV A=1\n# next\nRUN true\n'],
    'behind an operator left over': [
      'RUN apt-get update && \\\n    apt-get install -y x && \\\n⟦COPY⟧ . .\nCMD ["x"]\n',
      'RUN apt-get update && \\\n    apt-get install -y x\nCOPY . .\nCMD ["x"]\n',
    ],
    'behind a semicolon': ['RUN a; \\\n  ⟦RUN⟧ b\n', 'RUN a\n  RUN b\n'],
    'directly below': ['RUN apk add \\\n  curl   \\\n⟦WORKDIR⟧ /app\n', 'RUN apk add \\\n  curl\nWORKDIR /app\n'],
  },
});
