import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator } from 'playwright-core';
import { installFakeDocker } from '../helpers/fakeDocker.ts';
import { type FakeTrivy, installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';
import { Workbench } from '../helpers/workbench.ts';
import { manyFindings } from './manyFindings.ts';

/**
 * The panel in the real editor with a report of 100,000 findings: how long it takes until rows are drawn, and whether it
 * scrolls without gaps. Times depend on the machine and on what else runs on it.
 *
 * @param folder of Trivy's reports in JSON, to be multiplied
 */
export async function benchPanel(folder: string): Promise<void> {
  for (const [count, bytes] of [
    [20_000, 50e6],
    [100_000, 50e6],
    [100_000, 300e6],
  ] as const) {
    const { text, image } = manyFindings(folder, count, bytes);
    console.log(`\n${count.toLocaleString('en-US')} findings, ${Math.round(text.length / 1e6)} MB`);
    const tools = mkdtempSync(join(tmpdir(), 'plimsoll-bench-'));
    let workbench: Workbench | undefined;
    try {
      const report = join(tools, 'report');
      writeFileSync(`${report}.json`, text);
      const trivy = installFakeTrivy(join(tools, 'trivy'), { report: relative(trivyReports, report) });
      const docker = installFakeDocker(join(tools, 'docker'), image);
      workbench = await Workbench.open({
        example: 'node-shop',
        settings: { 'plimsoll.trivy.path': trivy.path, 'plimsoll.engine.path': docker.path },
      });
      await measure(workbench, trivy);
    } finally {
      await workbench?.close();
      rmSync(tools, { recursive: true, force: true });
    }
  }
}

async function measure(workbench: Workbench, trivy: FakeTrivy): Promise<void> {
  const { page, webview } = workbench;
  const time = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await work();
    console.log(line(what, performance.now() - start));
  };
  const row = webview.locator('.sizer .row:not(.loading)').first();
  const count = webview.locator('.summary');
  await workbench.openFile('Dockerfile');
  await workbench.runCommand('Plimsoll: Scan Image…');
  await workbench.pick('Build this Dockerfile and scan');
  await row.waitFor({ timeout: 180_000 });
  console.log(line('from the end of Trivy to rows', Date.now() - trivy.ended()!));
  await delay(3000);

  const tab = page.getByRole('tab', { name: /^Scan: / });
  await page.getByRole('tab', { name: 'Dockerfile' }).first().click();
  await webview.locator('body').waitFor({ state: 'detached' });
  await time('shown again after it was hidden', async () => {
    await tab.click();
    await row.waitFor();
  });
  // Which tab is open is written down now and then only.
  await delay(5000);
  await page.reload();
  await page.locator('.monaco-workbench').waitFor();
  await time('after a restart of the window, all of it', () => row.waitFor({ timeout: 60_000 }));
  await delay(3000);

  const search = webview.getByRole('searchbox', { name: 'Search findings' });
  for (const words of ['cve-2018', 'cve-2018-1', 'no such package', '']) {
    await time(`search “${words}”`, () => changes(count, () => search.fill(words)));
  }
  for (const column of ['Id', 'Package', 'Installed → fixed', 'Where']) {
    const header = webview.getByRole('columnheader', { name: column }).getByRole('button');
    await time(`sort by ${column}`, async () => {
      await header.click();
      await webview.locator('[role=columnheader][aria-sort=ascending]', { hasText: column }).waitFor();
    });
  }
  for (const [name, table] of [
    ['Layers', 'Layers'],
    ['Packages', 'Package'],
    ['Targets', 'Found in'],
  ] as const) {
    await time(`table ${name}`, async () => {
      await webview.getByRole('tab', { name }).click();
      await webview.getByRole('columnheader', { name: table === 'Layers' ? 'Line' : table }).waitFor();
    });
  }
  await webview.getByRole('tab', { name: 'Findings' }).click();
  await row.waitFor();
  console.log(`  ${await scroll(webview.locator('.scroller'))}`);
}

function line(what: string, ms: number): string {
  return `  ${what.padEnd(44)} ${ms.toFixed(0).padStart(6)} ms`;
}

/** Runs something and waits until a text is another one than before. */
async function changes(element: Locator, work: () => Promise<unknown>): Promise<void> {
  const before = await element.textContent();
  await work();
  const end = Date.now() + 30_000;
  while ((await element.textContent()) === before && Date.now() < end) await delay(5);
}

/** Scrolls for four seconds, as far in each frame as a finger would, and tells the slowest frames and gaps in the table. */
async function scroll(scroller: Locator): Promise<string> {
  const { frames, slow, worst, gaps } = await scroller.evaluate(async (element) => {
    const times: number[] = [];
    let gaps = 0;
    const page = globalThis as unknown as { requestAnimationFrame(done: (time: number) => void): void };
    const frame = () => new Promise<number>((resolve) => page.requestAnimationFrame(resolve));
    const start = await frame();
    let last = start;
    while (last - start < 4000) {
      element.scrollTop += 120;
      const now = await frame();
      times.push(now - last);
      last = now;
      if (element.querySelector('.row.loading')) gaps++;
    }
    return {
      frames: times.length,
      slow: times.filter((time) => time > 50).length,
      worst: Math.max(...times),
      gaps,
    };
  });
  return `scrolling: ${frames} frames, ${slow} over 50 ms, the slowest ${worst.toFixed(0)} ms, ${gaps} with rows still to come`;
}
