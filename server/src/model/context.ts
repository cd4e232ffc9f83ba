import { compileIgnore, type IgnoreRules } from './dockerignore.ts';

/**
 * Reads files below the root of a build context. Injected, so that the engine does no I/O: an editor reads the disk, a
 * test an object, a browser nothing. Paths are relative to the root, with `/`; neither method throws.
 */
export interface ContextReader {
  /** UTF-8 text; undefined when there is no such file or it can't be read. */
  readFile(path: string): string | undefined;
  /** Entries of a folder (`''` is the root); undefined when there is no such folder. */
  listDirectory(path: string): readonly DirectoryEntry[] | undefined;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly isDirectory: boolean;
}

const mostFiles = 20_000;

/** The files that a build of this Dockerfile can see, `.dockerignore` applied. */
export class BuildContext {
  readonly #reader: ContextReader;
  readonly #ignore: IgnoreRules;
  readonly #texts = new Map<string, string | undefined>();
  readonly #folders = new Map<string, readonly DirectoryEntry[] | undefined>();
  #files: readonly string[] | undefined;

  /** The path of the ignore file in force, relative to the root; undefined when there is none. */
  readonly ignoreFile: string | undefined;

  /** @param dockerfileName path of the Dockerfile relative to the root, for `<name>.dockerignore` */
  constructor(reader: ContextReader, dockerfileName = 'Dockerfile') {
    this.#reader = reader;
    const own = reader.readFile(`${dockerfileName}.dockerignore`);
    const text = own ?? reader.readFile('.dockerignore');
    this.ignoreFile =
      own !== undefined ? `${dockerfileName}.dockerignore` : text !== undefined ? '.dockerignore' : undefined;
    this.#ignore = compileIgnore(text ?? '');
  }

  /** Whether the build sees a file or folder there. */
  has(path: string): boolean {
    return this.existsOnDisk(path) && !this.isIgnored(path);
  }

  /** Whether it is there at all, ignored or not. */
  existsOnDisk(path: string): boolean {
    const clean = cleanPath(path);
    if (clean === undefined) return false;
    if (clean === '') return this.#list('') !== undefined;
    const slash = clean.lastIndexOf('/');
    const name = clean.slice(slash + 1);
    return (this.#list(slash < 0 ? '' : clean.slice(0, slash)) ?? []).some((entry) => entry.name === name);
  }

  isDirectory(path: string): boolean {
    const clean = cleanPath(path);
    return clean !== undefined && this.#list(clean) !== undefined;
  }

  isIgnored(path: string): boolean {
    const clean = cleanPath(path);
    return clean !== undefined && clean !== '' && this.#ignore.ignores(clean);
  }

  /** Text of a file that the build sees; undefined otherwise. */
  read(path: string): string | undefined {
    const clean = cleanPath(path);
    if (clean === undefined || this.isIgnored(clean)) return undefined;
    if (!this.#texts.has(clean)) this.#texts.set(clean, this.#reader.readFile(clean));
    return this.#texts.get(clean);
  }

  /** Text of a file beside those that the build sees, such as a Compose file that `.dockerignore` keeps out. */
  readOnDisk(path: string): string | undefined {
    const clean = cleanPath(path);
    if (clean === undefined) return undefined;
    if (!this.#texts.has(clean)) this.#texts.set(clean, this.#reader.readFile(clean));
    return this.#texts.get(clean);
  }

  /** A JSON file's value; undefined when it is missing or not valid. */
  readJson(path: string): unknown {
    const text = this.read(path);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch {
      return undefined;
    }
  }

  /** Names of what the build sees in a folder; undefined when there is no such folder. */
  list(path: string): readonly DirectoryEntry[] | undefined {
    const clean = cleanPath(path);
    if (clean === undefined) return undefined;
    const prefix = clean === '' ? '' : `${clean}/`;
    return this.#list(clean)?.filter((entry) => !this.#ignore.ignores(prefix + entry.name));
  }

  /** All files that the build sees, at most 20,000, sorted; `node_modules` and `.git` are not entered. */
  get files(): readonly string[] {
    if (this.#files) return this.#files;
    const found: string[] = [];
    const pending = [''];
    while (pending.length > 0 && found.length < mostFiles) {
      const folder = pending.shift()!;
      for (const entry of this.#list(folder) ?? []) {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        if (entry.isDirectory) {
          if (entry.name !== 'node_modules' && entry.name !== '.git') pending.push(path);
        } else if (!this.#ignore.ignores(path)) found.push(path);
      }
    }
    this.#files = found.sort();
    return this.#files;
  }

  #list(path: string): readonly DirectoryEntry[] | undefined {
    if (!this.#folders.has(path)) this.#folders.set(path, this.#reader.listDirectory(path));
    return this.#folders.get(path);
  }
}

/** Without `./`, `//` and a leading or trailing slash; undefined when it leaves the root. */
export function cleanPath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join('/');
}

/** A context made of texts, for tests and virtual workspaces: path → text. */
export function contextReaderOf(files: Readonly<Record<string, string>>): ContextReader {
  const folders = new Map<string, Map<string, boolean>>([['', new Map()]]);
  for (const path of Object.keys(files)) {
    const parts = path.split('/');
    for (let depth = 0; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/');
      if (!folders.has(folder)) folders.set(folder, new Map());
      folders.get(folder)!.set(parts[depth]!, depth < parts.length - 1);
    }
  }
  return {
    readFile: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    listDirectory: (path) => {
      const entries = folders.get(path);
      return entries && [...entries].map(([name, isDirectory]) => ({ name, isDirectory }));
    },
  };
}
