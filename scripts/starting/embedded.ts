import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { onPath } from '../../host/chromium.ts';
import { installHost } from '../../host/install.ts';
import { installVsix, startServer } from '../../host/server.ts';
import { quietSettings } from '../../host/settings.ts';
import { packageVsix } from '../package.ts';
import type { Editor, Target } from '../start.ts';

/** Starts a VS Code server with the freshly packaged extension, and shows it in a browser where there is one. */
export async function startEmbedded(target: Target, dataDir: string, openBrowser: boolean): Promise<Editor> {
  const host = installHost();
  installVsix(host, dataDir, packageVsix(join(dataDir, 'plimsoll.vsix')));
  const server = await startServer(host, {
    dataDir,
    settings: quietSettings,
    // Any user of this machine can reach a loopback port; the token keeps them out.
    token: randomBytes(16).toString('hex'),
    args: target.trusted ? ['--disable-workspace-trust'] : [],
  });
  const url = server.url(target.folder, target.file);
  const opened = openBrowser && open(url);
  console.log(`\nThe editor runs at\n\n  ${url}\n\n${opened ? '' : 'Open it in a browser. '}Press Ctrl-C to end.`);
  return server;
}

/** Asks the desktop to show an address; false where there is none to ask. */
function open(url: string): boolean {
  const [command, ...args] = opener(url);
  if (command === undefined || onPath(command) === undefined) return false;
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
  return true;
}

function opener(url: string): string[] {
  if (process.platform === 'darwin') return ['open', url];
  const hasScreen = process.env.DISPLAY !== undefined || process.env.WAYLAND_DISPLAY !== undefined;
  return hasScreen ? ['xdg-open', url] : [];
}
