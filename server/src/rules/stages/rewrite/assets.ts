import { cleanPath } from '../../../model/context.ts';
import { type Copy, isRemote } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import type { StageCopy } from './plan.ts';

/** Folders that an image has anyway: a COPY adds to them, so that they can't be taken as a whole. */
const systemFolders =
  /^\/(?:etc|s?bin|lib(?:64)?|usr|usr\/(?:local\/)?(?:s?bin|lib|share|src|include)|usr\/local|opt|var|var\/\w+|srv|home|root|tmp)?\/?$/;

/** Sources that are hardly code, for contexts that are not known. */
const assetNames =
  /(?:^|\/)(?:templates?|static|public|views|assets|migrations|config|conf|locales?|i18n|www|web|data|certs?|html|resources)\/?$|\.(?:html|tmpl|json|ya?ml|toml|ini|env|crt|pem|sql|properties|conf)$/i;
const manifestNames =
  /(?:^|\/)(?:package(?:-lock)?|tsconfig\S*|global|Cargo|rust-toolchain|pom|nuget|packages\.lock|appsettings\S*)\.\w+$/i;

/** Most entries of the project beside its program that are copied one by one. */
const mostEntries = 6;

/** Absolute paths that a COPY makes: files, or folders that it fills. undefined when they can't be told. */
export function landingPaths(copy: Copy): string[] | undefined {
  const destination = copy.destinationPath;
  if (destination === undefined) return undefined;
  const folder = destination.replace(/\/$/, '') || '/';
  const isShared = systemFolders.test(folder);
  const isFolder = destination.endsWith('/') || copy.sources.length > 1 || isShared;
  if (!isFolder) return [folder];
  const found: string[] = [];
  for (const { value } of copy.sources) {
    const name = value === undefined ? undefined : cleanPath(value)?.split('/').pop();
    if (name === undefined || name === '' || /[*?[]/.test(name) || isRemote(value!) || isDirectory(copy, value!)) {
      if (isShared) return undefined;
      found.push(folder);
    } else {
      // Without a context a name without a dot may be a folder, whose content is copied.
      const mayBeFolder = !name.includes('.') && copy.from === undefined && !copy.stage.dockerfile.context;
      if (mayBeFolder && isShared && !folder.endsWith('bin')) return undefined;
      found.push(mayBeFolder && !isShared ? folder : under(folder, name));
    }
  }
  if (copy.sources.length === 0) return isShared ? undefined : [folder];
  return [...new Set(found)];
}

function isDirectory(copy: Copy, source: string): boolean {
  return (
    source.endsWith('/') || (copy.from === undefined && copy.stage.dockerfile.context?.isDirectory(source) === true)
  );
}

function under(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
}

/** COPYs in front of the build's end that fill places outside of the project's folder; a text is the reason against. */
export function outsideCopies(
  stage: Stage,
  lastBuildStep: Instruction,
  folder: string,
  isBuildOnly: (path: string) => boolean,
): StageCopy[] | string {
  const found: StageCopy[] = [];
  for (const copy of stage.copies) {
    if (copy.instruction.range.start > lastBuildStep.range.start) continue;
    const destination = copy.destinationPath?.replace(/(.)\/$/, '$1');
    if (destination !== undefined && isWithin(destination, folder)) continue;
    // BuildKit gives files of the network to root alone.
    if (copy.sources.some(({ text }) => isRemote(text))) return 'ADD brings a file that only root may read';
    const paths = landingPaths(copy);
    if (!paths) return 'where a COPY puts its files can’t be told';
    for (const path of paths) {
      if (isWithin(path, folder) || isBuildOnly(path) || found.some((each) => each.from === path)) continue;
      if (isWithin(folder, path)) return 'the build uses several folders';
      found.push({ from: path, to: path });
    }
  }
  return found;
}

/**
 * What of the project's folder the program may open at run time, beside what is built: top-level entries as absolute
 * paths. Without a known context only what a COPY names itself. undefined when they can't be told, or are too many.
 *
 * @param isSource tells files (paths in the context) that only the build reads
 */
export function runTimeFiles(
  stage: Stage,
  lastBuildStep: Instruction,
  folder: string,
  isSource: (path: string) => boolean,
): string[] | undefined {
  const entries = new Set<string>();
  for (const copy of stage.copies) {
    if (copy.instruction.range.start > lastBuildStep.range.start) continue;
    if (!copy.usesContext) {
      // From another stage or image, a heredoc, the network: no source code of this build.
      const destination = copy.destinationPath?.replace(/(.)\/$/, '$1');
      if (destination === undefined || !isWithin(destination, folder)) continue;
      const paths = copy.sources.some(({ text }) => isRemote(text)) ? undefined : landingPaths(copy);
      if (!paths || paths.includes(folder)) return undefined;
      for (const path of paths) entries.add(path);
      continue;
    }
    for (const path of stage.dockerfile.context ? filesOf(copy, isSource) : namedAssets(copy)) {
      if (!isWithin(path, folder) || path === folder) continue;
      const below = path.slice(folder === '/' ? 1 : folder.length + 1);
      entries.add(under(folder, below.split('/')[0]!));
    }
  }
  return entries.size > mostEntries ? undefined : [...entries];
}

function filesOf(copy: Copy, isSource: (path: string) => boolean): string[] {
  const destination = copy.destinationPath;
  if (destination === undefined) return [];
  const folder = destination.replace(/\/$/, '') || '/';
  return (copy.contextFiles ?? [])
    .filter((file) => !isSource(file))
    .map((file) => {
      const sources = copy.sources.map((source) => cleanPath(source.value ?? '') ?? '');
      if (sources.includes(file))
        return destination.endsWith('/') || sources.length > 1 ? under(folder, file.split('/').pop()!) : folder;
      const parent = sources.find((source) => source === '' || file.startsWith(`${source}/`));
      if (parent === undefined) return under(folder, file.split('/').pop()!);
      return under(folder, parent === '' ? file : file.slice(parent.length + 1));
    });
}

function namedAssets(copy: Copy): string[] {
  if (copy.sources.length !== 1 || copy.copiesWholeContext) return [];
  const { text } = copy.sources[0]!;
  return assetNames.test(text) && !manifestNames.test(text) ? (landingPaths(copy) ?? []) : [];
}
