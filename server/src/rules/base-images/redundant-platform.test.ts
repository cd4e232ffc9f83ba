import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { redundantPlatform } from './redundant-platform.ts';

describeRule(redundantPlatform, {
  accepts: {
    'no flag': 'FROM debian:13\n',
    'the platform that builds': 'FROM --platform=$BUILDPLATFORM debian:13\n',
    'a constant': 'FROM --platform=linux/amd64 debian:13\n',
    'a default': 'FROM --platform=${TARGETPLATFORM:-linux/amd64} debian:13\n',
    'an argument of that name': 'ARG TARGETPLATFORM=linux/arm64\nFROM --platform=$TARGETPLATFORM debian:13\n',
  },
  fixes: {
    plain: ['FROM ⟦--platform=$TARGETPLATFORM⟧ debian:13 AS x\n', { text: 'FROM debian:13 AS x\n', safety: 'safe' }],
    'in braces': ['from  ⟦--platform=${TARGETPLATFORM}⟧  debian:13\n', 'from  debian:13\n'],
  },
  reports: { 'across lines': 'FROM ⟦--platform=$TARGETPLATFORM⟧ \\\n  debian:13\n' },
});
