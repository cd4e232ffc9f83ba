import type { ShellCommand } from '../../syntax/shell.ts';
import type { Command } from '../command.ts';
import type { ProjectFolder } from './projectFolder.ts';

/** What an install reads of the build context. */
export interface InstallNeeds {
  readonly kind: 'needs';
  /**
   * Files and folders (with `/` at their end), relative to the project's folder. Without a known context they are
   * patterns for COPY that match nothing rather than fail.
   */
  readonly files: readonly string[];
  /** Folders that it writes in the project; a later COPY that brings folders of that name would mix with them. */
  readonly outputs: readonly string[];
  /** What may be different when it runs without the source; each completes "…; <caveat>". */
  readonly caveats: readonly string[];
  /** The command that fetches the dependencies alone, where the install itself needs the source too. */
  readonly prefetch?: string | undefined;
}

export type NeedsAnswer =
  | InstallNeeds
  /** It needs the source, or that can't be told; `reason` is a clause. */
  | { readonly kind: 'declined'; readonly reason: string }
  /** It installs nothing that a cache would help. */
  | { readonly kind: 'nothing' };

/** A command that installs what manifests list, or that builds and fetches dependencies on the way. */
export interface DependencyInstall {
  readonly command: Command;
  /** Installs of one family make the other needless when done twice: `npm`, `python`, `go`, … */
  readonly family: string;
  /** As told in messages: `npm ci`. */
  readonly label: string;
  /** Whether it is a build that fetches on the way. */
  readonly isBuild: boolean;
  /** The manifests that tell where the project is, as written: relative to the working directory, or absolute. */
  readonly mainFiles: readonly string[];
  /** Whether the manifests may lie anywhere below the copied folder (`pip install -r requirements/prod.txt`). */
  readonly anywhere?: boolean;
  /** Paths where a cache mount or a copy of an earlier stage makes it cheap anyway. */
  readonly store: RegExp;
  /** @param paths the main files, relative to the folder */
  needs(folder: ProjectFolder, paths: readonly string[]): NeedsAnswer;
  /** What is usually needed, for a context that is not known. */
  customary(paths: readonly string[]): NeedsAnswer;
}

export function declined(reason: string): NeedsAnswer {
  return { kind: 'declined', reason };
}

export function needs(
  files: readonly string[],
  rest: Partial<Omit<InstallNeeds, 'files' | 'kind'>> = {},
): InstallNeeds {
  return {
    kind: 'needs',
    files: [...new Set(files)],
    outputs: rest.outputs ?? [],
    caveats: rest.caveats ?? [],
    prefetch: rest.prefetch,
  };
}

/** The reason when a manifest is not where it should be. */
export function missing(folder: ProjectFolder, file: string): NeedsAnswer {
  const path = folder.inContext(file) ?? file;
  return declined(
    folder.existsOnDisk(file)
      ? `${path} is ignored by ${folder.context.ignoreFile ?? '.dockerignore'}`
      : `${path} was not found in the build context`,
  );
}

/** Whether a word other than an option may be anything: a package, another folder. */
export function hasUnknownOperands(command: Command): boolean {
  return command.operands.some((word) => word.value === undefined);
}

/** The command in one line, with more words behind it. */
export function inOneLine(
  { assignments, wrappers, nameWord, args }: ShellCommand,
  ...added: readonly string[]
): string {
  const words = [...assignments, ...wrappers, ...(nameWord ? [nameWord] : []), ...args].sort(
    (a, b) => a.range.start - b.range.start,
  );
  return [...words.map((word) => word.text), ...added].join(' ');
}
