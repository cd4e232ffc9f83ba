import assert from 'node:assert/strict';
import { Workbench } from '../helpers/workbench.ts';

describe('in a browser, without Node', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      example: 'node-shop',
      inBrowser: true,
      files: {
        'tools.dockerfile': '\uFEFFFROM debian:13\nRUN apt-get update && apt-get install curl\n',
        '.plimsoll.yaml': 'rules:\n  root-user: off\n',
      },
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`web-${this.currentTest?.title}`);
  });
  after(() => workbench?.close());

  it('repairs what is underlined from the lightbulb', async () => {
    await workbench.openFile('tools.dockerfile');
    await workbench.untilUnderlined('error');
    await workbench.applyFix({ line: 'RUN apt-get update', at: 'install' }, 'Add -y');
    assert.match(await workbench.save('tools.dockerfile'), /install -y curl/);
  });

  it('obeys the configuration file', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.untilUnderlined('warning');
    await workbench.runCommand('Problems: Focus on Problems View');
    const problems = workbench.page.locator('.markers-panel');
    await problems.getByText('latest-tag').or(problems.getByText('end-of-life-base')).first().waitFor();
    assert.equal(await problems.getByText('root-user').count(), 0);
  });

  it('starts its server again', async () => {
    await workbench.runCommand('Plimsoll: Restart Server');
    await workbench.openFile('tools.dockerfile');
    // The finding comes back with what was wrong.
    await workbench.again(async (timeout) => {
      await workbench.clickAt(workbench.page.locator('.view-line', { hasText: 'install' }).first(), timeout);
      await workbench.page.keyboard.press('ControlOrMeta+Z');
    }, workbench.page.locator('.monaco-editor .squiggly-error').first());
  });

  it('completes an image’s tag', async () => {
    const { page } = workbench;
    await workbench.clickAt(page.locator('.monaco-editor .view-line').first());
    await page.keyboard.press('ControlOrMeta+End');
    await page.keyboard.type('FROM debian:', { delay: 60 });
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: '13-slim' }).first().waitFor();
    await page.keyboard.press('Escape');
  });

  it('says why it scans nothing', async () => {
    await workbench.runCommand('Plimsoll: Scan Image');
    await workbench.page.getByText('which a browser can’t run').first().waitFor();
  });
});
