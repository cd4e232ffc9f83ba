import { type Copy, resolvePath } from '../../model/copy.ts';
import type { Command } from '../../model/command.ts';
import { dependencyInstall, type InstallNeeds } from '../../model/installs/index.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import { isSourceFree } from '../../model/sourceFree.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { ShellNode } from '../../syntax/shell.ts';
import { type Edit, insertAt, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { imagePath, isBelow, type LateInstall } from './sourceCopies.ts';

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

const movable: readonly string[] = ['ENV', 'ARG', 'LABEL', 'EXPOSE', 'CMD', 'ENTRYPOINT', 'STOPSIGNAL', 'HEALTHCHECK', 'SHELL', 'USER', 'MAINTAINER'];

export function reorder(late: LateInstall, needed: InstallNeeds, parents: boolean): Reordering {
  const { run, early, source } = late;
  const { dockerfile } = run.stage;
  const obstacle = early.map((copy) => obstacleIn(copy)).find(Boolean) ?? obstacleBetween(late, needed);
  if (obstacle) return { kind: 'refused', reason: obstacle };
  const cut = needed.prefetch === undefined ? cutOf(late, needed) : undefined;
  if (typeof cut === 'string') return { kind: 'refused', reason: cut };
  const provided = late.bringsManifests ? needed.files.filter((file) => !isProvided(late, file)) : [];
  const lines = manifestLines(late, provided, parents);
  if (lines === undefined) return { kind: 'refused', reason: 'the names of the manifests need quotes' };
  const blocks = early.map((copy) => blockOf(dockerfile, copy.instruction));
  const lineBreak = dockerfile.lineBreak;
  const moved = blocks.map((block) => dockerfile.slice(block)).join(lineBreak);
  const first = early[0]!.instruction;
  const isSpaced = /^[ \t]*\r?\n[ \t]*\r?$/m.test(dockerfile.text.slice(first.range.end).split('\n').slice(0, 2).join('\n'));
  const gap = isSpaced ? lineBreak + lineBreak : lineBreak;
  const edits: Edit[] = blocks.map((block, index) => {
    const own = index === early.indexOf(source.copy) ? lines : [];
    return own.length > 0 ? replace(block, indent(dockerfile.text, block, own, lineBreak)) : removeLines(dockerfile.text, block);
  });
  if (needed.prefetch !== undefined) {
    const at = blockOf(dockerfile, run.instruction).start;
    const flags = run.instruction.flags.map((flag) => `${dockerfile.slice(flag.range)} `).join('');
    const fetch = `${run.instruction.writtenKeyword} ${flags}${inFolder(late, needed.prefetch)}`;
    edits.push(insertAt(at, `${fetch}${gap}${moved}${gap}`));
  } else if (cut === undefined) edits.push(insertAt(run.instruction.range.end, gap + moved));
  else {
    const comments = dockerfile.comments.filter(({ range }) => range.start >= cut.gap.start && range.end <= cut.gap.end).map(({ range }) => dockerfile.slice(range) + lineBreak);
    const flags = run.instruction.flags.map((flag) => `${dockerfile.slice(flag.range)} `).join('');
    edits.push(replace(cut.gap, gap + moved + gap + comments.join('') + `${run.instruction.writtenKeyword} ${flags}${cut.opening}`));
  }
  const caveats = [...outputCaveats(late, needed), ...(cut?.growsImage ? ['what the end of the RUN removes is then in a layer of its own below'] : [])];
  return { kind: 'edits', edits, files: provided, split: cut !== undefined, caveats };
}

function obstacleIn(copy: Copy): string | undefined {
  const { instruction } = copy;
  if (instruction.words.some((word) => word.split)) return 'the COPY has a word that runs across lines';
  if (instruction.flags.some((flag) => flag.name === 'parents' || flag.name === 'exclude')) return 'the COPY has --parents or --exclude';
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
    if (before.some((path) => path.value === undefined || after.expand(path.text, dockerfile.escape) !== path.value)) return 'a variable of the COPY is changed in front of the install';
    if (resolvePath(stage.workdirAt(run.instruction) ?? '/?', copy.destination!.value!)?.replace(/(.)\/$/, '$1') !== imagePath(copy)) return 'WORKDIR changes in front of the install';
  }
  for (const each of stage.instructions) {
    if (each.range.start <= first.range.start || each.range.start >= run.instruction.range.start) continue;
    if (movable.includes(each.keyword) || each.keyword === 'WORKDIR' || early.some((copy) => copy.instruction === each)) continue;
    if (each.keyword === 'RUN') {
      const other = stage.runs.find((candidate) => candidate.instruction === each)!;
      const blocked = other.form === 'foreign' || (other.commands.length === 0 ? other.commands : undefined) ? each : other.commands.find((command) => !isSourceFree(command, late.imageFolder, manifests));
      if (blocked) return `${dockerfile.slice('shell' in blocked ? blocked.range : each.range).split('\n')[0]!.trim()}, in front of the install, may need the source`;
    } else if (each.keyword === 'COPY' || each.keyword === 'ADD') {
      const other = stage.copies.find((copy) => copy.instruction === each)!;
      if (!isIndependent(other, late)) return 'another COPY writes to the same folder in between';
    } else return `${each.keyword} stands in front of the install`;
  }
  return undefined;
}

/** Whether it does not matter which of both copies comes first. */
function isIndependent(other: Copy, late: LateInstall): boolean {
  const place = imagePath(other);
  if (place === undefined) return false;
  const folders = late.early.map((copy) => imagePath(copy)!);
  if (folders.every((folder) => !isBelow(place, folder) && !isBelow(folder, place))) return true;
  // The same file of the context at the same place: either copy writes the same.
  if (other.from !== undefined || late.early.length !== 1) return false;
  const files = other.sources.map((source) => source.value?.replace(/^\.\//, ''));
  const same = files.every((file) => file !== undefined && !file.includes('/') && !/[*?]\S*\//.test(file));
  return same && late.source.folder === '' && place === imagePath(late.early[0]!) && !other.chmod && other.chown === late.early[0]!.chown;
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
  const { dockerfile } = run.stage;
  const manifests = manifestPaths(late, needed);
  const isFree = (command: Command): boolean => isInstall(command, late) || isChange(command, late) || isSourceFree(command, late.imageFolder, manifests);
  const first = run.commands.find((command) => !isFree(command));
  if (!first && run.script?.complete !== false) return undefined;
  const written = first ? dockerfile.slice(first.range).split('\n')[0]!.trim() : '';
  const statement = run.script?.statements[0];
  if (!first || !isEditable(run) || run.form !== 'shell' || run.script!.statements.length !== 1 || statement?.node.kind !== 'and-or' || statement.background) {
    return `the same RUN goes on with the source (${written})`;
  }
  const { items, operators } = statement.node;
  if (operators.includes('||')) return `the same RUN goes on with the source (${written})`;
  const index = items.findIndex((item) => item.range.start <= first.range.start && first.range.end <= item.range.end);
  const isBefore = late.install.command.range.end <= (items[index - 1]?.range.end ?? 0);
  if (!isBefore) return `${written}, in front of the install, may need the source`;
  const head = run.commands.filter((command) => command.range.end <= items[index - 1]!.range.end);
  const opening = items[0]!.kind === 'command' && items[0]!.command.name === 'set' ? items[0]! : undefined;
  if (head.some((command) => leaks(command, opening))) return 'the RUN changes its folder or its variables, and goes on with the source';
  const tail = run.commands.filter((command) => command.range.start >= items[index]!.range.start);
  return {
    gap: { start: items[index - 1]!.range.end, end: items[index]!.range.start },
    opening: opening ? `${dockerfile.slice(opening.range)} && ` : '',
    growsImage: run.stage.isShipped && tail.some((command) => ['rm', 'prune', 'purge', 'clean', 'remove', 'del', 'autoremove'].some((word) => command.name === word || command.subcommand === word)),
  };
}

function leaks(command: Command, opening: ShellNode | undefined): boolean {
  if (command.shell.within.some((construct) => ['subshell', 'pipeline', 'substitution'].includes(construct))) return false;
  if (command.name === '' || command.shell.wrappers.some((word) => word.value === 'exec')) return true;
  const changes = ['cd', 'pushd', 'export', 'set', 'unset', 'umask', '.', 'source', 'eval', 'trap', 'shopt', 'read', 'alias'];
  return changes.includes(command.name) && command.range.start !== opening?.range.start;
}

function isInstall(command: Command, late: LateInstall): boolean {
  if (command.range.start === late.install.command.range.start) return true;
  const other = dependencyInstall(command);
  return other !== undefined && other.family === late.install.family && other.mainFiles.every((file) => late.install.mainFiles.includes(file));
}

/** `cd` into the project's folder, which the manifests make. */
function isChange(command: Command, late: LateInstall): boolean {
  const target = command.name === 'cd' ? resolvePath(command.stage.workdirAt(command.run.instruction) ?? '/?', command.args[0]?.value ?? '?') : undefined;
  return target !== undefined && isBelow(late.imageFolder, target.replace(/(.)\/$/, '$1'));
}

function manifestPaths(late: LateInstall, needed: InstallNeeds): string[] {
  const base = late.imageFolder === '/' ? '' : late.imageFolder;
  return needed.files.filter((file) => !file.endsWith('/')).map((file) => `${base}/${file}`);
}

/** Whether a copy that stays in front of the install brings the file. */
function isProvided(late: LateInstall, file: string): boolean {
  const { stage } = late.run;
  const staying = stage.copies.filter((copy) => copy.usesContext && !late.early.includes(copy) && copy.instruction.range.start < late.run.instruction.range.start);
  const name = file.replace(/[*/]+$/, '').split('/').pop()!;
  const folder = `${late.imageFolder}/${file.replace(/\/$/, '')}`.replace(/\/[^/]*$/, '').replace('//', '/') || '/';
  return staying.some((copy) => {
    const place = imagePath(copy);
    return copy.sources.some((source) => {
      const last = (source.value ?? source.text).replace(/\/+$/, '').split('/').pop()!;
      const isIt = last === name || (/\*/.test(last) && new RegExp(`^${last.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`).test(name));
      return isIt && (place === folder || place === `${folder === '/' ? '' : folder}/${name}`);
    });
  });
}

/** COPY instructions for the files, one for each folder; undefined when a name would need quotes. */
function manifestLines(late: LateInstall, files: readonly string[], parents: boolean): string[] | undefined {
  const { copy, folder } = late.source;
  const { instruction } = copy;
  const { dockerfile } = copy.stage;
  const flags = instruction.flags.filter((flag) => ['chown', 'chmod', 'link'].includes(flag.name)).map((flag) => `${dockerfile.slice(flag.range)} `).join('');
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
    const stays = instruction.keyword !== 'RUN' && /\b(?:install|dependenc|requirements|packages?\b)/i.test(comment.text);
    if (stays) break;
    start = comment.range.start;
  }
  return { start, end: instruction.range.end };
}

function indent(text: string, block: Range, lines: readonly string[], lineBreak: string): string {
  const start = text.lastIndexOf('\n', block.start - 1) + 1;
  const blanks = /^[ \t]*/.exec(text.slice(start))![0];
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

function inFolder(late: LateInstall, command: string): string {
  const workdir = late.run.stage.workdirAt(late.run.instruction) ?? '/?';
  const { imageFolder, install } = late;
  if (install.anywhere || imageFolder === workdir || install.mainFiles[0]!.includes('/')) return command;
  return `cd ${imageFolder.startsWith(`${workdir}/`) ? imageFolder.slice(workdir.length + 1) : imageFolder} && ${command}`;
}

/** What the later COPY would put over the installed dependencies. */
function outputCaveats(late: LateInstall, needed: InstallNeeds): string[] {
  const { project } = late;
  if (!project) return [];
  return needed.outputs.flatMap((output) => {
    const path = project.inContext(output);
    if (path === undefined || project.isIgnored(output)) return [];
    const isMoved = late.early.some((copy) => copy.sources.some((source) => isBelow(`/${path}`, `/${(source.value ?? '').replace(/^[./]+|\/+$/g, '')}`.replace('/*', '/').replace(/(.)\/$/, '$1'))));
    if (!isMoved) return [];
    return project.existsOnDisk(output) ? [`${path} of the build context would replace the installed one, so list it in .dockerignore first`] : [`list ${path} in .dockerignore, or a local one would replace the installed one`];
  });
}
