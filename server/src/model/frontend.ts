import type { Directive } from '../syntax/logicalLines.ts';

/** The Dockerfile frontend that reads the file, as `# syntax=` names it. */
export class Frontend {
  /** Text of `# syntax=`; undefined when there is none: the builder's own frontend is used. */
  readonly image: string | undefined;
  /** `[1, 7]` for `docker/dockerfile:1.7`; `[1, Infinity]` for `:1`; undefined when it is not Docker's or not known. */
  readonly version: readonly [number, number] | undefined;

  /** Whether it is Docker's channel of experimental features. */
  readonly isLabs: boolean;

  constructor(directives: readonly Directive[]) {
    this.image = directives.find((directive) => directive.name === 'syntax')?.value;
    const match =
      /^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?:(?:(\d+)(?:\.(\d+))?[\w.-]*|latest|labs|master)(?:@.*)?$/.exec(
        this.image ?? '',
      );
    this.isLabs = match !== null && /[:-]labs\b/.test(match[0]);
    if (match) this.version = [match[1] ? Number(match[1]) : 1, match[2] ? Number(match[2]) : Number.POSITIVE_INFINITY];
  }

  /**
   * Whether the frontend has a feature of that version. Without a directive the builder decides: today's builders bring
   * 1.7 or newer, so that is assumed; other frontends are not known.
   */
  has(major: number, minor: number): boolean | 'unknown' {
    const version = this.version ?? (this.image === undefined ? ([1, 7] as const) : undefined);
    if (!version) return 'unknown';
    return version[0] > major || (version[0] === major && version[1] >= minor);
  }
}
