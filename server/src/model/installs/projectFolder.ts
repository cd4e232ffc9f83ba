import { type BuildContext, cleanPath, type DirectoryEntry } from '../context.ts';

/** A folder of the build context that holds a project; paths are relative to it. */
export class ProjectFolder {
  readonly context: BuildContext;
  /** Relative to the root of the context; empty for the root itself. */
  readonly path: string;

  constructor(context: BuildContext, path: string) {
    this.context = context;
    this.path = path;
  }

  /** Path from the root of the context; undefined when it leaves the context. */
  inContext(path: string): string | undefined {
    return cleanPath(this.path === '' ? path : `${this.path}/${path}`);
  }

  /** Path from this folder, cleaned; undefined when it leaves the folder. */
  inside(path: string): string | undefined {
    return path.startsWith('/') ? undefined : cleanPath(path);
  }

  /** Whether the build sees a file or folder there. */
  has(path: string): boolean {
    const full = this.inContext(path);
    return full !== undefined && this.context.has(full);
  }

  isDirectory(path: string): boolean {
    const full = this.inContext(path);
    return full !== undefined && this.context.isDirectory(full) && !this.context.isIgnored(full);
  }

  existsOnDisk(path: string): boolean {
    const full = this.inContext(path);
    return full !== undefined && this.context.existsOnDisk(full);
  }

  isIgnored(path: string): boolean {
    const full = this.inContext(path);
    return full !== undefined && this.context.isIgnored(full);
  }

  read(path: string): string | undefined {
    const full = this.inContext(path);
    return full === undefined ? undefined : this.context.read(full);
  }

  readJson(path: string): unknown {
    const full = this.inContext(path);
    return full === undefined ? undefined : this.context.readJson(full);
  }

  /** Names of what the build sees in the folder itself. */
  get entries(): readonly DirectoryEntry[] {
    return this.context.list(this.path) ?? [];
  }

  /** All files below it that the build sees. */
  get files(): readonly string[] {
    if (this.path === '') return this.context.files;
    const prefix = `${this.path}/`;
    return this.context.files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  }

  /** Those of the paths that the build sees; a folder is written with `/` at its end. */
  present(...paths: readonly string[]): string[] {
    return paths.filter((path) =>
      path.endsWith('/') ? this.isDirectory(path) : this.has(path) && !this.isDirectory(path),
    );
  }
}
