import { cleanPath } from '../../model/context.ts';
import { type Copy, isRemote, isWholeContext, resolvePath } from '../../model/copy.ts';
import type { Command } from '../../model/command.ts';
import {
  type DependencyInstall,
  dependencyInstalls,
  type InstallNeeds,
  type NeedsAnswer,
  ProjectFolder,
} from '../../model/installs/index.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { Range } from '../../text/range.ts';

/** A folder of the build context that a COPY puts into the image. */
export interface FolderSource {
  readonly copy: Copy;
  readonly range: Range;
  /** Path in the context; empty for its root. */
  readonly folder: string;
  /** Absolute path in the image, without a slash at its end. */
  readonly image: string;
}

/** An install that runs behind a copy of the source. */
export interface LateInstall {
  readonly install: DependencyInstall;
  readonly run: Run;
  /** The copy that is told of: it brings the manifests, or is the first one of source. */
  readonly source: FolderSource;
  /** Whether the manifests come with it, and not by a copy of their own. */
  readonly bringsManifests: boolean;
  /** Folder of the project in the image, and in the context (undefined when that is not known). */
  readonly imageFolder: string;
  readonly project: ProjectFolder | undefined;
  /** Main manifests, relative to the folder. */
  readonly paths: readonly string[];
  readonly answer: NeedsAnswer;
  /** All copies in front of the install that bring source, in order. */
  readonly early: readonly Copy[];
}

/** The installs of a stage that run behind a copy of the source, at most one for each copy. */
export function lateInstalls(stage: Stage): LateInstall[] {
  const found: LateInstall[] = [];
  const done = new Set<string>();
  for (const run of stage.runs) {
    for (const install of dependencyInstalls(run)) {
      const cwd = workingFolder(install.command);
      if (cwd === undefined) continue;
      const mains = install.mainFiles.map((file) => resolvePath(cwd, file)!);
      const key = `${install.family} ${folderOf(mains[0]!)}`;
      const isDone =
        done.has(key) || (install.isBuild && done.has(install.family)) || isDoneBefore(stage, run, install);
      done.add(key).add(install.family);
      if (isDone) continue;
      const late = judge(stage, run, install, mains);
      if (late && !found.some((each) => each.source.copy === late.source.copy)) found.push(late);
    }
  }
  return found;
}

function judge(stage: Stage, run: Run, install: DependencyInstall, mains: readonly string[]): LateInstall | undefined {
  const { context } = stage.dockerfile;
  const copies = stage.copies.filter(
    (copy) => copy.usesContext && copy.instruction.range.end < run.instruction.range.start,
  );
  const folders = copies.flatMap(folderSources);
  const bringers = copies.filter((copy) => bringsFile(copy, mains[0]!));
  const provider = folders.findLast((each) => {
    if (!mains.every((main) => isBelow(main, each.image))) return false;
    // A folder of unknown content that goes to a wider place, beside a copy of the manifests, is not the project.
    if (bringers.length === 0) return true;
    if (context) return context.existsOnDisk(`${each.folder}/${mains[0]!.slice(each.image.length)}`);
    return each.folder === '' || each.image === folderOf(mains[0]!);
  });
  const home = provider && {
    image: install.anywhere ? provider.image : folderOf(mains[0]!),
    folder: provider.folder,
    base: provider.image,
  };
  const imageFolder = home?.image ?? folderOf(mains[0]!);
  const projectPath = home && (cleanPath(`${home.folder}/${imageFolder.slice(home.base.length)}`) ?? '');
  const own = bringers.find((copy) => projectPath === undefined || bringsFile(copy, mains[0]!, projectPath));
  const paths = mains.map((main) => main.slice(imageFolder === '/' ? 1 : imageFolder.length + 1));
  const project = context && projectFolder(context, home, own, imageFolder);
  if (context && !project) return undefined;
  const asked =
    together([install, ...companions(run, install)], project, imageFolder, workingFolder(install.command)!) ??
    (project ? install.needs(project, paths) : install.customary(paths));
  const answer =
    asked.kind === 'needs' && project
      ? { ...asked, files: [...new Set([...asked.files, ...namedFiles(install, project)])] }
      : asked;
  if (answer.kind === 'nothing') return undefined;
  const isEarly = (each: FolderSource): boolean =>
    context
      ? bringsSource(each, project!, answer)
      : isWholeContext(each.folder) || each === provider || isSourceName(each.folder);
  const early = folders.filter((each) => (isBelow(each.image, imageFolder) || each === provider) && isEarly(each));
  const source = early.find((each) => each === provider) ?? early[0];
  if (!source || (provider && !early.includes(provider) && answer.kind === 'declined')) return undefined;
  // Folders beside the manifests may be what the install is known to need.
  if (source !== provider && answer.kind === 'declined') return undefined;
  if (!context && source === provider && isListFolder(provider.folder)) return undefined;
  if (install.isBuild && ranBefore(stage, install, source.copy)) return undefined;
  // One COPY may name the manifests beside a folder of source: they move away with it.
  const isOwnEarly = early.some((each) => each.copy === own);
  const comesWithSource =
    provider !== undefined &&
    (!own || own.instruction.range.start > provider.copy.instruction.range.start || context !== undefined);
  return {
    install,
    run,
    source,
    bringsManifests: isOwnEarly || comesWithSource,
    imageFolder,
    project,
    paths,
    answer,
    early: [...new Set(early.map((each) => each.copy))],
  };
}

/** Files of the project that the words of the command name besides: `--find-links ./wheels`, `--cafile ca.pem`. */
function namedFiles(install: DependencyInstall, project: ProjectFolder): string[] {
  if (install.isBuild) return [];
  const words = install.command.args.flatMap((word) => word.value?.replace(/^--?[\w-]+=/, '') ?? []);
  const paths = words
    .filter((word) => /[./]/.test(word) && !word.startsWith('-'))
    .flatMap((word) => project.inside(word) ?? []);
  return paths
    .filter((path) => path !== '' && project.has(path))
    .map((path) => (project.isDirectory(path) ? `${path}/` : path));
}

/** Other requirement files that the same RUN installs: they move together. */
function companions(run: Run, install: DependencyInstall): DependencyInstall[] {
  if (!install.family.startsWith('pip ')) return [];
  return dependencyInstalls(run).filter((other) => other.family.startsWith('pip ') && other.family !== install.family);
}

/** What several installs need; undefined when it is only one, or when they can't be seen as one. */
function together(
  installs: readonly DependencyInstall[],
  project: ProjectFolder | undefined,
  imageFolder: string,
  cwd: string,
): NeedsAnswer | undefined {
  if (installs.length < 2) return undefined;
  const all: InstallNeeds[] = [];
  for (const install of installs) {
    const mains = install.mainFiles.map((file) => resolvePath(cwd, file)!);
    if (!mains.every((main) => isBelow(main, imageFolder))) return undefined;
    const paths = mains.map((main) => main.slice(imageFolder === '/' ? 1 : imageFolder.length + 1));
    const answer = project ? install.needs(project, paths) : install.customary(paths);
    if (answer.kind !== 'needs') return undefined;
    all.push(answer);
  }
  return {
    kind: 'needs',
    files: [...new Set(all.flatMap((each) => each.files))],
    outputs: all.flatMap((each) => each.outputs),
    caveats: [...new Set(all.flatMap((each) => each.caveats))],
  };
}

type Home = { readonly image: string; readonly folder: string; readonly base: string };

function projectFolder(
  context: NonNullable<Stage['dockerfile']['context']>,
  home: Home | undefined,
  own: Copy | undefined,
  imageFolder: string,
): ProjectFolder | undefined {
  if (home) return new ProjectFolder(context, cleanPath(`${home.folder}/${imageFolder.slice(home.base.length)}`) ?? '');
  const value = own?.sources.find((source) => source.value !== undefined)?.value;
  const path = value === undefined ? undefined : cleanPath(value);
  return path === undefined
    ? undefined
    : new ProjectFolder(context, path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
}

/** Whether the folder holds more than what the install needs. */
function bringsSource(each: FolderSource, project: ProjectFolder, answer: NeedsAnswer): boolean {
  if (answer.kind !== 'needs') return true;
  const needed = answer.files.map((file) => project.inContext(file) + (file.endsWith('/') ? '/' : ''));
  const prefix = each.folder === '' ? '' : `${each.folder}/`;
  return project.context.files.some(
    (file) =>
      file.startsWith(prefix) && !needed.some((need) => (need.endsWith('/') ? file.startsWith(need) : file === need)),
  );
}

/** The folders of the build context among the sources of a COPY. */
function folderSources(copy: Copy): FolderSource[] {
  const { context } = copy.stage.dockerfile;
  const destination = imagePath(copy);
  if (destination === undefined || copy.instruction.heredocs.length > 0) return [];
  return copy.sources.flatMap((source) => {
    if (source.value === undefined || isRemote(source.value)) return [];
    const folder = isWholeContext(source.value) ? '' : cleanPath(source.value);
    if (folder === undefined || /[*?[]/.test(folder)) return [];
    const isFolder =
      folder === '' ||
      (context ? context.isDirectory(folder) : looksLikeFolder(folder, source.value, copy.sources.length));
    return isFolder ? [{ copy, range: source.range, folder, image: destination }] : [];
  });
}

function looksLikeFolder(folder: string, written: string, sources: number): boolean {
  if (sources > 1) return false;
  const name = folder.split('/').pop()!;
  return (
    written.endsWith('/') ||
    (!name.includes('.') &&
      !/^(?:Gemfile|Pipfile|Makefile|Rakefile|Procfile|LICENSE|README|mvnw|gradlew|artisan|manage|Dockerfile|\w*entrypoint\w*|\w*script\w*)$/i.test(
        name,
      ))
  );
}

function isSourceName(folder: string): boolean {
  return /^(?:src|public|static|tests?|views|templates|routes|controllers|components|cmd|internal|pages)$/.test(folder);
}

/** A folder that holds lists of packages. */
function isListFolder(folder: string): boolean {
  return /(?:^|\/)(?:requirements?|reqs?|deps|dependencies|docker|build|config|conf|install|setup|scripts?|env)(?:\/|$)/i.test(
    folder,
  );
}

/** Whether a file of that name (out of that folder of the context) goes to that place by itself: `COPY package*.json ./`. */
function bringsFile(copy: Copy, path: string, folder?: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const destination = imagePath(copy);
  const brings = copy.sources.some((source) => {
    const clean = cleanPath(source.value ?? source.text) ?? '';
    const last = clean.split('/').pop()!;
    if (folder !== undefined && clean.slice(0, Math.max(0, clean.lastIndexOf('/'))) !== folder) return false;
    return (
      last === name ||
      (/[*?]/.test(last) &&
        last !== '*' &&
        new RegExp(
          `^${last
            .replace(/[.+^${}()|[\]\\]/g, '\\$&')
            .replaceAll('*', '.*')
            .replaceAll('?', '.')}$`,
        ).test(name))
    );
  });
  return brings && (destination === folderOf(path) || destination === path);
}

/** Absolute path of the destination without a slash at its end; a working directory that is not known is `/?`. */
export function imagePath(copy: Copy): string | undefined {
  const value = copy.destination?.value;
  if (value === undefined) return undefined;
  const path = resolvePath(knownWorkdir(copy.stage, copy.instruction), value);
  return path === undefined || path === '/' ? path : path.replace(/\/$/, '');
}

/** The working directory; `/?` for the one of a base image that is not known. */
function knownWorkdir(stage: Stage, instruction: Instruction): string | undefined {
  const workdir = stage.workdirAt(instruction);
  if (workdir !== undefined) return workdir;
  const isSet = stage.chain.some((each) =>
    each.instructions.some(
      (own) => own.keyword === 'WORKDIR' && (each !== stage || own.range.start < instruction.range.start),
    ),
  );
  return isSet ? undefined : '/?';
}

/** The working directory of a command, after the `cd` in front of it; undefined when it can't be told. */
export function workingFolder(command: Command): string | undefined {
  let folder = knownWorkdir(command.stage, command.run.instruction);
  for (const each of command.run.commands) {
    if (each.range.start >= command.range.start || folder === undefined) break;
    if (each.name !== 'cd' && each.name !== 'pushd') continue;
    const isInside = each.shell.within.includes('subshell');
    if (isInside && !command.shell.within.includes('subshell')) continue;
    const target = each.args[0]?.value;
    const resolved = target === undefined ? undefined : resolvePath(folder, target);
    folder = resolved === '/' ? resolved : resolved?.replace(/\/$/, '');
  }
  return folder;
}

/** Whether the dependencies are there when the source is copied: installed in front of it, or copied from elsewhere. */
function isDoneBefore(stage: Stage, run: Run, install: DependencyInstall): boolean {
  const { store, isBuild } = install;
  if (isBuild && run.mounts.some((mount) => store.test(mount.target ?? ''))) return true;
  if (install.command.hasOption('--offline', '--no-index')) return true;
  const isCopied = stage.copies.some(
    (copy) =>
      copy.from !== undefined &&
      copy.instruction.range.start < run.instruction.range.start &&
      [...copy.sources, copy.destination].some((path) => store.test(path?.text ?? '')),
  );
  if (isCopied) return true;
  const parents = stage.chain.slice(1).flatMap((each) => each.runs);
  if (parents.some((each) => dependencyInstalls(each).some((other) => other.family === install.family))) return true;
  return install.mainFiles.some((file) => isMade(stage, run, file));
}

/** Whether the build tool has run in front of the source already, with a task of the project's own: to fetch what it needs. */
function ranBefore(stage: Stage, { command }: DependencyInstall, source: Copy): boolean {
  return stage.runs
    .filter((run) => run.instruction.range.end < source.instruction.range.start)
    .some((run) => run.commands.some((each) => each.name === command.name && each.operands.length > 0));
}

/** Whether a step in front of it writes the manifest. */
function isMade(stage: Stage, run: Run, file: string): boolean {
  const name = file.split('/').pop()!.replace(/\W/g, '\\$&');
  const written = new RegExp(
    `(?:>|\\s-o|--output(?:-file)?[= ]|\\btee|\\b(?:cp|mv|ln)\\s\\S+.*)\\s*\\S*${name}\\b|pip-compile`,
  );
  return stage.runs.some(
    (each) => each.instruction.range.start <= run.instruction.range.start && written.test(each.scriptText),
  );
}

export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

export function isBelow(path: string, folder: string): boolean {
  return path === folder || folder === '/' || path.startsWith(`${folder}/`);
}
