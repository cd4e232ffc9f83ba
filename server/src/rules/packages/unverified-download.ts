import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Copy } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';

export const unverifiedDownload = defineRule({
  id: 'unverified-download',
  practice: 'packages',
  summary: 'A release is downloaded, and nothing checks that it is the one that was meant.',
  why: [
    'An address says where a file was, not what it is: whoever controls the server, the account of the project or the way in between decides what the next build puts into the image. A checksum in the Dockerfile stops that build, and one that got half a file, too.',
    '',
    'The rule looks at addresses that name a version, whose content should never change, and at files that are run or unpacked. Write `ADD --checksum=sha256:… URL`, or compare in the `RUN` that downloads: `echo "$SHA256  app.tgz" | sha256sum -c`. Signatures (`gpg`, `cosign`) are as good. Where the stage checks anything behind the download the rule is silent, and so it is for addresses without a version: there is no checksum that would stay right.',
  ].join('\n'),
  severity: 'hint',
  fix: 'none',
  aliases: [],
  examples: [
    {
      before:
        'FROM debian:13\nADD https://github.com/krallin/tini/releases/download/v0.19.0/tini /usr/local/bin/tini\nENTRYPOINT ["tini", "--"]\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const run of stage.runs) {
        const [first, ...others] = run.commands.flatMap(downloads);
        if (!first || isChecked(stage, run.instruction.range.start)) continue;
        report({
          range: first,
          message:
            'What this address gives goes into the image unchecked; compare it with a checksum that is written here, for instance by sha256sum -c.',
          related: others.map((range) => ({ range, message: 'Neither is this.' })),
        });
      }
      for (const copy of stage.copies) {
        if (!copy.isAdd || copy.instruction.flags.some(({ name }) => name === 'checksum')) continue;
        const source = copy.sources.find(({ text, value }) => isRelease(text, value));
        if (!source || !canCheck(dockerfile, copy) || isChecked(stage, copy.instruction.range.start)) continue;
        report({
          range: source.range,
          message:
            'ADD takes whatever this address gives; add --checksum=sha256:…, so that the build stops when it is another file.',
        });
      }
    }
  },
});

/** The addresses of releases that a command fetches. */
function downloads(command: Command): Range[] {
  if (command.name !== 'curl' && command.name !== 'wget') return [];
  // What is asked of a server, not taken from it.
  const asks = ['-I', '--head', '-X', '--request', '-d', '--data', '-F', '--form', '-T', '--spider', '--post-data'];
  if (command.hasOption(...asks)) return [];
  const environment = command.stage.envAt(command.run.instruction);
  const expanded = (text: string): string | undefined => environment.expand(text, command.run.instruction.escape);
  return command.args
    .filter((word) => {
      const text = word.text.replaceAll(/["']/g, '');
      return isRelease(text, word.value ?? expanded(text));
    })
    .map((word) => word.range);
}

const version = /(?<![\w.])v?\d+\.\d+|[-_/@]v?\d+\.\d+/;
const versionVariable = /\$\{?\w*(?:VERSION|VER|RELEASE|TAG|REVISION)\b/i;
/** Read by people or package managers, or what a download is compared with. */
const harmless =
  /\.(?:asc|sig|minisig|pem|crt|key|pub|gpg|sha\d*(?:sums?)?|md5|json|ya?ml|xml|txt|md|html?|list|repo|conf|cfg|ini|patch|diff|example|sample)(?:[?#].*)?$/i;

/** Whether the address names a version, and its content so stays the same. */
function isRelease(written: string, expanded: string | undefined): boolean {
  const address = expanded ?? written;
  const [, host, path = ''] = /^https?:\/\/([^/\s]+)(\/\S*)/i.exec(address) ?? [];
  if (host === undefined || /^(?:localhost|127\.|\[?::1|host\.docker\.internal)/.test(host)) return false;
  if (harmless.test(path) || /\.git(?:[#?].*)?$/.test(path)) return false;
  // A commit is a checksum of the source already.
  if (/(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/i.test(path)) return false;
  // The release of a distribution is not that of the file.
  const own = path.replace(/\b(?:ubuntu|debian|rhel|centos|fedora|sles|el|alpine)[/-]v?\d+(?:\.\d+)?\b/gi, '');
  return !/\blatest\b/i.test(own) && (version.test(own) || versionVariable.test(own));
}

const check =
  /\b(?:sha\d*sum|shasum|sha256|sha512|md5sum|b2sum|cksum|checksum|gpgv?2?|cosign|minisign|signify|slsa-verifier|rpmkeys)\b|\bopenssl\s+(?:dgst|sha)|\.asc\b|\.sig\b|\bGetFileHash\b/i;

/** Whether a RUN at or behind the download checks something; what exactly, is not asked. */
function isChecked(stage: Stage, start: number): boolean {
  let last = lastChecks.get(stage);
  if (last === undefined) {
    const heirs = stage.dockerfile.stages.filter((each) => each.chain.includes(stage));
    last =
      heirs
        .flatMap((each): readonly Run[] => each.runs)
        .map((run) => run.instruction.range)
        .findLast((range) => check.test(stage.dockerfile.slice(range)))?.start ?? -1;
    lastChecks.set(stage, last);
  }
  return last >= start;
}

/** Where the last RUN begins that checks something, of a stage and those built on it. */
const lastChecks = new WeakMap<Stage, number>();

/** `--checksum` came with 1.6. */
function canCheck({ frontend }: Dockerfile, { instruction }: Copy): boolean {
  return frontend.has(1, 6) !== false && instruction.keyword === 'ADD';
}
