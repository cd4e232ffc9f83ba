import assert from 'node:assert/strict';
import { lint } from '../../../lint/lint.ts';
import { buildModel } from '../../../model/dockerfile.ts';
import { describeRewrites } from '../../../../../test/helpers/describeRewrites.ts';
import { singleStageBuild } from '../single-stage-build.ts';

describeRewrites('toolchains', {
  offers: {},
  declines: {
    make: {
      text: 'FROM ⟦golang:1.26⟧\nWORKDIR /src\nCOPY . .\nRUN make build\nCMD ["/src/bin/server"]\n',
      reason: 'what make writes',
    },
    'a script': {
      text: 'FROM ⟦rust:1⟧\nWORKDIR /src\nCOPY . .\nRUN ./build.sh --release\nCMD ["./out/server"]\n',
      reason: 'what ./build.sh writes',
    },
    'a C compiler': {
      text: 'FROM ⟦gcc:14⟧\nWORKDIR /src\nCOPY . .\nRUN gcc -o app main.c\nCMD ["./app"]\n',
      reason: 'what gcc writes',
    },
    'cmake in two steps': {
      text: 'FROM ⟦gcc:14⟧\nWORKDIR /src\nCOPY . .\nRUN cmake -B out && cmake --build out\nENTRYPOINT ./out/app --verbose\n',
      reason: 'what cmake writes',
    },
  },
});

describe('images of a toolchain that are left alone', () => {
  const cases: Readonly<Record<string, string>> = {
    'the toolchain starts': 'FROM golang:1.26\nCOPY . .\nRUN make deps\nCMD ["make", "serve"]\n',
    'a tool compiles at each change': 'FROM golang:1.26\nCOPY . .\nRUN make tools\nCMD ["air"]\n',
    'a shell to work in': 'FROM gcc:14\nRUN make -C /opt/x install\nCMD ["/bin/bash"]\n',
    'nothing is built': 'FROM golang:1.26\nCOPY app /app\nCMD ["/app"]\n',
    'a build stage': 'FROM gcc:14 AS build\nRUN make\nFROM debian:13-slim\nCOPY --from=build /app /app\nCMD ["/app"]\n',
    'a script of its own starts': 'FROM gcc:14\nCOPY . .\nRUN make\nCMD ["./run-tests.sh"]\n',
  };
  for (const [name, text] of Object.entries(cases)) {
    it(name, () => assert.deepEqual(lint(buildModel(text), [singleStageBuild], {}).findings, []));
  }
});
