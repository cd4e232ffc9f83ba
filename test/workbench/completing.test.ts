import assert from 'node:assert/strict';
import { Workbench } from '../helpers/workbench.ts';

const text = `FROM node:24 AS build
ARG VERSION=1
WORKDIR /app
RUN echo "$VERSION" && VERSION=2

FROM node:24-slim
USER node
COPY --from=build /app /app
`;

describe('completing and renaming in the workbench', function () {
  this.timeout(180_000);
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      example: 'node-shop',
      files: { 'new.dockerfile': text },
      // What the editor itself makes of the words of the file is not what is tested.
      settings: { 'editor.wordBasedSuggestions': 'off', 'editor.acceptSuggestionOnEnter': 'off' },
    });
    await workbench.openFile('new.dockerfile');
    // Links come from the language server: from here on it answers.
    await workbench.page.locator('.monaco-editor .detected-link').first().waitFor();
  });
  afterEach(async function () {
    await workbench?.screenshot(`completing-${this.currentTest?.title}`);
  });
  after(() => workbench?.close());

  /** Writes a line at the end of the file. */
  async function write(line: string): Promise<void> {
    const { keyboard } = workbench.page;
    await workbench.clickAt(workbench.page.locator('.monaco-editor .view-line').first());
    await keyboard.press('ControlOrMeta+End');
    await keyboard.type(line, { delay: 60 });
  }

  function suggestion(label: string) {
    return workbench.page.locator('.suggest-widget.visible .monaco-list-row', { hasText: label }).first();
  }

  /** Takes a suggestion, once it is the one that would be taken. */
  async function take(label: string | RegExp, picture: string): Promise<void> {
    const focused = '.suggest-widget.visible .monaco-list-row.focused';
    await workbench.page.locator(focused, { hasText: label }).waitFor();
    await workbench.screenshot(picture);
    await workbench.page.keyboard.press('Tab');
  }

  it('completes an instruction, then a stage, one list after the other', async () => {
    await write('CO');
    await take('COPY', 'completing-keyword');
    await suggestion('package.json').waitFor();
    await workbench.screenshot('completing-paths');
    await workbench.page.keyboard.type('--fr', { delay: 60 });
    await take('--from=', 'completing-flag');
    await take('build', 'completing-from-flag');
    await workbench.page.keyboard.type(' /x /y\n');
    assert.match(await workbench.save('new.dockerfile'), /^COPY --from=build \/x \/y$/m);
  });

  it('completes a variable behind its sign', async () => {
    await write('ENV NODE_ENV=production\nRUN echo $');
    await take('NODE_ENV', 'completing-variable');
    await workbench.page.keyboard.type('\n');
    assert.match(await workbench.save('new.dockerfile'), /^RUN echo \$NODE_ENV$/m);
  });

  it('completes the image and its tag', async () => {
    await write('FROM pyth');
    await take('python', 'completing-image');
    await suggestion('-slim').waitFor();
    await take(/^3\.\d/, 'completing-tag');
    await workbench.page.keyboard.type('\n');
    assert.match(await workbench.save('new.dockerfile'), /^FROM python:3\.\d+$/m);
  });

  it('says why it does not rename', async () => {
    const { page } = workbench;
    await page.keyboard.press('ControlOrMeta+Home');
    await workbench.again(async (timeout) => {
      const line = page.locator('.view-line', { hasText: /ARG\sVERSION/ }).first();
      await workbench.clickAt(line.getByText('VERSION').first(), timeout);
      await page.keyboard.press('F2');
    }, page.getByText('Line 4 mentions VERSION as a variable that the script sets').first());
  });

  it('renames a stage wherever it is named', async () => {
    const { page } = workbench;
    await page.keyboard.press('ControlOrMeta+Home');
    const input = page.locator('.rename-box input');
    await workbench.again(async (timeout) => {
      const line = page.locator('.view-line', { hasText: /FROM\snode:24\sAS/ }).first();
      await workbench.clickAt(line.getByText('build').first(), timeout);
      await page.keyboard.press('F2');
    }, input);
    await workbench.screenshot('completing-rename');
    await input.fill('deps');
    await page.keyboard.press('Enter');
    await workbench.untilModified();
    const saved = await workbench.save('new.dockerfile');
    assert.doesNotMatch(saved, /build/);
    assert.equal(saved.match(/--from=deps/g)?.length, 2);
  });
});
