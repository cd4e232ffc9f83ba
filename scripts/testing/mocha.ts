import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../root.ts';
import { type Outcome, readMochaReport, skipped } from './outcome.ts';

export interface MochaOptions {
  readonly grep?: string | undefined;
}

/** Runs the compiled form of the given `*.test.ts` files (paths relative to the repository) in a mocha of their own. */
export async function runMocha(step: string, sources: readonly string[], options: MochaOptions): Promise<Outcome> {
  if (sources.length === 0) return skipped(`${step}: there are no tests yet`);
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
  const report = join(folder, 'report.json');
  try {
    const args = ['--reporter', 'json', '--reporter-option', `output=${report}`];
    if (options.grep !== undefined) args.push('--grep', options.grep);
    const files = sources.map((source) => join('out', source.replace(/\.ts$/, '.js')));
    // Not by bin/mocha.js: that starts this as a child of its own, which would outlive the time limit.
    const exitCode = await run([
      '--enable-source-maps',
      join(root, 'node_modules/mocha/lib/cli/cli.js'),
      ...args,
      ...files,
    ]);
    return readMochaReport(step, report, exitCode);
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

/** Milliseconds after which a run that does not end, because a test left something open, is ended. */
const timeLimit = 10 * 60_000;

function run(args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      timeout: timeLimit,
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
