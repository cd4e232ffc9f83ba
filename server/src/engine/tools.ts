import { findExecutable, type Machine } from './findExecutable.ts';
import type { RunOptions, RunProgram, RunResult } from './process.ts';
import { cancelled, done, failed, type Step } from './step.ts';
import type { ScanFailure } from './types.ts';

/** What a scan needs of its surroundings. */
export interface ScanTools {
  readonly run: RunProgram;
  readonly machine: Machine;
  /** A folder of our own, absolute; tools run in it, since they read configuration from where they run. */
  readonly storageFolder: string;
  readonly signal: AbortSignal;
  /** A line for the output channel. */
  log(line: string): void;
}

/** A program, its name in messages, and where the user can set it. */
export interface Program {
  readonly name: string;
  readonly title: string;
  readonly setting: string | undefined;
  readonly notFound: Pick<ScanFailure, 'kind' | 'nextStep' | 'remedies'>;
}

export async function locate(program: Program, tools: ScanTools): Promise<Step<string>> {
  const search = await findExecutable(program.name, program.setting, tools.machine);
  if (search.found) return done(search.path);
  const places = search.searched.map((place) => `  ${place}`).join('\n');
  return failed({ ...program.notFound, message: search.message, details: `Searched:\n${places}` });
}

/** The common part of what a finished program can mean: the rest is judged by the caller, by its exit code. */
export async function runTool(
  title: string,
  path: string,
  args: readonly string[],
  tools: ScanTools,
  options: Partial<RunOptions> & { readonly addedEnv?: NodeJS.ProcessEnv } = {},
): Promise<Step<RunResult>> {
  const { addedEnv, ...others } = options;
  const result = await tools.run(path, args, {
    cwd: tools.storageFolder,
    env: { ...tools.machine.env, ...addedEnv },
    signal: tools.signal,
    ...others,
  });
  switch (result.ending) {
    case 'cancelled':
      return cancelled;
    case 'not-started':
      return failed({
        kind: 'unknown',
        message: `${title} can't be started: ${startProblem(result)} (${path}).`,
        nextStep: 'Check the path in the settings, and that the file is a program for this machine.',
        remedies: ['show-log'],
        details: result.startError?.message ?? '',
      });
    case 'timed-out':
      return failed({
        kind: 'timeout',
        message: `${title} didn't answer in time.`,
        nextStep: 'Look whether it works in a terminal, then scan again.',
        remedies: ['retry', 'show-log'],
        details: result.stderr,
      });
    case 'too-much-output':
      return failed({
        kind: 'report-unreadable',
        message: `${title} wrote more than can be shown.`,
        nextStep: 'Limit what is looked for with the additional arguments, "--scanners vuln" for one.',
        remedies: ['show-log'],
        details: result.stderr,
      });
    case 'exited':
      return done(result);
  }
}

const startProblems: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EACCES: 'the file may not be run',
  ENOEXEC: 'the file is not a program for this machine',
  EINVAL: 'the file is not a program for this machine',
};

function startProblem(result: RunResult): string {
  const code = result.startError?.code ?? 'unknown reason';
  return startProblems[code] ?? code;
}
