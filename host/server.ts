import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Host } from './install.ts';

export interface ServerOptions {
  /** Everything the server writes goes below this folder, its log (server.log) too. */
  readonly dataDir: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Who does not know it is refused. Without one, any local user can reach the server while it runs. */
  readonly token?: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Server {
  /** `host:port`, always on the loopback interface. */
  readonly authority: string;
  readonly dataDir: string;
  /** The address of the editor with a folder open, and a file in it when one is given. Absolute paths. */
  url(folder: string, file?: string): string;
  /** Settles when the server has ended, whatever the reason. */
  readonly closed: Promise<void>;
  /** Ends the server and everything it started. */
  stop(): Promise<void>;
}

/** Installs an extension into the editor that startServer will run with the same `dataDir`. */
export function installVsix(host: Host, dataDir: string, vsix: string): void {
  const args = [serverMain(host), ...folders(dataDir), '--install-extension', vsix];
  const { status, stdout, stderr } = spawnSync(host.node, args, { encoding: 'utf8', env: environment() });
  if (status !== 0 || !stdout.includes('successfully installed')) {
    throw new Error(`${vsix} could not be installed:\n${stdout}${stderr}`);
  }
}

/** Starts the server on a free loopback port and waits until it answers. */
export async function startServer(host: Host, options: ServerOptions): Promise<Server> {
  const { dataDir, settings, token } = options;
  for (const level of ['User', 'Machine']) {
    mkdirSync(join(dataDir, 'data', level), { recursive: true });
    writeFileSync(join(dataDir, 'data', level, 'settings.json'), JSON.stringify(settings, undefined, 2));
  }
  const port = await freePort();
  const log = openSync(join(dataDir, 'server.log'), 'a');
  const access = token === undefined ? ['--without-connection-token'] : ['--connection-token', token];
  const args = [
    ...['--host', '127.0.0.1', '--port', String(port), ...access, '--telemetry-level', 'off', '--disable-experiments'],
    ...(options.args ?? []),
  ];
  const child = spawn(host.node, [serverMain(host), ...folders(dataDir), ...args], {
    stdio: ['ignore', log, log],
    // A process group of its own, so that its extension hosts and terminals end with it.
    detached: true,
    env: environment(options.env),
  });
  const killGroup = (signal: NodeJS.Signals) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  };
  // When this process dies of an exception the server must not outlive it: it would wait hours for a reconnection.
  const reap = () => killGroup('SIGKILL');
  process.once('exit', reap);
  const closed = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });

  const base = `http://127.0.0.1:${port}`;
  const stop = async () => {
    killGroup('SIGTERM');
    await Promise.race([closed, delay(5000, undefined, { ref: false })]);
    reap();
    process.removeListener('exit', reap);
  };
  try {
    await untilItAnswers(`${base}/version`, closed);
  } catch (error) {
    await stop();
    throw new Error(`The VS Code server did not start; its log is ${join(dataDir, 'server.log')}`, { cause: error });
  }
  const authority = `127.0.0.1:${port}`;
  return { authority, dataDir, closed, stop, url: (folder, file) => editorUrl(authority, token, folder, file) };
}

function editorUrl(authority: string, token: string | undefined, folder: string, file: string | undefined): string {
  const query = new URLSearchParams({ folder });
  if (token !== undefined) query.set('tkn', token);
  if (file !== undefined) {
    const path = file.split('/').map(encodeURIComponent).join('/');
    query.set('payload', JSON.stringify([['openFile', `vscode-remote://${authority}${path}`]]));
  }
  return `http://${authority}/?${query}`;
}

function serverMain(host: Host): string {
  return join(host.vscode, 'out/server-main.js');
}

/** Every folder is named, because the server makes folders in the home directory for those that are not. */
function folders(dataDir: string): string[] {
  return [
    '--accept-server-license-terms',
    ...['--server-data-dir', dataDir, '--user-data-dir', join(dataDir, 'data')],
    ...['--extensions-dir', join(dataDir, 'extensions')],
  ];
}

/** Without a gallery the editor asks no other host for anything. */
function environment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, EXTENSIONS_GALLERY: '{}', ...more };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function untilItAnswers(url: string, closed: Promise<void>): Promise<void> {
  let ended = false;
  void closed.then(() => {
    ended = true;
  });
  const end = Date.now() + 60_000;
  while (!ended && Date.now() < end) {
    const status = await fetch(url).then(
      (response) => response.status,
      () => undefined,
    );
    if (status !== undefined && status < 500) return;
    await delay(50);
  }
  throw new Error(ended ? 'it ended at once' : 'no answer within 60 seconds');
}
