import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { constructScan } from '../helpers/constructedScan.ts';
import { installFakeDocker } from '../helpers/fakeDocker.ts';
import { installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';
import { Workbench } from '../helpers/workbench.ts';

const script = 'echo "//registry.example.com/:_authToken=$NPM_TOKEN" > /root/.npmrc && npm ci';
const syntax = '# syntax=docker/dockerfile:1\n';

describe('a leaked build secret in the workbench', function () {
  this.timeout(240_000);
  let tools: string;
  let workbench: Workbench;

  before(async () => {
    tools = mkdtempSync(join(tmpdir(), 'plimsoll-tools-'));
    const image = constructScan([
      { createdBy: '/bin/sh -c #(nop) ADD file:5a1bc2 in / ', size: 114_000_000 },
      { createdBy: `RUN |1 NPM_TOKEN=x /bin/sh -c ${script} # buildkit`, size: 61_000_000, secret: '/root/.npmrc' },
    ]);
    const report = join(tools, 'report');
    writeFileSync(`${report}.json`, JSON.stringify(image.report));
    const trivy = installFakeTrivy(join(tools, 'trivy'), { report: relative(trivyReports, report) });
    const docker = installFakeDocker(join(tools, 'docker'), image);
    workbench = await Workbench.open({
      example: 'node-shop',
      files: { Dockerfile: `${syntax}FROM node:24\nARG NPM_TOKEN\nRUN ${script}\n` },
      settings: { 'plimsoll.trivy.path': trivy.path, 'plimsoll.engine.path': docker.path },
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`secret-${this.currentTest?.title}`);
  });
  after(async () => {
    await workbench?.close();
    if (tools) rmSync(tools, { recursive: true, force: true });
  });

  // Onto the name: a rule's own repairs are offered there only.
  const nameIn = (line: number) => ({ shown: 'NPM_TOKEN', line, column: 6 });

  it('is offered a secret mount where the scan has found it', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.runCommand('Plimsoll: Scan Image…');
    await workbench.pick('Build this Dockerfile and scan');
    await workbench.answer('Value of the build argument NPM_TOKEN', '');
    await workbench.webview.getByText('Take the secret out of line 4').waitFor();
    await workbench.webview.getByRole('button', { name: 'Take the secret out of line 4' }).click();
    await workbench.page.locator('.codelens-decoration', { hasText: '1 secret' }).first().waitFor();
    const titles = await workbench.fixesAt(nameIn(4), 'secret-lightbulb');
    const offered = titles.filter((title) => title.startsWith('Use a secret mount and remove /root/.npmrc'));
    assert.equal(offered.length, 1, titles.join('\n'));
  });

  it('is offered the rule’s own rewrite at ARG, once', async () => {
    const titles = await workbench.fixesAt(nameIn(3));
    assert.equal(titles.filter((title) => title.startsWith('Use a secret mount')).length, 1, titles.join('\n'));
  });

  it('is rewritten', async () => {
    await workbench.applyFix(nameIn(4), 'Use a secret mount and remove');
    assert.equal(
      await workbench.save('Dockerfile'),
      `${syntax}FROM node:24\nRUN --mount=type=secret,id=npm-token,env=NPM_TOKEN ${script} && rm -f /root/.npmrc\n`,
    );
  });
});
