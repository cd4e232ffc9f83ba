import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type ScanFailure, type ScanTools, thisMachine } from '../engine/index.ts';
import { cleanText } from '../scan/untrusted.ts';
import { InterruptedError, type Io, TroubleError, UsageError } from './command.ts';
import { reasonOf } from './input.ts';

/** The signals that end a command from a terminal, and their numbers. */
const endings = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/**
 * Gives work the means to run engines and scanners. Ctrl+C, the closing of the terminal and `kill` end what runs; a
 * second one doesn't wait for it. The folder is gone afterwards. Throws an `InterruptedError`, and a `TroubleError`
 * where no file can be written.
 */
export async function inWorkplace<T>(log: (line: string) => void, work: (tools: ScanTools) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  let received: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    const code = 128 + endings[signal as keyof typeof endings];
    // Whoever runs is killed with this process.
    if (received !== undefined) process.exit(code);
    received = code;
    controller.abort();
  };
  let storageFolder: string | undefined;
  const remove = (): void => {
    if (storageFolder !== undefined) rmSync(storageFolder, { recursive: true, force: true });
  };
  // Before there is a folder, and until it is gone: a signal may come at any moment.
  for (const signal of Object.keys(endings)) process.on(signal, stop);
  process.on('exit', remove);
  try {
    storageFolder = makeFolder();
    const result = await work({ run: runProgram, machine: thisMachine, storageFolder, signal: controller.signal, log });
    if (received !== undefined) throw new InterruptedError(received);
    return result;
  } finally {
    try {
      remove();
    } catch {
      // A program that was not ours to end still writes there.
    }
    for (const signal of Object.keys(endings)) process.off(signal, stop);
    process.off('exit', remove);
  }
}

function makeFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));
  } catch (error) {
    throw new TroubleError(
      `No file can be written to the temporary folder ${tmpdir()} (${reasonOf(error)}). Make room there, or set TMPDIR (TEMP on Windows) to another folder.`,
    );
  }
}

/** What to do where the advice is the editor's: it speaks of settings and lists. */
const nextSteps: Partial<Record<ScanFailure['kind'], string>> = {
  'trivy-not-found':
    'Install Trivy (trivy.dev); or name the program (--trivy FILE), run it out of an image (--trivy-container IMAGE), or give a report made elsewhere (--report FILE).',
  'trivy-broken': 'Update Trivy, or name another one with --trivy.',
  'trivy-settings': 'Correct what it names: --trivy-config, --ignore-file, or a variable TRIVY_… of yours.',
  'engine-not-found': 'Install docker or podman, or give the image as a file (--input TAR).',
  'no-image': 'Build or pull it first.',
};

/** Tells why an engine or Trivy gave no result; the tool's own words only when they add to it. */
export function tellFailure({ kind, message, nextStep, details }: ScanFailure, io: Io): void {
  const words = cleanText(details.trim());
  const sentence = oneLine(message).replace(/(?<![.!?…])$/, '.');
  io.writeError(`plimsoll: ${sentence} ${nextSteps[kind] ?? nextStep}\n${words === '' ? '' : `${words}\n`}`);
}

/** Foreign text as a single line that does nothing to a terminal. */
export function oneLine(text: string, longest = 1000): string {
  const line = cleanText(text).replace(/\s+/g, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** Reads `--build-arg NAME=VALUE`; a name alone takes the value of the environment, as builds do. */
export function readBuildArgs(given: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  for (const each of given) {
    const equals = each.indexOf('=');
    const name = equals < 0 ? each : each.slice(0, equals);
    if (name === '') throw new UsageError(`--build-arg ${each}: it must be NAME=VALUE`);
    const value = equals < 0 ? process.env[name] : each.slice(equals + 1);
    if (value !== undefined) Object.defineProperty(found, name, { value, enumerable: true });
  }
  return found;
}
