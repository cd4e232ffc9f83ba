import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { insertWord } from '../../model/scriptEdits.ts';

const asking = [
  'install',
  'reinstall',
  'upgrade',
  'dist-upgrade',
  'full-upgrade',
  'remove',
  'purge',
  'autoremove',
  'build-dep',
];

export const aptGetWithoutYes = defineRule({
  id: 'apt-get-without-yes',
  practice: 'packages',
  summary: '`apt-get install` without `-y` waits for an answer and the build stops.',
  why:
    'A build has no keyboard: apt-get prints its question, reads the end of the input, and gives up with an error. ' +
    'The same holds for `upgrade`, `remove` and the like. `-y` answers in advance.',
  severity: 'error',
  fix: 'safe',
  changes: ['command-words'],
  aliases: ['hadolint/DL3014', 'trivy/DS-0021', 'kics/apt_get_missing_flags_to_avoid_manual_input', 'sonar/S6584'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install curl\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of [...dockerfile.commands('apt-get', ...asking), ...dockerfile.commands('apt', ...asking)]) {
      if (!asks(command)) continue;
      const edit = insertWord(command, command.subcommandRange, '-y');
      report({
        range: command.subcommandRange,
        ...wording(command),
        ...(edit ? { fixes: [{ title: 'Add -y', edits: [edit] }] } : {}),
      });
    }
  },
});

/** An upgrade or a clean-up may find nothing to do; then it does not ask. */
function wording(command: Command): Pick<Report, 'message' | 'severity'> {
  const call = `${command.name} ${command.subcommand}`;
  if (['install', 'reinstall', 'build-dep'].includes(command.subcommand ?? ''))
    return { message: `${call} will ask for confirmation and the build stops; add -y.` };
  return {
    message: `${call} asks for confirmation as soon as there is something to do, and the build stops; add -y.`,
    severity: 'warning',
  };
}

function asks(command: Command): boolean {
  const { run, stage } = command;
  if (
    command.hasOption(
      '-y',
      '--yes',
      '--assume-yes',
      '--assume-no',
      '-qq',
      '--force-yes',
      '-s',
      '--simulate',
      '--dry-run',
      '-d',
      '--download-only',
      '--print-uris',
    )
  )
    return false;
  if (
    command.mayHold('-y', '--yes', '--assume-yes', '-qq') ||
    command.args.some((word) => /Assume-Yes|^-q=[2-9]|^-[a-z]*q[a-z]*q/i.test(word.text))
  )
    return false;
  if (command.args.filter((word) => word.text === '-q' || word.text === '--quiet').length > 1) return false;
  // Something feeds it an answer: `yes | apt-get install curl`, `apt-get install curl < answers`.
  if (
    command.shell.within.includes('pipeline') ||
    command.shell.redirects.some((each) => each.operator.startsWith('<'))
  )
    return false;
  const { dockerfile } = stage;
  const earlier = stage.chain
    .flatMap((each) => each.instructions)
    .filter((each) => each.range.start < command.range.start);
  const settings = earlier.map((each) =>
    dockerfile.text.slice(each.range.start, Math.min(each.range.end, command.range.start)),
  );
  return (
    !settings.some((text) => /Assume-Yes|\/etc\/apt\/apt\.conf\.d\/?\s*$/i.test(text)) &&
    !/\balias\s+apt/.test(run.scriptText)
  );
}
