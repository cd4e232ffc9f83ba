import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../host/chromium.ts';
import { installHost } from '../../host/install.ts';
import { installVsix, type Server, startServer } from '../../host/server.ts';
import { testSettings } from '../../host/settings.ts';
import { packageVsix } from '../../scripts/package.ts';
import { repositoryRoot as root } from './repositoryRoot.ts';
import { until } from './until.ts';
import { serveToBrowser } from './webExtension.ts';

export interface WorkbenchOptions {
  /** Name of the project in examples/ of which a copy is opened. */
  readonly example: string;
  /** Files to add to the copy, or to replace in it. */
  readonly files?: Readonly<Record<string, string>>;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the editor, and so of the extension and of what it starts. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Runs the extension as a browser without a server would: in a web worker, from its `browser` entry. */
  readonly inBrowser?: boolean;
}

/** Where the lightbulb is asked for: at a text in a line, by the mouse, or at a place (from 1), by its key. */
export type FixPlace =
  | { readonly line: string; readonly at: string }
  | { readonly shown: string; readonly line: number; readonly column?: number };

/** Milliseconds that anything in the editor may take; generous because the machine may be busy with other tests. */
const patience = 60_000;

/** Nothing is to lie over the text that is clicked at. */
const coveringNothing = { 'editor.hover.delay': 600_000, 'editor.stickyScroll.enabled': false };

const screenshots = join(root, 'out/screenshots');

/** A real editor with the packaged extension installed, driven through its page as a user would. */
export class Workbench {
  readonly page: Page;
  readonly folder: string;
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(server: Server, browser: Browser, page: Page, folder: string) {
    this.#server = server;
    this.#browser = browser;
    this.page = page;
    this.folder = folder;
  }

  static async open(options: WorkbenchOptions): Promise<Workbench> {
    const host = installHost();
    const dataDir = mkdtempSync(join(tmpdir(), 'plimsoll-workbench-'));
    const folder = join(dataDir, 'workspace', options.example);
    cpSync(join(root, 'examples', options.example), folder, { recursive: true });
    for (const [name, text] of Object.entries(options.files ?? {})) writeFileSync(join(folder, name), text);
    if (!options.inBrowser) installVsix(host, dataDir, vsix());
    const server = await startServer(host, {
      dataDir,
      settings: { ...testSettings, ...coveringNothing, ...options.settings },
      args: options.args ?? ['--disable-workspace-trust'],
      env: options.env ?? {},
    });
    let browser: Browser | undefined;
    try {
      browser = await launchChromium();
      const context = await browser.newContext({
        viewport: { width: 1280, height: 800 },
        permissions: ['clipboard-read', 'clipboard-write', 'local-network-access'],
      });
      context.setDefaultTimeout(patience);
      await context.route(
        (url) => url.hostname !== '127.0.0.1',
        (route) => route.abort(),
      );
      const page = await context.newPage();
      if (options.inBrowser) await serveToBrowser(page, server.authority);
      await page.goto(server.url(folder));
      await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
      return new Workbench(server, browser, page, folder);
    } catch (error) {
      await closeAll(server, browser);
      throw error;
    }
  }

  async close(): Promise<void> {
    await closeAll(this.#server, this.#browser);
  }

  /** Opens a file from the explorer, so that it stays open. */
  async openFile(name: string): Promise<void> {
    // As in the editor's own addresses.
    const inAddress = encodeURIComponent(name).replace(
      /[!'()*]/g,
      (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
    );
    await this.again(
      (timeout) => this.page.getByRole('treeitem', { name, exact: true }).dblclick({ timeout }),
      this.page.locator(`.monaco-editor[data-uri$="/${inAddress}"] .view-line`).first(),
    );
  }

  /** Waits until something is underlined. Severities are the editor's: error, warning, info, hint. */
  async untilUnderlined(severity: 'error' | 'warning' | 'info' | 'hint'): Promise<void> {
    await this.page.locator(`.monaco-editor .squiggly-${severity}`).first().waitFor();
  }

  /** Opens the lightbulb menu at a place. */
  async openFixes(place: FixPlace): Promise<void> {
    const { page } = this;
    await this.again(async (timeout) => {
      if ('at' in place) {
        const text = page.locator('.view-line', { hasText: visible(place.line) }).first();
        await this.clickAt(page.locator('.view-line').last(), timeout);
        // The editor asks for a lightbulb when the cursor moves: a second click at the same place would be none.
        await page.keyboard.press('ControlOrMeta+Home');
        await this.clickAt(text.getByText(place.at).first(), timeout);
        // Drawn in the gutter, or beside the text where the line leaves no room.
        const lightbulb = page
          .locator('.monaco-editor [class*="codicon-gutter-lightbulb"], .monaco-editor .lightBulbWidget')
          .filter({ visible: true })
          .first();
        await this.clickAt(lightbulb, timeout);
      } else {
        await this.clickAt(page.locator('.view-line', { hasText: place.shown }).last(), timeout);
        await page.keyboard.press('ControlOrMeta+Home');
        for (let at = 1; at < place.line; at++) await page.keyboard.press('ArrowDown');
        for (let at = 1; at < (place.column ?? 1); at++) await page.keyboard.press('ArrowRight');
        await page.keyboard.press('ControlOrMeta+.');
      }
    }, this.#fixes.first());
  }

  /** Clicks into the editor: unlike the locator's own click it never scrolls the editor's parts to get at something. */
  async clickAt(target: Locator, timeout = patience): Promise<void> {
    await target.waitFor({ timeout });
    const box = await target.boundingBox({ timeout });
    if (box) await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  }

  /** The titles in the lightbulb menu at a place, of which a picture is taken when it is named. */
  async fixesAt(place: FixPlace, picture?: string): Promise<string[]> {
    let titles: string[] = [];
    await until(async () => {
      await this.openFixes(place);
      titles = await this.#fixes.locator('.title').allTextContents();
      if (picture !== undefined) await this.screenshot(picture);
      await this.page.keyboard.press('Escape');
      // A code lens that moved the lines may have closed it before it was read.
      return titles.length > 0;
    }, patience);
    return titles.map((title) => title.replaceAll('\u00a0', ' ').trim());
  }

  /** Chooses a repair at a place of an editor without unsaved changes, and waits until it has some. */
  async applyFix(place: FixPlace, title: string): Promise<void> {
    await this.again(async (timeout) => {
      await this.openFixes(place);
      await this.#fixes.filter({ hasText: title }).first().click({ timeout });
    }, this.#modified);
  }

  get #fixes(): Locator {
    return this.page.locator('.action-widget .monaco-list-row.action');
  }

  get #modified(): Locator {
    return this.page.locator('.tab.active.dirty').first();
  }

  /**
   * Does something until it has its effect, as a user does who sees nothing happen: a code lens that moves the lines
   * closes what was just opened, and an editor that is not ready yet doesn't take keys.
   *
   * @param act gets the milliseconds that it may wait for something to click on
   */
  async again(act: (timeout: number) => Promise<void>, effect: Locator): Promise<void> {
    const end = Date.now() + patience;
    for (let timeout = 3000, isFirst = true; ; timeout *= 2, isFirst = false) {
      try {
        // It may have come late.
        if (isFirst || !(await effect.isVisible())) await act(timeout);
        await effect.waitFor({ timeout });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Waits until the active editor has changes that are not saved. */
  async untilModified(): Promise<void> {
    await this.#modified.waitFor();
  }

  /** Saves the active editor and returns what is then on disk. */
  async save(file: string): Promise<string> {
    await until(async () => {
      await this.page.keyboard.press('ControlOrMeta+S');
      const saved = this.#modified.waitFor({ state: 'detached', timeout: 5000 });
      return saved.then(
        () => true,
        () => false,
      );
    }, patience);
    assert.equal(await this.#modified.count(), 0, `${file} is not saved`);
    return this.read(file);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Runs a command by its title in the palette, for example "Plimsoll: Scan Image…". */
  async runCommand(title: string): Promise<void> {
    let tries = 0;
    await this.#choose(title, `>${title}`, async () => {
      // The list is made when the palette opens; right after the start some commands are not enabled yet.
      if (tries++ > 0) await this.page.keyboard.press('Escape');
      await this.page.keyboard.press('F1');
    });
  }

  /** What the palette lists for a text, once a command is among it. */
  async commandsMatching(text: string, expected: string): Promise<string[]> {
    const { page } = this;
    await this.again(async (timeout) => {
      await page.keyboard.press('F1');
      await this.quickInput.fill(`>${text}`, { timeout });
    }, this.#quickRows.filter({ hasText: expected }).first());
    const labels = await this.#quickRows.locator('.label-name').allTextContents();
    await page.keyboard.press('Escape');
    return labels;
  }

  get quickInput() {
    return this.page.locator('.quick-input-widget input[type=text]').first();
  }

  get #quickRows(): Locator {
    return this.page.locator('.quick-input-widget .monaco-list-row');
  }

  /** Picks an entry of the open quick pick, as one does: types what it says until it is in sight. */
  async pick(label: string): Promise<void> {
    await this.#choose(label, label, () => Promise.resolve());
  }

  /** What was typed may have gone into a list that was about to close: it is typed again. */
  async #choose(label: string, typed: string, open: () => Promise<void>): Promise<void> {
    const end = Date.now() + patience;
    for (let timeout = 3000; ; timeout *= 2) {
      await open();
      try {
        await this.quickInput.fill(typed, { timeout });
        await this.#quickRows.filter({ hasText: label }).first().click({ timeout });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
      }
    }
  }

  /** Writes the answer to a question, once that is asked: the list chosen from before may still be closing. */
  async answer(question: string, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget .quick-input-message', { hasText: question }).waitFor();
    await this.quickInput.fill(text);
    await this.quickInput.press('Enter');
  }

  /** Starts the window anew, once the editor has written down what it shows; `text` is a part of that. */
  async restart(text: string): Promise<void> {
    await until(() => this.page.evaluate(isKept, text), patience);
    await this.page.reload();
    await this.page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
  }

  /** The document inside the active webview. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** Asserts on a file's text on disk once it is what is expected, or time is up. */
  async untilOnDisk(file: string, expected: (text: string) => boolean): Promise<string> {
    await until(() => expected(this.read(file)), patience);
    assert.ok(expected(this.read(file)), this.read(file));
    return this.read(file);
  }

  /** Takes a picture into out/screenshots. */
  async screenshot(name: string): Promise<void> {
    if (!existsSync(screenshots)) mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name.replaceAll(/\W+/g, '-')}.png`) });
  }
}

/** Each in any case, or the run of the tests would wait for what is left. */
async function closeAll(server: Server, browser: Browser | undefined): Promise<void> {
  try {
    await browser?.close();
  } finally {
    await server.stop();
    rmSync(server.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Runs in the page: whether the databases where the editor keeps the state of its windows hold a text. */
async function isKept(text: string): Promise<boolean> {
  type Answer<T> = { result: T; onsuccess: () => void; onerror: (error: unknown) => void };
  type Store = { objectStore(name: string): { getAll(): Answer<unknown[]> } };
  type Database = { objectStoreNames: Iterable<string>; transaction(name: string): Store; close(): void };
  const { indexedDB } = globalThis as unknown as {
    indexedDB: { databases(): Promise<{ name: string }[]>; open(name: string): Answer<Database> };
  };
  const answer = <T>(request: Answer<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = reject;
    });
  for (const { name } of await indexedDB.databases()) {
    const database = await answer(indexedDB.open(name));
    try {
      for (const store of database.objectStoreNames) {
        const values = await answer(database.transaction(store).objectStore(store).getAll());
        if (values.some((value) => String(value).includes(text))) return true;
      }
    } finally {
      database.close();
    }
  }
  return false;
}

let packaged: string | undefined;

/** The extension as it would be published, packed once per test run. */
function vsix(): string {
  packaged ??= packageVsix(join(root, 'out/plimsoll.vsix'));
  return packaged;
}

/** Monaco draws spaces as no-break spaces. */
function visible(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s'));
}
