import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeTrivy, installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { Workbench } from '../helpers/workbench.ts';

describe('scanning in the workbench', function () {
  this.timeout(180_000);
  const hostileName = 'Dockerfile.[click](command:workbench.action.showCommands)';
  let tools: string;
  let trivy: FakeTrivy;
  let workbench: Workbench;

  before(async () => {
    tools = mkdtempSync(join(tmpdir(), 'plimsoll-tools-'));
    trivy = installFakeTrivy(tools, { report: 'alpine-310' });
    workbench = await Workbench.open({
      example: 'nginx-site',
      files: { [hostileName]: 'FROM alpine:3.10\n' },
      settings: { 'plimsoll.trivy.path': trivy.path, 'plimsoll.engine.path': join(tools, 'no-engine') },
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`scanning-${this.currentTest?.title}`);
  });
  after(async () => {
    await workbench?.close();
    if (tools) rmSync(tools, { recursive: true, force: true });
  });

  it('asks what to scan and shows what Trivy found', async () => {
    await workbench.runCommand('Plimsoll: Scan Image…');
    await workbench.pick('Scan an image by its name…');
    await workbench.answer('Name of the image.', 'example.com/harbour/site:1.0');
    await workbench.webview.getByRole('heading', { name: 'example.com/harbour/site:1.0' }).waitFor();
    await workbench.webview.getByText('is end of life').first().waitFor();
    const call = trivy.calls().find(({ argv }) => argv[0] === 'image');
    assert.ok(call?.argv.includes('example.com/harbour/site:1.0'), String(call?.argv));
  });

  it('filters the table', async () => {
    const { webview } = workbench;
    const rows = webview.getByRole('row');
    await rows.nth(1).waitFor();
    // Not how many rows there are: only those in sight are drawn.
    const all = await webview.getByText(/^\d+ findings$/).innerText();
    const search = webview.getByRole('searchbox', { name: 'Search findings' });
    await search.fill('no such package');
    await webview.getByText(`0 of ${all}`, { exact: true }).waitFor();
    await rows.nth(1).waitFor({ state: 'detached' });
    await search.fill('');
    await webview.getByText(all, { exact: true }).waitFor();
    await rows.nth(1).waitFor();
  });

  it('keeps a log of what was run', async () => {
    await workbench.runCommand('Plimsoll: Show Scan Log');
    await workbench.page.locator('.output-view .view-line', { hasText: 'trivy' }).first().waitFor();
  });

  it('keeps what it shows while it is hidden, and when the window starts anew', async () => {
    const { page, webview } = workbench;
    const tab = page.getByRole('tab', { name: /^Scan: / });
    const active = webview.locator('.row.active');
    await tab.click();
    await webview.getByRole('columnheader', { name: 'Package' }).getByRole('button').click();
    const sorted = webview.locator('[role=columnheader][aria-sort=ascending]', { hasText: 'Package' });
    await sorted.waitFor();
    await webview.getByRole('row').nth(3).getByRole('gridcell').first().click();
    const heading = await webview.locator('.details h2').textContent();
    const opened = webview.locator('.details h2', { hasText: heading! });
    const third = await active.textContent();

    await workbench.openFile('Dockerfile');
    await tab.click();
    await opened.waitFor();
    await sorted.waitFor();
    assert.equal(await active.textContent(), third);

    await webview.getByRole('searchbox', { name: 'Search findings' }).fill('cve-20');
    await webview.locator('.row.active[data-index="0"]').waitFor();
    const first = await active.textContent();
    // The last that was done: with it, all else is written down.
    await workbench.restart('cve-20');
    await opened.waitFor();
    await sorted.waitFor();
    assert.equal(await active.textContent(), first);
    assert.equal(await webview.getByRole('searchbox', { name: 'Search findings' }).inputValue(), 'cve-20');
  });

  it('says what to do when Trivy fails', async () => {
    trivy.set({ mode: 'manifest-unknown' });
    await workbench.webview.getByRole('button', { name: 'Rescan' }).click();
    await workbench.webview.getByRole('alert').first().waitFor();
  });

  it('makes no link of a name in a message', async () => {
    await workbench.openFile(hostileName);
    await workbench.runCommand('Plimsoll: Scan Image…');
    await workbench.pick('Build this Dockerfile and scan');
    const toast = workbench.page.locator('.notification-toast', { hasText: 'click' }).first();
    await toast.waitFor();
    assert.equal(await toast.locator('a[href^="command:"]').count(), 0);
  });
});
