import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { devDependenciesInFinalImage } from './dev-dependencies-in-final-image.ts';

const manifest = (rest: Record<string, unknown> = {}): string =>
  JSON.stringify({ dependencies: { express: '5' }, devDependencies: { mocha: '12', eslint: '10' }, ...rest });
const node = (rest?: Record<string, unknown>): Record<string, string> => ({ 'package.json': manifest(rest) });
const start = 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\n';
const poetry = '[tool.poetry]\nname = "x"\n[tool.poetry.group.dev.dependencies]\npytest = "8"\n';

describeRule(devDependenciesInFinalImage, {
  accepts: {
    'no context': `${start}RUN npm ci\nCMD ["node", "x.js"]`,
    'no dev dependencies': {
      text: `${start}RUN npm ci\nCMD ["node", "x.js"]`,
      context: { 'package.json': '{"dependencies":{"express":"5"}}' },
    },
    'left out already': { text: `${start}RUN npm ci --omit=dev\nCMD ["node", "x.js"]`, context: node() },
    production: { text: `${start}ENV NODE_ENV=production\nRUN npm ci\nCMD ["node", "x.js"]`, context: node() },
    'production for this command': {
      text: `${start}RUN NODE_ENV=production npm ci\nCMD ["node", "x.js"]`,
      context: node(),
    },
    'a build follows': { text: `${start}RUN npm ci && npm run build\nCMD ["node", "x.js"]`, context: node() },
    'they are pruned': { text: `${start}RUN npm ci && npm prune --omit=dev\nCMD ["node", "x.js"]`, context: node() },
    'a development tool starts': {
      text: `${start}RUN npm ci\nCMD ["npm", "start"]`,
      context: node({ scripts: { prestart: 'eslint .', start: 'node x.js' } }),
    },
    'tests run in it': {
      text: `${start}RUN npm ci\nCMD ["npm", "test"]`,
      context: node({ scripts: { test: 'mocha' } }),
    },
    'only in the build stage': {
      text: 'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /app/dist /app\nCMD ["node", "/app/x.js"]',
      context: node(),
    },
    'what starts is not known': { text: `${start}RUN npm ci`, context: node() },
    workspaces: { text: `${start}RUN npm ci\nCMD ["node", "x.js"]`, context: node({ workspaces: ['a'] }) },
    'an optional group': {
      text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN poetry install\nCMD ["python", "x.py"]',
      context: { 'pyproject.toml': `${poetry}[tool.poetry.group.dev]\noptional = true\n` },
    },
    'a Rails image to develop in': {
      text: 'FROM ruby:3.4\nWORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["puma"]',
      context: { Gemfile: 'group :development do\n  gem "x"\nend\n' },
    },
    'bundler is told': {
      text: 'FROM ruby:3.4\nENV RAILS_ENV=production\nWORKDIR /app\nCOPY . .\nRUN bundle config set without "development test" && bundle install\nCMD ["puma"]',
      context: { Gemfile: 'group :development do\n  gem "x"\nend\n' },
    },
  },
  reports: {
    'a prepare script': {
      text: `${start}RUN npm ⟦ci⟧\nCMD ["node", "x.js"]`,
      context: node({ scripts: { prepare: 'husky' } }),
    },
    'the program uses one': {
      text: `${start}RUN npm ⟦ci⟧\nCMD ["node", "x.js"]`,
      context: { ...node(), 'x.js': "const mocha = require('mocha/lib/x');\n" },
    },
    'yarn of an unknown version': {
      text: `${start}RUN yarn ⟦install⟧\nCMD ["node", "x.js"]`,
      context: { ...node(), 'yarn.lock': '__metadata:\n' },
    },
    'symfony without APP_ENV': {
      text: 'FROM php:8.4-cli\nWORKDIR /app\nCOPY . .\nRUN composer ⟦install⟧\nCMD ["apache2-foreground"]',
      context: { 'composer.json': '{"require-dev":{"a/b":"1"},"scripts":{"post-install-cmd":["@auto-scripts"]}}' },
    },
  },
  fixes: {
    npm: [
      {
        text: `${start}# all\nRUN npm ⟦install⟧ --no-audit \\\n    && npm cache clean --force\nCMD npm start`,
        context: node({ scripts: { start: 'node x.js' } }),
      },
      `${start}# all\nRUN npm install --omit=dev --no-audit \\\n    && npm cache clean --force\nCMD npm start`,
    ],
    'types of node itself': [
      {
        text: `${start}RUN npm ⟦ci⟧\nCMD ["node", "x.js"]`,
        context: { 'package.json': '{"devDependencies":{"@types/node":"24","@biomejs/biome":"2"}}' },
      },
      `${start}RUN npm ci --omit=dev\nCMD ["node", "x.js"]`,
    ],
    'only tests and types use them': [
      {
        text: `${start}RUN npm ⟦ci⟧\nCMD ["node", "x.js"]`,
        context: {
          ...node(),
          'x.js': "import type { Linter } from 'eslint';\nimport e from 'express';\n",
          'test/x.js': "import 'mocha';\n",
          'eslint.config.js': "import 'eslint';\n",
        },
      },
      `${start}RUN npm ci --omit=dev\nCMD ["node", "x.js"]`,
    ],
    'an old npm': [
      {
        text: 'FROM node:14\nWORKDIR /app\nCOPY package.json .\nRUN npm ⟦install⟧\nCOPY . .\nCMD ["node", "x.js"]',
        context: node(),
      },
      'FROM node:14\nWORKDIR /app\nCOPY package.json .\nRUN npm install --production\nCOPY . .\nCMD ["node", "x.js"]',
    ],
    'yarn 1': [
      { text: `${start}RUN ⟦yarn⟧\nCMD ["node", "x.js"]`, context: { ...node(), 'yarn.lock': '# yarn lockfile v1\n' } },
      `${start}RUN yarn --production\nCMD ["node", "x.js"]`,
    ],
    pnpm: [
      { text: `${start}RUN pnpm ⟦install⟧ --frozen-lockfile\nCMD ["node", "x.js"]`, context: node() },
      `${start}RUN pnpm install --prod --frozen-lockfile\nCMD ["node", "x.js"]`,
    ],
    poetry: [
      {
        text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN poetry ⟦install⟧ --no-root\nCMD ["python", "x.py"]',
        context: { 'pyproject.toml': poetry },
      },
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN poetry install --without dev --no-root\nCMD ["python", "x.py"]',
    ],
    'an old poetry': [
      {
        text: 'FROM python:3.9\nRUN pip install poetry==1.1.4\nWORKDIR /app\nCOPY . .\nRUN poetry ⟦install⟧\nCMD ["python", "x.py"]',
        context: { 'pyproject.toml': '[tool.poetry.dev-dependencies]\npytest = "6"\n' },
      },
      'FROM python:3.9\nRUN pip install poetry==1.1.4\nWORKDIR /app\nCOPY . .\nRUN poetry install --no-dev\nCMD ["python", "x.py"]',
    ],
    uv: [
      {
        text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv ⟦sync⟧ --frozen\nCMD ["python", "x.py"]',
        context: { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n' },
      },
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv sync --no-dev --frozen\nCMD ["python", "x.py"]',
    ],
    'uv run would install them again': [
      {
        text: 'FROM python:3.13\nWORKDIR /app\nCOPY . .\nRUN uv ⟦sync⟧\nCMD ["uv", "run", "x.py"]',
        context: { 'pyproject.toml': '[dependency-groups]\ndev = ["pytest"]\n' },
      },
      'FROM python:3.13\nWORKDIR /app\nCOPY . .\nENV UV_NO_DEV=1\nRUN uv sync\nCMD ["uv", "run", "x.py"]',
    ],
    bundler: [
      {
        text: 'FROM ruby:3.4\nENV RAILS_ENV=production\nWORKDIR /app\nCOPY . .\nRUN bundle ⟦install⟧\nCMD ["puma"]',
        context: { Gemfile: 'gem "puma"\ngroup :development, :test do\n  gem "x"\nend\n' },
      },
      'FROM ruby:3.4\nENV RAILS_ENV=production\nWORKDIR /app\nCOPY . .\nENV BUNDLE_WITHOUT=development:test\nRUN bundle install\nCMD ["puma"]',
    ],
    composer: [
      {
        text: 'FROM php:8.4-apache\nWORKDIR /app\nCOPY . .\nRUN composer ⟦install⟧ --no-interaction\nCMD ["apache2-foreground"]',
        context: { 'composer.json': '{"require-dev":{"phpunit/phpunit":"12"}}' },
      },
      'FROM php:8.4-apache\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev --no-interaction\nCMD ["apache2-foreground"]',
    ],
  },
});
