import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { userNameNotNumeric } from './user-name-not-numeric.ts';

describeRule(userNameNotNumeric, {
  accepts: {
    'a number': 'USER 10001:10001',
    'root is another matter': 'USER root',
    'a stage that only builds': 'FROM node:24 AS build\nUSER node\nFROM scratch\nUSER 1',
    'an argument without value': 'ARG RUN_AS\nUSER $RUN_AS',
    'Windows has no numbers': 'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerUser',
  },
  reports: {
    'the system chooses the number': 'RUN useradd -r app\nUSER ⟦app⟧',
    'a group by name': 'RUN useradd -u 900 app\nUSER ⟦app:app⟧',
    'from an argument': 'FROM node:24\nARG RUN_AS=node\nUSER ⟦$RUN_AS⟧',
  },
  fixes: {
    'made with a number': ['RUN useradd -u 900 app\nUSER ⟦app⟧\n', 'RUN useradd -u 900 app\nUSER 900\n'],
    'of the base image': ['FROM node:24\nUSER ⟦node⟧\n', 'FROM node:24\nUSER 1000\n'],
    'of a stage before': [
      'FROM alpine:3.22 AS base\nRUN adduser -D -u 700 app\nFROM base\nUSER ⟦app⟧\n',
      'FROM alpine:3.22 AS base\nRUN adduser -D -u 700 app\nFROM base\nUSER 700\n',
    ],
  },
});
