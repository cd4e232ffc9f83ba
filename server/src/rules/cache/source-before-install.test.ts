import assert from 'node:assert/strict';
import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { lint } from '../../lint/lint.ts';
import { BuildContext, contextReaderOf } from '../../model/context.ts';
import { buildModel } from '../../model/dockerfile.ts';
import { sourceBeforeInstall } from './source-before-install.ts';

const node = 'FROM node:24-slim\nWORKDIR /app\n';
const python = 'FROM python:3.13\nWORKDIR /app\n';
const ignore = { '.dockerignore': 'node_modules\n**/node_modules\nvendor\n.venv\n**/obj\n' };
const npm = { 'package.json': '{}', 'package-lock.json': '{}', 'server.js': '', ...ignore };
const withScripts = (scripts: object, rest: object = {}): Record<string, string> => ({
  ...npm,
  'package.json': JSON.stringify({ scripts, ...rest }),
});

describeRule(sourceBeforeInstall, {
  accepts: {
    'manifests first': { text: `${node}COPY package*.json ./\nRUN npm ci\nCOPY . .`, context: npm },
    'manifests first, context not known': `${node}COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build`,
    'installed again behind the source': `${node}COPY package*.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm ci --omit=dev`,
    'dependencies of another stage': `${node}COPY --from=deps /app/node_modules ./node_modules\nCOPY . .\nRUN npm ci`,
    'installed in the parent stage': `FROM node:24 AS deps\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nFROM deps\nCOPY . .\nRUN npm ci`,
    'a global package': `${node}COPY . .\nRUN npm install -g pm2`,
    'named packages': `${python}COPY . .\nRUN pip install flask`,
    'the project itself': `${python}COPY . .\nRUN pip install .`,
    'a folder that the install needs': {
      text: `${node}COPY package.json ./\nCOPY patches ./patches\nRUN npm ci`,
      context: {
        ...withScripts({ postinstall: 'patch-package' }, { devDependencies: { 'patch-package': '8' } }),
        'patches/a.patch': '',
      },
    },
    'nothing but manifests in the folder': {
      text: `${python}COPY requirements/ /requirements/\nRUN pip install -r /requirements/prod.txt`,
      context: { 'requirements/prod.txt': '-r base.txt', 'requirements/base.txt': 'flask' },
    },
    'a folder of requirements, context not known': `${python}COPY requirements/ /requirements/\nRUN pip install -r /requirements/prod.txt`,
    'requirements that the build writes': `${python}COPY . .\nRUN poetry export -f requirements.txt -o requirements.txt && pip install -r requirements.txt`,
    'vendored modules': {
      text: 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build',
      context: { 'go.mod': 'require x v1', 'vendor/modules.txt': '', 'main.go': '' },
    },
    'no modules needed': {
      text: 'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build',
      context: { 'go.mod': 'module x', 'main.go': '' },
    },
    'a cache mount serves the build':
      'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod go build',
    GOPATH: 'FROM golang:1.26\nWORKDIR /go/src/x\nCOPY . .\nRUN go build',
    'a task of the project fetches the dependencies': {
      text: 'FROM eclipse-temurin:21\nCOPY build.gradle gradlew ./\nCOPY gradle gradle\nRUN ./gradlew downloadRepos\nCOPY . .\nRUN ./gradlew installDist',
      context: { 'build.gradle': '', gradlew: '', 'gradle/wrapper/gradle-wrapper.jar': '', 'src/A.java': '' },
    },
    'other context': { text: `${node}COPY . .\nRUN go build`, context: npm },
    ONBUILD: `${node}ONBUILD COPY . .\nONBUILD RUN npm ci`,
    'cargo-chef': 'FROM rust:1\nCOPY . .\nRUN cargo chef prepare\nRUN cargo build',
    'no source in front': `${node}COPY package.json tsconfig.json ./\nRUN npm ci`,
    'an overlay of the root': `${node}COPY rootfs/ /\nCOPY package*.json ./\nRUN npm ci`,
    'an overlay of the root, context known': {
      text: `${node}COPY rootfs/ /\nCOPY package*.json ./\nRUN npm ci`,
      context: { ...npm, 'rootfs/etc/a': '' },
    },
    'a file beside': { text: `${node}COPY entrypoint.sh /\nCOPY package*.json .npmrc ./\nRUN npm ci`, context: npm },
  },
  fixes: {
    'manifests as mounts': [
      { text: `# syntax=docker/dockerfile:1\n${node}COPY ⟦.⟧ .\nRUN npm ci`, context: npm },
      {
        text: `# syntax=docker/dockerfile:1\n${node}RUN --mount=type=bind,source=package.json,target=package.json --mount=type=bind,source=package-lock.json,target=package-lock.json npm ci\nCOPY . .`,
        title: 'Mount package.json and package-lock.json for npm ci',
        safety: 'suggestion',
      },
    ],
    'mounts beside others, in a RUN that goes on': [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt && python -m compileall .`,
        context: { 'requirements.txt': 'flask', 'app.py': '', ...ignore },
      },
      {
        text: `${python}RUN --mount=type=cache,target=/root/.cache/pip --mount=type=bind,source=requirements.txt,target=requirements.txt pip install -r requirements.txt\nCOPY . .\nRUN --mount=type=cache,target=/root/.cache/pip python -m compileall .`,
        title: 'Mount requirements.txt for pip install',
        safety: 'suggestion',
      },
    ],
    'npm ci': [
      { text: `${node}COPY ⟦.⟧ .\nRUN npm ci`, context: npm },
      { text: `${node}COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .`, safety: 'safe' },
    ],
    'comments and empty lines': [
      { text: `${node}# the source\nCOPY ⟦.⟧ .\n\n# install it\nRUN npm ci\n\nCMD ["node", "."]`, context: npm },
      {
        text: `${node}COPY package.json package-lock.json ./\n\n# install it\nRUN npm ci\n\n# the source\nCOPY . .\n\nCMD ["node", "."]`,
        safety: 'safe',
      },
    ],
    'the RUN goes on with the source': [
      { text: `${node}COPY ⟦.⟧ .\nRUN npm ci \\\n  # then build\n  && npm run build \\\n  && ls`, context: npm },
      {
        text: `${node}COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n# then build\nRUN npm run build \\\n  && ls`,
        safety: 'safe',
      },
    ],
    'set and cd are said again': [
      {
        text: `${node}COPY ⟦web⟧ web\nRUN set -ex && cd web && npm ci && npm run build`,
        context: { 'web/package.json': '{}', 'web/a.js': '', ...ignore },
      },
      {
        text: `${node}COPY web/package.json web/\nRUN set -ex && cd web && npm ci\nCOPY web web\nRUN set -ex && cd web && npm run build`,
        safety: 'safe',
      },
    ],
    'flags are repeated': [
      {
        text: `${node}COPY --chown=node:node --link ⟦.⟧ /app\nUSER node\nRUN --mount=type=cache,target=/c npm ci && npm test`,
        context: npm,
      },
      {
        text: `${node}COPY --chown=node:node --link package.json package-lock.json /app/\nUSER node\nRUN --mount=type=cache,target=/c npm ci\nCOPY --chown=node:node --link . /app\nRUN --mount=type=cache,target=/c npm test`,
        safety: 'safe',
      },
    ],
    'JSON form': [
      { text: `${node}COPY [⟦"."⟧, "/app"]\nRUN ["npm", "ci"]`, context: npm },
      {
        text: `${node}COPY ["package.json", "package-lock.json", "/app/"]\nRUN ["npm", "ci"]\nCOPY [".", "/app"]`,
        safety: 'safe',
      },
    ],
    'lower case and ADD': [
      { text: `${node}add ⟦./⟧ /app/\nrun npm ci`, context: npm },
      { text: `${node}copy package.json package-lock.json /app/\nrun npm ci\nadd ./ /app/`, safety: 'safe' },
    ],
    'what stands between stays': [
      {
        text: 'FROM node:24\nCOPY ⟦.⟧ /app\nWORKDIR /app\nENV A=b\nRUN apt-get update && apt-get install -y git\nRUN npm ci\n',
        context: npm,
      },
      {
        text: 'FROM node:24\nWORKDIR /app\nENV A=b\nRUN apt-get update && apt-get install -y git\nCOPY package.json package-lock.json /app/\nRUN npm ci\nCOPY . /app\n',
        safety: 'safe',
      },
    ],
    'the owner of a new folder stays': [
      {
        text: 'FROM node:24\nCOPY --chown=node ⟦.⟧ /app\nWORKDIR /app\nRUN apt-get install -y git\nRUN npm ci\n',
        context: npm,
      },
      {
        text: 'FROM node:24\nCOPY --chown=node package.json package-lock.json /app/\nWORKDIR /app\nRUN apt-get install -y git\nRUN npm ci\nCOPY --chown=node . /app\n',
        safety: 'safe',
      },
    ],
    'a tool that may read a manifest on the way': [
      { text: `${node}COPY ⟦.⟧ .\nRUN corepack enable\nRUN npm ci\n`, context: npm },
      {
        text: `${node}COPY package.json package-lock.json ./\nRUN corepack enable\nRUN npm ci\nCOPY . .\n`,
        safety: 'safe',
      },
    ],
    'WORKDIR changes on the way': [
      {
        text: `${node}COPY ⟦.⟧ .\nWORKDIR web\nRUN npm ci`,
        context: { 'web/package.json': '{}', 'web/a.js': '', ...ignore },
      },
      { text: `${node}COPY web/package.json ./web/\nWORKDIR web\nRUN npm ci\nCOPY . /app/`, safety: 'safe' },
    ],
    'source first, manifests second': [
      { text: `${node}COPY ⟦src⟧ ./src\nCOPY package*.json ./\nRUN npm ci`, context: { ...npm, 'src/a.js': '' } },
      { text: `${node}COPY package*.json ./\nRUN npm ci\nCOPY src ./src`, safety: 'safe' },
    ],
    'several folders of source': [
      {
        text: `${node}COPY package.json package-lock.json ./\nCOPY ⟦src⟧ ./src\nCOPY public ./public\n\nRUN npm ci`,
        context: { ...npm, 'src/a.js': '', 'public/b.js': '' },
      },
      {
        text: `${node}COPY package.json package-lock.json ./\n\nRUN npm ci\nCOPY src ./src\nCOPY public ./public`,
        safety: 'safe',
      },
    ],
    'a build stage': [
      {
        text: `FROM node:24 AS build\nWORKDIR /app\nCOPY ⟦.⟧ .\nRUN npm ci && npm run build && npm prune --omit=dev\nFROM node:24-slim\nCOPY --from=build /app /app`,
        context: npm,
      },
      {
        text: `FROM node:24 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev\nFROM node:24-slim\nCOPY --from=build /app /app`,
        safety: 'safe',
      },
    ],
    'the image would grow': [
      { text: `${node}COPY ⟦.⟧ .\nRUN npm ci && npm run build && npm prune --omit=dev`, context: npm },
      {
        text: `${node}COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build && npm prune --omit=dev`,
        safety: 'suggestion',
        title: 'the image grows',
      },
    ],
    'node_modules is not ignored': [
      { text: `${node}COPY ⟦.⟧ .\nRUN npm ci`, context: { 'package.json': '{}', 'a.js': '' } },
      {
        text: `${node}COPY package.json ./\nRUN npm ci\nCOPY . .`,
        safety: 'suggestion',
        title: 'list node_modules in .dockerignore',
      },
    ],
    'node_modules of the context': [
      {
        text: `${node}COPY ⟦.⟧ .\nRUN npm ci`,
        context: { 'package.json': '{}', 'node_modules/a/package.json': '{}', 'a.js': '' },
      },
      {
        text: `${node}COPY package.json ./\nRUN npm ci\nCOPY . .`,
        safety: 'suggestion',
        title: 'replaces it: list it in .dockerignore',
      },
    ],
    'a lock file in step': [
      {
        text: `${node}COPY ⟦.⟧ .\nRUN npm install`,
        context: {
          ...npm,
          'package.json': '{"dependencies":{"a":"1"}}',
          'package-lock.json': '{"packages":{"":{"dependencies":{"a":"1"}}}}',
        },
      },
      { text: `${node}COPY package.json package-lock.json ./\nRUN npm install\nCOPY . .`, safety: 'safe' },
    ],
    'a lock file out of step': [
      {
        text: `${node}COPY ⟦.⟧ .\nRUN npm install`,
        context: {
          ...npm,
          'package.json': '{"dependencies":{"a":"2"}}',
          'package-lock.json': '{"packages":{"":{"dependencies":{"a":"1"}}}}',
        },
      },
      {
        text: `${node}COPY package.json package-lock.json ./\nRUN npm install\nCOPY . .`,
        safety: 'suggestion',
        title: 'package-lock.json stays',
      },
    ],
    'scripts that need no source': [
      {
        text: `${node}COPY ⟦.⟧ .\nRUN npm ci`,
        context: {
          ...withScripts(
            { prepare: 'husky', postinstall: 'patch-package && prisma generate' },
            { devDependencies: { 'patch-package': '8', prisma: '6' } },
          ),
          'patches/a.patch': '',
          'prisma/schema.prisma': '',
          '.npmrc': '',
        },
      },
      {
        text: `${node}COPY package.json package-lock.json .npmrc ./\nCOPY patches/ ./patches/\nCOPY prisma/ ./prisma/\nRUN npm ci\nCOPY . .`,
        safety: 'safe',
      },
    ],
    workspaces: [
      {
        text: `${node}COPY ⟦.⟧ .\nRUN npm ci`,
        context: {
          ...npm,
          'package.json': '{"workspaces":["packages/*"]}',
          'packages/a/package.json': '{}',
          'packages/b/package.json': '{}',
          'packages/b/i.js': '',
          'other/package.json': '{}',
        },
      },
      {
        text: `${node}COPY package.json package-lock.json ./\nCOPY packages/a/package.json ./packages/a/\nCOPY packages/b/package.json ./packages/b/\nRUN npm ci\nCOPY . .`,
        safety: 'suggestion',
      },
    ],
    'workspaces where the frontend keeps folders': [
      {
        text: `# syntax=docker/dockerfile:1\n${node}COPY ⟦.⟧ .\nRUN pnpm install --frozen-lockfile`,
        context: {
          'package.json': '{}',
          'pnpm-lock.yaml': '',
          'pnpm-workspace.yaml': 'packages:\n  - "apps/**"\n  - "!apps/old"\n',
          'apps/a/package.json': '{}',
          'apps/x/b/package.json': '{}',
          'apps/old/package.json': '{}',
          ...ignore,
        },
      },
      {
        text: `# syntax=docker/dockerfile:1\n${node}COPY --parents package.json pnpm-lock.yaml pnpm-workspace.yaml apps/a/package.json apps/x/b/package.json ./\nRUN pnpm install --frozen-lockfile\nCOPY . .`,
        title: '--parents',
        safety: 'suggestion',
      },
    ],
    yarn: [
      {
        text: `${node}COPY ⟦web/⟧ ./\nRUN yarn --frozen-lockfile`,
        context: { 'web/package.json': '{}', 'web/yarn.lock': '# yarn lockfile v1\n', 'web/x.js': '', ...ignore },
      },
      {
        text: `${node}COPY web/package.json web/yarn.lock ./\nRUN yarn --frozen-lockfile\nCOPY web/ ./`,
        safety: 'safe',
      },
    ],
    'another folder copied over it': [
      {
        text: `${node}COPY ⟦.⟧ .\nCOPY conf/prod ./config\nRUN npm ci`,
        context: { ...npm, 'conf/prod/a.json': '', 'config/a.json': '' },
      },
      {
        text: `${node}COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCOPY conf/prod ./config`,
        safety: 'safe',
      },
    ],
    'manifests of another folder are not the ones': [
      {
        text: `${node}COPY old/package.json ./\nCOPY ⟦.⟧ .\nRUN npm ci`,
        context: { ...npm, 'old/package.json': '{}' },
      },
      {
        text: `${node}COPY old/package.json ./\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .`,
        safety: 'safe',
      },
    ],
    'files named in the command': [
      {
        text: `${python}COPY ⟦.⟧ .\nRUN pip install --find-links ./wheels -r requirements.txt`,
        context: { 'requirements.txt': 'a\n', 'wheels/a.whl': '', 'x.py': '' },
      },
      {
        text: `${python}COPY requirements.txt ./\nCOPY wheels/ ./wheels/\nRUN pip install --find-links ./wheels -r requirements.txt\nCOPY . .`,
        safety: 'safe',
      },
    ],
    'files named by the environment': [
      {
        text: `${python}ENV PIP_CERT=/app/certs/ca.pem\nCOPY ⟦.⟧ .\nRUN pip install -r requirements.txt`,
        context: { 'requirements.txt': 'a\n', 'certs/ca.pem': '' },
      },
      {
        text: `${python}ENV PIP_CERT=/app/certs/ca.pem\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .`,
        safety: 'suggestion',
        title: 'PIP_CERT names a file',
      },
    ],
    'context not known': [
      `${node}COPY ⟦.⟧ .\nRUN npm install && npm run build`,
      {
        text: `${node}COPY package*.json ./\nRUN npm install\nCOPY . .\nRUN npm run build`,
        safety: 'suggestion',
        title: 'assumes it needs nothing else',
      },
    ],
    'no WORKDIR known': [
      'FROM example.com/base\nCOPY ⟦.⟧ .\nRUN yarn',
      'FROM example.com/base\nCOPY package.json yarn.lock* .yarnrc* ./\nRUN yarn\nCOPY . .',
    ],
    'manifests beside a folder of source': [
      {
        text: `${node}COPY package.json yarn.lock ⟦src⟧ ./\nRUN yarn install --frozen-lockfile\n`,
        context: { 'package.json': '{}', 'yarn.lock': '', 'src/x.js': '', ...ignore },
      },
      `${node}COPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile\nCOPY package.json yarn.lock src ./\n`,
    ],
    'one manager after the other': [
      'FROM ruby:3.4\nWORKDIR /app\nCOPY ⟦.⟧ .\nRUN bundle install\nRUN yarn install\n',
      'FROM ruby:3.4\nWORKDIR /app\nCOPY Gemfile* ./\nRUN bundle install\nCOPY package.json yarn.lock* .yarnrc* ./\nRUN yarn install\nCOPY . .\n',
    ],
  },
  reports: {
    'the tool comes behind the source':
      'FROM php:8.4-apache\nCOPY ⟦.⟧ /var/www/html\nRUN curl -sS https://getcomposer.org/installer | php\nRUN mv composer.phar /usr/local/bin/composer\nRUN cd /var/www/html; composer install\n',
    'a script that needs the source': {
      text: `${node}COPY ⟦.⟧ .\nRUN npm ci`,
      context: withScripts({ postinstall: 'node scripts/x.js' }),
    },
    'a local dependency': {
      text: `${node}COPY ⟦.⟧ .\nRUN npm ci`,
      context: { ...npm, 'package.json': '{"dependencies":{"a":"file:./a"}}' },
    },
    'the manifest is ignored': {
      text: `${node}COPY ⟦.⟧ .\nRUN npm ci`,
      context: { ...npm, '.dockerignore': 'package*.json' },
    },
    'the project is installed with it': {
      text: `${python}COPY ⟦.⟧ .\nRUN pip install -r requirements.txt`,
      context: { 'requirements.txt': '-e .\n', 'x.py': '' },
    },
    'in a branch': { text: `${node}COPY ⟦.⟧ .\nRUN if [ -f yarn.lock ]; then yarn; else npm ci; fi`, context: npm },
    'a step in front may need the source': { text: `${node}COPY ⟦.⟧ .\nRUN ./prepare.sh\nRUN npm ci`, context: npm },
    'the manifest is changed in front': {
      text: `${node}COPY ⟦.⟧ .\nRUN sed -i s/a/b/ package.json && npm ci`,
      context: npm,
    },
    'a sequence without &&': { text: `${node}COPY ⟦.⟧ .\nRUN npm ci; npm run build`, context: npm },
    'a gemspec': {
      text: 'FROM ruby:3.4\nWORKDIR /app\nCOPY ⟦.⟧ .\nRUN bundle install',
      context: { Gemfile: 'gemspec\n', 'a.rb': '' },
    },
    'Maven modules': {
      text: 'FROM maven:3\nWORKDIR /app\nCOPY ⟦.⟧ .\nRUN mvn package',
      context: { 'pom.xml': '<modules><module>a</module></modules>', 'a/pom.xml': '' },
    },
    'a volume between': { text: `${node}COPY ⟦.⟧ .\nVOLUME /app\nRUN npm ci`, context: npm },
    'another copy between': {
      text: `${node}COPY ⟦.⟧ .\nCOPY conf/prod.json ./config.json\nRUN npm ci`,
      context: { ...npm, 'conf/prod.json': '', 'config.json': '' },
    },
  },
});

describe('manifests as mounts', () => {
  const offered = (text: string, context: Readonly<Record<string, string>>): boolean =>
    lint(buildModel(text, { context: new BuildContext(contextReaderOf(context)) }), [
      sourceBeforeInstall,
    ]).findings.some((finding) => finding.fixes.some((fix) => fix.title.startsWith('Mount ')));
  const buildKit = '# syntax=docker/dockerfile:1\n';

  it('are offered to installs that leave the lock file alone', () => {
    assert.ok(offered(`${buildKit}${node}COPY . .\nRUN npm ci`, npm));
    assert.ok(!offered(`${buildKit}${node}COPY . .\nRUN npm install`, npm));
  });

  it('are offered where the file is made for BuildKit', () => {
    assert.ok(!offered(`${node}COPY . .\nRUN npm ci`, npm));
    assert.ok(!offered(`# syntax=docker/dockerfile:1.1\n${node}COPY . .\nRUN npm ci`, npm));
  });

  it('are not offered where another RUN may read the manifests, or the project is elsewhere', () => {
    assert.ok(!offered(`${buildKit}${node}COPY . .\nRUN mkdir /data\nRUN npm ci`, npm));
    assert.ok(!offered(`${buildKit}FROM node:24\nCOPY . /app\nWORKDIR /app\nRUN npm ci`, npm));
  });
});
