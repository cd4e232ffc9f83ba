import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { malformedJson } from './malformed-json.ts';

describeRule(malformedJson, {
  accepts: {
    valid: 'CMD ["a", "b c", "d\\"e"]\nVOLUME ["/a"]\nSHELL ["/bin/sh", "-c"]',
    'a test command': 'RUN [ -f /x ] || exit 1\nRUN [ "$A" = "b" ] && true\nRUN [[ -f /x ]] && true',
    'a character class': 'COPY [ab]*.txt /x/',
    'over several lines': 'CMD ["a", \\\n  "b"]',
  },
  reports: {
    numbers: 'CMD ⟦["sleep", 5]⟧',
    'SHELL with a variable': 'SHELL ⟦$SH -c⟧',
    hopeless: 'CMD ⟦["a" b "c]⟧',
  },
  fixes: {
    'single quotes': ["ENTRYPOINT ⟦['a', 'b']⟧", 'ENTRYPOINT ["a", "b"]'],
    'a comma too many': ['CMD ⟦["a", "b",]⟧', 'CMD ["a", "b"]'],
    'a comma is missing': ['CMD ⟦["a" "b"]⟧', 'CMD ["a", "b"]'],
    'a bracket is missing': ['CMD ⟦["a", "b"⟧', 'CMD ["a", "b"]'],
    'typographic quotes': ['CMD ⟦[“a”, “b”]⟧', 'CMD ["a", "b"]'],
    'SHELL without JSON': ['SHELL ⟦bash⟧', 'SHELL ["bash", "-c"]'],
    'SHELL with options': ['SHELL ⟦/bin/bash -eo pipefail -c⟧', 'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]'],
    'in a health check': ["HEALTHCHECK CMD ⟦['a']⟧", 'HEALTHCHECK CMD ["a"]'],
  },
});
