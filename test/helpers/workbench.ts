import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from '../../host/chromium.ts';
import { installHost } from '../../host/install.ts';
import { installVsix, type Server, startServer } from '../../host/server.ts';
import { testSettings } from '../../host/settings.ts';
import { packageVsix } from '../../scripts/package.ts';
import { repositoryRoot as root } from './repositoryRoot.ts';
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

/** Milliseconds that anything in the editor may take; generous because the machine may be busy with other tests. */
const patience = 30_000;

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
      settings: { ...testSettings, ...options.settings },
      args: options.args ?? ['--disable-workspace-trust'],
      env: options.env ?? {},
    });
    const browser = await launchChromium();
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
    const workbench = new Workbench(server, browser, page, folder);
    try {
      await page.goto(server.url(folder));
      await page.locator('.monaco-workbench .explorer-folders-view .monaco-list-row').first().waitFor();
    } catch (error) {
      await workbench.close();
      throw error;
    }
    return workbench;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    rmSync(this.#server.dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Opens a file from the explorer, so that it stays open. */
  async openFile(name: string): Promise<void> {
    await this.page.getByRole('treeitem', { name, exact: true }).dblclick();
    await this.page.locator('.monaco-editor .view-line').first().waitFor();
  }

  /** Waits until something is underlined. Severities are the editor's: error, warning, info, hint. */
  async untilUnderlined(severity: 'error' | 'warning' | 'info' | 'hint'): Promise<void> {
    await this.page.locator(`.monaco-editor .squiggly-${severity}`).first().waitFor();
  }

  /** Puts the cursor onto a text in a line and opens the lightbulb that appears. */
  async openLightbulb(line: string, at: string): Promise<void> {
    const { page } = this;
    const text = page
      .locator('.view-line', { hasText: visible(line) })
      .first()
      .getByText(at)
      .first();
    // Drawn in the gutter, or beside the text where the line leaves no room.
    const lightbulb = page
      .locator('.monaco-editor [class*="codicon-gutter-lightbulb"], .monaco-editor .lightBulbWidget')
      .filter({ visible: true })
      .first();
    await this.again(async () => {
      await text.click();
      await lightbulb.waitFor();
      const box = await lightbulb.boundingBox();
      // Not by click(), which would scroll the editor's parts to get at it.
      if (box) await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    }, this.#fixes);
  }

  /** Puts the cursor to a place (both from 1) of the editor that shows a text, and opens the lightbulb menu by its key. */
  async openFixesAt(shown: string, line: number, column = 1): Promise<void> {
    const { keyboard } = this.page;
    await this.again(async () => {
      await this.page.locator('.view-line', { hasText: shown }).last().click();
      await keyboard.press('ControlOrMeta+Home');
      for (let at = 1; at < line; at++) await keyboard.press('ArrowDown');
      for (let at = 1; at < column; at++) await keyboard.press('ArrowRight');
      await keyboard.press('ControlOrMeta+.');
    }, this.#fixes);
  }

  get #fixes(): Locator {
    return this.page.locator('.action-widget .monaco-list-row').first();
  }

  /**
   * Does something until it has its effect, as a user does who sees nothing happen: a code lens that moves the lines
   * closes what was just opened, and an editor that is not ready yet doesn't take keys.
   */
  async again(act: () => Promise<void>, effect: Locator): Promise<void> {
    const end = Date.now() + patience;
    for (;;) {
      try {
        await act();
        await effect.waitFor({ timeout: 3000 });
        return;
      } catch (error) {
        if (Date.now() > end) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Titles in the open lightbulb menu. */
  async lightbulbTitles(): Promise<string[]> {
    const rows = await this.page.locator('.action-widget .monaco-list-row.action .title').allTextContents();
    return rows.map((title) => title.replaceAll('\u00a0', ' ').trim());
  }

  async chooseFix(title: string | RegExp): Promise<void> {
    await this.page.locator('.action-widget .monaco-list-row.action', { hasText: title }).first().click();
  }

  /** Waits until the active editor has changes that are not saved. */
  async untilModified(): Promise<void> {
    await this.page.locator('.tab.active.dirty').waitFor();
  }

  /** Saves the active editor and returns what is then on disk. */
  async save(file: string): Promise<string> {
    await this.page.keyboard.press('ControlOrMeta+S');
    await this.page.waitForFunction('!document.querySelector(".tab.active.dirty")');
    return this.read(file);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Runs a command by its title in the palette, for example "Plimsoll: Scan Image…". */
  async runCommand(title: string): Promise<void> {
    const { page } = this;
    const entry = page.locator('.quick-input-widget .monaco-list-row', { hasText: title }).first();
    const end = Date.now() + patience;
    for (;;) {
      await page.keyboard.press('F1');
      await this.quickInput.waitFor();
      await this.quickInput.fill(`>${title}`);
      try {
        await entry.click({ timeout: 3000 });
        return;
      } catch (error) {
        // The list is made when the palette opens; right after the start some commands are not enabled yet.
        if (Date.now() > end) throw error;
        await page.keyboard.press('Escape');
      }
    }
  }

  /** What the palette lists for a text. */
  async commandsMatching(text: string): Promise<string[]> {
    const { page } = this;
    await page.keyboard.press('F1');
    await this.quickInput.fill(`>${text}`);
    await delay(1000);
    const labels = await page.locator('.quick-input-widget .monaco-list-row .label-name').allTextContents();
    await page.keyboard.press('Escape');
    return labels;
  }

  get quickInput() {
    return this.page.locator('.quick-input-widget input[type=text]').first();
  }

  /** Picks an entry of the open quick pick, as one does: types what it says until it is in sight. */
  async pick(label: string): Promise<void> {
    const entry = this.page.locator('.quick-input-widget .monaco-list-row', { hasText: label }).first();
    await this.page.locator('.quick-input-widget .monaco-list-row').first().waitFor();
    await this.quickInput.fill(label);
    await entry.click();
  }

  /** The document inside the active webview. */
  get webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  }

  /** Asserts on a file's text on disk once it is what is expected, or time is up. */
  async untilOnDisk(file: string, expected: (text: string) => boolean): Promise<string> {
    const end = Date.now() + patience;
    while (!expected(this.read(file)) && Date.now() < end) await delay(100);
    assert.ok(expected(this.read(file)), this.read(file));
    return this.read(file);
  }

  /** Takes a picture into out/screenshots. */
  async screenshot(name: string): Promise<void> {
    if (!existsSync(screenshots)) mkdirSync(screenshots, { recursive: true });
    await this.page.screenshot({ path: join(screenshots, `${name.replaceAll(/\W+/g, '-')}.png`) });
  }
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
