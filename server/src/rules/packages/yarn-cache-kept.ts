import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { isYarnOne } from '../../model/lockFile.ts';
import { insertBehind } from '../../model/scriptEdits.ts';

export const yarnCacheKept = defineRule({
  id: 'yarn-cache-kept',
  practice: 'packages',
  summary: 'Yarn 1 keeps a second copy of every package in a cache inside the image.',
  why:
    'Yarn 1 unpacks each package twice: into `node_modules` and into its cache. A running container never reads the ' +
    'cache; `yarn cache clean` in the same `RUN` removes it. Later versions of Yarn may load packages right out of ' +
    'their cache, so there it is left alone.',
  severity: 'hint',
  fix: 'safe',
  changes: ['clean-up'],
  aliases: ['hadolint/DL3060'],
  examples: [
    {
      before: 'FROM node:24-slim\nRUN yarn global add serve\n',
      after: 'FROM node:24-slim\nRUN yarn global add serve && yarn cache clean\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const installs = run.installs.filter((use) => use.manager === 'yarn').map((use) => use.command);
      const last = installs.at(-1);
      if (!last || run.form === 'exec' || isYarnOne(last) === false || isElsewhere(last)) continue;
      if (run.packageUses.some((use) => use.manager === 'yarn' && use.action === 'clean')) continue;
      report({
        range: last.subcommandRange,
        message: 'Yarn keeps a second copy of every package in its cache inside the image; clean it in the same RUN.',
        ...repair(last),
      });
    }
  },
});

function isElsewhere({ run, stage, shell }: Command): boolean {
  if (
    run.hasMountMatching(/(?:^|\/)\.?yarn[\w-]*(?:\/(?:\.?cache|berry)[\w/-]*)?\/?$|\/\.cache\/?$/) ||
    run.removes(/yarn|\.cache/)
  )
    return true;
  if (shell.args.some((word) => /^--cache-folder|^--offline/.test(word.text))) return true;
  return (
    stage.envAt(run.instruction).get('YARN_CACHE_FOLDER') !== undefined ||
    /YARN_CACHE_FOLDER|cache-folder/.test(run.scriptText)
  );
}

function repair(last: Command): Pick<Report, 'fixes' | 'withheld'> {
  if (/--(?:prefer-)?offline\b/.test(last.stage.dockerfile.text.slice(last.range.end)))
    return { withheld: 'A later step installs offline, out of this cache.' };
  const { caller } = last;
  const edit = caller === undefined ? undefined : insertBehind(last, `${caller} cache clean`);
  if (!edit) return { withheld: 'There is no certain place in the script for the clean-up.' };
  const isSure = isYarnOne(last) === true;
  return {
    fixes: [
      {
        title: isSure ? 'Add yarn cache clean' : 'Add yarn cache clean (right for Yarn 1 only)',
        safety: isSure ? 'safe' : 'suggestion',
        edits: [edit],
      },
    ],
  };
}
