import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';

describeRewrites('static sites', {
  offers: {
    'serve with a fallback': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nENV NODE_ENV=production\nRUN npm run build\nRUN npm install -g serve\nLABEL site=1\nEXPOSE 3000\n# files only\nCMD ["serve", "-s", "build", "-l", "3000"]\n',
      context: {
        'package.json': '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"7"}}',
        'index.html': '',
      },
      gives:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci\nCOPY . .\nENV NODE_ENV=production\nRUN npm run build\nRUN npm install -g serve\n\nFROM nginxinc/nginx-unprivileged:stable\nRUN printf \'server {\\n  listen 3000;\\n  root /usr/share/nginx/html;\\n  location / { try_files $uri $uri.html $uri/ /index.html; }\\n}\\n\' > /etc/nginx/conf.d/default.conf\nCOPY --from=build /app/build /usr/share/nginx/html\nLABEL site=1\nEXPOSE 3000\n# files only\nCMD ["nginx", "-g", "daemon off;"]\n',
      title: 'nginxinc/nginx-unprivileged:stable (as 101; assumes that nginx may serve it on port 3000)',
    },
    'npx and the usual port': {
      text: 'FROM ⟦node:24-alpine⟧ AS web\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nEXPOSE 3000\nCMD npx serve dist\n',
      gives:
        'FROM node:24-alpine AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM nginxinc/nginx-unprivileged:stable AS web\nRUN printf \'server {\\n  listen 3000;\\n  root /usr/share/nginx/html;\\n  location / { try_files $uri $uri.html $uri/ =404; }\\n}\\n\' > /etc/nginx/conf.d/default.conf\nCOPY --from=build /app/dist /usr/share/nginx/html\nEXPOSE 3000\nCMD ["nginx", "-g", "daemon off;"]\n',
      title: 'nginxinc/nginx-unprivileged:stable (as 101; assumes that nginx may serve it on port 3000)',
    },
    'http-server as an entrypoint': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN yarn install && yarn global add http-server && yarn build\nENTRYPOINT ["http-server", "./dist", "-p", "80"]\n',
      context: {
        'package.json': '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"7"}}',
        'index.html': '',
      },
      gives:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN yarn install && yarn global add http-server && yarn build\n\nFROM nginxinc/nginx-unprivileged:stable\nRUN printf \'server {\\n  listen 80;\\n  root /usr/share/nginx/html;\\n  location / { try_files $uri $uri.html $uri/ =404; }\\n}\\n\' > /etc/nginx/conf.d/default.conf\nCOPY --from=build /app/dist /usr/share/nginx/html\nCMD ["nginx", "-g", "daemon off;"]\n',
      title: 'nginxinc/nginx-unprivileged:stable (as 101; assumes that nginx may serve it on port 80)',
    },
    'the port of a variable': {
      text: 'FROM ⟦node:24⟧\nENV PORT=5000\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "-y", "serve", "-s", "/app/dist/web"]\n',
      gives:
        'FROM node:24 AS build\nENV PORT=5000\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM nginxinc/nginx-unprivileged:stable\nRUN printf \'server {\\n  listen 5000;\\n  root /usr/share/nginx/html;\\n  location / { try_files $uri $uri.html $uri/ /index.html; }\\n}\\n\' > /etc/nginx/conf.d/default.conf\nCOPY --from=build /app/dist/web /usr/share/nginx/html\nCMD ["nginx", "-g", "daemon off;"]\n',
      title: 'nginxinc/nginx-unprivileged:stable (as 101; assumes that nginx may serve it on port 5000)',
    },
  },
  declines: {
    'more options': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "http-server", "dist", "--proxy", "http://api"]\n',
      reason: 'told by its options',
    },
    'a folder that is not built': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "serve", "."]\n',
      reason: 'which folder is served',
    },
    'another user': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nUSER node\nCMD ["npx", "serve", "dist"]\n',
      reason: 'the user node is not in nginxinc',
    },
    'settings of serve': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\nCMD ["npx", "serve", "dist"]\n',
      context: {
        'package.json': '{"scripts":{"build":"vite build"},"devDependencies":{"vite":"7"}}',
        'index.html': '',
        'serve.json': '{}',
      },
      reason: 'serve.json',
    },
    'a server that nginx is not': {
      text: 'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build && npm install -g pm2\nCMD ["pm2-runtime", "dist/x.js"]\n',
      reason: 'may need pm2, which npm installs',
    },
  },
});
