import type { Command } from '../../model/command.ts';
import type { Copy } from '../../model/copy.ts';
import { appendToScript, insertBehind } from '../../model/scriptEdits.ts';
import type { Stage } from '../../model/stage.ts';
import { isSystemFolder, madeFolders, type WrittenPlace, writtenPlaces } from '../../model/writtenPlaces.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { type Edit, insertAt, replace } from '../../text/edit.ts';
import { inCaseOf, lineAbove, lineBelow } from '../insertLine.ts';
import type { Candidate } from './candidates.ts';

/** What makes the final image run as a candidate. */
export interface NonRootPlan {
  readonly edits: readonly Edit[];
  /** Folders that become the user's, in order. */
  readonly folders: readonly string[];
}

/** Instructions that would do their work as the new user if USER stood in front of them. */
const worksAsUser: readonly string[] = ['RUN', 'COPY', 'ADD', 'WORKDIR', 'VOLUME', 'ONBUILD', 'SHELL', 'USER'];

/**
 * USER behind everything that builds and in front of CMD and ENTRYPOINT; the folders that the program writes given to
 * the user where they are made (`--chown` on the copies into them, `chown` behind their `mkdir`); and the user itself
 * where it has to be made. No layer stores a file again only to change its owner.
 */
export function nonRootPlan(stage: Stage, candidate: Candidate): NonRootPlan {
  if (stage.rootBase.facts?.family === 'windows') return { edits: [userEdit(stage, candidate)], folders: [] };
  const own = ownFolder(stage);
  const { places } = writtenPlaces(stage);
  const given = places.filter(({ path }) => !isGivenAlready(stage, path) && !isOpenInBase(stage, path));
  const made = given.flatMap((place) => madeEdit(stage, place, candidate) ?? []);
  const isMade = (path: string): boolean => made.some((each) => each.path === path);
  const left = given.filter(({ path }) => !isMade(path) && path !== own);
  const setup = setupEdits(stage, candidate, {
    own: own === undefined || isMade(own) || isGivenAlready(stage, own) ? undefined : own,
    left,
  });
  const folders = [...new Set([...(own === undefined ? [] : [own]), ...places.map(({ path }) => path)])];
  const start = stage.workdirAt('end');
  const targets = start === undefined || isSystemFolder(start) ? folders : [start, ...folders];
  const copies = stage.copies.flatMap((copy) => chownEdit(copy, targets, candidate) ?? []);
  const commands = [...new Map(made.map(({ edit }) => [`${edit.range.start} ${edit.newText}`, edit])).values()];
  return { edits: [...setup, ...commands, userEdit(stage, candidate), ...copies], folders };
}

function userEdit(stage: Stage, candidate: Candidate): Edit {
  const { dockerfile } = stage;
  const last = stage.instructions.findLast((each) => worksAsUser.includes(each.keyword));
  const line = `${inCaseOf(stage.from, 'USER')} ${candidate.user}`;
  if (last?.keyword === 'USER' && last.words[0] && !last.words[0].split)
    return replace(last.words[0].range, candidate.user);
  const from = last ? stage.instructions.indexOf(last) + 1 : 0;
  const starter = stage.instructions
    .slice(from)
    .find((each) => each.keyword === 'CMD' || each.keyword === 'ENTRYPOINT');
  return starter
    ? lineAbove(dockerfile, starter, line)
    : lineBelow(dockerfile, stage.instructions.at(-1) ?? stage.from, line);
}

/** The folder that the program starts in, when this file makes it. */
function ownFolder(stage: Stage): string | undefined {
  const folder = stage.workdirAt('end');
  if (folder === undefined || isSystemFolder(folder)) return undefined;
  return stage.chain.some((each) => each.instructions.some(({ keyword }) => keyword === 'WORKDIR'))
    ? folder
    : undefined;
}

/** Whether a RUN gives the folder, or one above it, to somebody: then its author has cared for it. */
function isGivenAlready(stage: Stage, path: string): boolean {
  return stage.chain.some((each) =>
    each.runs.some((run) =>
      run.commands.some((command) => {
        if (command.name !== 'chown' && !(command.name === 'install' && command.hasOption('-o', '--owner')))
          return false;
        const all = command.hasOption('-R', '--recursive');
        return command.operands.some((word) => {
          const value = word.value === undefined ? undefined : resolve(each, run.instruction, word.value);
          return value !== undefined && (value === path || (all && path.startsWith(value === '/' ? '/' : `${value}/`)));
        });
      }),
    ),
  );
}

/** PHP's images let everybody write into the folder that they start in. */
function isOpenInBase(stage: Stage, path: string): boolean {
  const { facts } = stage.rootBase;
  return facts?.repository === 'php' && path === facts.workdir;
}

function resolve(stage: Stage, place: Instruction, path: string): string {
  const full = path.startsWith('/') ? path : `${stage.workdirAt(place) ?? ''}/${path}`;
  return full.replace(/\/(?:\.?\/)*/g, '/').replace(/(.)\/\.?$/, '$1');
}

/** `chown` behind the `mkdir` that makes the folder, in the same layer. */
function madeEdit(
  stage: Stage,
  { path, maker }: WrittenPlace,
  candidate: Candidate,
): { readonly path: string; readonly edit: Edit } | undefined {
  if (!maker) return undefined;
  const { run } = maker;
  const owner = ownerAt(stage, run.instruction, candidate);
  if (owner === undefined || stage.effectiveUserAt(run.instruction).isRoot !== true) return undefined;
  const made = madeFolders(stage).filter((each) => each.maker === maker);
  const written = writtenPlaces(stage).places.filter((each) => each.maker === maker);
  const words = maker.operands.filter((word) => {
    const found = made.find((each) => each.path === resolveWord(stage, run.instruction, word.value ?? word.text));
    return found === undefined || written.some((each) => each.path === found.path);
  });
  const mode = maker.optionValue('-m');
  const names = words.filter((word) => word.value === undefined || word.value !== mode).map((word) => word.text);
  const filled = isFilledBehind(maker, path);
  // What the same RUN puts into the folder goes to the user as well: it is one layer.
  const edit = filled
    ? appendToScript(run, `chown -R ${owner} ${names.join(' ')}`)
    : insertBehind(maker, `chown ${owner} ${names.join(' ')}`);
  return edit && { path, edit };
}

/** Whether commands behind the `mkdir` name the folder, as `tar -C` and `cp` do to put files into it. */
function isFilledBehind(maker: Command, path: string): boolean {
  const { run, stage } = maker;
  if (run.commands.some(({ name }) => name === 'cd' || name === 'pushd')) return false;
  return run.commands
    .slice(run.commands.indexOf(maker) + 1)
    .filter(({ name }) =>
      ['tar', 'cp', 'mv', 'unzip', 'git', 'touch', 'curl', 'wget', 'install', 'bsdtar'].includes(name),
    )
    .some((command) =>
      command.args.some((word) => {
        const named = resolveWord(stage, run.instruction, word.value ?? word.text);
        return named === path || named.startsWith(`${path}/`);
      }),
    );
}

function resolveWord(stage: Stage, place: Instruction, text: string): string {
  return resolve(stage, place, stage.envAt(place).expand(text, place.escape) ?? text);
}

/** The RUN that makes the user and the folders that nothing else makes; its place lets names and volumes be right. */
function setupEdits(
  stage: Stage,
  candidate: Candidate,
  wanted: { readonly own: string | undefined; readonly left: readonly WrittenPlace[] },
): Edit[] {
  const { dockerfile, instructions } = stage;
  const { facts, isScratch } = stage.rootBase;
  const canRun = facts?.shell !== 'none' && !isScratch && stage.shellAt('end').dialect !== 'unknown';
  if (!canRun) return [];
  const head = afterArguments(stage);
  const creation = candidate.account?.command.run;
  const isHere = creation?.stage === stage;
  const workdir = instructions.findLast(({ keyword }) => keyword === 'WORKDIR');
  const behind =
    latest(
      wanted.own === undefined ? undefined : workdir,
      isHere ? creation.instruction : undefined,
      ...wanted.left.map(({ maker }) => maker?.run.instruction),
    ) ?? head;
  const volume = instructions.find(({ keyword }) => keyword === 'VOLUME');
  // What a RUN changes in a folder behind its VOLUME is lost in some builders.
  const isInTime = wanted.left.length === 0 || !volume || behind.range.start < volume.range.start;
  const place = isInTime ? behind : isHere ? creation.instruction : head;
  const isRoot = place === stage.from ? isRootAtStart(stage) : stage.effectiveUserAt(place).isRoot === true;
  const isMadeByWorkdir = workdir !== undefined && workdir.range.start <= place.range.start;
  const owner = candidate.commands ? candidate.numericOwner! : candidate.owner;
  const left = wanted.left.filter(({ path }) => !isMadeBehind(stage, place, path));
  const own = isMadeByWorkdir || !isMadeBehind(stage, place, wanted.own ?? '') ? wanted.own : undefined;
  const folders = left.filter((each) => !each.isFile).map(({ path }) => path);
  const files = left.filter((each) => each.isFile).map(({ path }) => path);
  const news = [...(own !== undefined && !isMadeByWorkdir ? [own] : []), ...folders];
  const all = [...(own === undefined ? [] : [own]), ...folders, ...files];
  const commands = [
    candidate.commands,
    isRoot && news.length > 0 ? `mkdir -p ${news.join(' ')}` : undefined,
    isRoot && files.length > 0 ? `touch ${files.join(' ')}` : undefined,
    // Another user could not give a folder away; BuildKit has made it that user's own.
    isRoot && all.length > 0 ? `chown ${owner} ${all.join(' ')}` : undefined,
  ].filter((each) => each !== undefined);
  if (commands.length === 0) return [];
  return [lineBelow(dockerfile, place, `${inCaseOf(stage.from, 'RUN')} ${commands.join(' && ')}`)];
}

/** Whether a RUN behind the place makes the path and would fail, or do something else, when it is there already. */
function isMadeBehind(stage: Stage, place: Instruction, path: string): boolean {
  return stage.runs
    .filter(({ instruction }) => instruction.range.start > place.range.start)
    .some((run) =>
      run.commands.some((command) => {
        if (!['mkdir', 'mv', 'cp', 'ln', 'git', 'tar', 'unzip'].includes(command.name)) return false;
        if (command.name === 'mkdir' && command.hasOption('-p', '--parents')) return false;
        return command.operands.some((word) => {
          const made = resolveWord(stage, run.instruction, word.value ?? word.text);
          return path === made || path.startsWith(`${made}/`);
        });
      }),
    );
}

function isRootAtStart(stage: Stage): boolean {
  const first = stage.instructions[0];
  return (first ? stage.effectiveUserAt(first) : stage.effectiveUserAt('end')).isRoot === true;
}

function latest(...places: readonly (Instruction | undefined)[]): Instruction | undefined {
  return places.filter((each) => each !== undefined).sort((a, b) => b.range.start - a.range.start)[0];
}

/** `--chown` on a COPY or ADD into one of the folders. */
function chownEdit(copy: Copy, folders: readonly string[], candidate: Candidate): Edit | undefined {
  const path = copy.destinationPath?.replace(/(.)\/$/, '$1');
  if (path === undefined || copy.chown !== undefined) return undefined;
  if (!folders.some((folder) => path === folder || path.startsWith(`${folder}/`))) return undefined;
  const isLinked = copy.instruction.flags.some(({ name }) => name === 'link');
  // A linked layer has no account database to look a name up in.
  const owner = isLinked ? candidate.numericOwner : ownerAt(copy.stage, copy.instruction, candidate);
  return owner === undefined ? undefined : insertAt(copy.instruction.keywordRange.end, ` --chown=${owner}`);
}

/** How the owner is written at an instruction; undefined where the user has no name yet and its number is not known. */
function ownerAt(stage: Stage, place: Instruction, candidate: Candidate): string | undefined {
  if (candidate.commands) return candidate.numericOwner;
  const creation = candidate.account?.command.run;
  const isLater = creation?.stage === stage && creation.instruction.range.start >= place.range.start;
  return isLater ? candidate.numericOwner : candidate.owner;
}

/** The last of the ARGs and ENVs that directly follow FROM: the earliest place where a RUN reads well. */
function afterArguments(stage: Stage): Instruction {
  let place: Instruction = stage.from;
  for (const instruction of stage.instructions) {
    if (!['ARG', 'ENV', 'LABEL', 'MAINTAINER', 'SHELL'].includes(instruction.keyword)) break;
    place = instruction;
  }
  return place;
}
