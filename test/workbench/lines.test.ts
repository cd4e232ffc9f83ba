import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { constructScan, nodeShopLayers } from '../helpers/constructedScan.ts';
import { installFakeDocker } from '../helpers/fakeDocker.ts';
import { type FakeTrivy, installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { type Member, savedImage } from '../helpers/tar.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';
import { until } from '../helpers/until.ts';
import { Workbench } from '../helpers/workbench.ts';

describe('the lines of a scan in the workbench', function () {
  this.timeout(240_000);
  let tools: string;
  let trivy: FakeTrivy;
  let workbench: Workbench;

  before(async () => {
    tools = mkdtempSync(join(tmpdir(), 'plimsoll-tools-'));
    const image = constructScan(nodeShopLayers);
    const report = join(tools, 'report');
    writeFileSync(`${report}.json`, JSON.stringify(image.report));
    trivy = installFakeTrivy(join(tools, 'trivy'), { report: relative(trivyReports, report) });
    // Line 7 installs, line 8 throws a part of it away, line 10 replaces a file of line 4.
    const files = image.docker.diffIds.map((): Member[] => []);
    files[4] = [['app/package-lock.json', Buffer.alloc(1_900_000)]];
    files[6] = [['var/cache/apt/archives/gcc.deb', Buffer.alloc(12_000_000)]];
    files[7] = [['var/cache/apt/archives/.wh.gcc.deb', '']];
    files[8] = [['app/package-lock.json', Buffer.alloc(10)]];
    const docker = installFakeDocker(join(tools, 'docker'), image, {
      saved: savedImage(image.docker.diffIds, files),
    });
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
    const rows = () => table.getByRole('row').filter({ visible: true }).count();
    assert.equal(await rows(), 9);
    await table.getByRole('button', { name: 'Show its 3 layers' }).click();
    await until(async () => (await rows()) === 12);
    assert.equal(await rows(), 12);
  });

  it('finds what later lines waste, when asked to', async () => {
    const { webview } = workbench;
    await webview.getByRole('button', { name: 'Find Wasted Bytes' }).click();
    await webview.getByText('12 MB of it removed by line 8').waitFor();
    await webview.getByText(/^1\.9 MB of it replaced by line 10$/).waitFor();
    await webview.getByText('/var/cache/apt/archives/gcc.deb (12 MB)').waitFor();
    await webview.getByText(/^14 MB of 844 MB \(2 %\) are in the image for nothing/).waitFor();
  });

  it('goes from a layer to its line', async () => {
    await workbench.webview.getByRole('button', { name: /^Show line 7:/ }).click();
    await lens('3 critical, 12 high (8 fixable) · 48 MB · 12 MB of it removed by line 8').waitFor();
    await lens('812 of 872 findings from the base image').waitFor();
  });

  it('goes from a line to its findings', async () => {
    await lens('3 critical, 12 high').locator('a').first().click();
    await workbench.webview.getByText(/Only findings from line 7/).waitFor();
    await workbench.webview.getByText('38 of 872 findings', { exact: true }).waitFor();
  });

  it('has the fixed version and the line also in a table beside the editor', async () => {
    const { webview } = workbench;
    const row = webview.getByRole('row').nth(1);
    for (const text of [/^1\.6\.0 → 1\.6\.10$/, /^line 7 · RUN apt-get/]) {
      await row.getByRole('gridcell').filter({ hasText: text, visible: true }).waitFor();
    }
    const { columns, lines } = await webview.getByRole('grid').evaluate((grid) => {
      const cells = grid.querySelectorAll('.head [role=columnheader]');
      const tops = [...cells].map((cell) => cell.getBoundingClientRect().top);
      return { columns: cells.length, lines: new Set(tops).size };
    });
    assert.deepEqual({ columns, lines }, { columns: 6, lines: 2 });
  });

  it('moves with edits and marks what was changed', async () => {
    const { page } = workbench;
    await workbench.clickAt(page.locator('.view-line', { hasText: 'python3' }).first());
    await page.keyboard.press('End');
    await page.keyboard.type(' git');
    await lens(/3 critical, 12 high.*changed since the scan/).waitFor();
    await lens('Build and scan again').waitFor();
    await page.keyboard.press('ControlOrMeta+Z');
    await lens('changed since the scan').waitFor({ state: 'detached' });
    if (await page.locator('.tab.active.dirty').count()) await workbench.save('Dockerfile');
  });

  it('sees what happens to the Dockerfile outside the editor', async () => {
    const { webview } = workbench;
    const file = join(workbench.folder, 'Dockerfile');
    const gone = webview.getByText('The Dockerfile of this scan is not there any more');
    renameSync(file, `${file}.old`);
    await gone.waitFor();
    await webview.getByRole('button', { name: 'Rescan' }).click();
    const toast = workbench.page.locator('.notification-toast', { hasText: 'Dockerfile is not there any more' });
    await toast.first().waitFor();
    renameSync(`${file}.old`, file);
    await gone.waitFor({ state: 'hidden' });
  });

  it('makes the first change, and says that it may be done', async () => {
    const { page, webview } = workbench;
    await webview.getByRole('button', { name: /^Use \d+-slim/ }).click();
    await workbench.untilModified();
    await page
      .locator('.view-line', { hasText: /node:\d+-slim/ })
      .first()
      .waitFor();
    const first = webview.getByRole('listitem').filter({ hasText: 'Move FROM' });
    await first.getByText('changed since the scan').waitFor();
    assert.equal(await webview.getByRole('button', { name: /^Use \d+-slim/ }).count(), 0);
    await workbench.screenshot('lines-change-made');
    // The editor may not have the keys yet. There is nothing else that could be undone.
    await workbench.again(
      () => page.keyboard.press('ControlOrMeta+Z'),
      webview.getByRole('button', { name: /^Use \d+-slim/ }),
    );
    if (await page.locator('.tab.active.dirty').count()) await workbench.save('Dockerfile');
  });

  it('offers the repairs of a line in the lightbulb', async () => {
    const titles = await workbench.fixesAt({ shown: 'WORKDIR', line: 1 }, 'lines-lightbulb');
    assert.ok(
      titles.some((title) =>
        /^Move to \S+-slim \(812 of 872 findings come from the base image\); test the build$/.test(title),
      ),
      titles.join('\n'),
    );
    assert.ok(
      titles.some((title) => title.startsWith('Compare with node:')),
      titles.join('\n'),
    );
  });

  it('ignores a finding with a reason, after a look at the change', async () => {
    const { page, webview } = workbench;
    await webview.getByRole('tab', { name: 'Findings' }).click();
    await webview.getByRole('row').nth(1).getByRole('gridcell').first().click();
    await webview.getByRole('button', { name: 'Ignore…' }).click();
    await workbench.pick('wherever it occurs');
    await workbench.answer('Why is it to be ignored?', 'never called');
    await workbench.pick('For 90 days');
    await page.locator('.diff-editor, .monaco-diff-editor').getByText('never called').first().waitFor();
    await workbench.screenshot('lines-ignore-preview');
    await workbench.pick('Write .trivyignore.yaml');
    await webview.getByText('1 finding: never called (.trivyignore.yaml)').waitFor();
    const text = workbench.read('.trivyignore.yaml');
    assert.match(
      text,
      /^vulnerabilities:\n {2}- id: CVE-\S+\n {4}statement: never called\n {4}expired_at: \d{4}-\d\d-\d\d\n$/,
    );
  });

  it('tells what is different from the scan before', async () => {
    const { webview } = workbench;
    const [base, ...others] = nodeShopLayers;
    const image = constructScan([{ ...base!, system: [2, 10, 90, 152] }, ...others]);
    writeFileSync(join(tools, 'report.json'), JSON.stringify(image.report));
    await webview.getByRole('button', { name: 'Rescan' }).click();
    await webview.getByText(/^Compared with the scan of/).waitFor();
    await webview.getByRole('button', { name: '60 fixed, 10 critical, 50 high' }).click();
    await webview.getByRole('tab', { name: 'Difference', selected: true }).waitFor();
    await webview.getByText('60 findings', { exact: true }).waitFor();
    await workbench.screenshot('lines-difference-fixed');
    // What is gone has details, too, but there is nothing of it to ignore.
    await webview.getByRole('row').nth(1).getByRole('gridcell').first().click();
    await webview.getByRole('heading', { name: /^CVE-\d+-\d+ in / }).waitFor();
    assert.equal(await webview.getByRole('button', { name: 'Ignore…' }).count(), 0);
    await webview.getByRole('button', { name: 'Close the details' }).click();
    await webview.getByRole('button', { name: /^\d+ stay, / }).click();
    await webview.getByText('811 findings', { exact: true }).waitFor();
    await webview.getByRole('tab', { name: 'Findings' }).click();
    await webview.getByText('813 findings', { exact: true }).waitFor();
    // What is wasted was found out in the scan before, of the same layers.
    await webview.getByRole('tab', { name: 'Layers' }).click();
    await webview.getByText('12 MB of it removed by line 8').waitFor();
    assert.equal(await webview.getByRole('button', { name: 'Find Wasted Bytes' }).count(), 0);
    await webview.getByRole('tab', { name: 'Findings' }).click();
  });

  it('tells what another base image would fix and bring', async () => {
    const { webview } = workbench;
    const [base, ...above] = nodeShopLayers;
    // Half of the first layer's findings, the others of the base image gone, and five that are new.
    const other = constructScan([
      { ...base!, system: [6, 30, 45, 75] },
      ...above.slice(0, 5).map(({ system: _system, ...layer }) => layer),
      { createdBy: '/bin/sh -c new', size: 9, npm: [0, 5, 0, 0] },
    ]);
    const own = constructScan(nodeShopLayers);
    writeFileSync(join(tools, 'report.json'), JSON.stringify(own.report));
    await webview.getByRole('button', { name: 'Rescan' }).click();
    await webview.getByText('871 findings', { exact: true }).waitFor();
    writeFileSync(join(tools, 'report.json'), JSON.stringify(other.report));
    await webview.getByRole('button', { name: /^Compare: Move FROM/ }).click();
    await webview.getByText(/^With FROM node:\d+-slim instead of node:14, the base images alone:/).waitFor();
    await workbench.screenshot('lines-difference-base');
    await webview.getByRole('button', { name: '5 new, 5 high' }).waitFor();
    await webview.getByRole('button', { name: /^156 stay, 6 critical, 30 high/ }).waitFor();
    await webview.getByRole('button', { name: /^656 fixed, / }).click();
    await webview.getByText('656 findings', { exact: true }).waitFor();
  });

  it('shows sizes without Trivy', async () => {
    trivy.set({ mode: 'exit-7' });
    await workbench.runCommand('Plimsoll: Show Layer Sizes');
    await workbench.pick('Build this Dockerfile');
    await lens(/Base image 714 MB · 85 % of the image/).waitFor();
    await lens('48 MB · 6 % of the image · 12 MB of it removed by line 8').waitFor();
    await workbench.screenshot('lines-sizes');
    await lens('Hide layer sizes').locator('a').last().click();
    await lens('of the image').waitFor({ state: 'detached' });
  });

  it('says how to get Trivy where it is missing', async () => {
    rmSync(trivy.path);
    await workbench.runCommand('Plimsoll: Rescan Image');
    await workbench.webview.getByText('brew install trivy').waitFor();
    await workbench.webview.getByRole('button', { name: 'How to Install Trivy' }).waitFor();
  });
});
