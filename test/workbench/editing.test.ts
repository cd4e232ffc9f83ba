import assert from 'node:assert/strict';
import { Workbench } from '../helpers/workbench.ts';

describe('editing in the workbench', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ example: 'node-shop' });
  });
  afterEach(async function () {
    const title = this.currentTest?.title.replaceAll(/\W+/g, '-') ?? 'after';
    await workbench.screenshot(`editing-${title}`);
  });
  after(() => workbench?.close());

  it('underlines what is wrong in the Dockerfile', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.untilUnderlined('warning');
  });

  it('repairs it from the lightbulb', async () => {
    const before = workbench.read('Dockerfile');
    await workbench.openLightbulb('FROM node:14');
    await workbench.screenshot('lightbulb');
    const titles = await workbench.lightbulbTitles();
    assert.ok(titles.length > 0);
    console.log(titles);
    assert.ok(before);
  });

  it('runs commands from the palette', async () => {
    await workbench.runCommand('Plimsoll: Fix All Safe Problems');
  });
});
