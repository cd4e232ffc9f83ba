import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { chooseContextRoot } from '../features/contextRoot.ts';
import type { OpenedContext } from '../lint/analyse.ts';
import { BuildContext, type ContextReader, type DirectoryEntry } from '../model/context.ts';
import type { Dockerfile } from '../model/dockerfile.ts';

/** What one analysis may read. A context that is larger than that counts as not known. */
export interface ReadingLimits {
  readonly folders: number;
  readonly entriesPerFolder: number;
  readonly files: number;
  readonly bytesPerFile: number;
}

const defaultLimits: ReadingLimits = {
  folders: 5_000,
  entriesPerFolder: 20_000,
  files: 2_000,
  bytesPerFile: 4_000_000,
};

/**
 * Reads below one folder and nowhere else: a symbolic link that leads out of it counts as missing, one to a folder is
 * not entered. Folders and files that can't be read count as missing. Nothing is kept; `BuildContext` asks once.
 */
export class ContextFiles implements ContextReader {
  readonly root: string;
  readonly #limits: ReadingLimits;
  readonly #realRoot: string | undefined;
  readonly #consulted = new Set<string>();
  #folders = 0;
  #files = 0;

  constructor(root: string, limits: ReadingLimits = defaultLimits) {
    this.root = root;
    this.#limits = limits;
    this.#realRoot = realPath(root);
  }

  get isExhausted(): boolean {
    return this.#folders > this.#limits.folders || this.#files > this.#limits.files;
  }

  /** @param path absolute */
  hasConsulted(path: string): boolean {
    return this.#consulted.has(path) || this.#consulted.has(dirname(path));
  }

  readFile(path: string): string | undefined {
    const full = join(this.root, path);
    this.#consulted.add(full);
    if (++this.#files > this.#limits.files || !this.#isInside(full)) return undefined;
    try {
      const info = statSync(full);
      if (!info.isFile() || info.size > this.#limits.bytesPerFile) return undefined;
      return readFileSync(full, 'utf8');
    } catch {
      return undefined;
    }
  }

  listDirectory(path: string): readonly DirectoryEntry[] | undefined {
    const full = join(this.root, path);
    this.#consulted.add(full);
    if (++this.#folders > this.#limits.folders || !this.#isInside(full)) return undefined;
    try {
      const entries = readdirSync(full, { withFileTypes: true });
      if (entries.length > this.#limits.entriesPerFolder) this.#folders = Number.POSITIVE_INFINITY;
      return entries.map((entry) => ({ name: entry.name, isDirectory: entry.isDirectory() }));
    } catch {
      return undefined;
    }
  }

  #isInside(full: string): boolean {
    if (this.#realRoot === undefined) return false;
    const real = realPath(full);
    return real === undefined || isWithin(this.#realRoot, real);
  }
}

/** Whether a path is the folder or lies below it. Both are absolute. */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return (
    way === '' ||
    (way !== '..' && !way.startsWith(`..${sep}`) && !/^(?:[a-z]:|\\\\)/i.test(way) && !way.startsWith('/'))
  );
}

/** The files that belong to a Dockerfile's build, and who reads them. */
export interface FoundContext extends OpenedContext {
  readonly files: ContextFiles;
}

/** Opens a folder as the build context of a Dockerfile (absolute paths). */
export function openContextAt(root: string, dockerfilePath: string): FoundContext {
  const files = new ContextFiles(root);
  const name = relative(root, dockerfilePath).split(sep).join('/');
  const context = new BuildContext(files, name.startsWith('..') ? basename(dockerfilePath) : name);
  return { files, context, isExhausted: () => files.isExhausted };
}

/**
 * Finds the root of a Dockerfile's build context: its folder, or one above it that has more of what the file copies, up
 * to `limit`. Undefined when most of what it copies is not there: it is then built from somewhere else.
 */
export function findContextRoot(dockerfilePath: string, dockerfile: Dockerfile, limit: string): string | undefined {
  const candidates = foldersUpTo(dirname(dockerfilePath), limit);
  const exists = (index: number, path: string): boolean => {
    const real = realPath(join(candidates[index]!, path));
    return real !== undefined && isWithin(realPath(candidates[index]!) ?? candidates[index]!, real);
  };
  const chosen = chooseContextRoot(dockerfile, candidates.length, exists);
  return chosen === undefined ? undefined : candidates[chosen];
}

/** The folder and those above it, up to `limit` and including it; the folder alone when it is not below `limit`. */
export function foldersUpTo(folder: string, limit: string): string[] {
  const folders = [folder];
  if (!isWithin(limit, folder)) return folders;
  for (let current = folder; current !== limit && dirname(current) !== current; ) {
    current = dirname(current);
    folders.push(current);
  }
  return folders;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
