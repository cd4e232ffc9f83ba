import { cleanPath } from '../../model/context.ts';
import { type Copy, isWholeContext, resolvePath } from '../../model/copy.ts';
import type { Command } from '../../model/command.ts';
import { dependencyInstall, inOneLine, type InstallNeeds } from '../../model/installs/index.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Run } from '../../model/run.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import { isSourceFree } from '../../model/sourceFree.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { ShellCommand } from '../../syntax/shell.ts';
import { type Edit, insertAt, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { imagePath, isBelow, type LateInstall, workingFolder } from './sourceCopies.ts';

/**
 * Puts the copies of the source behind the install, and a copy of the manifests where they were.
 *
 * What stands between (WORKDIR, ENV, system packages) stays where it is: it ran in front of the install before, too. A
 * RUN that goes on with work on the source is split behind the install. Where the install itself needs the source, a
 * RUN that only fetches the dependencies is put in front of it instead.
 */
export type Reordering =
  | {
      readonly kind: 'edits';
      readonly edits: readonly Edit[];
      /** The files copied first, relative to the project. */
      readonly files: readonly string[];
      readonly split: boolean;
      readonly caveats: readonly string[];
    }
  | { readonly kind: 'refused'; readonly reason: string };

const movable: readonly string[] = [
  'ENV',
  'ARG',
  'LABEL',
  'EXPOSE',
  'CMD',
  'ENTRYPOINT',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'SHELL',
  'USER',
  'MAINTAINER',
];

export function reorder(late: LateInstall, needed: InstallNeeds, parents: boolean): Reordering {
  const { run, early } = late;
  const refused = (reason: string): Reordering => ({ kind: 'refused', reason });
  const provided = late.bringsManifests ? needed.files.filter((file) => !isProvided(late, file)) : [];
  const lines = manifestLines(late, provided, parents);
  if (lines === undefined) return refused('the names of the manifests need quotes');
  const unmovable = early.map((copy) => obstacleIn(copy)).find(Boolean);
  if (unmovable) return refused(unmovable);
  const obstacle = obstacleBetween(late, needed);
  const { prefetch } = needed;
  if (prefetch !== undefined) {
    const cut = cutAt(late, needed);
    if (cut && !obstacle) return result(late, needed, provided, moveBehind(late, lines, cut, ` && ${prefetch}`), cut);
    if (isBroughtByRun(run, late)) return refused('the same RUN installs the tool');
    const fetch = fetchLine(late, prefetch);
    if (!obstacle) return result(late, needed, provided, moveBetween(late, lines, fetch), undefined);
    if (!canStandAbove(late)) return refused(obstacle);
    return result(late, needed, provided, putAbove(late, [...lines, fetch]), undefined);
  }
  if (obstacle) return refused(obstacle);
  const cut = cutOf(late, needed);
  return typeof cut === 'string' ? refused(cut) : result(late, needed, provided, moveBehind(late, lines, cut, ''), cut);
}

function result(
  late: LateInstall,
  needed: InstallNeeds,
  files: readonly string[],
  edits: readonly Edit[],
  cut: Cut | undefined,
): Reordering {
  const caveats = [
    ...outputCaveats(late, needed),
    ...(cut?.growsImage ? ['what the end of the RUN removes is then in a layer below, so the image grows'] : []),
  ];
  return { kind: 'edits', edits, files, split: cut !== undefined, caveats };
}

/** The manifests take the place of the source. */
function takeOut({ run, early, source }: LateInstall, lines: readonly string[]): Edit[] {
  const { dockerfile } = run.stage;
  return early.map((copy) => {
    const block = blockOf(dockerfile, copy.instruction);
    return copy === source.copy && lines.length > 0
      ? replace(block, indented(dockerfile, block, lines))
      : removeLines(dockerfile.text, block);
  });
}

/** The copies of the source as they stand, and what stands between instructions here: a line break, or an empty line. */
function movedText({ run, early }: LateInstall): { readonly moved: string; readonly gap: string } {
  const { dockerfile } = run.stage;
  const { lineBreak, lines } = dockerfile;
  const moved = early.map((copy) => movedCopy(copy, run)).join(lineBreak);
  const next = lines.lineAt(early[0]!.instruction.range.end) + 1;
  const isSpaced =
    next < lines.lineCount && dockerfile.text.slice(lines.lineStart(next), lines.lineEnd(next)).trim() === '';
  return { moved, gap: isSpaced ? lineBreak + lineBreak : lineBreak };
}

/** The COPY with its comments; a relative destination becomes absolute where WORKDIR has changed on the way. */
function movedCopy(copy: Copy, run: Run): string {
  const { dockerfile } = run.stage;
  const block = blockOf(dockerfile, copy.instruction);
  if (staysInPlace(copy, run)) return dockerfile.slice(block);
  const { range } = copy.destination!;
  const path = `${imagePath(copy)!.replace(/\/$/, '')}/`;
  const written = copy.instruction.json ? JSON.stringify(path) : path;
  return (
    dockerfile.slice({ start: block.start, end: range.start }) +
    written +
    dockerfile.slice({ start: range.end, end: block.end })
  );
}

/** Behind the RUN, or behind the part of it that ends at the cut. */
function moveBehind(late: LateInstall, lines: readonly string[], cut: Cut | undefined, added: string): Edit[] {
  const { instruction } = late.run;
  const { dockerfile } = late.run.stage;
  const { moved, gap } = movedText(late);
  if (!cut) return [...takeOut(late, lines), insertAt(instruction.range.end, gap + moved)];
  const comments = dockerfile.comments.filter(({ range }) => range.start >= cut.gap.start && range.end <= cut.gap.end);
  const kept = comments.map(({ range }) => dockerfile.slice(range) + dockerfile.lineBreak).join('');
  const run = `${instruction.writtenKeyword} ${flagsOf(late)}${cut.opening}`;
  return [...takeOut(late, lines), replace(cut.gap, added + gap + moved + gap + kept + run)];
}

/** In front of the RUN, behind a new one. */
function moveBetween(late: LateInstall, lines: readonly string[], fetch: string): Edit[] {
  const { dockerfile } = late.run.stage;
  const { moved, gap } = movedText(late);
  const at = blockOf(dockerfile, late.run.instruction).start;
  return [...takeOut(late, lines), insertAt(at, `${fetch}${gap}${moved}${gap}`)];
}

function putAbove({ run, early }: LateInstall, lines: readonly string[]): Edit[] {
  const { dockerfile } = run.stage;
  const block = blockOf(dockerfile, early[0]!.instruction);
  return [insertAt(block.start, indented(dockerfile, block, [...lines, '']))];
}

/** Whether a RUN put in front of the source would find the same folder, variables and user as the install does. */
function canStandAbove({ run, early }: LateInstall): boolean {
  const { stage } = run;
  const first = early[0]!.instruction;
  const between = stage.instructions.filter(
    (each) => each.range.start > first.range.start && each.range.start < run.instruction.range.start,
  );
  return (
    early.length === 1 &&
    !between.some((each) => ['WORKDIR', 'ENV', 'ARG', 'USER', 'SHELL', 'VOLUME'].includes(each.keyword))
  );
}

/** Whether the tool itself comes with the RUN: `pip install poetry && poetry install`. */
function isBroughtByRun(run: Run, { install }: LateInstall): boolean {
  const name = install.command.name;
  return (
    run.installs.some((use) => use.packages.some((named) => named.name === name)) ||
    (name === 'poetry' && /install\.python-poetry/.test(run.scriptText))
  );
}

function fetchLine(late: LateInstall, prefetch: string): string {
  const { run, early } = late;
  const { stage } = run;
  // A wrapper script that is made executable first needs that here, too.
  const modes = stage.runs
    .filter(
      (each) =>
        each.instruction.range.start > early[0]!.instruction.range.start &&
        each.instruction.range.start <= run.instruction.range.start,
    )
    .flatMap((each) => each.commands)
    .filter(
      (command) =>
        ['chmod', 'dos2unix'].includes(command.name) &&
        command.args.some((word) => /^(?:\.\/)?(?:mvnw|gradlew)$/.test(word.text)),
    );
  const before = modes.map((command) => `${inOneLine(command.shell)} && `).join('');
  return `${run.instruction.writtenKeyword} ${flagsOf(late)}${inFolder(late, before + prefetch)}`;
}

function flagsOf({ run }: LateInstall): string {
  return run.instruction.flags.map((flag) => `${run.stage.dockerfile.slice(flag.range)} `).join('');
}

function obstacleIn(copy: Copy): string | undefined {
  const { instruction } = copy;
  if (instruction.words.some((word) => word.split)) return 'the COPY has a word that runs across lines';
  if (instruction.flags.some((flag) => flag.name === 'parents' || flag.name === 'exclude'))
    return 'the COPY has --parents or --exclude';
  if (!instruction.json && /["'\\`]/.test(copy.destination?.text ?? '')) return 'the destination of the COPY is quoted';
  return undefined;
}

/** Why the copies can't be moved behind what stands between them and the install. */
function obstacleBetween(late: LateInstall, needed: InstallNeeds): string | undefined {
  const { early, run } = late;
  const { stage } = run;
  const { dockerfile } = stage;
  const manifests = manifestPaths(late, needed);
  const first = early[0]!.instruction;
  for (const copy of early) {
    const before = [...copy.sources, copy.destination!];
    const after = stage.envAt(run.instruction);
    if (before.some((path) => path.value === undefined || after.expand(path.text, dockerfile.escape) !== path.value))
      return 'a variable of the COPY is changed in front of the install';
    if (imagePath(copy)!.includes('?') && !staysInPlace(copy, run)) return 'WORKDIR changes in front of the install';
  }
  for (const each of stage.instructions) {
    if (each.range.start <= first.range.start || each.range.start >= run.instruction.range.start) continue;
    if (movable.includes(each.keyword) || each.keyword === 'WORKDIR' || early.some((copy) => copy.instruction === each))
      continue;
    if (each.keyword === 'RUN') {
      const other = stage.runs.find((candidate) => candidate.instruction === each)!;
      const blocked =
        other.form === 'foreign' || (other.commands.length === 0 ? other.commands : undefined)
          ? each
          : other.commands.find((command) => !isSourceFree(command, late.imageFolder, manifests));
      if (blocked)
        return `${dockerfile
          .slice('shell' in blocked ? blocked.range : each.range)
          .split('\n')[0]!
          .trim()}, in front of the install, may need the source`;
    } else if (each.keyword === 'COPY' || each.keyword === 'ADD') {
      const other = stage.copies.find((copy) => copy.instruction === each)!;
      if (!isIndependent(other, late)) return 'another COPY writes to the same folder in between';
    } else return `${each.keyword} stands in front of the install`;
  }
  return undefined;
}

/** Whether the destination means the same folder at the place of the RUN. */
function staysInPlace(copy: Copy, run: Run): boolean {
  return (
    resolvePath(run.stage.workdirAt(run.instruction) ?? '/?', copy.destination!.value!)?.replace(/(.)\/$/, '$1') ===
    imagePath(copy)
  );
}

/** Whether it does not matter which of both copies comes first. */
function isIndependent(other: Copy, late: LateInstall): boolean {
  const place = imagePath(other);
  if (place === undefined) return false;
  return late.early.every((copy) => {
    const folder = imagePath(copy)!;
    if (!isBelow(place, folder) && !isBelow(folder, place)) return true;
    if (isBelow(folder, place) && folder !== place) {
      const segment = folder.slice(place === '/' ? 1 : place.length + 1).split('/')[0]!;
      return other.sources.every((source) => isFile(other, source.value) && !matchesName(source.value!, segment));
    }
    // The same file of the context at the same place: either copy writes the same.
    const files = other.sources.map((source) => source.value?.replace(/^\.\//, ''));
    const same = files.every((file) => file !== undefined && !file.includes('/') && isFile(other, file));
    return (
      same &&
      other.from === undefined &&
      late.source.copy === copy &&
      late.source.folder === '' &&
      place === folder &&
      !other.chmod &&
      other.chown === copy.chown
    );
  });
}

/** Whether a source is a file rather than a folder, whose content would be copied. */
function isFile(copy: Copy, value: string | undefined): boolean {
  if (value === undefined || copy.from !== undefined) return false;
  const { context } = copy.stage.dockerfile;
  const name = value.split('/').pop()!;
  if (/[*?[]/.test(name)) return name.includes('.');
  return context
    ? !context.isDirectory(value)
    : /\w\.\w|^(?:Gemfile|Pipfile|Makefile|mvnw|gradlew|Procfile)$/.test(name);
}

function matchesName(path: string, name: string): boolean {
  const last = path.replace(/\/+$/, '').split('/').pop()!;
  return new RegExp(
    `^${last
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(name);
}

interface Cut {
  readonly gap: Range;
  /** What the second RUN has to begin with: `set -ex && `. */
  readonly opening: string;
  /** Whether the second part removes what the first one brought. */
  readonly growsImage: boolean;
}

/** Where the RUN has to be cut; undefined when all of it can run without the source; a reason when it can't be cut. */
function cutOf(late: LateInstall, needed: InstallNeeds): Cut | string | undefined {
  const { run } = late;
  const manifests = manifestPaths(late, needed);
  const isFree = (command: Command): boolean =>
    isInstall(command, late) || isChange(command, late) || isSourceFree(command, late.imageFolder, manifests);
  const first = run.commands.find((command) => !isFree(command));
  if (!first) return run.script?.complete === false ? 'the script of the RUN could not be read' : undefined;
  const written = run.stage.dockerfile.slice(first.range).split('\n')[0]!.trim();
  if (first.range.start < late.install.command.range.start)
    return `${written}, in front of the install, may need the source`;
  return cutBefore(run, first) ?? `the same RUN goes on with the source (${written})`;
}

/** The cut directly in front of the install, when what stands in front of it needs no source. */
function cutAt(late: LateInstall, needed: InstallNeeds): Cut | undefined {
  const { run, install } = late;
  const manifests = manifestPaths(late, needed);
  const before = run.commands.filter((command) => command.range.end <= install.command.range.start);
  if (before.every((command) => command.name === 'set' || command.name === 'cd')) return undefined;
  return before.every((command) => isChange(command, late) || isSourceFree(command, late.imageFolder, manifests))
    ? cutBefore(run, install.command)
    : undefined;
}

/** The cut in front of the member of the RUN's `&&` list that holds the command; undefined where that would change it. */
function cutBefore(run: Run, command: Command): Cut | undefined {
  const statement = run.script?.statements[0];
  if (
    !isEditable(run) ||
    run.form !== 'shell' ||
    run.script!.statements.length !== 1 ||
    statement?.node.kind !== 'and-or' ||
    statement.background
  )
    return undefined;
  const { items, operators } = statement.node;
  const index = items.findIndex(
    (item) => item.range.start <= command.range.start && command.range.end <= item.range.end,
  );
  if (index < 1 || operators.includes('||')) return undefined;
  const opening: ShellCommand[] = [];
  for (const item of items.slice(0, index)) {
    if (
      item.kind !== 'command' ||
      !['set', 'cd'].includes(item.command.name) ||
      item.command.args.some((word) => word.value === undefined)
    )
      break;
    opening.push(item.command);
  }
  const head = run.commands.filter((each) => each.range.end <= items[index - 1]!.range.end);
  if (head.some((each) => !opening.includes(each.shell) && leaks(each))) return undefined;
  const tail = run.commands.filter((each) => each.range.start >= items[index]!.range.start);
  return {
    gap: { start: items[index - 1]!.range.end, end: items[index]!.range.start },
    opening: opening.map((each) => `${inOneLine(each)} && `).join(''),
    growsImage:
      run.stage.isShipped &&
      tail.some((each) => removals.some((word) => each.name === word || each.subcommand === word)),
  };
}

const removals: readonly string[] = ['rm', 'prune', 'purge', 'clean', 'remove', 'del', 'autoremove'];

function leaks(command: Command): boolean {
  if (command.shell.within.some((construct) => ['subshell', 'pipeline', 'substitution'].includes(construct)))
    return false;
  if (command.name === '' || command.shell.wrappers.some((word) => word.value === 'exec')) return true;
  const changes = [
    'cd',
    'pushd',
    'export',
    'set',
    'unset',
    'umask',
    '.',
    'source',
    'eval',
    'trap',
    'shopt',
    'read',
    'alias',
  ];
  return changes.includes(command.name);
}

function isInstall(command: Command, late: LateInstall): boolean {
  if (command.range.start === late.install.command.range.start) return true;
  const other = dependencyInstall(command);
  if (!other || other.isBuild) return false;
  if (other.family.startsWith('pip ') && late.install.family.startsWith('pip '))
    return late.answer.kind === 'needs' && other.mainFiles.every((file) => isNeeded(late, file));
  return other.family === late.install.family && other.mainFiles.every((file) => late.install.mainFiles.includes(file));
}

function isNeeded(late: LateInstall, file: string): boolean {
  const path = resolvePath(late.run.stage.workdirAt(late.run.instruction) ?? '/?', file);
  return late.answer.kind === 'needs' && manifestPaths(late, late.answer).includes(path ?? '');
}

/** `cd` into the project's folder, which the manifests make. */
function isChange(command: Command, late: LateInstall): boolean {
  const target =
    command.name === 'cd'
      ? resolvePath(command.stage.workdirAt(command.run.instruction) ?? '/?', command.args[0]?.value ?? '?')
      : undefined;
  return target !== undefined && isBelow(late.imageFolder, target.replace(/(.)\/$/, '$1'));
}

function manifestPaths(late: LateInstall, needed: InstallNeeds): string[] {
  const base = late.imageFolder === '/' ? '' : late.imageFolder;
  return needed.files.filter((file) => !file.endsWith('/')).map((file) => `${base}/${file}`);
}

/** Whether a copy that stays in front of the install brings the file. */
function isProvided(late: LateInstall, file: string): boolean {
  const { stage } = late.run;
  const staying = stage.copies.filter(
    (copy) =>
      copy.usesContext && !late.early.includes(copy) && copy.instruction.range.start < late.run.instruction.range.start,
  );
  const name = file
    .replace(/[*/]+$/, '')
    .split('/')
    .pop()!;
  const folder = `${late.imageFolder}/${file.replace(/\/$/, '')}`.replace(/\/[^/]*$/, '').replace('//', '/') || '/';
  return staying.some((copy) => {
    const place = imagePath(copy);
    return copy.sources.some((source) => {
      const last = (source.value ?? source.text).replace(/\/+$/, '').split('/').pop()!;
      return (
        (last === name || (last !== '*' && matchesName(last, name))) &&
        (place === folder || place === `${folder === '/' ? '' : folder}/${name}`)
      );
    });
  });
}

/** COPY instructions for the files, one for each folder; undefined when a name would need quotes. */
function manifestLines(late: LateInstall, files: readonly string[], parents: boolean): string[] | undefined {
  const { copy, folder } = late.source;
  const { instruction } = copy;
  const { dockerfile } = copy.stage;
  const flags = instruction.flags
    .filter((flag) => ['chown', 'chmod', 'link'].includes(flag.name))
    .map((flag) => `${dockerfile.slice(flag.range)} `)
    .join('');
  const keyword = instruction.writtenKeyword === instruction.writtenKeyword.toLowerCase() ? 'copy' : 'COPY';
  const inImage = late.imageFolder.slice(imagePath(copy)!.length).replace(/^\//, '');
  const inContext = [folder, inImage].filter((part) => part !== '').join('/');
  const written = copy.destination!.text;
  const base = written === '.' ? './' : written.endsWith('/') ? written : `${written}/`;
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const isFolder = file.endsWith('/');
    const place = isFolder || file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
    const key = parents ? '' : `${inImage === '' ? '' : `${inImage}/`}${place}`;
    const list = groups.get(key) ?? [];
    list.push(inContext === '' ? file : `${inContext}/${file}`);
    groups.set(key, list);
  }
  const lines: string[] = [];
  for (const [place, sources] of groups) {
    const words = [...sources, base + place];
    if (instruction.json) lines.push(`${keyword} ${flags}${JSON.stringify(words).replaceAll('","', '", "')}`);
    else if (sources.some((source) => /[\s"'\\$[\]]/.test(source))) return undefined;
    else lines.push(`${keyword} ${parents ? '--parents ' : ''}${flags}${words.join(' ')}`);
  }
  return lines;
}

/** The instruction with the comments directly above it; of a COPY only those that don't speak of the install. */
function blockOf(dockerfile: Dockerfile, instruction: Instruction): Range {
  const { lines, comments } = dockerfile;
  let start = instruction.range.start;
  for (let line = lines.lineAt(start) - 1; line >= 0; line--) {
    const comment = comments.find(({ range, inside }) => !inside && lines.lineAt(range.start) === line);
    if (!comment) break;
    const stays =
      instruction.keyword !== 'RUN' && /\b(?:install|dependenc|requirements|packages?\b)/i.test(comment.text);
    if (stays) break;
    start = comment.range.start;
  }
  return { start, end: instruction.range.end };
}

/** Lines with the indentation that the block has. */
function indented(dockerfile: Dockerfile, block: Range, lines: readonly string[]): string {
  const { text, lineBreak } = dockerfile;
  const blanks = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', block.start - 1) + 1))![0];
  return lines.join(lineBreak + blanks);
}

/** Without the line break behind it, and without a blank line that would stand beside another one. */
function removeLines(text: string, block: Range): Edit {
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(block.end))?.[0].length ?? 0;
  const start = text.lastIndexOf('\n', block.start - 1) + 1;
  let end = block.end + rest;
  if (/(?:^|\n)[ \t]*\r?\n$/.test(text.slice(0, start))) end += /^[ \t]*\r?\n/.exec(text.slice(end))?.[0].length ?? 0;
  return { range: { start: text.slice(start, block.start).trim() === '' ? start : block.start, end }, newText: '' };
}

function inFolder({ run, install }: LateInstall, command: string): string {
  const workdir = run.stage.workdirAt(run.instruction) ?? '/?';
  const folder = workingFolder(install.command);
  if (folder === undefined || folder === workdir) return command;
  return `cd ${folder.startsWith(`${workdir}/`) ? folder.slice(workdir.length + 1) : folder} && ${command}`;
}

/** What the later COPY would put over the installed dependencies. */
function outputCaveats(late: LateInstall, needed: InstallNeeds): string[] {
  const { project, early } = late;
  if (!project) return [];
  const open = needed.outputs.filter(
    (output) => !project.isIgnored(output) && early.some((copy) => covers(copy, project.inContext(output))),
  );
  if (open.length === 0) return [];
  const name = open.length === 1 ? project.inContext(open[0]!)! : `**/${open[0]!.split('/').pop()!}`;
  const isThere = open.some((output) => project.existsOnDisk(output));
  return [
    isThere
      ? `${name} of the build context would replace the installed one, so list it in .dockerignore first`
      : `list ${name} in .dockerignore, or a local one would replace the installed one`,
  ];
}

function covers(copy: Copy, path: string | undefined): boolean {
  return (
    path !== undefined &&
    copy.sources.some(
      (source) =>
        isWholeContext(source.value ?? '') || isBelow(`/${path}`, `/${cleanPath(source.value ?? '?') ?? '?'}`),
    )
  );
}
