import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { npmCacheKept } from './npm-cache-kept.ts';

const from = 'FROM node:24-slim\n';

describeRule(npmCacheKept, {
  accepts: {
    'a cache mount at a variable': `${from}ARG DIR=/root/.npm\nRUN --mount=type=cache,target=$DIR npm ci`,
    cleaned: `${from}RUN npm ci && npm cache clean --force`,
    removed: `${from}RUN npm ci && rm -rf /root/.npm`,
    'removed with a glob': `${from}RUN npm ci && rm -rf /root/.npm* /tmp/*`,
    'a cache mount': `${from}RUN --mount=type=cache,target=/root/.npm npm ci`,
    'a mounted folder of another user': `${from}RUN --mount=type=cache,target=/home/node/.npm npm ci`,
    'a stage that does not ship': 'FROM node:24 AS build\nRUN npm ci\nFROM node:24-slim\nCOPY --from=build /x /x',
    'another cache': `${from}RUN npm ci --cache /tmp/c && rm -rf /tmp/c`,
    'another cache by ENV': `${from}ENV NPM_CONFIG_CACHE=/tmp\nRUN npm ci`,
    'no install': `${from}RUN npm run build`,
    'other tools': `${from}RUN pnpm install && yarn install`,
  },
  fixes: {
    'a trigger, as a suggestion': [
      'FROM node:24\nONBUILD RUN npm ⟦ci⟧',
      { text: 'FROM node:24\nONBUILD RUN npm ci && npm cache clean --force', safety: 'suggestion' },
    ],
    'a mount of a file': [
      `${from}RUN --mount=type=bind,source=.npmrc,target=.npmrc npm ⟦ci⟧`,
      `${from}RUN --mount=type=bind,source=.npmrc,target=.npmrc npm ci && npm cache clean --force`,
    ],
    'as another user': [
      `${from}RUN HOME=/srv sudo -u node npm ⟦ci⟧`,
      `${from}RUN HOME=/srv sudo -u node npm ci && HOME=/srv sudo -u node npm cache clean --force`,
    ],
    plain: [`${from}RUN npm ⟦ci⟧`, { text: `${from}RUN npm ci && npm cache clean --force`, safety: 'safe' }],
    'before the build': [
      `${from}RUN npm ⟦install⟧ && npm run build`,
      `${from}RUN npm install && npm cache clean --force && npm run build`,
    ],
    'over lines': [
      `${from}RUN npm ⟦i⟧ -g pm2 \\\n    # why\n    && x`,
      `${from}RUN npm i -g pm2 \\\n    && npm cache clean --force \\\n    # why\n    && x`,
    ],
    'the last of several': [
      `${from}RUN npm i -g npm && npm ⟦ci⟧`,
      `${from}RUN npm i -g npm && npm ci && npm cache clean --force`,
    ],
    'in a subshell': [
      `${from}RUN (cd web && npm ⟦ci⟧) && x`,
      `${from}RUN (cd web && npm ci && npm cache clean --force) && x`,
    ],
    heredoc: [
      `${from}RUN <<EOF\nset -e\nnpm ⟦ci⟧\nnpm run build\nEOF`,
      `${from}RUN <<EOF\nset -e\nnpm ci\nnpm cache clean --force\nnpm run build\nEOF`,
    ],
  },
  reports: {
    'nothing follows exec': `${from}RUN exec npm ⟦ci⟧`,
    guarded: `${from}RUN npm ⟦ci⟧ || true`,
    'used offline later': `${from}RUN npm ⟦ci⟧\nRUN npm ci --offline --cache x`,
  },
});
