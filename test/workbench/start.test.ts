import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../../host/chromium.ts';
import { isTreeAlive, snapshotTree } from '../../server/src/engine/processTree.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { until } from '../helpers/until.ts';

describe('npm start', function () {
  this.timeout(180_000);
  let start: ChildProcess | undefined;
  let browser: Browser | undefined;

  afterEach(async () => {
    await browser?.close();
    if (start && start.exitCode === null && start.kill()) await once(start, 'exit');
  });

  it('opens the examples in an editor of its own and ends all of it with Ctrl-C', async () => {
    start = spawn(process.execPath, [join(repositoryRoot, 'out/scripts/start.js'), '--embedded', '--no-open'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const url = await printedAddress(start);
    assert.equal(new URL(url).hostname, '127.0.0.1');

    const withoutToken = new URL(url);
    withoutToken.searchParams.delete('tkn');
    assert.equal((await fetch(withoutToken)).status, 403);

    browser = await launchChromium();
    const page = await browser.newPage();
    page.setDefaultTimeout(45_000);
    await page.goto(url);
    await page.locator('.tab.active', { hasText: 'Dockerfile' }).waitFor();
    await page.locator('.monaco-editor .squiggly-warning').first().waitFor();

    const tree = await snapshotTree(start.pid!);
    assert.ok(tree.others.length > 2, 'the server, its extension host and the language server');
    const ended = once(start, 'exit');
    start.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
    // A killed process is in the table until the system has noticed.
    await until(async () => !(await isTreeAlive(tree)));
    assert.equal(await isTreeAlive(tree), false);
  });
});

/** The address in what it prints. */
function printedAddress({ stdout }: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    let text = '';
    stdout!.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const address = /^ {2}(http:\S+)\s/m.exec(text);
      if (address) found(address[1]!);
    });
    stdout!.once('end', () => failed(new Error(`it ended without an address:\n${text}`)));
  });
}
