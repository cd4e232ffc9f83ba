import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { relativeWorkdir } from './relative-workdir.ts';

describeRule(relativeWorkdir, {
  accepts: {
    absolute: 'WORKDIR /app',
    'relative behind an absolute one': 'WORKDIR /app\nWORKDIR src',
    'continued from the parent stage': 'FROM debian:13 AS a\nWORKDIR /app\nFROM a\nWORKDIR src',
    'a variable that can’t be known': 'ARG HOME_DIR\nWORKDIR $HOME_DIR',
    'a variable with an absolute value': 'ENV APP=/app\nWORKDIR $APP/src',
    'a variable of the base image': 'WORKDIR $HOME',
    Windows: 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nWORKDIR C:/app',
    'Windows without a drive': 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nWORKDIR \\app',
    quoted: 'WORKDIR "/app"',
    none: 'RUN x',
  },
  fixes: {
    'below /': ['WORKDIR ⟦app⟧', { text: 'WORKDIR /app', safety: 'safe' }],
    'dots are resolved': ['WORKDIR ⟦./app/⟧', 'WORKDIR /app'],
    'where the base image works': [
      'FROM golang:1.26\nWORKDIR ⟦src/app⟧\n',
      { text: 'FROM golang:1.26\nWORKDIR /go/src/app\n', safety: 'safe' },
    ],
    'only the first one': ['WORKDIR ⟦a⟧\nWORKDIR b', 'WORKDIR /a\nWORKDIR b'],
    scratch: ['FROM scratch\nWORKDIR ⟦app⟧\n', { text: 'FROM scratch\nWORKDIR /app\n', safety: 'safe' }],
    'a base image that is not known': [
      'FROM example.com/base\nWORKDIR ⟦app⟧\n',
      { text: 'FROM example.com/base\nWORKDIR /app\n', safety: 'suggestion', title: 'assumes' },
    ],
    'quotes stay': ['WORKDIR ⟦"my app"⟧', 'WORKDIR "/my app"'],
    'a known variable': ['ENV APP=app\nWORKDIR ⟦$APP⟧', { text: 'ENV APP=app\nWORKDIR /$APP', safety: 'safe' }],
    'in two stages': [
      'FROM debian:13 AS a\nWORKDIR ⟦a⟧\nFROM debian:13\nworkdir ⟦b⟧',
      'FROM debian:13 AS a\nWORKDIR /a\nFROM debian:13\nworkdir /b',
    ],
  },
  reports: {
    'a tilde is no home folder': 'WORKDIR ⟦~/app⟧',
    'dots before a variable': 'ENV A=b\nWORKDIR ⟦./$A⟧',
    'Windows by the escape character': '# escape=`\nFROM example.com/win\nWORKDIR ⟦app⟧',
  },
});
