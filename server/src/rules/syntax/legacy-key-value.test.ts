import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { legacyKeyValue } from './legacy-key-value.ts';

describeRule(legacyKeyValue, {
  accepts: {
    'the new form': 'ENV A=1 B="x y"\nLABEL a=b',
    ARG: 'ARG NAME',
    'no value is another rule’s': 'ENV A',
  },
  reports: {
    'over several lines': 'ENV ⟦A⟧ x \\\n  y',
    'an open quote': "ENV ⟦A⟧ it's",
  },
  fixes: {
    'one word': ['ENV ⟦PATH⟧ /opt/bin:$PATH', 'ENV PATH=/opt/bin:$PATH'],
    'several words': ['ENV ⟦JAVA_OPTS⟧ -Xmx1g  -server', 'ENV JAVA_OPTS="-Xmx1g  -server"'],
    'quotes that would change': ['ENV ⟦A⟧ b "c d"', 'ENV A=b\\ "c d"'],
    'quoted as a whole': ['LABEL ⟦title⟧ "a b"', 'LABEL title="a b"'],
    'a tab between': ['ENV ⟦A⟧\tb', 'ENV A=b'],
    'in ONBUILD': ['ONBUILD ENV ⟦A⟧ b', 'ONBUILD ENV A=b'],
  },
});
