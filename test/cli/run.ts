import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const program = join(repositoryRoot, 'dist/cli/cli.cjs');

/** Runs the built command line. */
export function plimsoll(
  args: readonly string[],
  options: { readonly cwd?: string; readonly stdin?: string | Uint8Array; readonly env?: NodeJS.ProcessEnv } = {},
): Outcome {
  const { NO_COLOR: _no, FORCE_COLOR: _force, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    cwd: options.cwd ?? repositoryRoot,
    input: options.stdin ?? '',
    env: { ...env, ...options.env },
    encoding: 'utf8',
    maxBuffer: 64_000_000,
    timeout: 60_000,
  });
  return { code: status, stdout, stderr };
}

/** Starts the built command line, for a test that ends it. */
export function startPlimsoll(
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  stdout: 'ignore' | 'pipe' = 'ignore',
): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, 'ignore'],
  });
}

/** A folder with files, made for one test and removed after it. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'plimsoll-cli-'));

  /** Writes a file below the folder and returns its path. */
  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

export interface JsonFinding {
  readonly rule: string;
  readonly practice: string;
  readonly severity: string;
  readonly message: string;
  readonly range: unknown;
  readonly aliases: readonly string[];
  readonly fixes: readonly {
    title: string;
    safety: string;
    preferred: boolean;
    edits: { range: unknown; newText: string }[];
  }[];
}

export interface JsonReport {
  readonly files: readonly {
    readonly path: string;
    readonly findings: readonly JsonFinding[];
    readonly problems: readonly { kind: string; severity: string; message: string; range?: unknown }[];
  }[];
}

export function readJson({ stdout }: Outcome): JsonReport {
  return JSON.parse(stdout) as JsonReport;
}
