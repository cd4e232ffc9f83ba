import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertWord } from '../../model/scriptEdits.ts';

const asking = [
  'install',
  'in',
  'remove',
  'rm',
  'update',
  'up',
  'patch',
  'dist-upgrade',
  'dup',
  'install-new-recommends',
  'source-install',
  'si',
];

export const zypperWithoutYes = defineRule({
  id: 'zypper-without-yes',
  practice: 'packages',
  summary: '`zypper install` without `-y` waits for an answer and the build stops.',
  why:
    'A build has no keyboard: zypper prints its question, reads the end of the input, and gives up with an error. `-y` ' +
    'behind the subcommand (or `--non-interactive` in front of it) answers in advance.',
  severity: 'error',
  fix: 'safe',
  changes: ['command-words'],
  aliases: ['hadolint/DL3034', 'kics/missing_zypper_non_interactive_switch'],
  examples: [
    {
      before: 'FROM opensuse/leap:15.6\nRUN zypper install nginx && zypper clean -a\n',
      after: 'FROM opensuse/leap:15.6\nRUN zypper install -y nginx && zypper clean -a\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of dockerfile.commands('zypper', ...asking)) {
      if (!asks(command)) continue;
      const edit = insertWord(command, command.subcommandRange, '-y');
      report({
        range: command.subcommandRange,
        message: `zypper ${command.subcommand} will ask for confirmation and the build stops; add -y.`,
        ...(edit ? { fixes: [{ title: 'Add -y', edits: [edit] }] } : {}),
      });
    }
  },
});

/** `-n` answers in front of the subcommand only: behind it, it means something else. */
function asks(command: Command): boolean {
  if (
    command.hasOption('-y', '--no-confirm', '--non-interactive', '--dry-run', '-D', '--download-only', '-d') ||
    command.mayHold('-y', '-n', '--non-interactive')
  )
    return false;
  const front = command.args.filter((word) => word.range.start < command.subcommandRange.start);
  if (front.some((word) => /^-[a-zA-Z]*n/.test(word.text))) return false;
  return !command.shell.within.includes('pipeline');
}
