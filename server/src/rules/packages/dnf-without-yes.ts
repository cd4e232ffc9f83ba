import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertWord } from '../../model/scriptEdits.ts';

const programs = ['dnf', 'dnf5', 'yum', 'microdnf', 'tdnf'];
const asking = [
  ...[
    'install',
    'in',
    'reinstall',
    'localinstall',
    'groupinstall',
    'update',
    'upgrade',
    'up',
    'update-minimal',
    'upgrade-minimal',
    'up-min',
  ],
  ...['downgrade', 'distro-sync', 'remove', 'rm', 'erase', 'autoremove', 'swap', 'module', 'group'],
];

export const dnfWithoutYes = defineRule({
  id: 'dnf-without-yes',
  practice: 'packages',
  summary: '`dnf install` or `yum install` without `-y` waits for an answer and the build stops.',
  why:
    'A build has no keyboard: dnf, yum and microdnf print their question, read the end of the input, and give up with ' +
    'an error. `-y` answers in advance.',
  severity: 'error',
  fix: 'safe',
  changes: ['command-words'],
  aliases: [
    'hadolint/DL3030',
    'hadolint/DL3038',
    'kics/yum_install_allows_manual_input',
    'kics/missing_flag_from_dnf_install',
  ],
  examples: [
    {
      before: 'FROM almalinux:9\nRUN dnf install nginx && dnf clean all\n',
      after: 'FROM almalinux:9\nRUN dnf install -y nginx && dnf clean all\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of programs.flatMap((name) => dockerfile.commands(name, ...asking))) {
      if (!asks(command)) continue;
      const edit = insertWord(command, command.subcommandRange, '-y');
      report({
        range: command.subcommandRange,
        message: `${command.name} ${command.subcommand} will ask for confirmation and the build stops; add -y.`,
        ...(edit ? { fixes: [{ title: 'Add -y', edits: [edit] }] } : {}),
      });
    }
  },
});

function asks(command: Command): boolean {
  const answers = ['-y', '--assumeyes', '--assumeno', '--downloadonly', '--help', '--version'];
  if (
    command.hasOption(...answers) ||
    command.mayHold('-y', '--assumeyes') ||
    command.args.some((word) => /assumeyes/.test(word.text))
  )
    return false;
  if (
    command.subcommand === 'module' &&
    !['install', 'enable', 'disable', 'reset', 'switch-to', 'remove'].includes(command.operands[1]?.value ?? '')
  )
    return false;
  if (command.subcommand === 'group' && !['install', 'upgrade', 'remove'].includes(command.operands[1]?.value ?? ''))
    return false;
  if (
    command.shell.within.includes('pipeline') ||
    command.shell.redirects.some((each) => each.operator.startsWith('<'))
  )
    return false;
  const { dockerfile, chain } = command.stage;
  const earlier = chain.flatMap((each) => each.instructions).filter((each) => each.range.start < command.range.start);
  return !earlier.some((each) =>
    /assumeyes|\b(?:yum|dnf)\.conf\b/.test(
      dockerfile.text.slice(each.range.start, Math.min(each.range.end, command.range.start)),
    ),
  );
}
