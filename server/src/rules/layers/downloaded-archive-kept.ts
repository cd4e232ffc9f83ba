import { defineRule } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { type Download, downloadOf } from '../../model/download.ts';
import { insertBehind } from '../../model/scriptEdits.ts';
import type { Stage } from '../../model/stage.ts';
import { unpackedFile } from '../../model/unpack.ts';
import type { ShellWord } from '../../syntax/shell.ts';

export const downloadedArchiveKept = defineRule({
  id: 'downloaded-archive-kept',
  practice: 'layers',
  summary: 'An archive that is downloaded and unpacked stays in the image beside its content.',
  why: [
    'After `tar x` or `dpkg -i` nobody needs the archive, but the layer holds it for good; often it is as large as all that',
    'came out of it. Remove it in the same `RUN`, or pipe the download into `tar` so that no file is written.',
  ].join('\n'),
  severity: 'warning',
  fix: 'safe',
  changes: ['clean-up', 'commands'],
  aliases: [],
  examples: [
    {
      before: 'FROM debian:13\nRUN curl -fsSLO https://example.com/app.tar.gz && tar xf app.tar.gz\n',
      after: 'FROM debian:13\nRUN curl -fsSLO https://example.com/app.tar.gz && tar xf app.tar.gz && rm app.tar.gz\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      for (const kept of keptArchives(stage)) {
        const isOneRun = kept.user.run === kept.download.command.run;
        const edit = isOneRun && !isUsedElsewhere(kept) ? insertBehind(kept.user, `rm ${kept.file.text}`) : undefined;
        report({
          range: kept.file.range,
          message: `The archive ${kept.download.name} stays in its layer after it is unpacked; download, unpack and remove it in one RUN.`,
          related: [{ range: kept.download.command.range, message: 'It is downloaded here.' }],
          fixes: edit ? [{ title: `Remove ${kept.download.name} once it is unpacked`, edits: [edit] }] : [],
        });
      }
    }
  },
});

interface KeptArchive {
  readonly download: Download;
  /** The command that unpacks or installs it, and its word for the file. */
  readonly user: Command;
  readonly file: ShellWord;
}

/** Files that a download writes, that exactly one later command of the stage reads, and that nothing takes away. */
function keptArchives(stage: Stage): KeptArchive[] {
  const commands = stage.runs.flatMap((run) => run.commands);
  return commands.flatMap((command, index): KeptArchive[] => {
    const download = downloadOf(command);
    if (!download || command.run.mounts.length > 0 || isChanged(download, commands.slice(index))) return [];
    const later = commands.slice(index + 1);
    const [user, ...others] = later.filter((each) => mentions(each, download.name));
    if (!user || others.length > 0 || !isSamePlace(download, user, later.slice(0, later.indexOf(user)))) return [];
    const file = unpackedFile(user, download.name);
    return file && !later.some((each) => takesAway(each, download.name)) ? [{ download, user, file }] : [];
  });
}

/** Whether a name means the same file for both. */
function isSamePlace({ command, name }: Download, user: Command, between: readonly Command[]): boolean {
  if (name.startsWith('/')) return true;
  if (between.some((each) => ['cd', 'pushd', 'popd'].includes(each.name))) return false;
  if (user.run === command.run) return true;
  const moved = command.run.commands.some((each) => each.name === 'cd');
  return !moved && user.stage.workdirAt(user.run.instruction) === user.stage.workdirAt(command.run.instruction);
}

/** Whether a variable in the name may change on the way. */
function isChanged({ name }: Download, commands: readonly Command[]): boolean {
  const names = [...name.matchAll(/\$\{?(\w+)/g)].map((match) => match[1]!);
  if (names.length === 0) return false;
  return commands.some((each) => {
    const assigned = each.shell.assignments.map((assignment) => assignment.name);
    return (
      ['read', 'export', 'for', 'eval', '.', 'source'].includes(each.name) ||
      each.shell.within.includes('for') ||
      names.some((variable) => assigned.includes(variable))
    );
  });
}

function mentions(command: Command, name: string): boolean {
  const base = name.split('/').pop()!;
  const words = [...command.args, ...command.shell.redirects.flatMap((redirect) => redirect.target ?? [])];
  return words.some(
    (word) => word.text.includes(base) || (/[*?]/.test(word.text) && /\.(?:deb|rpm|t?gz|zip|tar|\*)/.test(word.text)),
  );
}

/** Whether a command may remove it, also without naming it: its folder, a pattern, a variable. */
function takesAway(command: Command, name: string): boolean {
  if (!['rm', 'find', 'mv', 'unlink', 'trap'].includes(command.name)) return false;
  const isAbsolute = name.startsWith('/');
  const folder = name.slice(0, name.lastIndexOf('/') + 1);
  return command.args.some((word) => {
    if (word.text.startsWith('/') && !isAbsolute) return false;
    const above = `${(word.value ?? '').replace(/\/$/, '')}/`;
    return /[*?$]|^\.\.?\/?$|^~/.test(word.text) || (isAbsolute && folder.startsWith(above));
  });
}

/** Whether another instruction speaks of the file. */
function isUsedElsewhere({ user, file }: KeptArchive): boolean {
  const base = file.text.replaceAll(/["']/g, '').split('/').pop()!;
  return user.stage.dockerfile.instructions.some(
    (each) => each !== user.run.instruction && each.argsText.includes(base),
  );
}
