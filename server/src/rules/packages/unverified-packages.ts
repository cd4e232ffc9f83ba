import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { removeWord } from '../../model/scriptEdits.ts';
import type { ShellWord } from '../../syntax/shell.ts';
import { replace } from '../../text/edit.ts';

/** Options that switch the check of signatures off, per program. */
const switches: Readonly<Record<string, RegExp>> = {
  'apt-get':
    /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$|^APT::Get::AllowUnauthenticated=(?:true|1|yes)$/i,
  apt: /^--(?:allow-unauthenticated|force-yes|allow-insecure-repositories)$|^APT::Get::AllowUnauthenticated=(?:true|1|yes)$/i,
  apk: /^--allow-untrusted$/,
  yum: /^--nogpgcheck$|^--setopt=(?:\S*\.)?gpgcheck=(?:0|false|no)$/,
  dnf: /^--(?:nogpgcheck|no-gpgchecks)$|^--setopt=(?:\S*\.)?gpgcheck=(?:0|false|no)$/,
  microdnf: /^--nogpgcheck$|^--setopt=(?:\S*\.)?gpgcheck=(?:0|false|no)$/,
  tdnf: /^--nogpgcheck$/,
  zypper: /^--no-gpg-checks$/,
  rpm: /^--(?:nosignature|nodigest)$/,
};

export const unverifiedPackages = defineRule({
  id: 'unverified-packages',
  practice: 'packages',
  summary: 'Packages are installed without checking who signed them.',
  why:
    'The signature is what tells a package of the distribution from one that somebody put in its place, on the mirror or ' +
    'on the way. Without the check, whoever controls the network decides what the image holds. Add the missing key to ' +
    'the keyring of the package manager instead, and name it with `signed-by=` where apt is used.',
  severity: 'warning',
  fix: 'suggestion',
  aliases: [
    'checkov/CKV2_DOCKER_7',
    'checkov/CKV2_DOCKER_8',
    'checkov/CKV2_DOCKER_9',
    'checkov/CKV2_DOCKER_10',
    'checkov/CKV2_DOCKER_11',
  ],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y --allow-unauthenticated nginx\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y nginx\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const command of Object.keys(switches).flatMap((name) => dockerfile.commands(name))) {
      for (const word of command.args.filter((each) => switches[command.name]!.test(each.value ?? each.text))) {
        if (['remove', 'purge', 'autoremove', 'clean'].includes(command.subcommand ?? '')) continue;
        // A local file carries no signature of a repository.
        if (command.operands.some((each) => /\.(?:apk|rpm|deb)$/.test(each.text))) continue;
        const fix = repair(command, word);
        report({
          range: word.range,
          message: `${command.name} ${word.text} installs packages whoever made them; remove it and add the repository's key instead.`,
          ...(fix ? { fixes: [fix] } : {}),
        });
      }
    }
    for (const run of dockerfile.runs) {
      for (const match of run.script
        ? run.scriptText.matchAll(/\[[^\]\r\n]*\btrusted=yes\b(?![^\]\r\n]*\]\s*(?:file|copy):)/g)
        : []) {
        const start = run.scriptRange.start + match.index + match[0].length - 'trusted=yes'.length;
        report({
          range: { start, end: start + 'trusted=yes'.length },
          message:
            'trusted=yes lets apt install packages of this repository whoever made them; name its key with signed-by= instead.',
        });
      }
    }
  },
});

function repair(command: Command, word: ShellWord): FixProposal | undefined {
  // `-o APT::…=true` is two words; what else the file sets is not known.
  if (word.text.includes('::')) return undefined;
  const removal = removeWord(command, word);
  if (!removal) return undefined;
  const note = '(the build then stops at packages that are not signed)';
  if (word.text === '--force-yes' && !command.hasOption('-y', '--yes', '--assume-yes', '-qq')) {
    return { title: `Use -y ${note}`, edits: [replace(word.range, '-y')] };
  }
  return { title: `Remove ${word.text} ${note}`, edits: [removal] };
}
