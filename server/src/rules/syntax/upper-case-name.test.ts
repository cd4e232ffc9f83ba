import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { upperCaseName } from './upper-case-name.ts';

describeRule(upperCaseName, {
  accepts: {
    'lower case': 'FROM debian:13 AS build-1.0\nFROM build-1.0\nEXPOSE 80/tcp 53/udp 8080\n',
    'no name': 'FROM debian:13\n',
    'a variable': 'FROM debian:13\nEXPOSE $PORT/TCP\n',
    'two of one name': 'FROM debian:13 AS A\nFROM debian:13 AS a\n',
    'no protocol': 'FROM debian:13\nEXPOSE 80/HTTP\n',
  },
  fixes: {
    'a stage and its uses': [
      'FROM debian:13 AS ⟦Base⟧\nFROM base AS x\nFROM Base\nCOPY --from=BASE /a /b\nRUN --mount=type=bind,from=Base,target=/x ls\nCOPY --from=x /a /c\n',
      {
        text: 'FROM debian:13 AS base\nFROM base AS x\nFROM base\nCOPY --from=base /a /b\nRUN --mount=type=bind,from=base,target=/x ls\nCOPY --from=x /a /c\n',
        safety: 'safe',
      },
    ],
    'an image of the same name stays': [
      'FROM Base/x AS ⟦Base⟧\nCOPY --from=Base/x /a /b\n',
      'FROM Base/x AS base\nCOPY --from=Base/x /a /b\n',
    ],
    protocols: ['FROM debian:13\nEXPOSE 80/⟦TCP⟧ 53/⟦Udp⟧ 81/tcp\n', 'FROM debian:13\nEXPOSE 80/tcp 53/udp 81/tcp\n'],
  },
});
