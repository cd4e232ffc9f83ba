import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { fixedPlatform } from './fixed-platform.ts';

describeRule(fixedPlatform, {
  accepts: {
    'no flag': 'FROM debian:13\n',
    'a variable': 'FROM --platform=$BUILDPLATFORM debian:13\n',
    'a stage for each':
      'FROM --platform=linux/amd64 debian:13 AS base-amd64\nFROM --platform=linux/arm/v7 debian:13 AS armv7\n',
    'an image for this platform only':
      'FROM --platform=linux/arm/v7 arm32v7/ruby:3.2\nFROM --platform=linux/arm64 example.org/tool:1.2-aarch64\nFROM --platform=linux/arm64 arm64v8/debian:13\n',
    Windows: 'FROM --platform=windows/amd64 mcr.microsoft.com/windows/nanoserver:ltsc2022\n',
  },
  fixes: {
    plain: ['FROM ⟦--platform=linux/amd64⟧ debian:13 AS x\n', { text: 'FROM debian:13 AS x\n', safety: 'suggestion' }],
    'an image for another platform': ['FROM ⟦--platform=linux/amd64⟧ arm64v8/debian:13\n', 'FROM arm64v8/debian:13\n'],
    'with a variant': ['FROM ⟦--platform=linux/arm/v7⟧ debian:13\n', 'FROM debian:13\n'],
  },
  reports: { 'across lines': 'FROM ⟦--platform=linux/amd64⟧ \\\n  debian:13\n' },
});
