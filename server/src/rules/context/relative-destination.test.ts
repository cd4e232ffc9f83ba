import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { relativeDestination } from './relative-destination.ts';

describeRule(relativeDestination, {
  accepts: {
    'a WORKDIR': 'FROM node:24\nWORKDIR /app\nCOPY . .\n',
    'a WORKDIR below': 'FROM node:24 AS base\nWORKDIR /app\nFROM base\nCOPY . .\n',
    'the whole path': 'FROM node:24\nCOPY . /app\nADD ["a b", "/a b"]\n',
    'an image with a folder of its own': 'FROM php:8.4-apache\nCOPY . .\nFROM golang:1.26\nCOPY . .\n',
    'an image that is not known': 'FROM example.org/base\nCOPY . .\n',
    'a variable': 'FROM node:24\nARG DIR=/x\nCOPY . $DIR\nCOPY . $DIR/y\n',
    'nothing to mix with': 'FROM scratch\nCOPY app .\n',
    'a stage that does not ship': 'FROM alpine:3.22 AS get\nCOPY x.sha256 .\nFROM scratch\nCOPY --from=get /x /x\n',
    Windows: 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCOPY . app\n',
  },
  fixes: {
    'a folder': ['FROM node:24\nCOPY a b ⟦src/⟧\n', { text: 'FROM node:24\nCOPY a b /src/\n', safety: 'safe' }],
    'a folder with a dot': ['FROM node:24\nadd a ⟦./src⟧\n', 'FROM node:24\nadd a /src\n'],
    'JSON form': ['FROM node:24\nCOPY ["a b", ⟦"x y"⟧]\n', 'FROM node:24\nCOPY ["a b", "/x y"]\n'],
    'the root': [
      'FROM node:24\n# the project\nCOPY . ⟦.⟧\nRUN npm ci\n',
      { text: 'FROM node:24\nWORKDIR /app\n# the project\nCOPY . .\nRUN npm ci\n', safety: 'suggestion' },
    ],
    'a file of that name is made': [
      'FROM alpine:3.22\nCOPY . ⟦.⟧\nRUN go build -o /app .\nENTRYPOINT ["/app"]\n',
      'FROM alpine:3.22\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\nENTRYPOINT ["/app"]\n',
    ],
    'a folder of another stage has that name': [
      'FROM golang:1.26 AS build\nRUN x\nFROM alpine:3.22\nCOPY --from=build /app/x ⟦.⟧\nCMD ["./app"]\n',
      'FROM golang:1.26 AS build\nRUN x\nFROM alpine:3.22\nWORKDIR /app\nCOPY --from=build /app/x .\nCMD ["./app"]\n',
    ],
    'lower case': ['from node:24\ncopy . ⟦./⟧\n', 'from node:24\nworkdir /app\ncopy . ./\n'],
    'in front of a WORKDIR': [
      'FROM node:24\nCOPY package.json ⟦x/⟧\nWORKDIR /y\nCOPY . .\n',
      'FROM node:24\nCOPY package.json /x/\nWORKDIR /y\nCOPY . .\n',
    ],
  },
  reports: {
    'a home folder': 'FROM node:24\nCOPY . ⟦~/app⟧\n',
    'another stage copies from it':
      'FROM node:24 AS base\nCOPY . ⟦.⟧\nFROM base AS x\nRUN x\nFROM base\nCOPY --from=x /a /b\n',
  },
});
