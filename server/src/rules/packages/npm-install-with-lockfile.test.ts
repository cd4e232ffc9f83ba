import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { npmInstallWithLockfile } from './npm-install-with-lockfile.ts';

const from = 'FROM node:24-slim\nWORKDIR /app\n';
const manifest = '{"dependencies":{"ms":"2.1.3"}}';
const lock = (version: number): string =>
  `{"lockfileVersion":${version},"packages":{"":{"dependencies":{"ms":"2.1.3"}},"node_modules/ms":{"version":"2.1.3"}}}`;
/** A lock file of `a@^1.0.0` with other packages beside it. */
const withA = (a: object, others: object = {}): Record<string, string> => ({
  'package.json': '{"dependencies":{"a":"^1.0.0"}}',
  'package-lock.json': JSON.stringify({
    lockfileVersion: 3,
    packages: { '': { dependencies: { a: '^1.0.0' } }, 'node_modules/a': { version: '1.2.3', ...a }, ...others },
  }),
});
const safe = { text: `${from}COPY . .\nRUN npm ci`, safety: 'safe' } as const;
const doubtful = { text: `${from}COPY . .\nRUN npm ci`, safety: 'suggestion' } as const;
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
    'switched off in the environment': {
      text: `${from}ENV npm_config_package_lock=false\nCOPY . .\nRUN npm install`,
      context: npm,
    },
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
    'dependencies of dependencies, aliases, optional peers': [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: withA(
          {
            dependencies: { b: '^2.0.0', c: 'npm:real@~3.1.0' },
            peerDependencies: { b: '>=1', d: '1' },
            peerDependenciesMeta: { d: { optional: true } },
          },
          {
            'node_modules/b': { version: '1.0.0' },
            'node_modules/a/node_modules/b': { version: '2.5.0', dependencies: { e: '*' } },
            'node_modules/c': { version: '3.1.9', name: 'real', dependencies: { b: '1' } },
            'node_modules/e': { version: '0.1.0' },
          },
        ),
      },
      safe,
    ],
    'a package that nothing asks for': [
      { text: `${from}COPY . .\nRUN npm ⟦install⟧`, context: withA({}, { 'node_modules/b': { version: '1.0.0' } }) },
      doubtful,
    ],
    'a linked folder': [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: withA({ dependencies: { b: 'file:b' } }, { 'node_modules/b': { resolved: 'b', link: true } }),
      },
      doubtful,
    ],
    'a tag instead of a version': [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: withA({ dependencies: { b: 'latest' } }, { 'node_modules/b': { version: '1.0.0' } }),
      },
      doubtful,
    ],
    'another version in package.json': [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: { ...npm, 'package.json': '{"version":"1.0.1","dependencies":{"ms":"2.1.3"}}' },
      },
      doubtful,
    ],
    overrides: [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: { ...npm, 'package.json': '{"overrides":{"x":"1"},"dependencies":{"ms":"2.1.3"}}' },
      },
      doubtful,
    ],
    workspaces: [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: { ...npm, 'package.json': '{"workspaces":["x"],"dependencies":{"ms":"2.1.3"}}' },
      },
      doubtful,
    ],
    'node_modules of the build context': [
      { text: `${from}COPY . .\nRUN npm ⟦install⟧`, context: { ...npm, 'node_modules/ms/package.json': '{}' } },
      { ...doubtful, title: 'removes the node_modules' },
    ],
    'node_modules kept out of the build context': [
      {
        text: `${from}COPY . .\nRUN npm ⟦install⟧`,
        context: { ...npm, 'node_modules/ms/package.json': '{}', '.dockerignore': 'node_modules' },
      },
      safe,
    ],
    'an npm that is replaced': [
      { text: `${from}COPY . .\nRUN npm install -g npm@6 && npm ⟦install⟧`, context: npm },
      { text: `${from}COPY . .\nRUN npm install -g npm@6 && npm ci`, safety: 'suggestion' },
    ],
    'an npm that writes another format': [
      {
        text: 'FROM node:12\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧',
        context: { ...npm, 'package-lock.json': lock(2) },
      },
      { text: 'FROM node:12\nWORKDIR /app\nCOPY . .\nRUN npm ci', safety: 'suggestion' },
    ],
    'the version by its name': [
      { text: 'FROM node:gallium-alpine\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧', context: npm },
      { text: 'FROM node:gallium-alpine\nWORKDIR /app\nCOPY . .\nRUN npm ci', safety: 'suggestion' },
    ],
    'the newest version': [
      { text: 'FROM node:lts-slim\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧', context: npm },
      { text: 'FROM node:lts-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci', safety: 'safe' },
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
      { text: `${from}COPY . .\nRUN yarn install --immutable`, safety: 'suggestion' },
    ],
    'Yarn 1 with entries that nothing asks for': [
      {
        text: `${from}COPY . .\nRUN yarn ⟦install⟧`,
        context: { ...yarn, 'yarn.lock': `${yarn['yarn.lock']}\nx@1:\n  version "1.0.0"\n` },
      },
      { text: `${from}COPY . .\nRUN yarn install --frozen-lockfile`, safety: 'suggestion' },
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
    'a dependency of a dependency does not fit': {
      text: `${from}COPY . .\nRUN npm ⟦install⟧`,
      context: withA({ dependencies: { b: '^2.0.0' } }, { 'node_modules/b': { version: '1.0.0' } }),
    },
    'optional packages of this platform are missing': {
      text: `${from}COPY . .\nRUN npm ⟦install⟧`,
      context: withA({ optionalDependencies: { '@a/linux-x64': '1.2.3' } }),
    },
    'a peer is missing': {
      text: `${from}COPY . .\nRUN npm ⟦install⟧`,
      context: withA({ peerDependencies: { react: '18' } }),
    },
    'an npm without ci by its name': {
      text: 'FROM node:carbon\nWORKDIR /app\nCOPY . .\nRUN npm ⟦install⟧',
      context: { ...npm, 'package-lock.json': lock(2) },
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
