import assert from 'node:assert/strict';
import { lint } from '../../lint/lint.ts';
import { BuildContext, contextReaderOf } from '../../model/context.ts';
import { buildModel } from '../../model/dockerfile.ts';
import { describeRule, testToday } from '../../../../test/helpers/describeRule.ts';
import { rootUser } from './root-user.ts';

describeRule(rootUser, {
  accepts: {
    'a user of its own': 'FROM node:24-slim\nUSER node\nCMD ["node", "x.js"]',
    'a number': 'FROM debian:13\nUSER 10001:10001',
    'set in the stage it is built from': 'FROM debian:13 AS base\nUSER app\nFROM base\nCMD ["x"]',
    'through a build argument': 'FROM debian:13\nARG APP_USER=app\nUSER $APP_USER',
    'an argument without value': 'FROM debian:13\nARG APP_USER\nUSER $APP_USER',
    'through the environment': 'FROM debian:13\nENV APP_USER=app\nUSER ${APP_USER}:${APP_USER}',
    'a base that is not known': 'FROM registry.example.com/team/base:3\nCMD ["x"]',
    'a base that runs as non-root':
      'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]',
    'steps down with gosu': 'FROM debian:13\nENTRYPOINT ["gosu", "app", "/usr/bin/app"]',
    'the official image steps down': 'FROM postgres:17\nCOPY init.sql /docker-entrypoint-initdb.d/',
    'the entrypoint script steps down': {
      text: 'FROM debian:13\nCOPY docker-entrypoint.sh /usr/local/bin/\nENTRYPOINT ["docker-entrypoint.sh"]',
      context: { 'docker-entrypoint.sh': '#!/bin/sh\nexec gosu app "$@"\n' },
    },
    'steps down with an option of its own': 'FROM debian:13\nCMD ["uwsgi", "--http", ":80", "--uid", "www-data"]',
    'an init of s6': 'FROM debian:13\nENTRYPOINT ["/init"]',
    'only files to export': 'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x',
    'a number on windows is no root': 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser',
  },
  reports: {
    'nginx needs more than USER':
      'FROM ⟦nginx:1.29⟧\nRUN rm /etc/nginx/conf.d/default.conf\nCOPY site.conf /etc/nginx/conf.d/',
    'nginx with a main configuration of its own': 'FROM ⟦nginx:1.29⟧\nCOPY nginx.conf /etc/nginx/',
    'a program in the home of root': 'FROM ⟦python:3.12-slim⟧\nWORKDIR /root/app\nCOPY . .\nCMD ["python", "app.py"]',
    'programs of the build found in the home of root':
      'FROM ⟦python:3.12-slim⟧\nCOPY --from=build /root/.local /root/.local\nENV PATH=/root/.local/bin:$PATH\nCMD ["app"]',
    'an entrypoint that does the work of root': {
      text: 'FROM ⟦debian:13⟧\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]',
      context: { 'start.sh': '#!/bin/sh\nchown -R app /data\nexec app\n' },
    },
    'an entrypoint that writes settings of the system': {
      text: 'FROM ⟦debian:13⟧\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]',
      context: { 'start.sh': '#!/bin/sh\nenvsubst < /t > /etc/app.conf\nexec app\n' },
    },
    'a socket in a folder of the system': 'FROM ⟦python:3.12⟧\nCMD ["gunicorn", "--pid", "/run/app.pid", "app:app"]',
    'a daemon of the distribution': 'FROM ⟦debian:13⟧\nRUN apt-get install -y dnsmasq\nCMD ["dnsmasq", "-k"]',
    'an engine inside': 'FROM ⟦ubuntu:24.04⟧\nVOLUME /var/lib/docker\nCMD ["x"]',
    'a heredoc without an end': 'FROM ⟦debian:13⟧\nRUN useradd -u <<UID>> app\nCMD ["x"]\n',
    'users that nobody knows': 'FROM registry.example.com/team/base:3\nUSER ⟦root⟧\nCMD ["x"]',
    'triggers that run': 'FROM ⟦node:24⟧\nONBUILD RUN npm ci\nCMD ["x"]',
    'so does apache with php': 'FROM ⟦php:8.3-apache⟧\nCOPY . /var/www/html',
  },
  fixes: {
    'the user that the base brings': [
      'FROM ⟦node:24⟧\nWORKDIR /srv/app\nCOPY package.json .\nCOPY src ./src\n\n# start\nEXPOSE 3000\nCMD ["node", "src"]\n',
      'FROM node:24\nWORKDIR /srv/app\nRUN chown node:node /srv/app\nCOPY --chown=node:node package.json .\nCOPY --chown=node:node src ./src\n\n# start\nEXPOSE 3000\nUSER node\nCMD ["node", "src"]\n',
    ],
    'a user that the file creates': [
      'FROM ⟦debian:13⟧\nRUN useradd -r -u 900 web\nCOPY app /usr/bin/app\nCMD ["app"]\n',
      'FROM debian:13\nRUN useradd -r -u 900 web\nCOPY app /usr/bin/app\nUSER web\nCMD ["app"]\n',
    ],
    'root was asked for': [
      'FROM node:24\nUSER node\nRUN true\nUSER ⟦root⟧\nRUN make install\nCMD ["x"]\n',
      'FROM node:24\nUSER node\nRUN true\nUSER root\nRUN make install\nUSER node\nCMD ["x"]\n',
    ],
    'USER 0 at the end': ['FROM node:24\nUSER ⟦0⟧\nCMD ["x"]\n', 'FROM node:24\nUSER node\nCMD ["x"]\n'],
    'root is asked for in scratch': ['FROM scratch\nUSER ⟦0:0⟧\n', 'FROM scratch\nUSER 65532:65532\n'],
    'scratch gets a number': [
      'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM ⟦scratch⟧\nCOPY --from=build /x /x\nENTRYPOINT ["/x"]\n',
      'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x\nUSER 65532:65532\nENTRYPOINT ["/x"]\n',
    ],
    'work behind CMD stays root’s': [
      'FROM ⟦node:24⟧\nCMD ["x"]\nRUN npm i -g x\n',
      'FROM node:24\nCMD ["x"]\nRUN npm i -g x\nUSER node\n',
    ],
    'lower-case file': ['from ⟦node:24⟧\nrun true\ncmd ["x"]\n', 'from node:24\nrun true\nuser node\ncmd ["x"]\n'],
    'nothing but FROM': [
      'FROM ⟦debian:13-slim⟧\n',
      'FROM debian:13-slim\nRUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app\nUSER app\n',
    ],
    'a folder that another user makes': [
      'FROM ruby:3.4-slim\nRUN useradd -m rails\nUSER rails\nWORKDIR /rails\nCOPY . .\nUSER ⟦root⟧\nRUN make install\nCMD ["x"]\n',
      'FROM ruby:3.4-slim\nRUN useradd -m rails\nUSER rails\nWORKDIR /rails\nCOPY --chown=rails . .\nUSER root\nRUN make install\nUSER rails\nCMD ["x"]\n',
    ],
    'a low port is told': [
      'FROM ⟦node:24⟧\nEXPOSE 80\nCMD ["x"]\n',
      { text: 'FROM node:24\nEXPOSE 80\nUSER node\nCMD ["x"]\n', title: 'port 80 may be refused' },
    ],
    'dumb-init does not step down': [
      'FROM ⟦node:24⟧\nENTRYPOINT ["dumb-init", "--"]\nCMD ["x"]\n',
      'FROM node:24\nUSER node\nENTRYPOINT ["dumb-init", "--"]\nCMD ["x"]\n',
    ],
    'folders where they are made': [
      'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY server.js .\nRUN mkdir -p uploads /data && node seed.js\nVOLUME /data\nCMD ["node", "server.js"]\n',
      'FROM node:24\nWORKDIR /app\nRUN chown node:node /app\nCOPY --chown=node:node server.js .\nRUN mkdir -p uploads /data && chown node:node uploads /data && node seed.js\nVOLUME /data\nUSER node\nCMD ["node", "server.js"]\n',
    ],
    'a volume that nothing makes': [
      'FROM ⟦debian:13⟧\nVOLUME /data\nWORKDIR /app\nCOPY app .\nCMD ["./app"]\n',
      'FROM debian:13\nRUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app && mkdir -p /app /data && chown 10001:10001 /app /data\nVOLUME /data\nWORKDIR /app\nCOPY --chown=10001:10001 app .\nUSER app\nCMD ["./app"]\n',
    ],
    'what start and variables name': [
      'FROM ⟦node:24⟧\nENV LOG_DIR=/var/log/app DB=1 PIP_CACHE_DIR=/pip\nCOPY server.js /srv/app/\nCMD ["node", "/srv/app/server.js", "--data-dir=/var/lib/app", "--log-file", "/var/log/x.log"]\n',
      'FROM node:24\nENV LOG_DIR=/var/log/app DB=1 PIP_CACHE_DIR=/pip\nRUN mkdir -p /var/log/app /var/lib/app && touch /var/log/x.log && chown node:node /var/log/app /var/lib/app /var/log/x.log\nCOPY server.js /srv/app/\nUSER node\nCMD ["node", "/srv/app/server.js", "--data-dir=/var/lib/app", "--log-file", "/var/log/x.log"]\n',
    ],
    'a database in a URL': [
      'FROM ⟦node:24⟧\nENV DATABASE_URL=sqlite:////data/app.db\nCOPY seed.db /data/app.db\nCMD ["x"]\n',
      'FROM node:24\nENV DATABASE_URL=sqlite:////data/app.db\nRUN mkdir -p /data && chown node:node /data\nCOPY --chown=node:node seed.db /data/app.db\nUSER node\nCMD ["x"]\n',
    ],
    'the user is made behind the copies': [
      'FROM ⟦debian:13⟧\nWORKDIR /app\nCOPY app .\nRUN useradd web\nCMD ["./app"]\n',
      'FROM debian:13\nWORKDIR /app\nCOPY app .\nRUN useradd web\nRUN chown web /app\nUSER web\nCMD ["./app"]\n',
    ],
    'a user made with options in one word': [
      'FROM ⟦debian:13⟧\nRUN useradd -rms /bin/bash -u990 web\nWORKDIR /app\nCOPY app .\nCMD ["./app"]\n',
      'FROM debian:13\nRUN useradd -rms /bin/bash -u990 web\nWORKDIR /app\nRUN chown web /app\nCOPY --chown=web app .\nUSER web\nCMD ["./app"]\n',
    ],
    'a number is understood before the user is made': [
      'FROM ⟦debian:13⟧\nWORKDIR /app\nCOPY app .\nRUN useradd -u 990 web\nCMD ["./app"]\n',
      'FROM debian:13\nWORKDIR /app\nCOPY --chown=990 app .\nRUN useradd -u 990 web\nRUN chown web /app\nUSER web\nCMD ["./app"]\n',
    ],
    'linked layers know no names': [
      'FROM ⟦node:24⟧\nWORKDIR /app\nCOPY --link --chmod=644 server.js .\nADD ["data", "/app/data/"]\nCMD ["x"]\n',
      'FROM node:24\nWORKDIR /app\nRUN chown node:node /app\nCOPY --chown=1000:1000 --link --chmod=644 server.js .\nADD --chown=node:node ["data", "/app/data/"]\nUSER node\nCMD ["x"]\n',
    ],
    'who owns the files already': [
      'FROM ⟦debian:13⟧\nCOPY --chown=www-data:www-data site /srv/site\nCMD ["x"]\n',
      'FROM debian:13\nCOPY --chown=www-data:www-data site /srv/site\nUSER www-data\nCMD ["x"]\n',
    ],
    'the user of the base image comes back': [
      'FROM jenkins/jenkins:lts\nUSER ⟦root⟧\nRUN apt-get update\n',
      'FROM jenkins/jenkins:lts\nUSER root\nRUN apt-get update\nUSER jenkins\n',
    ],
    'a home for npm': [
      'FROM ⟦debian:13⟧\nCMD ["npm", "start"]\n',
      'FROM debian:13\nRUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --create-home --shell /usr/sbin/nologin app\nUSER app\nCMD ["npm", "start"]\n',
    ],
    'nginx that needs no root': [
      'FROM ⟦nginx:1.29-alpine⟧\nCOPY site /usr/share/nginx/html\nEXPOSE 80\n',
      'FROM nginxinc/nginx-unprivileged:1.29-alpine\nCOPY site /usr/share/nginx/html\nEXPOSE 8080\n',
    ],
    'the tag of distroless': [
      'FROM ⟦gcr.io/distroless/static-debian12⟧\nCOPY app /app\nENTRYPOINT ["/app"]\n',
      {
        text: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY app /app\nENTRYPOINT ["/app"]\n',
        title: 'Use the tag nonroot',
      },
    ],
    'the folder of a parent stage': [
      'FROM node:24 AS base\nWORKDIR /app\nFROM ⟦base⟧\nCOPY . .\nCMD ["x"]\n',
      'FROM node:24 AS base\nWORKDIR /app\nFROM base\nRUN mkdir -p /app && chown node:node /app\nCOPY --chown=node:node . .\nUSER node\nCMD ["x"]\n',
    ],
    'a folder that is filled where it is made': [
      'FROM ⟦debian:13⟧\nRUN mkdir -p /opt/solr \\\n    && curl -fsS https://example.com/solr.tgz | tar xz -C /opt/solr\nWORKDIR /opt/solr\nCMD ["bin/solr", "-f"]\n',
      'FROM debian:13\nRUN groupadd --system --gid 10001 app && useradd --system --uid 10001 --gid app --no-create-home --shell /usr/sbin/nologin app\nRUN mkdir -p /opt/solr \\\n    && curl -fsS https://example.com/solr.tgz | tar xz -C /opt/solr \\\n    && chown -R 10001:10001 /opt/solr\nWORKDIR /opt/solr\nUSER app\nCMD ["bin/solr", "-f"]\n',
    ],
    'a folder made without a shell': [
      'FROM ⟦node:24⟧\nRUN ["mkdir", "/data"]\nVOLUME /data\nCMD ["x"]\n',
      'FROM node:24\nRUN ["mkdir", "/data"]\nRUN mkdir -p /data && chown node:node /data\nVOLUME /data\nUSER node\nCMD ["x"]\n',
    ],
    'the administrator of Windows': [
      'FROM registry.example.com/team/windows:1\nUSER ⟦ContainerAdministrator⟧\nCMD ["x"]\n',
      'FROM registry.example.com/team/windows:1\nUSER ContainerUser\nCMD ["x"]\n',
    ],
  },
});

describe('how loud root-user is', () => {
  const cases: Readonly<Record<string, readonly [text: string, severity: string, context?: Record<string, string>]>> = {
    'a program': ['FROM node:24\nCMD ["node", "x.js"]\n', 'warning'],
    'nginx as the image starts it': ['FROM nginx:1.29\nCOPY site /usr/share/nginx/html\n', 'info'],
    'PHP with Apache': ['FROM php:8.4-apache\nCOPY . .\n', 'info'],
    'PHP with FPM': ['FROM php:8.4-fpm-alpine\nCOPY . .\nCMD ["php-fpm"]\n', 'info'],
    'PHP alone': ['FROM php:8.4-cli\nCMD ["php", "x.php"]\n', 'warning'],
    'PHP’s own server in an image with FPM': ['FROM php:8.4-fpm\nCMD ["php", "artisan", "serve"]\n', 'warning'],
    'a server of the distribution': ['FROM debian:13\nCMD ["nginx", "-g", "daemon off;"]\n', 'info'],
    'a server beside a program': ['FROM debian:13\nCMD nginx && exec node x.js\n', 'warning'],
    'a server that stays root': [
      'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
      'warning',
      { 'nginx.conf': 'user root;\n' },
    ],
    'a server that does not': [
      'FROM nginx:1.29\nCOPY nginx.conf /etc/nginx/nginx.conf\n',
      'info',
      { 'nginx.conf': 'user nginx;\n' },
    ],
  };
  for (const [name, [text, severity, files]] of Object.entries(cases)) {
    it(name, () => {
      const context = files && new BuildContext(contextReaderOf(files));
      const { findings } = lint(buildModel(text, { context, today: testToday }), [rootUser], {});
      assert.deepEqual(
        findings.map((finding) => finding.severity),
        [severity],
      );
    });
  }
});

it('rule root-user names the administrator of Windows as Windows does', () => {
  const message = (text: string): string | undefined =>
    lint(buildModel(text, { today: testToday }), [rootUser], {}).findings[0]?.message;
  assert.equal(
    message('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD ["x.exe"]\n'),
    'The container runs as ContainerAdministrator, the default of mcr.microsoft.com/windows/servercore:ltsc2022; let USER name another before it starts.',
  );
  assert.match(message('FROM debian:13\nUSER root\n') ?? '', /runs as root;/);
});
