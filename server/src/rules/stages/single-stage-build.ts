import { defineRule } from '../../lint/rule.ts';
import { rewriteDoubts, rewriteFix, shippedBuild } from './rewrite/index.ts';

export const singleStageBuild = defineRule({
  id: 'single-stage-build',
  practice: 'stages',
  summary: 'The image ships what only its build needs: compilers, sources, dev dependencies.',
  why: [
    'What builds a program is many times larger than the program, and every package of it can have vulnerabilities that the running container never needed.',
    '',
    'Build in one stage, start a second one from a slim image, and copy over what runs. The rewrite does this for Go, Rust, Java (Maven, Gradle), .NET, for Node.js projects with a build step, for Python and Ruby projects that compile their dependencies, for PHP projects that Composer installs, and for web sites that are only files: the build stays as it is, the final stage takes the result, runs as a non-root user, and keeps `ENV`, `EXPOSE`, `CMD` and the like.',
    '',
    'What `make`, a script or a C compiler builds in an image of a toolchain (Go, Rust, GCC, Haskell, Swift) is told without a rewrite: what is written there can’t be seen.',
    '',
    'It is withheld where the program might need something else of the build: packages of the distribution, C libraries, a shell, files outside of its folder. The reason is told. What the files of the build context could tell, but are not known, is named as an assumption.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: ['tally/prefer-multi-stage-build'],
  examples: [
    {
      before:
        'FROM golang:1.26\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server ./cmd/server\nEXPOSE 8080\nCMD ["/server"]\n',
      after:
        'FROM golang:1.26 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server ./cmd/server\n\nFROM gcr.io/distroless/static-debian13:nonroot\nWORKDIR /src\nCOPY --from=build /server /server\nEXPOSE 8080\nCMD ["/server"]\n',
    },
  ],
  check({ dockerfile, report }) {
    const stage = dockerfile.finalStage;
    const build = stage && shippedBuild(stage);
    if (!stage || !build) return;
    const { ecosystem, command, answer } = build;
    report({
      range: stage.base.word!.range,
      message: `The image ships ${ecosystem.ships}; build in one stage and copy the result into a slim one.`,
      fixes: answer.kind === 'plan' ? [rewriteFix(stage, answer.plan, verb)] : [],
      related: [{ range: command.range, message: `This is its build (${ecosystem.name}).` }],
      ...(answer.kind === 'declined'
        ? { withheld: `No rewrite is offered: ${answer.reason}.` }
        : rewriteDoubts(stage, answer.plan, verb)),
    });
  },
});

const verb = 'Split into build stage and';
