import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import { go } from './rewrite/go.ts';
import { node } from './rewrite/node.ts';
import { type Ecosystem, type RewritePlan, rewriteEdits } from './rewrite/plan.ts';

/** In the order in which they are asked; the first that knows its build answers. */
const ecosystems: readonly Ecosystem[] = [go, node];

export const singleStageBuild = defineRule({
  id: 'single-stage-build',
  practice: 'stages',
  summary: 'The image ships what only its build needs: compilers, sources, dev dependencies.',
  why: [
    'What builds a program is many times larger than the program, and every package of it can have vulnerabilities that the running container never needed.',
    '',
    'Build in one stage, start a second one from a slim image, and copy over what runs. The rewrite does this for Go programs and for Node.js projects with a build step: the build stays as it is, the final stage takes the result, runs as a non-root user, and keeps `ENV`, `EXPOSE`, `CMD` and the like.',
    '',
    'It is withheld where the program might need something else of the build: packages of the distribution, C libraries, a shell, files outside of its folder. The reason is told.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: ['kics/multiple_stage_build', 'tally/prefer-multi-stage-build'],
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
    if (!stage || stage.parent || !stage.base.word || stage.instructions.some((each) => each.keyword === 'ONBUILD'))
      return;
    for (const ecosystem of ecosystems) {
      const command = ecosystem.buildCommand(stage);
      if (!command) continue;
      const answer = ecosystem.plan(stage);
      report({
        range: stage.base.word.range,
        message: `The image ships ${ecosystem.ships}; build in one stage and copy the result into a slim one.`,
        fixes: answer.kind === 'plan' ? [rewrite(stage, answer.plan)] : [],
        related: [{ range: command.range, message: `This builds the ${ecosystem.name} program.` }],
        ...(answer.kind === 'declined' ? { withheld: `No rewrite is offered: ${answer.reason}.` } : {}),
      });
      return;
    }
  },
});

function rewrite(stage: Stage, plan: RewritePlan): FixProposal {
  const assumes = plan.assumes.length > 0 ? `; assumes ${plan.assumes.join(' and ')}` : '';
  return {
    title: `Split into a build stage and a final stage from ${plan.image} (runs as ${plan.user ?? 'non-root'}${assumes})`,
    edits: rewriteEdits(stage, plan),
    kind: 'rewrite',
    preferred: false,
  };
}
