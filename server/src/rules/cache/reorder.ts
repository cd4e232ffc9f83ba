import { cleanPath } from '../../model/context.ts';
import { type Copy, isWholeContext } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { inOneLine, type InstallNeeds } from '../../model/installs/index.ts';
import type { Run } from '../../model/run.ts';
import { isSourceFree } from '../../model/sourceFree.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { type Edit, insertAt, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { type Cut, cutAt, cutOf } from './cut.ts';
import { isProvided, manifestLines } from './manifestLines.ts';
import { manifestMounts } from './manifestMounts.ts';
import { obstacleBetween, obstacleIn, staysInPlace } from './obstacles.ts';
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

/** How the manifests come to the install: a COPY for each folder, one for all of them, or mounts of its RUN. */
export type ManifestWay = 'copies' | 'parents' | 'mounts';

export function reorder(late: LateInstall, needed: InstallNeeds, way: ManifestWay): Reordering {
  const { run, early } = late;
  const refused = (reason: string): Reordering => ({ kind: 'refused', reason });
  const provided = late.bringsManifests ? needed.files.filter((file) => !isProvided(late, file)) : [];
  const mounts = way === 'mounts' ? manifestMounts(late, needed, provided) : [];
  if (mounts === undefined) return refused('the manifests can’t be mounted');
  const lines = way === 'mounts' ? [] : manifestLines(late, provided, way === 'parents');
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
    if (isBroughtBetween(late)) return refused('the tool is installed only behind the source');
    return result(late, needed, provided, putAbove(late, [...lines, fetch]), undefined);
  }
  if (obstacle) return refused(obstacle);
  const cut = cutOf(late, needed);
  if (typeof cut === 'string') return refused(cut);
  return result(late, needed, provided, [...mounts, ...moveBehind(late, lines, cut, '')], cut);
}

function result(
  late: LateInstall,
  needed: InstallNeeds,
  files: readonly string[],
  edits: readonly Edit[],
  cut: Cut | undefined,
): Reordering {
  const caveats = [...outputCaveats(late, needed), ...(cut?.growsImage ? ['the image grows'] : [])];
  return { kind: 'edits', edits, files, split: cut !== undefined, caveats };
}

/** The manifests take the place of the source, or stand directly in front of the install where that keeps more cached. */
function takeOut(late: LateInstall, lines: readonly string[]): Edit[] {
  const { run, early, source } = late;
  const { dockerfile } = run.stage;
  const waits = lines.length > 0 && canWait(late);
  const edits = early.map((copy) => {
    const block = blockOf(dockerfile, copy.instruction);
    return copy === source.copy && lines.length > 0 && !waits
      ? replace(block, indented(dockerfile, block, lines))
      : removeLines(dockerfile.text, block);
  });
  if (!waits) return edits;
  const block = blockOf(dockerfile, run.instruction);
  return [...edits, insertAt(block.start, indented(dockerfile, block, [...lines, '']))];
}

/** Whether system packages are installed in between, which then stay cached when a manifest changes. */
function canWait({ run, source }: LateInstall): boolean {
  const { stage } = run;
  const { copy } = source;
  const between = stage.runs.filter(
    ({ instruction }) =>
      instruction.range.start > copy.instruction.range.start && instruction.range.start < run.instruction.range.start,
  );
  // The COPY gives its owner to a folder that is not there yet; a WORKDIR in between would not.
  const keepsOwner = copy.chown === undefined || imagePath(copy) === stage.workdirAt(copy.instruction);
  const isSystem = (name: string): boolean =>
    !/^(?:npm|npx|yarn|pnpm|corepack|pip[\d.]*|python[\d.]*|uv|poetry|pipenv|bundler?|gem|composer|go|cargo|mvnw?|gradlew?|dotnet)$/.test(
      name,
    );
  return (
    between.length > 0 &&
    keepsOwner &&
    staysInPlace(copy, run) &&
    between.every((each) =>
      each.commands.every((command) => isSystem(command.name) && isSourceFree(command, imagePath(copy)!)),
    )
  );
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

/** Whether a step between the source and the install brings the tool: `mv composer.phar /usr/local/bin/composer`. */
function isBroughtBetween({ run, early, install }: LateInstall): boolean {
  const { stage } = run;
  const { name } = install.command;
  const isBetween = ({ range }: { readonly range: Range }): boolean =>
    range.start > early[0]!.instruction.range.start && range.start < run.instruction.range.start;
  const isTool = (path: string): boolean => /^[\w-]*/.exec(path.slice(path.lastIndexOf('/') + 1))![0] === name;
  const words = stage.runs
    .filter(({ instruction }) => isBetween(instruction))
    .flatMap((each) => each.commands)
    // A wrapper script of the project that is made executable is not brought.
    .filter((command) => !['chmod', 'dos2unix'].includes(command.name))
    .flatMap((command) => command.args.map((word) => word.value ?? word.text));
  const copied = stage.copies
    .filter(({ instruction, from }) => from !== undefined && isBetween(instruction))
    .flatMap((copy) => [...copy.sources, copy.destination].map((path) => path?.text ?? ''));
  return [...words, ...copied].some(isTool);
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
  return [isThere ? `a local ${name} replaces it: list it in .dockerignore` : `list ${name} in .dockerignore`];
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
