import { titleWith } from '../fixTitle.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Stage } from '../../model/stage.ts';
import type { NamedPackage } from '../../model/packages.ts';
import { insertWord } from '../../model/scriptEdits.ts';
import { type Edit, insertBefore } from '../../text/edit.ts';

export const aptRecommends = defineRule({
  id: 'apt-recommends',
  practice: 'packages',
  summary: '`apt-get install` also installs packages that are merely recommended.',
  why:
    'A desktop wants recommended packages, an image seldom does: documentation, alternative back-ends and tools often ' +
    'weigh more than the packages that were asked for, and each is one more thing to patch. `--no-install-recommends` ' +
    'leaves them out. Some are needed after all: `curl`, `wget` and `git` merely recommend `ca-certificates`, without ' +
    'which no https address works. Name such packages yourself.',
  severity: 'info',
  fix: 'suggestion',
  aliases: ['hadolint/DL3015', 'trivy/DS-0029', 'kics/apt_get_not_avoiding_additional_packages', 'sonar/S6500'],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y nginx\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends nginx\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.allRuns)) {
      for (const { manager, command, packages } of run.installs) {
        if (manager !== 'apt' || !takesRecommended(command) || (packages.length === 0 && !command.hasUnknownArguments))
          continue;
        report({
          range: command.subcommandRange,
          message: `${command.name} install also installs merely recommended packages; add --no-install-recommends.`,
          fixes: repairs(command, packages),
        });
      }
    }
  },
});

function takesRecommended(command: Command): boolean {
  if (command.subcommand !== 'install' && command.subcommand !== 'reinstall') return false;
  const others = [
    '--no-install-recommends',
    '--install-recommends',
    '--download-only',
    '-d',
    '-s',
    '--simulate',
    '--print-uris',
    '-R',
    '--without-recommends',
  ];
  if (command.hasOption(...others) || command.mayHold('--no-install-recommends')) return false;
  if (command.args.some((word) => /Install-Recommends/i.test(word.text))) return false;
  if (command.stage.envAt(command.run.instruction).get('APT_CONFIG')) return false;
  return configuredFrom(command.stage) >= command.range.start;
}

/** Where a stage, or one that it is built on, first speaks of the setting; behind everything when nothing does. */
const configured = new WeakMap<Stage, number>();

function configuredFrom(stage: Stage): number {
  let first = configured.get(stage);
  if (first === undefined) {
    const { dockerfile } = stage;
    first = Math.min(
      stage.parent ? configuredFrom(stage.parent) : Number.POSITIVE_INFINITY,
      ...stage.instructions.flatMap(({ range, keyword }) => {
        const text = dockerfile.slice(range);
        const isFile = (keyword === 'COPY' || keyword === 'ADD') && /\/etc\/apt(?:\/apt\.conf|\/?\s*$)/.test(text);
        const index = isFile ? 0 : text.search(/(?<!--no-|--)install-recommends/i);
        return index < 0 ? [] : [range.start + index];
      }),
    );
    configured.set(stage, first);
  }
  return first;
}

function repairs(command: Command, packages: readonly NamedPackage[]): FixProposal[] {
  // Behind -y, where it is usually found.
  const yes = command.args.find((word) => /^(?:-y|-yq|-qy|-qqy|-yqq|--yes|--assume-yes)$/.test(word.text));
  const isNext =
    yes !== undefined &&
    /^[ \t]+$/.test(command.stage.dockerfile.text.slice(command.subcommandRange.end, yes.range.start));
  const option = insertWord(command, isNext ? yes.range : command.subcommandRange, '--no-install-recommends');
  if (!option) return [];
  const needing = packages.filter((each) => needsCertificates.test(each.name)).map((each) => each.name);
  const named = (pattern: RegExp): boolean => packages.some((each) => pattern.test(each.name));
  const lost = losses.filter(({ name, unless }) => named(name) && !(unless && named(unless))).map(({ what }) => what);
  const certificates =
    needing.length > 0 && !hasCertificates(command, packages) ? certificatesBefore(command, packages[0]!) : undefined;
  if (!certificates) return [{ title: titleWith('Add --no-install-recommends', lost), edits: [option] }];
  const without = `${needing.slice(0, 3).join(', ')} then ${needing.length > 1 ? 'have' : 'has'} no CA certificates`;
  return [
    { title: titleWith('Add --no-install-recommends and ca-certificates', lost), edits: [option, certificates] },
    { title: titleWith('Add --no-install-recommends', [without, ...lost]), edits: [option] },
  ];
}

const needsCertificates = /^(?:curl|wget|git|git-core|openssl|aria2|lynx|subversion|mercurial)$/;

/** What packages lose without their recommendations, as far as builds were seen to miss it. */
const losses: readonly { readonly name: RegExp; readonly unless?: RegExp; readonly what: string }[] = [
  {
    name: /^python3?-pip$/,
    unless: /^build-essential$|^python3?-dev$|^gcc$/,
    what: 'pip then has no compiler and no Python headers',
  },
  {
    name: /^gcc(?:-\d+)?$/,
    unless: /^libc6-dev$|^build-essential$|^g\+\+/,
    what: 'gcc then has no C headers (libc6-dev)',
  },
  {
    name: /^clang(?:-\d+)?$/,
    unless: /^build-essential$|^g\+\+|^libstdc\+\+-\d+-dev$/,
    what: 'clang then has no C++ headers',
  },
  { name: /^build-essential$/, what: 'build-essential then lacks fakeroot' },
  { name: /^cmake$/, unless: /^build-essential$|^make$|^ninja-build$/, what: 'cmake then has no compiler and no make' },
  { name: /^golang(?:-go|-[\d.]+-go|-[\d.]+)?$/, unless: /^build-essential$|^gcc$/, what: 'Go then has no C compiler' },
  { name: /^npm$/, unless: /^build-essential$/, what: 'npm then has no git and no compiler' },
  { name: /^yarn$/, unless: /^nodejs$/, what: 'Yarn then brings no Node.js' },
  {
    name: /^(?:default-jdk|default-jre|openjdk-\d+-(?:jdk|jre))$/,
    what: 'Java then has no fonts',
  },
  { name: /^imagemagick$/, unless: /^ghostscript$/, what: 'ImageMagick then has no Ghostscript' },
  { name: /^r-base(?:-core)?$/, unless: /^r-recommended$/, what: 'R then lacks its recommended packages' },
  {
    name: /^(?:chromium|chromium-browser)$/,
    unless: /^chromium-sandbox$/,
    what: 'Chromium then has no sandbox helper',
  },
  { name: /^docker\.io$/, unless: /^iptables$/, what: 'Docker then has no git and no iptables' },
  { name: /^rustc$/, unless: /^cargo$/, what: 'Rust then has no cargo' },
];

/** Whether this list, an earlier RUN or the base image brings the CA certificates. */
function hasCertificates(command: Command, packages: readonly NamedPackage[]): boolean {
  if (packages.some((each) => each.name === 'ca-certificates')) return true;
  if (command.stage.rootBase.facts?.has('@ca-certs') === true) return true;
  const earlier = command.stage.chain.flatMap((stage) => stage.runs).flatMap((run) => run.installs);
  return earlier.some(
    (use) =>
      use.command.range.start < command.range.start && use.packages.some((each) => each.name === 'ca-certificates'),
  );
}

/** In front of the first package, on a line of its own where the packages have one each. */
function certificatesBefore(command: Command, first: NamedPackage): Edit {
  const { dockerfile } = command.stage;
  if (command.run.form === 'exec') return insertBefore(first.range, '"ca-certificates", ');
  const lineStart = dockerfile.text.lastIndexOf('\n', first.range.start - 1) + 1;
  const before = dockerfile.text.slice(lineStart, first.range.start);
  const standsAlone =
    /^[ \t]+$/.test(before) && !/^[ \t]+[^\s\\`]/.test(dockerfile.text.slice(first.range.end).split('\n')[0]!);
  return insertBefore(
    first.range,
    standsAlone ? `ca-certificates ${dockerfile.escape}${dockerfile.lineBreak}${before}` : 'ca-certificates ',
  );
}
