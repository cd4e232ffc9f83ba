import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { malformedFrom } from './malformed-from.ts';

describeRule(malformedFrom, {
  accepts: {
    'an image': 'FROM debian:13',
    'a stage': 'FROM --platform=linux/amd64 debian:13 AS build-1.x_y',
    'lower case': 'from debian:13 as build',
  },
  reports: {
    'a name that starts with a digit': 'FROM debian:13 AS ⟦1st⟧',
    'too many words': 'FROM debian:13 ⟦AS build # stage⟧',
    'AS without a name and a flag behind': 'FROM debian:13 ⟦--platform=x⟧',
  },
  fixes: {
    'AS is missing': ['FROM debian:13 ⟦build⟧', 'FROM debian:13 AS build'],
    'a colon is missing': ['FROM debian ⟦13-slim⟧', 'FROM debian:13-slim'],
    'another word': ['FROM debian:13 ⟦SA⟧ build', 'FROM debian:13 AS build'],
  },
});
