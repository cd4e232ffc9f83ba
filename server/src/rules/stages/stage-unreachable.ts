import { defineRule } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';

export const stageUnreachable = defineRule({
  id: 'stage-unreachable',
  practice: 'stages',
  summary: 'No other stage uses this one, and its name does not say that it is built by itself.',
  why: [
    'BuildKit builds only what the last stage needs. A stage that nothing is built FROM, copied from or mounted from is skipped: what it checks is not checked, what it makes is not shipped. Often a `COPY --from` was lost or names another stage.',
    '',
    'A stage can also be there to be built by its name (`--target test`). So the rule speaks only of stages without a name, and of those whose name says that they make something for others (`build`, `deps`, `base`, …), and only when they start no program of their own.',
  ].join('\n'),
  severity: 'hint',
  fix: 'none',
  aliases: ['tally/no-unreachable-stages'],
  examples: [
    {
      before:
        'FROM node:24 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n\nFROM nginx:1.29\nCOPY dist /usr/share/nginx/html\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      if (stage.isReachable || stage.usedBy.length > 0 || !isMeantForOthers(stage)) continue;
      report({
        range: (stage.nameWord ?? stage.base.word)?.range ?? stage.from.keywordRange,
        message: `Nothing in this file uses ${stage.nameWord ? `the stage ${stage.nameWord.text}` : 'this stage'}, so it is not built; copy from it, or remove it.`,
        tags: ['unnecessary'],
      });
    }
  },
});

/** Whether a stage makes no sense alone: it can't be asked for by name, or its name speaks of making something. */
function isMeantForOthers(stage: Stage): boolean {
  // A stage with a program to start is an image of its own.
  const starts = stage.instructions.some((each) => ['CMD', 'ENTRYPOINT', 'ONBUILD'].includes(each.keyword));
  if (stage.name === undefined) return !starts;
  return (
    !starts &&
    /^(?:build(?:er|-stage|-env)?|compile[r]?|dep(?:s|endencies)|base|common|sources?|install(?:er)?|assets|vendor)$/.test(
      stage.name,
    )
  );
}
