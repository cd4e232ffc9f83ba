import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('Node.js', {
  offers: {
    'a file outside of the project comes along': {
      text: 'FROM ⟦node:24⟧\nCOPY docker-entrypoint.sh /usr/local/bin/\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "dist/index.js"]\n',
      context: { 'package.json': '{"dependencies":{"express":"5"}}', 'docker-entrypoint.sh': '#!/bin/sh\nexec "$@"\n' },
      gives:
        'FROM node:24 AS build\nCOPY docker-entrypoint.sh /usr/local/bin/\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm prune --omit=dev\n\nFROM node:24-slim\nCOPY --from=build --chown=node:node /app /app\nCOPY --from=build /usr/local/bin/docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh\nWORKDIR /app\nUSER node\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "dist/index.js"]\n',
      title: 'node:24-slim (runs as node)',
    },
    'variables that others need stay': {
      text: 'FROM ⟦node:24⟧\nENV NPM_CONFIG_PREFIX=/npm\nENV PATH=$NPM_CONFIG_PREFIX/bin:$PATH\nUSER root\nMAINTAINER me\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]\n',
      context: { 'package.json': '{}' },
      gives:
        'FROM node:24 AS build\nENV NPM_CONFIG_PREFIX=/npm\nENV PATH=$NPM_CONFIG_PREFIX/bin:$PATH\nUSER root\nMAINTAINER me\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm prune --omit=dev\n\nFROM node:24-slim\nENV NPM_CONFIG_PREFIX=/npm\nENV PATH=$NPM_CONFIG_PREFIX/bin:$PATH\nMAINTAINER me\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
      title: 'node:24-slim (runs as node)',
    },
    'pruned already, the image given by an argument': {
      text: 'ARG V=24-alpine\nFROM ⟦node:$V⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm prune --omit=dev\nCMD ["node", "dist"]\n',
      context: { 'package.json': '{}' },
      gives:
        'ARG V=24-alpine\nFROM node:$V AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm prune --omit=dev\n\nFROM node:$V\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
      title: 'node:$V (runs as node)',
    },
  },
  declines: {
    'a user that the slim image lacks': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nUSER app\nCMD ["node", "dist"]\n',
      reason: 'the user app is not in node:24-slim',
    },
    'SHELL decides': {
      text: 'FROM ⟦node:24⟧\nSHELL ["/bin/bash", "-c"]\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD node dist\n',
      reason: 'SHELL decides',
    },
    'git at run time': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD git pull && node dist\n',
      reason: 'git is called at run time',
    },
    'a script for another program': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN python3 <<EOF\nprint(1)\nEOF\nCMD ["node", "dist"]\n',
      reason: 'can’t be read',
    },
  },
});
