import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { root } from '../scripts/root.ts';

/** An installed VS Code server. */
export interface Host {
  /** Folder of the server: `lib/vscode` of the npm package code-server. */
  readonly vscode: string;
  /** Path of a Node that can run it. */
  readonly node: string;
}

/** Why there can be no editor host on this machine; the message says what would help. */
export class HostUnavailable extends Error {
  override readonly name = 'HostUnavailable';
}

/** The server calls `registerHooks` of node:module. */
const oldestNode = 24;

const files = ['package.json', 'package-lock.json', 'spdlog.cjs'];

/**
 * Returns the VS Code server, installing it from npm when the cache does not hold it yet: about 200 MB to fetch, 600 MB
 * on disk, 10 to 30 seconds. No install script runs and no compiler is needed. Throws HostUnavailable.
 */
export function installHost(log: (line: string) => void = console.log): Host {
  if (process.platform === 'win32') {
    throw new HostUnavailable('the embedded editor does not run on Windows; install desktop VS Code instead');
  }
  const folder = join(cacheFolder(), key());
  if (!existsSync(join(folder, 'ready'))) install(folder, log);
  return { vscode: join(folder, 'node_modules/code-server/lib/vscode'), node: findNode(folder) };
}

function cacheFolder(): string {
  const caches =
    process.env.XDG_CACHE_HOME ??
    (process.platform === 'darwin' ? join(homedir(), 'Library/Caches') : join(homedir(), '.cache'));
  return process.env.PLIMSOLL_HOST_CACHE ?? join(caches, 'plimsoll-editor-host');
}

/** Changes with the pinned versions and with what is done to them. */
function key(): string {
  const hash = createHash('sha256').update(process.platform).update(process.arch);
  for (const file of files) hash.update(readFileSync(join(root, 'host/package', file)));
  return hash.digest('hex').slice(0, 16);
}

/** Installs beside the final place and renames, so that a broken or concurrent installation is never used. */
function install(folder: string, log: (line: string) => void): void {
  const started = Date.now();
  const work = `${folder}.${process.pid}`;
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  try {
    for (const file of files) cpSync(join(root, 'host/package', file), join(work, file));
    log(`Installing the editor (VS Code server, about 200 MB) into ${folder}`);
    log('  1/2 code-server');
    npm(work, 'ci');
    const vscode = join(work, 'node_modules/code-server/lib/vscode');
    log('  2/2 its modules');
    // `npm ci` refuses the shrinkwrap that comes with it, which still pins every version.
    npm(vscode, 'install', '--omit=dev');
    cpSync(join(work, 'spdlog.cjs'), join(vscode, 'node_modules/@vscode/spdlog/index.js'));
    writeFileSync(join(work, 'ready'), '');
    if (!existsSync(join(folder, 'ready'))) {
      rmSync(folder, { recursive: true, force: true });
      renameSync(work, folder);
    }
    log(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Milliseconds for each part of the installation; a network that swallows everything never says so. */
const npmLimit = 5 * 60_000;

function npm(cwd: string, ...args: readonly string[]): void {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', [...args, ...quiet], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: npmLimit,
  });
  if (error || status !== 0) {
    const isLate = error !== undefined && 'code' in error && error.code === 'ETIMEDOUT';
    const reason = isLate ? `no answer within ${npmLimit / 60_000} minutes` : (error?.message ?? `code ${status}`);
    throw new HostUnavailable(`the editor could not be installed: npm ${args.join(' ')} ended with ${reason}`);
  }
}

function findNode(folder: string): string {
  const shipped = join(folder, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(shipped)) return shipped;
  if (Number(process.versions.node.split('.')[0]) >= oldestNode) return process.execPath;
  throw new HostUnavailable(
    `the embedded editor needs Node ${oldestNode} or newer on ${process.platform}-${process.arch}; ` +
      `this is Node ${process.versions.node}. Install it, or desktop VS Code with "code" on PATH`,
  );
}
