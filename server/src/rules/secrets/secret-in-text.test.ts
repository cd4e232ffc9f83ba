import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { secretInText } from './secret-in-text.ts';

/** Of the form that scanners look for, put together here so that they don't find it in this file. */
const github = ['ghp', 'jzLczbttOofL9H2WjQ5TY4MyWuUFjsUNPjc0'].join('_');
const aws = ['AKIA', 'TNWLAVYF6RMPAFQF'].join('');
const key = ['-----BEGIN', 'OPENSSH PRIVATE KEY-----'].join(' ');

describeRule(secretInText, {
  accepts: {
    'a variable':
      'RUN git clone https://ci:$TOKEN@git.example.com/a && curl -H "Authorization: Bearer ${TOKEN}" https://a.test/',
    'an example': 'RUN echo AKIAIOSFODNN7EXAMPLE ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx https://user:password@host/',
    'part of another word': `RUN echo x${aws} npm_config_cache=/tmp/cache-of-the-npm-packages-here`,
    'a user without a password': 'ADD https://git@github.com/a/b.git /src',
    'a port behind an address with @ in its path': 'RUN npm install https://registry.test:4873/@scope/name',
    'what the name of its variable tells': `ENV API_TOKEN=${github}`,
    'a comment': `RUN a \\\n# ${github}\n  b`,
    'a certificate': 'RUN echo "-----BEGIN CERTIFICATE-----"',
  },
  reports: {
    'in a RUN': `RUN echo "export T=⟦${github}⟧" > /etc/profile.d/t.sh`,
    'in a variable with a harmless name': `ENV AWS_ACCESS_KEY_ID=⟦${aws}⟧ MODE=production`,
    'beside one that is told': `ENV API_TOKEN=x GITHUB=⟦${github}⟧`,
    'in an address': 'RUN git clone https://ci:⟦gaiphoh5Ah⟧@git.test/a',
    'in the address of ADD': 'ADD https://ci:⟦gaiphoh5Ah⟧@git.test/a.tgz /',
    'in a header': 'RUN curl -H "Authorization: Bearer ⟦eyJhbGciOiJIUzI1NiJ9.e30.ZRrHA1JJ⟧" https://a.test/',
    'in a heredoc': `RUN <<EOF\ncat > /k <<K\n⟦${key}⟧\nK\nEOF`,
    'in a file made by COPY': `COPY <<EOF /root/.npmrc\n//registry.test/:_authToken=⟦${github}⟧\nEOF`,
    'in a label': `LABEL t=⟦${github}⟧`,
  },
});
