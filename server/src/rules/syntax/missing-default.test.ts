import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { missingDefault } from './missing-default.ts';

describeRule(missingDefault, {
  accepts: {
    'a default': 'ARG V=13\nFROM debian:$V\n',
    'a default in FROM': 'ARG V\nFROM debian:${V:-13}\n',
    'a name without it': 'ARG SUFFIX\nFROM debian:13$SUFFIX\n',
    'a registry that may be empty': 'ARG REGISTRY\nFROM ${REGISTRY}debian:13\n',
    'not used in FROM': 'ARG V\nFROM debian:13\nARG V\n',
    'not declared is for another rule': 'FROM debian:$V\n',
    'the platform': 'FROM --platform=$BUILDPLATFORM debian:13\n',
  },
  fixes: {
    'a tag': [
      'ARG ⟦V⟧\nFROM node:$V\nFROM node:$V\n',
      { text: 'ARG V=26\nFROM node:$V\nFROM node:$V\n', safety: 'suggestion' },
    ],
    'the slim one': ['ARG ⟦V⟧\nFROM node:${V}\n', { text: 'ARG V=26-slim\nFROM node:${V}\n', title: '26-slim' }],
  },
  reports: {
    'the whole name': 'ARG ⟦BASE⟧\nFROM $BASE\n',
    'an image that is not known': 'ARG ⟦V⟧\nFROM example.org/app:${V}\n',
    'several of them': 'ARG ⟦A⟧\nARG B\nFROM node:$A$B\n',
    'a part of a tag': 'ARG ⟦V⟧\nFROM node:$V-slim\n',
  },
});
