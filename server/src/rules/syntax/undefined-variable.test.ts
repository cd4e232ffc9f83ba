import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { undefinedVariable } from './undefined-variable.ts';

describeRule(undefinedVariable, {
  accepts: {
    'PATH, which the builder sets': 'FROM scratch\nENV PATH "$PATH:/bin"\nFROM scratch\nENV PATH=$PATH:/x\n',
    declared: 'FROM debian:13\nARG A=1\nENV B=$A\nLABEL x=$A y=${B}\nUSER $B\n',
    'declared in front of FROM': 'ARG V=13\nFROM debian:$V\n',
    'declared once more': 'ARG V=13\nFROM debian:$V\nARG V\nLABEL v=$V\n',
    'set by the stage it is built from': 'FROM debian:13 AS a\nENV DIR=/x\nFROM a\nWORKDIR $DIR\n',
    'the builder’s own in FROM': 'FROM --platform=$BUILDPLATFORM debian:13\n',
    'a proxy': 'FROM debian:13\nENV http_proxy=$HTTP_PROXY\n',
    'a default': 'FROM debian:13\nWORKDIR ${DIR:-/app}\nENV A=${B:+x}\n',
    'of the base image': 'FROM golang:1.26\nWORKDIR $GOPATH/src\nENV PATH=$PATH:$CARGO_HOME/bin\n',
    'of the base image, declared for FROM': 'ARG NODE_VERSION=24\nFROM node:$NODE_VERSION\nLABEL v=$NODE_VERSION\n',
    'of an image that is not known': 'ARG VERSION=1\nFROM example.org/base:$VERSION\nLABEL v=$VERSION\n',
    'a shell’s own': 'FROM scratch\nRUN echo $X\nCMD echo $Y\nENTRYPOINT ["$Z"]\n',
    'kept from being one': "FROM scratch\nENV A=\\$B C='$D'\n",
    'the same name in one ENV, once more': 'FROM debian:13\nENV A=1\nENV A=2 B=$A\n',
    'its own earlier value': 'FROM debian:13\nENV PATH=/x:$PATH\n',
    'another name of the same kind': 'FROM debian:13\nENV APP_A=1\nENV X=$APP_B\n',
    'a word across lines': 'FROM scratch\nENV A=$B\\\nC\n',
    'of somebody else': 'FROM debian:13\nENV X=$SOMETHING\n',
  },
  fixes: {
    'an ARG for FROM alone': [
      'ARG VERSION=1\nFROM debian:13 AS x\n\nLABEL v=$⟦VERSION⟧ w=${VERSION}\n',
      {
        text: 'ARG VERSION=1\nFROM debian:13 AS x\nARG VERSION\n\nLABEL v=$VERSION w=${VERSION}\n',
        safety: 'suggestion',
      },
    ],
    'the platform': [
      'FROM example.org/base\ncopy app-$⟦TARGETARCH⟧ /app\n',
      'FROM example.org/base\nARG TARGETARCH\ncopy app-$TARGETARCH /app\n',
    ],
    'in a flag': [
      'ARG UID=1000\nFROM debian:13\nCOPY --chown=$⟦UID⟧ . .\n',
      'ARG UID=1000\nFROM debian:13\nARG UID\nCOPY --chown=$UID . .\n',
    ],
    'not declared for FROM': [
      'FROM debian:⟦$V⟧\nARG V=13\n'.replace('⟦$V⟧', '$⟦V⟧'),
      'ARG V\nFROM debian:$V\nARG V=13\n',
    ],
    'misspelt in FROM': [
      'ARG VERSION=13\nFROM debian:${⟦VERISON⟧}\n',
      { text: 'ARG VERSION=13\nFROM debian:${VERSION}\n', title: 'Write VERSION' },
    ],
    misspelt: [
      'FROM debian:13\nENV APP_HOME=/x\nWORKDIR $⟦APP_HOEM⟧\n',
      'FROM debian:13\nENV APP_HOME=/x\nWORKDIR $APP_HOME\n',
    ],
    'the path': ['FROM debian:13\nENV PATH=$⟦PAHT⟧:/x\n', 'FROM debian:13\nENV PATH=$PATH:/x\n'],
    'a letter too few': [
      'FROM debian:13\nARG BUILD_DIR=/x\nWORKDIR ${⟦BUILD_DI⟧}\n',
      'FROM debian:13\nARG BUILD_DIR=/x\nWORKDIR ${BUILD_DIR}\n',
    ],
    'set by the same ENV': [
      'FROM debian:13\nENV APP=/opt/app \\\n    BIN=$⟦APP⟧/bin\n',
      'FROM debian:13\nENV APP=/opt/app\nENV BIN=$APP/bin\n',
    ],
  },
  reports: {
    'in an image of its own': 'FROM scratch\nWORKDIR /$⟦DIR⟧\n',
    'set by the same ENV, with comments': 'FROM debian:13\nENV APP=/x \\\n    # programs\n    BIN=$⟦APP⟧/bin\n',
  },
});
