import { describeRule } from '../../../../test/helpers/describeRule.ts';
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
    'only files to export': 'FROM golang:1.26 AS build\nRUN go build -o /x\nFROM scratch\nCOPY --from=build /x /x',
    'a number on windows is no root': 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser',
  },
  reports: {
    'nginx needs more than USER': 'FROM ⟦nginx:1.29⟧\nCOPY site /usr/share/nginx/html',
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
      { text: 'FROM node:24\nEXPOSE 80\nUSER node\nCMD ["x"]\n', title: 'port 80 then needs' },
    ],
  },
});
