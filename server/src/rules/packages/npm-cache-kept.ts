import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertBehind } from '../../model/scriptEdits.ts';

export const npmCacheKept = defineRule({
  id: 'npm-cache-kept',
  practice: 'packages',
  summary: '`npm install` keeps a second copy of every package in a cache inside the image.',
  why:
    'npm stores each downloaded archive under `~/.npm/_cacache`, beside the copy unpacked in `node_modules`. A running ' +
    'container never reads it. Remove it in the same `RUN`, or keep it out of the image and builds fast with ' +
    '`RUN --mount=type=cache,target=/root/.npm`.',
  severity: 'hint',
  fix: 'safe',
  changes: ['clean-up'],
  aliases: [],
  examples: [
    {
      before: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev\n',
      after: 'FROM node:24-slim\nCOPY package*.json ./\nRUN npm ci --omit=dev && npm cache clean --force\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const installs = run.installs.filter((use) => use.manager === 'npm').map((use) => use.command);
      const last = installs.at(-1);
      if (!last || run.form === 'exec' || installs.some(isElsewhere) || isCleaned(last)) continue;
      report({
        range: last.subcommandRange,
        message:
          'npm keeps a second copy of every package in ~/.npm inside the image; clean its cache in the same RUN.',
        ...repair(last),
      });
    }
  },
});

/** The cache is put somewhere else, or nothing is installed. */
function isElsewhere(command: Command): boolean {
  const { run, stage } = command;
  if (command.hasOption('--cache', '--dry-run', '--package-lock-only', '--help')) return true;
  const named = stage.envAt(run.instruction).variables.some((variable) => /^npm_config_cache$/i.test(variable.name));
  return named || /npm_config_cache|npm config set cache/i.test(run.scriptText);
}

function isCleaned(last: Command): boolean {
  const { run } = last;
  if (
    run.hasMountMatching(/(?:^|\/)(?:\.?npm(?:[-_]cache)?|_cacache|\.cache)\/?$|^\/root\/?$/) ||
    run.removes(/\.npm\b|_cacache|\/root\/\.\*|\/root\/\*|(?:~|\/root|HOME\}?)(?:\/\.\w*\*|\s|$)/)
  )
    return true;
  return run.packageUses.some(
    (use) => use.manager === 'npm' && use.action === 'clean' && use.command.subcommand === 'cache',
  );
}

function repair(last: Command): Pick<Report, 'fixes' | 'withheld'> {
  if (isReadLater(last)) return { withheld: 'A later step installs offline, out of this cache.' };
  const { caller } = last;
  const edit = caller === undefined ? undefined : insertBehind(last, `${caller} cache clean --force`);
  if (!edit) return { withheld: 'There is no certain place in the script for the clean-up.' };
  return { fixes: [{ title: 'Add npm cache clean --force', edits: [edit] }] };
}

function isReadLater(last: Command): boolean {
  const { dockerfile } = last.stage;
  return /--(?:prefer-)?offline\b/.test(dockerfile.text.slice(last.range.end));
}
