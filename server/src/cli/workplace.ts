import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram, type ScanFailure, type ScanTools, thisMachine } from '../engine/index.ts';
import { type Io, UsageError } from './command.ts';

/** Gives work the means to run engines and scanners. Ctrl+C ends what runs; the folder is gone afterwards. */
export async function inWorkplace<T>(log: (line: string) => void, work: (tools: ScanTools) => Promise<T>): Promise<T> {
  const storageFolder = await mkdtemp(join(tmpdir(), 'plimsoll-cli-'));
  const controller = new AbortController();
  const stop = () => controller.abort();
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work({ run: runProgram, machine: thisMachine, storageFolder, signal: controller.signal, log });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
    await rm(storageFolder, { recursive: true, force: true });
  }
}

/** Tells why an engine or Trivy gave no result; the tool's own words only when they add to it. */
export function tellFailure(failure: ScanFailure, io: Io): void {
  const details = failure.details.trim();
  io.writeError(`plimsoll: ${failure.message} ${failure.nextStep}\n${details === '' ? '' : `${details}\n`}`);
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
