import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findExecutable, thisMachine } from '../../server/src/engine/findExecutable.ts';
import { constructScan, nodeShopLayers } from '../helpers/constructedScan.ts';
import { type FakeDocker, installFakeDocker } from '../helpers/fakeDocker.ts';
import { type FakeTrivy, installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { skip } from '../helpers/skip.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';
import { until } from '../helpers/until.ts';
import { Workbench } from '../helpers/workbench.ts';

const image = `ghcr.io/aquasecurity/trivy:0.74.0@sha256:${'5'.repeat(64)}`;

describe('Trivy in a container, in the workbench', function () {
  this.timeout(240_000);
  let tools: string;
  let trivy: FakeTrivy;
  let docker: FakeDocker;
  let workbench: Workbench;

  before(async function () {
    const installed = await findExecutable('trivy', undefined, { ...thisMachine, env: {} });
    if (installed.found) skip(this, `Trivy is installed: ${installed.path}`);
    tools = mkdtempSync(join(tmpdir(), 'plimsoll-tools-'));
    const built = constructScan(nodeShopLayers);
    const report = join(tools, 'report');
    writeFileSync(`${report}.json`, JSON.stringify(built.report));
    trivy = installFakeTrivy(join(tools, 'trivy'), { report: relative(trivyReports, report) });
    docker = installFakeDocker(join(tools, 'docker'), built, { trivy: trivy.path });
    workbench = await Workbench.open({
      example: 'node-shop',
      settings: { 'plimsoll.engine.path': docker.path },
      // A machine without Trivy: nothing but what the editor needs to start.
      env: { PATH: '/nowhere', XDG_CACHE_HOME: join(tools, 'caches') },
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`container-${this.currentTest?.title}`);
  });
  after(async () => {
    await workbench?.close();
    if (tools) rmSync(tools, { recursive: true, force: true });
  });

  const offer = () => workbench.webview.getByRole('button', { name: 'Run Trivy in a Container…' });
  const dialog = () => workbench.page.locator('.monaco-dialog-box');
  const containerCalls = () => docker.calls().filter(([noun]) => noun === 'container');

  it('is offered where Trivy is missing', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.runCommand('Plimsoll: Scan Image…');
    await workbench.pick('Build this Dockerfile and scan');
    await offer().waitFor();
    assert.deepEqual(containerCalls(), []);
  });

  it('takes no image without a digest', async () => {
    await offer().click();
    await workbench.quickInput.waitFor();
    await workbench.quickInput.fill('aquasec/trivy:latest');
    await workbench.page.locator('.quick-input-message').getByText('A digest is needed').waitFor();
    await workbench.quickInput.press('Enter');
    assert.equal(await dialog().count(), 0);
  });

  it('says what will be done, and does nothing before the answer', async () => {
    await workbench.quickInput.fill(image);
    await workbench.quickInput.press('Enter');
    await dialog().getByText('it is pulled from ghcr.io').waitFor();
    await dialog().getByText('no socket').waitFor();
    await workbench.screenshot('container-question');
    await dialog().getByRole('button', { name: 'Cancel' }).click();
    await dialog().waitFor({ state: 'detached' });
    await delay(500);
    assert.ok(!docker.calls().some(([noun, verb]) => noun === 'container' || verb === 'pull' || verb === 'build'));
  });

  it('scans with it, and remembers nothing when told once', async () => {
    await offer().click();
    await workbench.quickInput.waitFor();
    assert.equal(await workbench.quickInput.inputValue(), '');
    await workbench.quickInput.fill(image);
    await workbench.quickInput.press('Enter');
    await dialog().getByRole('button', { name: 'Run It Once' }).click();
    await workbench.webview.getByRole('heading', { name: 'Change first' }).waitFor();
    await workbench.webview.getByText(/812 of 872 findings come from the base image/).waitFor();
    const scan = containerCalls().findLast((args) => args.includes('image')) ?? [];
    assert.ok(scan.includes('--cap-drop=ALL') && scan.includes('--read-only'), scan.join(' '));
    assert.ok(!scan.some((argument) => argument.includes('.sock')), scan.join(' '));
    assert.deepEqual(docker.containers(), []);
    assert.ok(existsSync(join(tools, 'caches/plimsoll/trivy')));
    await workbench.webview.getByRole('button', { name: 'Rescan' }).click();
    await offer().waitFor();
  });

  it('is used from then on when told always', async () => {
    await offer().click();
    await workbench.quickInput.waitFor();
    await workbench.quickInput.fill(image);
    await workbench.quickInput.press('Enter');
    await dialog().getByRole('button', { name: 'Run It Always' }).click();
    await workbench.webview.getByRole('heading', { name: 'Change first' }).waitFor();
    const before = containerCalls().length;
    await workbench.webview.getByRole('button', { name: 'Rescan' }).click();
    await until(() => containerCalls().length >= before + 6);
    await workbench.webview.getByRole('heading', { name: 'Change first' }).waitFor();
    assert.equal(containerCalls().length, before + 6);
  });

  it('leaves nothing when it is cancelled', async () => {
    trivy.set({ mode: 'hang' });
    await workbench.webview.getByRole('button', { name: 'Rescan' }).click();
    await workbench.webview.getByText('Reading the layers of the image').waitFor();
    assert.equal(docker.containers().length, 1);
    await workbench.webview.getByRole('button', { name: 'Cancel' }).click();
    await workbench.webview.getByRole('heading', { name: 'Change first' }).waitFor();
    assert.deepEqual(docker.containers(), []);
    const mounts = containerCalls().flatMap((args) => args.filter((argument) => argument.includes('target=/tmp')));
    const folder = /source=([^,]*plimsoll-scan-[^/,]*)/.exec(mounts.at(-1) ?? '')?.[1] ?? '';
    assert.match(folder, /plimsoll-scan-/);
    await until(() => !existsSync(folder));
    assert.ok(!existsSync(folder), folder);
    assert.deepEqual(readdirSync(join(tools, 'caches/plimsoll')), ['trivy']);
  });

  it('knows the Dockerfile of a local image also when that is scanned again', async () => {
    const { webview } = workbench;
    trivy.set({ report: relative(trivyReports, join(tools, 'report')) });
    await workbench.openFile('Dockerfile');
    await workbench.runCommand('Plimsoll: Scan Image…');
    await workbench.pick('Scan a local image…');
    await workbench.pick('plimsoll-scan/example');
    await webview.getByRole('heading', { name: 'plimsoll-scan/example:latest' }).waitFor();
    await webview.getByRole('heading', { name: 'Change first' }).waitFor();
    const before = containerCalls().length;
    await webview.getByRole('button', { name: 'Rescan' }).click();
    await until(() => containerCalls().length >= before + 6);
    await webview.getByText(/^Compared with the scan of/).waitFor();
    await webview.getByRole('heading', { name: 'Change first' }).waitFor();
  });
});
