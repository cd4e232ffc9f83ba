#!/usr/bin/env node
// Understands the arguments that @vscode/test-electron passes to desktop VS Code, but runs the tests in the extension
// host of a VS Code server whose editor page is open in a headless Chromium. So one test suite serves both.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { installHost } from './install.ts';
import { type Server, startServer } from './server.ts';
import { testSettings } from './settings.ts';

/** Milliseconds until a suite that gives no sign is given up. */
const timeLimit = Number(process.env.CODE_HEADLESS_TIMEOUT_MS ?? 300_000);

process.exitCode = await main();

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: {
      extensionDevelopmentPath: { type: 'string', multiple: true },
      extensionTestsPath: { type: 'string' },
    },
  });
  const extensions = (values.extensionDevelopmentPath ?? []).map(String);
  if (typeof values.extensionTestsPath !== 'string' || extensions.length === 0) {
    console.error('codeHeadless needs --extensionDevelopmentPath and --extensionTestsPath');
    return 2;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-code-'));
  let server: Server | undefined;
  let browser: Browser | undefined;
  const clean = async () => {
    await browser?.close().catch(() => undefined);
    await server?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void clean().finally(() => process.exit(130)));
  }
  try {
    server = await startServer(installHost(), {
      dataDir,
      settings: testSettings,
      // Without this flag the editor ignores the development paths in its address.
      args: ['--disable-workspace-trust', '--enable-smoke-test-driver'],
    });
    browser = await launchChromium();
    return await runSuite(server, browser, extensions, values.extensionTestsPath, positionals[0]);
  } finally {
    await clean();
  }
}

async function runSuite(
  server: Server,
  browser: Browser,
  extensions: readonly string[],
  suite: string,
  folder: string | undefined,
): Promise<number> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  await context.route(
    (url) => url.hostname !== '127.0.0.1',
    (route) => route.abort(),
  );
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text().slice(0, 400));
  });
  const ended = suiteEnd(server, page);
  const remote = (path: string) => `vscode-remote://${server.authority}${resolve(path)}`;
  const query = new URLSearchParams(folder === undefined ? { ew: 'true' } : { folder: resolve(folder) });
  query.set(
    'payload',
    JSON.stringify([
      ...extensions.map((path) => ['extensionDevelopmentPath', remote(path)]),
      ['extensionTestsPath', remote(suite)],
    ]),
  );
  await page.goto(`http://${server.authority}/?${query}`);
  const { code, why } = await ended;
  if (code !== 0 && code !== 1) {
    console.error(`codeHeadless: ${why}`);
    for (const error of errors.slice(-5)) console.error(`  page: ${error}`);
    const log = join(server.dataDir, 'server.log');
    if (existsSync(log)) console.error(readFileSync(log, 'utf8').split('\n').slice(-15).join('\n'));
  }
  return code;
}

/** How the run ends: the page reports it, or it never will. */
function suiteEnd(server: Server, page: Page): Promise<{ code: number; why: string }> {
  const reported = new Promise<{ code: number; why: string }>((done) => {
    void page.exposeFunction('codeAutomationExit', (code: number) => done({ code, why: 'the suite ended' }));
  });
  return Promise.race([
    reported,
    new Promise<void>((crashed) => page.once('crash', () => crashed())).then(() => ({
      code: 71,
      why: 'the editor page crashed',
    })),
    server.closed.then(() => ({ code: 72, why: 'the VS Code server ended' })),
    delay(timeLimit, { code: 73, why: `no result within ${timeLimit} ms` }, { ref: false }),
  ]);
}
