import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { undefinedStage } from './undefined-stage.ts';

const build = 'FROM golang:1.26 AS build\nRUN x\n';

describeRule(undefinedStage, {
  accepts: {
    'by name': `${build}FROM scratch\nCOPY --from=build /x /x`,
    'by number': `${build}FROM scratch\nCOPY --from=0 /x /x`,
    'in other case': `${build}FROM scratch\nCOPY --from=Build /x /x`,
    'an image': 'FROM debian:13\nCOPY --from=nginx:1.30 /etc/nginx /x\nCOPY --from=busybox /bin/busybox /x',
    'a variable': 'FROM debian:13\nCOPY --from=$IMAGE /x /x',
    'a named context': 'FROM debian:13\nCOPY --from=assets /x /x',
    'a mount': `${build}FROM debian:13\nRUN --mount=type=bind,from=build,target=/b x`,
  },
  reports: {
    itself: 'FROM debian:13 AS a\nCOPY --from=⟦a⟧ /x /x',
    'itself by number': 'FROM debian:13\nCOPY --from=⟦0⟧ /x /x',
    'too high': `${build}FROM scratch\nCOPY --from=⟦7⟧ /x /x`,
    later: 'FROM debian:13\nCOPY --from=⟦build⟧ /x /x\nFROM debian:13 AS build',
  },
  fixes: {
    misspelled: [`${build}FROM scratch\nCOPY --from=⟦biuld⟧ /x /x`, `${build}FROM scratch\nCOPY --from=build /x /x`],
    'in a mount': [
      `${build}FROM debian:13\nRUN --mount=type=bind,from=⟦buid⟧,target=/b x`,
      `${build}FROM debian:13\nRUN --mount=type=bind,from=build,target=/b x`,
    ],
  },
});
