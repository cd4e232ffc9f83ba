import assert from 'node:assert/strict';
import { Workbench } from '../helpers/workbench.ts';

describe('a folder whose authors are not trusted', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      example: 'node-shop',
      settings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'never' },
      args: [],
    });
  });
  afterEach(async function () {
    await workbench?.screenshot(`restricted-${this.currentTest?.title}`);
  });
  after(() => workbench?.close());

  it('is in restricted mode', async () => {
    await workbench.page.getByText('Restricted Mode').first().waitFor();
  });

  it('has its Dockerfile checked', async () => {
    await workbench.openFile('Dockerfile');
    await workbench.untilUnderlined('warning');
  });

  it('is offered no scan', async () => {
    const offered = await workbench.commandsMatching('Plimsoll: ', 'Plimsoll: Restart Server');
    assert.ok(!offered.some((title) => title.includes('Scan Image')), offered.join('\n'));
  });
});
