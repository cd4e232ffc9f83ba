import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { HostUnavailable } from './install.ts';

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];

const usualPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/**
 * Path of a Chromium or Chrome: PLIMSOLL_CHROMIUM, PATH, the usual places, Playwright's own. Where there is none it is
 * installed when we are root on a Debian-like system. Throws HostUnavailable with what to do.
 */
export function ensureChromium(log: (line: string) => void = console.log): string {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && onPath('apt-get')) {
    log('Installing Chromium with apt-get');
    const apt = (...args: string[]) =>
      spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        timeout: 5 * 60_000,
      }).status === 0;
    apt('update');
    apt('install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new HostUnavailable(
    'no Chromium or Chrome found. Install one (Debian: apt-get install chromium; anywhere: npx playwright-core install ' +
      'chromium) or name one with PLIMSOLL_CHROMIUM',
  );
}

export async function launchChromium(log?: (line: string) => void): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(log),
    headless: true,
    args: [
      // Root, as in containers, cannot use the sandbox; the only pages opened are those of our own server.
      '--no-sandbox',
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync'],
    ],
  });
}

function findChromium(): string | undefined {
  const named = process.env.PLIMSOLL_CHROMIUM;
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new HostUnavailable(`PLIMSOLL_CHROMIUM names ${named}, which does not exist`);
  }
  const candidates = [...commands.map(onPath), ...usualPlaces, chromium.executablePath()];
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** Full path of a command, or undefined when it is not on PATH. */
export function onPath(command: string): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd'] : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder, command + ending);
      if (folder !== '' && existsSync(path)) return path;
    }
  }
  return undefined;
}
