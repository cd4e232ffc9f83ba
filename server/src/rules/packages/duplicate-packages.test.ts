import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { duplicatePackages } from './duplicate-packages.ts';

describeRule(duplicatePackages, {
  accepts: {
    'a channel of the same name': 'RUN conda install -y -c pytorch pytorch -n pytorch',
    'all different': 'RUN apt-get install -y a b c',
    'other versions': 'RUN pip install a==1 a',
    'in two lists': 'RUN apt-get install -y a && apt-get install -y a',
    'values of options': 'RUN pip install -r a.txt -r a.txt',
    'arguments of other commands': 'RUN echo a a',
  },
  fixes: {
    plain: ['RUN apt-get install -y a b ⟦a⟧', { text: 'RUN apt-get install -y a b', safety: 'safe' }],
    'own line': [
      'RUN apk add \\\n    a \\\n    b \\\n    ⟦a⟧ \\\n    c\n',
      'RUN apk add \\\n    a \\\n    b \\\n    c\n',
    ],
    thrice: ['RUN apt-get install -y a ⟦a⟧ ⟦a⟧', 'RUN apt-get install -y a'],
    'below a comment': [
      'RUN apt-get install -y \\\n  a \\\n  # again\n  ⟦a⟧ \\\n  c',
      'RUN apt-get install -y \\\n  a \\\n  # again\n  c',
    ],
  },
  reports: {
    'a comment would dangle': 'RUN apt-get install -y \\\n  a \\\n  # again\n  ⟦a⟧',
    'exec form': 'RUN ["apt-get", "install", "-y", "a", ⟦"a"⟧]',
  },
});
