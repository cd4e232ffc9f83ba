import { defineRule } from '../../lint/rule.ts';
import { insertAfter } from '../../text/edit.ts';

export const aptGetWithoutYes = defineRule({
  id: 'apt-get-without-yes',
  practice: 'packages',
  summary: '`apt-get install` without `-y` waits for an answer and the build stops.',
  why: 'A build has no keyboard: apt-get prints its question, reads the end of the input, and gives up with an error.',
  severity: 'error',
  fix: 'safe',
  aliases: ['hadolint/DL3014', 'kics/missing_flag_from_apt_get_install'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install curl\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const install of dockerfile.commands('apt-get', 'install')) {
      if (install.hasOption('-y', '--yes', '--assume-yes', '-qq', '--force-yes', '-s', '--simulate', '--download-only')) continue;
      if (install.hasUnknownArguments || install.args.some((word) => /Assume-Yes|^-q=[2-9]/i.test(word.text))) continue;
      // Something feeds it an answer: `yes | apt-get install curl`.
      if (install.shell.within.includes('pipeline')) continue;
      report({
        range: install.subcommandRange,
        message: 'apt-get install will ask for confirmation and the build stops; add -y.',
        fixes: [{ title: 'Add -y', edits: [insertAfter(install.subcommandRange, ' -y')] }],
      });
    }
  },
});
