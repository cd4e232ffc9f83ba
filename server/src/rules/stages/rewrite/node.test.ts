import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('Node.js', {
  offers: {
    'a file outside of the project comes along': {
      text: 'FROM ⟦node:24⟧\nCOPY docker-entrypoint.sh /usr/local/bin/\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "dist/index.js"]\n',
      context: { 'package.json': '{"dependencies":{"express":"5"}}', 'docker-entrypoint.sh': '#!/bin/sh\nexec "$@"\n' },
      gives:
        'FROM node:24 AS build\nCOPY docker-entrypoint.sh /usr/local/bin/\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm prune --omit=dev\n\nFROM node:24-slim\nCOPY --from=build --chown=node:node /app /app\nCOPY --from=build /usr/local/bin/docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh\nWORKDIR /app\nUSER node\nENTRYPOINT ["docker-entrypoint.sh"]\nCMD ["node", "dist/index.js"]\n',
      title: 'node:24-slim (as node)',
    },
    'variables that others need stay': {
      text: 'FROM ⟦node:24⟧\nENV NPM_CONFIG_PREFIX=/npm\nENV PATH=$NPM_CONFIG_PREFIX/bin:$PATH\nUSER root\nMAINTAINER me\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]\n',
      context: { 'package.json': '{}' },
      gives:
        'FROM node:24 AS build\nENV NPM_CONFIG_PREFIX=/npm\nENV PATH=$NPM_CONFIG_PREFIX/bin:$PATH\nUSER root\nMAINTAINER me\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm prune --omit=dev\n\nFROM node:24-slim\nENV NPM_CONFIG_PREFIX=/npm\nENV PATH=$NPM_CONFIG_PREFIX/bin:$PATH\nMAINTAINER me\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
      title: 'node:24-slim (as node)',
    },
    'pruned already, the image given by an argument': {
      text: 'ARG V=24-alpine\nFROM ⟦node:$V⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm prune --omit=dev\nCMD ["node", "dist"]\n',
      context: { 'package.json': '{}' },
      gives:
        'ARG V=24-alpine\nFROM node:$V AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm prune --omit=dev\n\nFROM node:$V\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
      title: 'node:$V (as node)',
    },
    'a script of NestJS, in a folder of the context': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /usr/src/app\nCOPY api/package*.json ./\nRUN npm install\nCOPY api .\nRUN npm run build\nENTRYPOINT ["./entrypoint.sh"]\nCMD ["npm", "run", "start:prod"]\n',
      context: {
        'api/package.json':
          '{"scripts":{"start:prod":"node dist/main"},"dependencies":{"@nestjs/core":"11"},"devDependencies":{"@nestjs/cli":"11"}}',
        'api/src/main.ts': '',
      },
      gives:
        'FROM node:20 AS build\nWORKDIR /usr/src/app\nCOPY api/package*.json ./\nRUN npm install\nCOPY api .\nRUN npm run build\nRUN npm prune --omit=dev\n\nFROM node:20-slim\nCOPY --from=build --chown=node:node /usr/src/app /usr/src/app\nWORKDIR /usr/src/app\nUSER node\nENTRYPOINT ["./entrypoint.sh"]\nCMD ["npm", "run", "start:prod"]\n',
      title: "node:20-slim (as node; assumes that ./entrypoint.sh calls nothing of the build's image)",
    },
    'tools that modules are compiled with': {
      text: 'FROM ⟦node:14-alpine⟧\nRUN apk add --no-cache python3 make g++\nWORKDIR /app\nCOPY --chown=node:node . .\nUSER node\nRUN npm ci\nRUN npx tsc -p .\nVOLUME /app/data\nCMD ["node", "dist/index.js"]\n',
      gives:
        'FROM node:14-alpine AS build\nRUN apk add --no-cache python3 make g++\nWORKDIR /app\nCOPY --chown=node:node . .\nUSER node\nRUN npm ci\nRUN npx tsc -p .\nRUN npm prune --production\n\nFROM node:14-alpine\nCOPY --from=build /app /app\nWORKDIR /app\nUSER node\nVOLUME /app/data\nCMD ["node", "dist/index.js"]\n',
      title: 'node:14-alpine (as node; assumes that it needs no dev dependency or library)',
    },
    'a bundler packs what the program uses': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]\n',
      context: {
        'package.json': '{"devDependencies":{"esbuild":"0.27","react":"19"}}',
        'src/main.ts': "import react from 'react';\n",
      },
      gives:
        'FROM node:20 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nRUN npm prune --omit=dev\n\nFROM node:20-slim\nCOPY --from=build --chown=node:node /app /app\nWORKDIR /app\nUSER node\nCMD ["node", "dist"]\n',
      title: 'node:20-slim (as node)',
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
    'a start script that compiles': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npm", "run", "start"]\n',
      context: {
        'package.json': '{"scripts":{"start":"nest start"},"devDependencies":{"@nestjs/cli":"11","dotenv":"17"}}',
      },
      reason: 'calls nest start',
    },
    'a script behind a script': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD npm start\n',
      context: {
        'package.json':
          '{"scripts":{"prestart":"npm run -s migrate","migrate":"node -r dotenv/config m.js","start":"node dist"},"devDependencies":{"@nestjs/cli":"11","dotenv":"17"}}',
      },
      reason: 'dotenv, a dev dependency',
    },
    'prisma without a context': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npx prisma generate && npm run build\nCMD ["node", "dist"]\n',
      reason: 'prisma needs OpenSSL',
    },
    browsers: {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npx playwright install chromium\nCMD ["node", "dist"]\n',
      reason: 'also calls npx',
    },
    'workspaces of pnpm': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]\n',
      context: { 'package.json': '{}', 'pnpm-workspace.yaml': '' },
      reason: 'workspaces',
    },
    'the program uses a dev dependency': {
      text: 'FROM ⟦node:20⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["node", "dist"]\n',
      context: {
        'package.json': '{"scripts":{},"devDependencies":{"@nestjs/cli":"11","dotenv":"17"}}',
        'src/main.ts': "import {\n  config,\n} from 'dotenv';\n",
      },
      reason: 'src/main.ts uses dotenv',
    },
  },
});
