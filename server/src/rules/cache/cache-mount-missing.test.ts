import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { cacheMountMissing } from './cache-mount-missing.ts';

const node = '# syntax=docker/dockerfile:1\nFROM node:24-slim\n';
const python = '# syntax=docker/dockerfile:1\nFROM python:3.13-slim\n';
const go = '# syntax=docker/dockerfile:1\nFROM golang:1.26\n';

describeRule(cacheMountMissing, {
  accepts: {
    'there is one': `${node}RUN --mount=type=cache,target=/root/.npm npm ci`,
    'nothing speaks of BuildKit': 'FROM node:24-slim\nRUN npm ci',
    'a frontend without mounts': '# syntax=docker/dockerfile:1.1\nFROM node:24-slim\nRUN npm ci',
    'another frontend': '# syntax=example.com/frontend\nFROM node:24-slim\nRUN npm ci',
    'the cache is put elsewhere': `${node}ENV npm_config_cache=/tmp/npm\nRUN npm ci`,
    'switched off for all': `${python}ENV PIP_NO_CACHE_DIR=1\nRUN pip install -r requirements.txt`,
    'a stage that others go on from': `${go.replace('1.26', '1.26 AS base')}RUN go mod download\nFROM base\nRUN ls`,
    'a clean-up that can’t be taken out': `${node}RUN npm ci && (npm cache clean --force || true)`,
    'another RUN keeps it elsewhere': `${go}RUN go mod download\nRUN --mount=type=cache,target=/cache GOCACHE=/cache go build .`,
    'no install': `${node}RUN npm run build`,
    'a manager without a known cache': '# syntax=docker/dockerfile:1\nFROM ruby:3.4\nRUN bundle install',
  },
  fixes: {
    npm: [
      `${node}RUN ⟦npm⟧ ci`,
      { text: `${node}RUN --mount=type=cache,target=/root/.npm npm ci`, safety: 'suggestion' },
    ],
    'of another user': [
      `${node}USER node\nRUN ⟦npm⟧ ci`,
      `${node}USER node\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci`,
    ],
    'behind other flags': [
      `${node}RUN --network=default ⟦npm⟧ ci`,
      `${node}RUN --network=default --mount=type=cache,target=/root/.npm npm ci`,
    ],
    pip: [
      `${python}RUN ⟦pip⟧ install --no-cache-dir -r requirements.txt`,
      `${python}RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt`,
    ],
    'the clean-up goes': [
      `${node}RUN ⟦npm⟧ ci && npm cache clean --force && npm run build`,
      `${node}RUN --mount=type=cache,target=/root/.npm npm ci && npm run build`,
    ],
    apt: [
      `${python}RUN apt-get update && \\\n    ⟦apt-get⟧ install -y git && \\\n    rm -rf /var/lib/apt/lists/*`,
      `${python}RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && \\\n    apt-get install -y git`,
    ],
    'apt behind set': [
      `${python}RUN set -eux; \\\n    apt-get update; \\\n    ⟦apt-get⟧ install -y git`,
      `${python}RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked set -eux; \\\n    rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update; \\\n    apt-get install -y git`,
    ],
    'apt in statements of their own': [
      `${python}RUN apt-get update; ⟦apt-get⟧ install -y git`,
      `${python}RUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update; apt-get install -y git`,
    ],
    'several clean-ups': [
      `${python}USER app\nRUN ⟦apt-get⟧ install -y git \\\n && apt-get clean \\\n && rm -rf /var/lib/apt/lists/*`,
      `${python}USER app\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get install -y git`,
    ],
    'all that works with the modules': [
      `${go}RUN ⟦go⟧ mod download\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /x .`,
      `${go}RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -o /x .`,
    ],
    'a heredoc speaks of BuildKit': [
      'FROM maven:3\nRUN <<EOF\nset -e\n⟦mvn⟧ package\nEOF\n',
      'FROM maven:3\nRUN --mount=type=cache,target=/root/.m2/repository <<EOF\nset -e\nmvn package\nEOF\n',
    ],
    'exec form': [`${node}RUN [⟦"npm"⟧, "ci"]`, `${node}RUN --mount=type=cache,target=/root/.npm ["npm", "ci"]`],
  },
  reports: {
    'no certain place': `${python}RUN if x; then ⟦apt-get⟧ install -y git; fi`,
    'a user that is not known': `${node}USER app\nRUN ⟦npm⟧ ci`,
  },
});
