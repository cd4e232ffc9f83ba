import { defineRule } from '../../lint/rule.ts';
import { insertAfter } from '../../text/edit.ts';

/** Above this number the sparse files grow to some 100 MB in a layer. */
const largestPlainUid = 99_999;

export const sparseLastlog = defineRule({
  id: 'sparse-lastlog',
  practice: 'users',
  summary: '`useradd` with a very large uid writes huge sparse log files into the layer.',
  why: '`useradd` records the new user in `/var/log/lastlog` and `/var/log/faillog`, at a place that its number gives. The files are sparse, but the archive of a layer is not: a uid of ten digits makes a layer of many gigabytes or fills the disk of the builder. `--no-log-init` leaves both files alone.',
  severity: 'warning',
  fix: 'safe',
  changes: ['command-words'],
  aliases: ['hadolint/DL3046'],
  examples: [
    {
      before: 'FROM debian:13\nRUN useradd -u 1000650000 app\n',
      after: 'FROM debian:13\nRUN useradd --no-log-init -u 1000650000 app\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of dockerfile.commands('useradd')) {
      const uid = command.optionValue('-u') ?? command.optionValue('--uid');
      if (uid === undefined || !/^\d+$/.test(uid) || Number(uid) <= largestPlainUid) continue;
      if (command.hasOption('-l', '--no-log-init')) continue;
      const name = command.shell.nameWord!.range;
      report({
        range: command.args.find((word) => word.value === uid || word.value?.endsWith(`=${uid}`))?.range ?? name,
        message: `useradd with uid ${uid} fills the layer with log records; add --no-log-init.`,
        fixes: [{ title: 'Add --no-log-init', edits: [insertAfter(name, ' --no-log-init')] }],
      });
    }
  },
});
