import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { Workbench } from '../helpers/workbench.ts';

describe('editing in the workbench', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      example: 'node-shop',
      files: { 'tools.dockerfile': 'FROM debian:13\nRUN apt-get update && apt-get install curl\n' },
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`editing-${this.currentTest?.title}`);
  });
  after(() => workbench?.close());

  it('repairs what is underlined from the lightbulb', async () => {
    const expected = repaired(workbench, 'Dockerfile', '--suggestions', '--rule', 'root-user');
    await workbench.openFile('Dockerfile');
    await workbench.untilUnderlined('warning');
    const image = { line: 'FROM node:14', at: 'node' };
    assert.ok((await workbench.fixesAt(image, 'editing-lightbulb')).some((title) => title.startsWith('Run as node')));
    await workbench.applyFix(image, 'Run as node');
    assert.equal(await workbench.save('Dockerfile'), expected);
    assert.match(expected, /^USER node$/m);
  });

  it('repairs all that is safe from the palette', async () => {
    const expected = repaired(workbench, 'tools.dockerfile');
    assert.match(expected, / -y\b/);
    await workbench.openFile('tools.dockerfile');
    await workbench.untilUnderlined('error');
    await workbench.runCommand('Plimsoll: Fix All Safe Problems');
    await workbench.untilModified();
    assert.equal(await workbench.save('tools.dockerfile'), expected);
  });

  it('shows the page of a rule', async () => {
    await workbench.runCommand('Plimsoll: Show Rule Page');
    await workbench.pick('root-user');
    await workbench.webview.getByRole('heading', { name: 'root-user' }).waitFor();
  });
});

/** What the command line makes of a file that is open: the editor has to come to the same text. */
function repaired({ folder }: Workbench, file: string, ...options: readonly string[]): string {
  const cli = join(repositoryRoot, 'dist/cli/cli.cjs');
  return execFileSync(process.execPath, [cli, 'fix', '--stdout', ...options, join(folder, file)], { encoding: 'utf8' });
}
