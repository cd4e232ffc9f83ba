import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { Workbench } from '../helpers/workbench.ts';

describe('editing in the workbench', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  beforeEach(async () => {
    workbench = await Workbench.open({ example: 'node-shop' });
    await workbench.openFile('Dockerfile');
    await workbench.untilUnderlined('warning');
  });
  afterEach(async function () {
    await workbench?.screenshot(`editing-${this.currentTest?.title}`);
    await workbench?.close();
  });

  it('repairs what is underlined from the lightbulb', async () => {
    const expected = repaired(workbench, '--suggestions', '--rule', 'root-user');
    await workbench.openLightbulb('FROM node:14', 'node');
    await workbench.screenshot('editing-lightbulb');
    await workbench.chooseFix('Run as node');
    assert.equal(await workbench.save('Dockerfile'), expected);
    assert.match(expected, /^USER node$/m);
  });

  it('repairs all that is safe from the palette', async () => {
    const expected = repaired(workbench);
    assert.notEqual(expected, workbench.read('Dockerfile'));
    await workbench.runCommand('Plimsoll: Fix All Safe Problems');
    await workbench.page.locator('.tab.active.dirty').waitFor();
    assert.equal(await workbench.save('Dockerfile'), expected);
  });

  it('shows the page of a rule', async () => {
    await workbench.runCommand('Plimsoll: Show Rule Page');
    await workbench.pick('root-user');
    await workbench.webview.getByText('root-user').first().waitFor();
  });
});

/** What the command line makes of the Dockerfile that is open: the editor has to come to the same text. */
function repaired({ folder }: Workbench, ...options: readonly string[]): string {
  const cli = join(repositoryRoot, 'dist/cli/cli.cjs');
  return execFileSync(process.execPath, [cli, 'fix', '--stdout', ...options, join(folder, 'Dockerfile')], {
    encoding: 'utf8',
  });
}
