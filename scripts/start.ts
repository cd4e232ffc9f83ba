import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { HostUnavailable } from '../host/install.ts';
import { buildBundles } from './build.ts';
import { root } from './root.ts';
import { startDesktop } from './starting/desktop.ts';
import { startEmbedded } from './starting/embedded.ts';

const usage = `Usage: npm start [-- [options] [PATH]]

Builds Plimsoll and opens an editor with it on PATH, a folder or a Dockerfile (default: examples).
Desktop VS Code when "code" is on PATH, otherwise an embedded one in the browser. Ctrl-C ends it.

  --embedded   use the embedded editor even where desktop VS Code is installed
  --no-open    do not open a browser, only print the address`;

/** What the editor is to show. Absolute paths. */
export interface Target {
  readonly folder: string;
  /** A file to open, when there is an obvious one. */
  readonly file: string | undefined;
  /** Our own examples need no question whether their authors are trusted. */
  readonly trusted: boolean;
}

/** A running editor. */
export interface Editor {
  /** Settles when the user has closed it, or it ended by itself. */
  readonly closed: Promise<void>;
  stop(): Promise<void>;
}

process.exit(await main());

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { embedded: { type: 'boolean' }, 'no-open': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help || positionals.length > 1) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  // npm runs scripts in the package folder; a path is meant from where the user is.
  const path = positionals[0] && resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0]);
  if (path !== undefined && !existsSync(path)) {
    console.error(`${path} does not exist`);
    return 2;
  }

  const dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-editor-'));
  let editor: Editor | undefined;
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => done());
  });
  try {
    await buildBundles();
    const target = targetOf(path);
    editor =
      (values.embedded ? undefined : startDesktop(target, dataDir)) ??
      (await startEmbedded(target, dataDir, values['no-open'] !== true));
    await Promise.race([editor.closed, interrupted]);
    return 0;
  } catch (error) {
    if (!(error instanceof HostUnavailable)) throw error;
    console.error(`Cannot start: ${error.message}.`);
    return 1;
  } finally {
    await editor?.stop();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function targetOf(path: string | undefined): Target {
  if (path === undefined) {
    const folder = join(root, 'examples');
    return { folder, file: join(folder, 'node-shop/Dockerfile'), trusted: true };
  }
  if (!statSync(path).isDirectory()) return { folder: dirname(path), file: path, trusted: false };
  const file = ['Dockerfile', 'Containerfile'].map((name) => join(path, name)).find((name) => existsSync(name));
  return { folder: path, file, trusted: false };
}
