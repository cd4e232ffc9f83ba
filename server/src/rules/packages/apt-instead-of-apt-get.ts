import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import { type Edit, insertAfter, replace } from '../../text/edit.ts';

/** Subcommands that apt-get has too and where it does the same. */
const shared = [
  'install',
  'reinstall',
  'update',
  'remove',
  'purge',
  'autoremove',
  'autopurge',
  'clean',
  'autoclean',
  'build-dep',
  'source',
  'download',
  'satisfy',
];

export const aptInsteadOfAptGet = defineRule({
  id: 'apt-instead-of-apt-get',
  practice: 'packages',
  summary: '`apt` is made for people; its options and output may change between releases.',
  why:
    '`apt` warns by itself that its command line is not stable: its manual reserves the right to change it. ' +
    '`apt-get` and `apt-cache` keep theirs, so scripts and builds use those.',
  severity: 'info',
  fix: 'safe',
  changes: ['command-words'],
  aliases: ['hadolint/DL3027', 'checkov/CKV_DOCKER_9', 'kics/run_using_apt'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt update && apt-get install -y nginx\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y nginx\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of dockerfile.commands('apt')) {
      const { nameWord } = command.shell;
      if (!nameWord || command.run.script?.functions.includes('apt')) continue;
      const fix = repair(command);
      report({
        range: nameWord.range,
        message: "apt's command line is not stable and made for people; use apt-get (or apt-cache) in a build.",
        ...(fix ? { fixes: [fix] } : {}),
      });
    }
  },
});

function repair(command: Command): FixProposal | undefined {
  const { subcommand, subcommandRange } = command;
  const { nameWord } = command.shell;
  if (subcommand === undefined || !nameWord?.text.endsWith('apt') || !isEditable(command.run)) return undefined;
  const name = { start: nameWord.range.end - 'apt'.length, end: nameWord.range.end };
  const call = (program: string, ...more: readonly Edit[]): Edit[] => [replace(name, program), ...more];
  // apt-get also takes a pattern that matches no name for a regular expression.
  if (command.args.some((word) => /[*?]/.test(word.text))) {
    return shared.includes(subcommand)
      ? { title: 'Use apt-get (may read the pattern in another way)', safety: 'suggestion', edits: call('apt-get') }
      : undefined;
  }
  if (shared.includes(subcommand)) return { title: 'Use apt-get', edits: call('apt-get') };
  // `apt upgrade` installs new packages where an upgrade needs them; apt-get only does when told.
  if (subcommand === 'upgrade')
    return {
      title: 'Use apt-get upgrade --with-new-pkgs',
      edits: call('apt-get', insertAfter(subcommandRange, ' --with-new-pkgs')),
    };
  if (subcommand === 'full-upgrade')
    return { title: 'Use apt-get dist-upgrade', edits: call('apt-get', replace(subcommandRange, 'dist-upgrade')) };
  if (['search', 'show', 'policy', 'depends', 'rdepends'].includes(subcommand)) {
    return { title: 'Use apt-cache (prints in another layout)', safety: 'suggestion', edits: call('apt-cache') };
  }
  return undefined;
}
