import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { HostUnavailable } from '../../host/install.ts';
import { snapshotTree } from '../../server/src/engine/processTree.ts';
import { root } from '../root.ts';
import { embeddedEditorMissing } from './embedded.ts';
import { findTests, type MochaOptions, usualLimit } from './mocha.ts';
import { failed, type Outcome, readMochaReport, skipped } from './outcome.ts';

/** What runs the suite: desktop VS Code, or the look-alike that drives a VS Code server. */
interface Editor {
  readonly name: string;
  /** Path of a program that understands the arguments of VS Code. */
  readonly program: string;
}

/** VSCODE_VERSION can ask for another one, such as the oldest that the manifest promises to work with. */
const desktopVersion = process.env.VSCODE_VERSION ?? 'stable';

const suiteFolder = 'out/extension-suite';

/** Runs test/extension inside a real extension host. Where no editor can be had that is a skip with the reason. */
export async function runExtensionSuite(options: MochaOptions): Promise<Outcome> {
  const sources = findTests('test/extension');
  if (sources.length === 0) return skipped('extension: there are no tests yet');
  const editor = await chooseEditor();
  if (editor instanceof HostUnavailable) return skipped(`extension: ${editor.message}`);

  await bundleSuite(sources);
  const work = mkdtempSync(join(tmpdir(), 'plimsoll-extension-'));
  const report = join(work, 'report.json');
  const workspace = join(work, 'workspace');
  cpSync(join(root, 'examples'), workspace, { recursive: true });
  console.log(`extension: running in ${editor.name}`);
  const before = await descendants();
  try {
    const run = runTests({
      vscodeExecutablePath: editor.program,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, suiteFolder, 'index.cjs'),
      launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
      extensionTestsEnv: { PLIMSOLL_TEST_REPORT: report, PLIMSOLL_TEST_GREP: options.grep },
    }).catch((error: unknown) => codeOf(error));
    const exitCode = await Promise.race([run, delay(options.timeLimit ?? usualLimit, undefined, { ref: false })]);
    if (exitCode !== undefined) return readMochaReport('extension', report, exitCode);
    for (const pid of await descendants()) if (!before.has(pid)) end(pid);
    await Promise.race([run, delay(5000)]);
    return failed('extension', 'was ended at its time limit');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Ids of all processes that this one has started, by itself or through others. */
async function descendants(): Promise<Set<number>> {
  return new Set((await snapshotTree(process.pid)).others.map(({ pid }) => pid));
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with the one that started it.
  }
}

/**
 * PLIMSOLL_TEST_HOST decides (`desktop` or `server`); without it VSCODE_EXECUTABLE_PATH names a desktop VS Code; without
 * that it is one that can be downloaded, and else the VS Code server. What was asked for by name and fails is an error.
 */
async function chooseEditor(): Promise<Editor | HostUnavailable> {
  const wanted = process.env.PLIMSOLL_TEST_HOST;
  const named = process.env.VSCODE_EXECUTABLE_PATH;
  if (wanted === 'server') return serverEditor();
  if (wanted !== undefined && wanted !== 'desktop') {
    throw new Error(`PLIMSOLL_TEST_HOST is "${wanted}"; it can be desktop or server`);
  }
  if (named !== undefined) return { name: named, program: named };
  if (wanted === 'desktop') return downloadDesktop();
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY !== undefined;
  if (!hasDisplay || !(await canDownload())) return serverEditor();
  return downloadDesktop().catch(serverEditor);
}

async function downloadDesktop(): Promise<Editor> {
  const program = await downloadAndUnzipVSCode(desktopVersion);
  return { name: `desktop VS Code (${desktopVersion})`, program };
}

function serverEditor(): Editor | HostUnavailable {
  const missing = embeddedEditorMissing();
  if (missing) return missing;
  const program = join(root, 'out/host/codeHeadless.js');
  chmodSync(program, 0o755);
  return { name: 'the VS Code server', program };
}

async function canDownload(): Promise<boolean> {
  const releases = 'https://update.code.visualstudio.com/api/releases/stable';
  return fetch(releases, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );
}

/** One CommonJS file per test file: the oldest supported extension host loads nothing else. */
async function bundleSuite(sources: readonly string[]): Promise<void> {
  rmSync(join(root, suiteFolder), { recursive: true, force: true });
  await build({
    absWorkingDir: root,
    entryPoints: ['test/extension/index.ts', ...sources].map((source) => ({
      in: source,
      out: basename(source, '.ts'),
    })),
    outdir: suiteFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

function codeOf(error: unknown): number {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  console.error(error instanceof Error ? error.message : String(error));
  return typeof code === 'number' ? code : 1;
}
