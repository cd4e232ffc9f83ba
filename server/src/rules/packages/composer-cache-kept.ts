import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertBehind } from '../../model/scriptEdits.ts';

export const composerCacheKept = defineRule({
  id: 'composer-cache-kept',
  practice: 'packages',
  summary: '`composer install` keeps every downloaded archive in a cache inside the image.',
  why:
    'Composer stores the archives it downloads under `~/.composer/cache` or `~/.cache/composer`, beside what it unpacks ' +
    'in `vendor`. A running container never reads them. Clear the cache in the same `RUN`, or keep it out of the image ' +
    'with `RUN --mount=type=cache,target=/root/.composer/cache`.',
  severity: 'hint',
  fix: 'safe',
  changes: ['clean-up'],
  aliases: [],
  examples: [
    {
      before: 'FROM php:8.4-cli\nCOPY composer.json composer.lock ./\nRUN composer install --no-dev\n',
      after:
        'FROM php:8.4-cli\nCOPY composer.json composer.lock ./\nRUN composer install --no-dev && composer clear-cache\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      const uses = run.packageUses.filter((use) => use.manager === 'composer');
      const last = uses.filter((use) => use.action === 'install').at(-1)?.command;
      if (!last || run.form === 'exec' || uses.some((use) => use.action === 'clean') || isElsewhere(last)) continue;
      const { caller } = last;
      const edit = caller === undefined ? undefined : insertBehind(last, `${caller} clear-cache`);
      report({
        range: last.subcommandRange,
        message: 'Composer keeps every downloaded archive in its cache inside the image; clear it in the same RUN.',
        ...(edit
          ? { fixes: [{ title: 'Add composer clear-cache', edits: [edit] }] }
          : { withheld: 'There is no certain place in the script for the clean-up.' }),
      });
    }
  },
});

function isElsewhere(command: Command): boolean {
  const { run, stage } = command;
  if (command.hasOption('--no-cache', '--dry-run', '--help') || command.mayHold('--no-cache')) return true;
  if (
    run.hasMountMatching(/(?:^|\/)(?:\.?composer|\.?cache)\/?$|^\/(?:tmp|root)\/?$/) ||
    run.removes(/composer|\.cache|\/tmp\b/)
  )
    return true;
  const named = stage
    .envAt(run.instruction)
    .variables.some((variable) => /^COMPOSER_(?:CACHE_DIR|NO_CACHE)$/.test(variable.name));
  return named || /COMPOSER_(?:CACHE_DIR|NO_CACHE)/.test(run.scriptText);
}
