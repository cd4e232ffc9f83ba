import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { copiedSecretFile } from './copied-secret-file.ts';

describeRule(copiedSecretFile, {
  accepts: {
    examples: 'COPY .env.example .env.sample env.test.key.template ./',
    'a stage that does not ship': 'FROM a AS build\nCOPY id_rsa /root/.ssh/\nFROM b\nCOPY --from=build /x /x',
    'a file of another stage': 'FROM a AS build\nFROM b\nCOPY --from=build /etc/tls/server.key /x',
    certificates: { text: 'COPY ca.pem /etc/ssl/', context: { 'ca.pem': '-----BEGIN CERTIFICATE-----\n' } },
    'certificates by their name': 'COPY ca.pem rds-combined-ca-bundle.pem /etc/ssl/',
    'keys of package archives': 'COPY docker.key nodesource.gpg.key /etc/apt/keyrings/',
    '.npmrc, text not known': 'COPY package.json .npmrc ./',
    '.npmrc with a variable': {
      text: 'COPY .npmrc ./',
      context: { '.npmrc': '//registry.npmjs.org/:_authToken=${NPM_TOKEN}\n' },
    },
    '.env with nothing secret': { text: 'COPY .env ./', context: { '.env': 'PORT=80\nAPI_KEY=\nSECRET=$OTHER\n' } },
    'public keys': 'COPY id_rsa.pub jwt-public.pem /x/',
  },
  reports: {
    '.env': 'COPY package.json ⟦.env⟧ ./',
    '.env with a password': {
      text: 'COPY ⟦.env.production⟧ ./.env',
      context: { '.env.production': 'PORT=80\nDB_PASSWORD=x\n' },
    },
    keys: 'COPY ⟦.ssh/id_ed25519⟧ /root/.ssh/\nADD ⟦certs/tls.key⟧ /etc/tls/',
    'a key in a .pem': { text: 'COPY ⟦a.pem⟧ /x', context: { 'a.pem': '-----BEGIN RSA PRIVATE KEY-----\n' } },
    'a token': {
      text: 'COPY ["package.json", ⟦".npmrc"⟧, "./"]',
      context: { '.npmrc': '//registry.npmjs.org/:_authToken=npm_abc\n' },
    },
    'in the parent of the final stage': 'FROM a AS base\nCOPY ⟦.netrc⟧ /root/\nFROM base\nRUN x',
    credentials: 'COPY ⟦.aws/credentials⟧ /root/.aws/',
  },
});
