import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { HostUnavailable } from '../../host/install.ts';
import { root } from '../root.ts';
import { embeddedEditorMissing } from './embedded.ts';
import { findTests, type MochaOptions } from './mocha.ts';
import { type Outcome, readMochaReport, skipped } from './outcome.ts';

/** The editor that runs the suite: desktop VS Code, or a VS Code server with its page in a headless Chromium. */
type HostKind = 'desktop' | 'server';

/** The oldest VS Code the manifest promises to work with can be asked for with VSCODE_VERSION. */
const desktopVersion = process.env.VSCODE_VERSION ?? 'stable';

const suiteFolder = 'out/extension-suite';

/** Runs test/extension inside a real extension host. Where no editor can be had that is a skip with the reason. */
export async function runExtensionSuite(options: MochaOptions): Promise<Outcome> {
  const sources = findTests('test/extension');
  if (sources.length === 0) return skipped('extension: there are no tests yet');
  const kind = await chooseHost();
  const program = await findProgram(kind);
  if (program instanceof HostUnavailable) return skipped(`extension: ${program.message}`);

  await bundleSuite(sources);
  const work = mkdtempSync(join(tmpdir(), 'plimsoll-extension-'));
  const report = join(work, 'report.json');
  const workspace = join(work, 'workspace');
  cpSync(join(root, 'examples'), workspace, { recursive: true });
  console.log(`extension: running in ${kind === 'desktop' ? 'desktop VS Code' : 'the VS Code server'}`);
  try {
    const exitCode = await runTests({
      ...program,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(root, suiteFolder, 'index.cjs'),
      launchArgs: [workspace, '--disable-extensions', '--disable-workspace-trust'],
      extensionTestsEnv: { PLIMSOLL_TEST_REPORT: report, PLIMSOLL_TEST_GREP: options.grep },
    }).catch((error: unknown) => codeOf(error));
    return readMochaReport('extension', report, exitCode);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * PLIMSOLL_TEST_HOST decides (`desktop` or `server`); without it a program named by VSCODE_EXECUTABLE_PATH does, and
 * otherwise whether desktop VS Code can be downloaded.
 */
async function chooseHost(): Promise<HostKind> {
  const wanted = process.env.PLIMSOLL_TEST_HOST;
  if (wanted === 'desktop' || wanted === 'server') return wanted;
  if (wanted !== undefined) throw new Error(`PLIMSOLL_TEST_HOST is "${wanted}"; it can be desktop or server`);
  if (process.env.VSCODE_EXECUTABLE_PATH !== undefined) return 'desktop';
  const hasDisplay = process.platform !== 'linux' || process.env.DISPLAY !== undefined;
  return hasDisplay && (await canDownload()) ? 'desktop' : 'server';
}

async function canDownload(): Promise<boolean> {
  const releases = 'https://update.code.visualstudio.com/api/releases/stable';
  return fetch(releases, { signal: AbortSignal.timeout(5000) }).then(
    (response) => response.ok,
    () => false,
  );
}

type Program = { vscodeExecutablePath: string } | { version: string };

async function findProgram(kind: HostKind): Promise<Program | HostUnavailable> {
  if (kind === 'desktop') {
    const named = process.env.VSCODE_EXECUTABLE_PATH;
    return named === undefined ? { version: desktopVersion } : { vscodeExecutablePath: named };
  }
  const missing = embeddedEditorMissing();
  if (missing) return missing;
  const headless = join(root, 'out/host/codeHeadless.js');
  chmodSync(headless, 0o755);
  return { vscodeExecutablePath: headless };
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
