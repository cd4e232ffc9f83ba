import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { constructScan, nodeShopLayers } from '../helpers/constructedScan.ts';
import { installFakeDocker } from '../helpers/fakeDocker.ts';
import { installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';
import { Workbench } from '../helpers/workbench.ts';

describe('the lines of a scan in the workbench', function () {
  this.timeout(240_000);
  let tools: string;
  let workbench: Workbench;

  before(async () => {
    tools = mkdtempSync(join(tmpdir(), 'plimsoll-tools-'));
    const image = constructScan(nodeShopLayers);
    const report = join(tools, 'report');
    writeFileSync(`${report}.json`, JSON.stringify(image.report));
    const trivy = installFakeTrivy(join(tools, 'trivy'), { report: relative(trivyReports, report) });
    const docker = installFakeDocker(join(tools, 'docker'), image);
    workbench = await Workbench.open({
      example: 'node-shop',
      settings: { 'plimsoll.trivy.path': trivy.path, 'plimsoll.engine.path': docker.path },
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`lines-${this.currentTest?.title}`);
  });
  after(async () => {
    await workbench?.close();
    if (tools) rmSync(tools, { recursive: true, force: true });
  });

  const lens = (text: string | RegExp) => workbench.page.locator('.codelens-decoration', { hasText: text }).first();

  it('says what to change first', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.runCommand('Plimsoll: Scan Image…');
    await workbench.pick('Build this Dockerfile and scan');
    const { webview } = workbench;
    await webview.getByRole('heading', { name: 'Change first' }).waitFor();
    await webview.getByText(/812 of 872 findings come from the base image/).waitFor();
    await webview.getByText(/Take the secret out of line 4/).waitFor();
    assert.equal(await webview.getByText('authToken').count(), 0);
  });

  it('shows the image by layers, with the base folded', async () => {
    const { webview } = workbench;
    await webview.getByRole('tab', { name: 'Layers' }).click();
    const table = webview.getByRole('table', { name: 'Layers' });
    await table.getByText('Base image node:14').waitFor();
    await workbench.screenshot('lines-layers-folded');
    assert.equal(await table.getByRole('row').filter({ visible: true }).count(), 9);
    await table.getByRole('button', { name: 'Show its 3 layers' }).click();
    assert.equal(await table.getByRole('row').filter({ visible: true }).count(), 12);
  });

  it('goes from a layer to its line', async () => {
    await workbench.webview.getByRole('button', { name: /^Show line 7:/ }).click();
    await workbench.page.locator('.tab.active', { hasText: 'Dockerfile' }).waitFor();
    await lens('3 critical, 12 high (8 fixable) · 48 MB').waitFor();
    await lens('812 of 872 findings from the base image').waitFor();
  });

  it('goes from a line to its findings', async () => {
    await lens('3 critical, 12 high').locator('a').first().click();
    await workbench.webview.getByText(/Only findings from line 7/).waitFor();
    await workbench.webview.getByText('38 of 872 findings', { exact: true }).waitFor();
  });

  it('moves with edits and marks what was changed', async () => {
    const { page } = workbench;
    await page.locator('.view-line', { hasText: 'python3' }).first().click();
    await page.keyboard.press('End');
    await page.keyboard.type(' git');
    await lens(/3 critical, 12 high.*changed since the scan/).waitFor();
    await lens('Build and scan again').waitFor();
  });
});
