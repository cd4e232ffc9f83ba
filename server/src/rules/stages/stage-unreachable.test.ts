import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { stageUnreachable } from './stage-unreachable.ts';

describeRule(stageUnreachable, {
  accepts: {
    'one stage': 'FROM debian:13',
    'copied from': 'FROM golang:1.26 AS build\nRUN go build\nFROM scratch\nCOPY --from=build /x /x',
    'copied from by number': 'FROM golang:1.26\nRUN go build\nFROM scratch\nCOPY --from=0 /x /x',
    mounted: 'FROM debian:13 AS deps\nFROM debian:13\nRUN --mount=from=deps,target=/d ls /d',
    'built on': 'FROM debian:13 AS base\nFROM base',
    'a target of its own': 'FROM debian:13 AS test\nRUN make test\nFROM debian:13 AS dev\nFROM debian:13',
    'a stage that such a target uses': 'FROM debian:13 AS build\nFROM build AS test\nFROM debian:13',
    'an image of its own': 'FROM debian:13 AS builder\nCMD ["make"]\nFROM debian:13',
    'a name that is not known': 'FROM debian:13 AS worker\nFROM debian:13 AS web',
  },
  reports: {
    'a build stage that nothing is copied from': 'FROM golang:1.26 AS ⟦build⟧\nRUN go build\nFROM debian:13\nCOPY x /x',
    'a stage without a name': 'FROM ⟦golang:1.26⟧\nRUN go build\nFROM debian:13',
    'in lower case': 'from debian:13 as ⟦Builder⟧\nfrom debian:13 as final\n',
    'its name is given to another stage': 'FROM debian:13 AS ⟦deps⟧\nFROM debian:13 AS deps\nFROM deps',
  },
});
