import type { TextStyle } from '../report/index.ts';

/** A subcommand of `plimsoll`. */
export interface Command {
  readonly name: string;
  /** For the list in `plimsoll --help`. */
  readonly summary: string;
  /** The whole help text. */
  readonly help: string;
  /** Runs it and returns the exit code. Throws a `UsageError` when the arguments make no sense. */
  run(args: readonly string[], io: Io): Promise<number>;
}

/** What a command has of the world. */
export interface Io {
  /** Absolute. */
  readonly cwd: string;
  /** ISO date. */
  readonly today: string;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  /** For standard output; returns the text as it is when that is not a terminal. */
  readonly style: (kind: TextStyle, text: string) => string;
}

export const exitCodes = { clean: 0, findings: 1, failed: 2 } as const;

/** The user has ended the command with a signal; exit codes say so as shells do. */
export class InterruptedError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super('Stopped.');
    this.exitCode = exitCode;
  }
}

/** Something outside is not as it must be, the disk for one: told as it is, exit code 2. */
export class TroubleError extends Error {}

/** The arguments are wrong: told with a hint at the help, exit code 2. */
export class UsageError extends Error {}
