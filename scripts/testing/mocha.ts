import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { forceTree, snapshotTree } from '../../server/src/engine/processTree.ts';
import { root } from '../root.ts';
import { failed, type Outcome, readMochaReport, skipped } from './outcome.ts';

export interface MochaOptions {
  readonly grep?: string | undefined;
  /** Milliseconds that a run may take; ten minutes when absent. */
  readonly timeLimit?: number;
}

/** Runs the compiled form of the given `*.test.ts` files (paths relative to the repository) in a mocha of their own. */
export async function runMocha(step: string, sources: readonly string[], options: MochaOptions): Promise<Outcome> {
  if (sources.length === 0) return skipped(`${step}: there are no tests yet`);
  const files = sources.map((source) => join('out', source.replace(/\.ts$/, '.js')));
  // mocha warns only, and runs the others.
  const missing = files.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) return failed(step, `not compiled: ${missing.join(', ')}`);
  return runMochaFiles(step, files, options);
}

/** The same for files that mocha can load as they are. */
export async function runMochaFiles(
  step: string,
  files: readonly string[],
  options: MochaOptions & Partial<Patience>,
): Promise<Outcome> {
  const { grep, timeLimit = usualLimit, ...patience } = options;
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['--reporter', 'json', '--reporter-option', `output=${report}`];
    if (grep !== undefined) args.push('--grep', grep);
    // Not by bin/mocha.js: that starts this as a child of its own. By its real path: it runs under no other.
    const program = realpathSync(join(root, 'node_modules/mocha/lib/cli/cli.js'));
    const child = spawn(process.execPath, ['--enable-source-maps', program, ...args, ...files], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const { code, ended } = await endOf(child, () => existsSync(report), timeLimit, { ...usualPatience, ...patience });
    return readMochaReport(step, report, code, ended);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All `*.test.ts` under a folder of the repository, sorted. Compiled files whose source is gone are thus never run. */
export function findTests(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => join(folder, file))
    .sort();
}

export const usualLimit = 10 * 60_000;

/** All in milliseconds. */
interface Patience {
  /** How long a run may go on after its report. A server that a failed hook has not stopped keeps it going. */
  readonly graceMs: number;
  /** Between asking a run to end, so that it can tidy up, and forcing it. */
  readonly politenessMs: number;
}

const usualPatience: Patience = { graceMs: 20_000, politenessMs: 10_000 };

interface End {
  readonly code: number;
  /** Why the run was ended, when it did not end by itself. */
  readonly ended?: string;
}

/** Waits for the end of a run, and brings it about when time is up, of the run and of all that it started. */
async function endOf(child: ChildProcess, isReported: () => boolean, limit: number, patience: Patience): Promise<End> {
  let code: number | undefined;
  const closed = new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      code = exitCode ?? 1;
      resolve();
    });
  });
  const start = Date.now();
  let reportedAt: number | undefined;
  for (;;) {
    await Promise.race([closed, delay(250)]);
    if (code !== undefined) return { code };
    if (isReported()) reportedAt ??= Date.now();
    const isLeftOpen = reportedAt !== undefined && Date.now() - reportedAt > patience.graceMs;
    if (!isLeftOpen && Date.now() - start < limit) continue;
    const minutes = (limit / 60_000).toFixed(1);
    const why = isLeftOpen
      ? 'did not end after its last test: something is left open'
      : `was ended after ${minutes} minutes, its time limit`;
    await endTree(child, closed, patience.politenessMs);
    return { code: 1, ended: why };
  }
}

async function endTree(child: ChildProcess, closed: Promise<void>, politenessMs: number): Promise<void> {
  const tree = await snapshotTree(child.pid!);
  child.kill('SIGTERM');
  await Promise.race([closed, delay(politenessMs, undefined, { ref: false })]);
  forceTree(await snapshotTree(child.pid!, tree));
  child.kill('SIGKILL');
  await closed;
}
