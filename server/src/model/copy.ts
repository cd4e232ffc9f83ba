import { flagValue, type Instruction } from '../syntax/instruction.ts';
import type { Range } from '../text/range.ts';
import { cleanPath } from './context.ts';
import type { Stage } from './stage.ts';

/** A source or the destination of a COPY or ADD. */
export interface CopyPath {
  /** As written without quotes; in JSON form the item. */
  readonly text: string;
  /** With variables expanded; undefined when that can't be known. */
  readonly value: string | undefined;
  readonly range: Range;
}

/** A COPY or ADD (also one inside ONBUILD). */
export class Copy {
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly sources: readonly CopyPath[];
  readonly destination: CopyPath | undefined;

  constructor(instruction: Instruction, stage: Stage) {
    this.instruction = instruction;
    this.stage = stage;
    const heredocs = new Set(instruction.heredocs.map((heredoc) => heredoc.operatorRange.start));
    const paths: CopyPath[] = instruction.json
      ? instruction.json.items.map((item) => this.#path(item.value, item.range))
      : instruction.words
          .filter((word) => !heredocs.has(word.range.start))
          .map((word) => this.#path(word.text, word.range));
    this.destination = paths.length > 1 || (paths.length === 1 && heredocs.size > 0) ? paths.at(-1) : undefined;
    this.sources = this.destination ? paths.slice(0, -1) : paths;
  }

  get isAdd(): boolean {
    return this.instruction.keyword === 'ADD';
  }

  /** Text of `--from`; undefined when it copies from the build context. */
  get from(): string | undefined {
    return flagValue(this.instruction, 'from');
  }

  /** The stage that `--from` names (by name or number). */
  get fromStage(): Stage | undefined {
    return this.from === undefined ? undefined : this.stage.dockerfile.stageNamed(this.from, this.stage);
  }

  get chown(): string | undefined {
    return flagValue(this.instruction, 'chown');
  }

  get chmod(): string | undefined {
    return flagValue(this.instruction, 'chmod');
  }

  /** Whether it reads the build context: no `--from`, at least one source that is neither a URL nor a heredoc. */
  get usesContext(): boolean {
    return this.from === undefined && this.sources.some((source) => !isRemote(source.text));
  }

  /** Whether the whole build context is a source: `.`, `./`, `/`, `*`. */
  get copiesWholeContext(): boolean {
    return this.from === undefined && this.sources.some((source) => isWholeContext(source.value ?? source.text));
  }

  /** Absolute destination folder or file, ending in `/` when written so; undefined when it can't be known. */
  get destinationPath(): string | undefined {
    const value = this.destination?.value;
    if (value === undefined) return undefined;
    return resolvePath(this.stage.workdirAt(this.instruction), value);
  }

  /**
   * Files of the build context that it copies, as paths relative to the root of the context;
   * undefined when the context or a source is not known.
   */
  get contextFiles(): readonly string[] | undefined {
    const { context } = this.stage.dockerfile;
    if (!context || this.from !== undefined) return undefined;
    const found = new Set<string>();
    for (const source of this.sources) {
      if (source.value === undefined) return undefined;
      if (isRemote(source.value)) continue;
      const pattern = cleanPath(source.value);
      if (pattern === undefined) return undefined;
      const matches = pathMatcher(pattern);
      for (const file of context.files) if (matches(file)) found.add(file);
    }
    return [...found].sort();
  }

  #path(text: string, range: Range): CopyPath {
    const { escape } = this.instruction;
    return { text, range, value: this.stage.envAt(this.instruction).expand(text, escape) };
  }
}

export function isRemote(source: string): boolean {
  return /^(?:https?|git|ssh):\/\/|^git@/i.test(source);
}

export function isWholeContext(source: string): boolean {
  return cleanPath(source) === '' || source === '*' || source === './*';
}

/** Absolute path of `path` seen from `workdir`; undefined when the working directory is needed and not known. */
export function resolvePath(workdir: string | undefined, path: string): string | undefined {
  const trailing = path.endsWith('/') || path === '.' || path.endsWith('/.') ? '/' : '';
  if (/^[A-Za-z]:[\\/]/.test(path)) return path;
  const full = path.startsWith('/') ? path : workdir === undefined ? undefined : `${workdir}/${path}`;
  if (full === undefined) return undefined;
  const parts: string[] = [];
  for (const part of full.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  const joined = `/${parts.join('/')}`;
  return joined === '/' ? '/' : joined + trailing;
}

/** Whether a source of COPY (Go's path patterns) takes a file in: by itself or through a folder above it. */
export function pathMatcher(pattern: string): (path: string) => boolean {
  if (pattern === '') return () => true;
  const parts = pattern.split('/').map((part) => {
    if (!/[*?[\\]/.test(part)) return (name: string) => name === part;
    const source = part
      .replace(/[.+^${}()|]/g, '\\$&')
      .replaceAll('*', '[^/]*')
      .replaceAll('?', '[^/]');
    try {
      const expression = new RegExp(`^${source}$`);
      return (name: string) => expression.test(name);
    } catch {
      return () => false;
    }
  });
  return (path) => {
    const names = path.split('/');
    return names.length >= parts.length && parts.every((matches, index) => matches(names[index]!));
  };
}
