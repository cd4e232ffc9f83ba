import { defineRule, type FixProposal, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { Copy } from '../../model/copy.ts';
import { pathIn } from '../../model/download.ts';
import type { Run } from '../../model/run.ts';
import { isEditable, removeFromScript } from '../../model/scriptEdits.ts';
import { type Edit, insertAfter } from '../../text/edit.ts';
import { dropRun } from './dropRun.ts';

export const chownAfterCopy = defineRule({
  id: 'chown-after-copy',
  practice: 'layers',
  summary: '`chown` or `chmod` in a `RUN` stores the copied files a second time.',
  why: [
    'A layer holds whole files. Changing the owner or the mode of files that a `COPY` brought writes all of them again into',
    'the layer of the `RUN`, so the image carries them twice. `COPY --chown=…` and `COPY --chmod=…` set both at once.',
    '',
    'The fix is safe for single files. A folder that exists before the `COPY` keeps its own owner, so for folders it is a',
    'suggestion.',
  ].join('\n'),
  severity: 'info',
  fix: 'safe',
  changes: ['copies', 'commands', 'layers'],
  aliases: ['tally/prefer-copy-chmod'],
  examples: [
    {
      before: 'FROM node:24\nCOPY entrypoint.sh /entrypoint.sh\nRUN chmod 755 /entrypoint.sh\n',
      after: 'FROM node:24\nCOPY --chmod=755 entrypoint.sh /entrypoint.sh\n',
    },
    {
      before: 'FROM node:24\nCOPY . /app\nRUN chown -R node:node /app\n',
      after: 'FROM node:24\nCOPY --chown=node:node . /app\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const run of dockerfile.shippedStages.flatMap((stage) => stage.runs)) {
      const changes = run.commands.flatMap((command) => changeOf(command) ?? []);
      if (changes.length === 0) continue;
      const fix = repair(run, changes);
      // A small file more or less is no matter when nothing can be offered.
      if (fix || changes.some((change) => change.recursive && change.copies.some(bringsFolder)))
        report(reportOf(changes, fix));
    }
  },
});

/** A `chown` or `chmod` of what COPYs brought. */
interface Change {
  readonly command: Command;
  readonly flag: 'chown' | 'chmod';
  readonly value: string | undefined;
  readonly recursive: boolean;
  readonly copies: readonly Copy[];
  /** Whether it is for exactly what these COPYs bring, and nothing ran since. */
  readonly isExact: boolean;
}

function changeOf(command: Command): Change | undefined {
  const flag = command.name;
  if (flag !== 'chown' && flag !== 'chmod') return undefined;
  const options = command.args.filter((word) => /^-[A-Za-z-]/.test(word.text) && !/^-[rwx]+$/.test(word.text));
  const [value, ...targets] = command.operands;
  const recursive = command.hasOption('-R', '--recursive');
  const paths = targets.map((word) =>
    word.value === undefined ? undefined : pathIn(command, word.value)?.replace(/(.)\/$/, '$1'),
  );
  const found = paths.map((path) => (path === undefined ? undefined : copyOf(command.run, path, recursive)));
  if (targets.length === 0 || !found.some((each) => each !== undefined)) return undefined;
  const known = found.filter((each) => each !== undefined);
  return {
    command,
    flag,
    value: value?.value,
    recursive,
    copies: known.map(({ copy }) => copy),
    isExact:
      known.length === targets.length &&
      known.every((each) => each.isExact) &&
      options.every((word) => /^-[Rv]+$|^--recursive$/.test(word.text)),
  };
}

/** The nearest COPY of the stage that brings what is at the path. */
function copyOf(run: Run, path: string, recursive: boolean): { copy: Copy; isExact: boolean } | undefined {
  const { stage } = run;
  const earlier = stage.copies.filter((copy) => copy.instruction.range.start < run.instruction.range.start);
  for (const copy of earlier.reverse()) {
    const brought = broughtBy(copy);
    if (brought === undefined) continue;
    const isSame = brought === path;
    // Without -R a folder alone is changed, not the files in it.
    if (isSame && !recursive && !isFile(copy, copy.sources[0]?.value)) continue;
    if (!isSame && !(recursive && brought.startsWith(path === '/' ? '/' : `${path}/`))) continue;
    const others = earlier.filter((other) => other !== copy && (broughtBy(other) ?? path).startsWith(path));
    return { copy, isExact: isSame && others.length === 0 && isUntouched(copy, run) };
  }
  return undefined;
}

/** Path of the file or folder that a COPY makes; undefined when it makes several, or none of a known name. */
function broughtBy(copy: Copy): string | undefined {
  const destination = copy.destinationPath;
  const [source] = copy.sources;
  if (destination === undefined || copy.isAdd) return undefined;
  if (copy.sources.length === 1 && isFile(copy, source!.value)) {
    return destination.endsWith('/') ? destination + source!.value!.split('/').pop()! : destination;
  }
  return destination === '/' ? undefined : destination.replace(/\/$/, '');
}

const fileNames =
  /(?:^|\/)(?:docker-)?entrypoint$|\.(?:sh|bash|py|rb|pl|php|[mc]?js|ts|jar|war|json|ya?ml|toml|conf|cfg|cnf|ini|xml|properties|crt|pem|key|txt|md|html|env|sql|so|bin|exe|service|crontab)$/;

/** Whether a source is a single file: by the build context, else by its name. */
function isFile(copy: Copy, source: string | undefined): boolean {
  if (source === undefined || /[*?[]/.test(source)) return false;
  const files = copy.contextFiles;
  if (files) return files.length === 1 && files[0] === source.replace(/^\.?\//, '');
  return fileNames.test(source);
}

/** Whether between the two nothing runs and nobody changes: users and files are the same for both. */
function isUntouched(copy: Copy, run: Run): boolean {
  const { instructions } = run.stage;
  const between = instructions.slice(instructions.indexOf(copy.instruction) + 1, instructions.indexOf(run.instruction));
  return between.every((each) => !['RUN', 'USER', 'WORKDIR', 'SHELL', 'ADD', 'VOLUME'].includes(each.keyword));
}

function bringsFolder(copy: Copy): boolean {
  return copy.sources.some(
    ({ value }) => value !== undefined && !isFile(copy, value) && !/[^./][^/]*\.[^/]*$/.test(value),
  );
}

function reportOf(changes: readonly Change[], fix: FixProposal | undefined): Report {
  const [first] = changes as readonly [Change];
  return {
    range: first.command.shell.nameWord!.range,
    message: `${first.flag} writes what COPY brought into a second layer; let COPY --${first.flag} set it.`,
    related: [...new Set(changes.flatMap((change) => change.copies))].map((copy) => ({
      range: copy.instruction.keywordRange,
      message: `This ${copy.instruction.keyword} brings it.`,
    })),
    fixes: fix ? [fix] : [],
  };
}

function repair(run: Run, changes: readonly Change[]): FixProposal | undefined {
  if (!isEditable(run) || run.instruction.flags.length > 0) return undefined;
  const edits: Edit[] = [];
  for (const { command, flag, value, copies, isExact } of changes) {
    if (
      !isExact ||
      command.shell.within.length > 0 ||
      command.shell.redirects.length > 0 ||
      command.shell.wrappers.length > 0
    )
      return undefined;
    for (const copy of copies) {
      const text = flagText(copy, flag, value);
      if (text === undefined || copy.instruction.flags.some((each) => each.name === flag)) return undefined;
      edits.push(insertAfter(copy.instruction.keywordRange, ` --${flag}=${text}`));
    }
  }
  const dropped =
    changes.length === run.commands.length
      ? dropRun(run)
      : changes.length === 1
        ? removeFromScript(changes[0]!.command)
        : undefined;
  const isOneEach =
    new Set(edits.map((edit) => `${edit.range.start} ${edit.newText.split('=')[0]}`)).size === edits.length;
  if (!dropped || !isOneEach) return undefined;
  const flags = [...new Set(changes.map((change) => `--${change.flag}`))].join(' and ');
  const isSafe = changes.every(
    (change) =>
      !isGuess(change) &&
      change.copies.every(
        (copy) => isFile(copy, copy.sources[0]?.value) && (change.flag === 'chmod' || findsFolder(copy)),
      ),
  );
  const caveat = changes.some(isGuess)
    ? 'all mode bits are set then'
    : 'a folder keeps its own if it exists, and gets it if it does not';
  return {
    title: isSafe ? `Let COPY set it (${flags})` : `Let COPY set it by ${flags} (${caveat})`,
    edits: [...edits, dropped],
    safety: isSafe ? 'safe' : 'suggestion',
  };
}

const usualFolders =
  /^\/(?:(?:usr\/(?:local\/)?)?(?:s?bin|lib|etc|share)?|etc\/cron\.d|opt|root|home|srv|tmp|var|run)$/;

/** Whether the folder of the file is there before: COPY gives a folder that it has to make to the new owner as well. */
function findsFolder(copy: Copy): boolean {
  const folder = broughtBy(copy)?.replace(/\/[^/]*$/, '') || '/';
  return usualFolders.test(folder) || folder === copy.stage.workdirAt(copy.instruction);
}

/** `+x` becomes 755, which sets more than it does. */
function isGuess({ flag, value }: Change): boolean {
  return flag === 'chmod' && !/^[0-7]{3,4}$/.test(value ?? '');
}

function flagText(copy: Copy, flag: 'chown' | 'chmod', value: string | undefined): string | undefined {
  if (flag === 'chmod') {
    if (copy.stage.dockerfile.frontend.has(1, 2) !== true) return undefined;
    if (/^[0-7]{3,4}$/.test(value ?? '')) return value;
    return /^(?:a|ugo)?\+r?x$/.test(value ?? '') && isFile(copy, copy.sources[0]?.value) ? '755' : undefined;
  }
  if (/^[\w-]+:[\w-]+$/.test(value ?? '')) return value;
  // With a user alone, chown leaves the group (root's) as it is, and COPY would take another one.
  return /^[\w-]+$/.test(value ?? '') ? `${value}:0` : undefined;
}
