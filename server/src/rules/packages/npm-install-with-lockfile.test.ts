import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { npmInstallWithLockfile } from './npm-install-with-lockfile.ts';

const from = 'FROM node:24-slim\nWORKDIR /app\n';
const manifest = '{"dependencies":{"ms":"2.1.3"}}';
const lock = (version: number): string =>
  `{"lockfileVersion":${version},"packages":{"":{"dependencies":{"ms":"2.1.3"}},"node_modules/ms":{"version":"2.1.3"}}}`;
const npm = { 'package.json': manifest, 'package-lock.json': lock(3) };
const yarn = { 'package.json': manifest, 'yarn.lock': '# yarn lockfile v1\n\nms@2.1.3:\n  version "2.1.3"\n' };
const berry = {
  'package.json': manifest,
  'yarn.lock': '__metadata:\n  version: 8\n\n"ms@npm:2.1.3":\n  version: 2.1.3\n',
};
const pnpm = { 'package.json': manifest, 'pnpm-lock.yaml': 'lockfileVersion: 9\n' };

describeRule(npmInstallWithLockfile, {
  accepts: {
    'npm ci': { text: `${from}COPY . .\nRUN npm ci`, context: npm },
    'no lock file': { text: `${from}COPY . .\nRUN npm install`, context: { 'package.json': manifest } },
    'an ignored lock file': {
      text: `${from}COPY . .\nRUN npm install`,
      context: { ...npm, '.dockerignore': 'package-lock.json' },
    },
    'a lock file that is not copied': { text: `${from}COPY package.json .\nRUN npm install`, context: npm },
    'a lock file copied later': { text: `${from}COPY package.json .\nRUN npm install\nCOPY . .`, context: npm },
    'an unknown context': `${from}COPY . .\nRUN npm install`,
    'a package': { text: `${from}COPY . .\nRUN npm install ms`, context: npm },
    global: { text: `${from}COPY . .\nRUN npm install -g`, context: npm },
    'the lock file is switched off': { text: `${from}COPY . .\nRUN npm install --no-package-lock`, context: npm },
    'switched off in .npmrc': {
      text: `${from}COPY . .\nRUN npm install`,
      context: { ...npm, '.npmrc': 'package-lock=false\n' },
    },
    'the lock file is removed': { text: `${from}COPY . .\nRUN rm package-lock.json && npm install`, context: npm },
    'another folder': { text: `${from}COPY . .\nRUN cd web && npm install`, context: npm },
    'a folder that is not known': { text: `${from}ARG DIR\nCOPY . .\nRUN cd $DIR && npm install`, context: npm },
    frozen: { text: `${from}COPY . .\nRUN yarn install --frozen-lockfile`, context: yarn },
    immutable: { text: `${from}COPY . .\nRUN yarn --immutable`, context: berry },
    'pnpm in continuous integration': { text: `${from}ENV CI=true\nCOPY . .\nRUN pnpm install`, context: pnpm },
  },
  fixes: {
    plain: [
      { text: `${from}COPY . .\nRUN npm ⟦install⟧`, context: npm },
      { text: `${from}COPY . .\nRUN npm ci`, safety: 'safe' },
    ],
    'i, options, copied by a pattern': [
      { text: `${from}COPY package*.json ./\nRUN npm ⟦i⟧ --production --no-audit && x`, context: npm },
      `${from}COPY package*.json ./\nRUN npm ci --omit=dev --no-audit && x`,
    ],
    'a folder below': [
      {
        text: `${from}COPY web web\nRUN cd web && npm ⟦install⟧`,
        context: { 'web/package.json': manifest, 'web/package-lock.json': lock(2) },
      },
      { text: `${from}COPY web web\nRUN cd web && npm ci`, safety: 'safe' },
    ],
    'a stage that does not ship': [
      {
        text: 'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧ && npm run build\nFROM nginx:1.29\n',
        context: npm,
      },
      'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nFROM nginx:1.29\n',
    ],
    'named in COPY, context not known': [
      `${from}COPY package.json package-lock.json ./\nRUN npm ⟦install⟧`,
      { text: `${from}COPY package.json package-lock.json ./\nRUN npm ci`, safety: 'suggestion' },
    ],
    'an old lock file can not be compared': [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: { ...npm, 'package-lock.json': '{"lockfileVersion":1,"dependencies":{}}' },
      },
      { text: `${from}COPY . .\nRUN npm ci`, safety: 'suggestion' },
    ],
    'an npm that is not known': [
      { text: 'FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧ --production', context: npm },
      { text: 'FROM debian:13\nWORKDIR /app\nCOPY . .\nRUN npm ci --production', safety: 'suggestion' },
    ],
    'Yarn 1': [
      { text: `${from}COPY . .\nRUN ⟦yarn⟧ --production && x`, context: yarn },
      { text: `${from}COPY . .\nRUN yarn --frozen-lockfile --production && x`, safety: 'safe' },
    ],
    'Yarn 4': [
      { text: `${from}COPY . .\nRUN yarn ⟦install⟧`, context: berry },
      { text: `${from}COPY . .\nRUN yarn install --immutable`, safety: 'safe' },
    ],
    pnpm: [
      { text: `${from}COPY . .\nRUN pnpm ⟦i⟧ --prod`, context: pnpm },
      { text: `${from}COPY . .\nRUN pnpm i --frozen-lockfile --prod`, safety: 'suggestion' },
    ],
  },
  reports: {
    'node_modules is a mount': {
      text: `${from}COPY . .\nRUN --mount=type=cache,target=/app/node_modules npm ⟦install⟧`,
      context: npm,
    },
    'more packages before': { text: `${from}COPY . .\nRUN npm install pm2\nRUN npm ⟦install⟧`, context: npm },
    'the lock file does not fit': {
      text: `${from}COPY . .\nRUN npm ⟦install⟧`,
      context: { ...npm, 'package.json': '{"dependencies":{"ms":"2.1.3","left-pad":"1.0.0"}}' },
    },
    'an npm without ci': {
      text: 'FROM node:8\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧',
      context: { ...npm, 'package-lock.json': lock(2) },
    },
    'an npm that can not read it': { text: 'FROM node:14\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧', context: npm },
    'more packages in the same RUN': { text: `${from}COPY . .\nRUN npm ⟦install⟧ && npm install pm2`, context: npm },
    'package.json is changed before': {
      text: `${from}COPY . .\nRUN sed -i s/a/b/ package.json\nRUN npm ⟦install⟧`,
      context: npm,
    },
    'Yarn 1 with a stale lock file': {
      text: `${from}COPY . .\nRUN yarn ⟦install⟧`,
      context: { ...yarn, 'package.json': '{"dependencies":{"ms":"3"}}' },
    },
  },
});
