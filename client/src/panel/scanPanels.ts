import * as vscode from 'vscode';
import type { ScanRemedy } from '../../../server/src/engine/types.ts';
import { hashText, type ScanRecord, type ScanStore } from '../scanStore.ts';
import { type Action, parsePanelState } from './messages.ts';
import { panelType, ScanPanel } from './scanPanel.ts';

const staleDelayMs = 400;

export interface PanelRequest {
  readonly key: string;
  readonly action: Action;
}

/** The open panels, one per scan, and how they come to show what the store has. */
export class ScanPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #store: ScanStore;
  readonly #panels = new Map<string, StoredScanPanel>();
  readonly #requested = new vscode.EventEmitter<PanelRequest>();
  readonly #remedyChosen = new vscode.EventEmitter<{ readonly key: string; readonly remedy: ScanRemedy }>();
  readonly #disposables: vscode.Disposable[] = [];
  #lastActive: string | undefined;
  #staleTimer: ReturnType<typeof setTimeout> | undefined;

  /** Fires when a button of a panel was pressed. */
  readonly onDidRequest = this.#requested.event;
  readonly onDidChooseRemedy = this.#remedyChosen.event;

  constructor(extensionUri: vscode.Uri, store: ScanStore) {
    this.#extensionUri = extensionUri;
    this.#store = store;
    this.#disposables.push(
      this.#requested,
      this.#remedyChosen,
      vscode.window.registerWebviewPanelSerializer(panelType, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (!this.#panels.has(document.uri.toString())) return;
        clearTimeout(this.#staleTimer);
        this.#staleTimer = setTimeout(() => void this.#panels.get(document.uri.toString())?.checkStale(), staleDelayMs);
      }),
    );
  }

  dispose(): void {
    clearTimeout(this.#staleTimer);
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  get(key: string): StoredScanPanel | undefined {
    return this.#panels.get(key);
  }

  /** The panel that has the focus, else the one that had it last. */
  get current(): StoredScanPanel | undefined {
    const open = [...this.#panels.values()];
    return (
      open.find(({ panel }) => panel.isActive) ??
      (this.#lastActive ? this.#panels.get(this.#lastActive) : undefined) ??
      open[0]
    );
  }

  /** Brings the panel of a key to the front, made anew if need be, with what the store has. */
  async open(key: string): Promise<StoredScanPanel> {
    const panel = this.reveal(key, this.#store.get(key)?.subject ?? 'image');
    await panel.refresh();
    return panel;
  }

  /** As `open`, but leaves it to the caller to fill the panel. */
  reveal(key: string, subject: string): StoredScanPanel {
    const known = this.#panels.get(key);
    if (known) {
      known.panel.reveal();
      return known;
    }
    return this.#adopt(ScanPanel.create(this.#extensionUri, key, `Scan: ${subject}`, this.#events(key)));
  }

  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, value: unknown): Promise<void> {
    const key = parsePanelState(value)?.key ?? '';
    const panel = this.#adopt(new ScanPanel(this.#extensionUri, webviewPanel, key, this.#events(key)));
    await panel.refresh();
  }

  #adopt(panel: ScanPanel): StoredScanPanel {
    const stored = new StoredScanPanel(panel, this.#store);
    this.#panels.set(panel.key, stored);
    this.#lastActive = panel.key;
    panel.onDidChangeViewState(() => {
      if (panel.isActive) this.#lastActive = panel.key;
    });
    panel.onDidDispose(() => {
      if (this.#panels.get(panel.key) === stored) this.#panels.delete(panel.key);
    });
    return stored;
  }

  #events(key: string) {
    return {
      action: (action: Action) => this.#requested.fire({ key, action }),
      // The panel has checked that the failure on display offers it.
      remedy: (remedy: string) => this.#remedyChosen.fire({ key, remedy: remedy as ScanRemedy }),
    };
  }
}

/** A panel together with the record it shows. */
export class StoredScanPanel {
  readonly panel: ScanPanel;
  readonly #store: ScanStore;

  constructor(panel: ScanPanel, store: ScanStore) {
    this.panel = panel;
    this.#store = store;
  }

  get record(): ScanRecord | undefined {
    return this.#store.get(this.panel.key);
  }

  /** Shows the last result, or that there is none. */
  async refresh(): Promise<void> {
    const { record } = this;
    const report = record && (await this.#store.report(record));
    if (!record || !report) {
      this.panel.showEmpty();
      return;
    }
    this.panel.showResult(report, {
      subject: record.subject,
      scannedAt: record.scannedAt,
      trivyVersion: record.trivyVersion,
      databaseDate: record.databaseDate,
      dockerfile:
        record.source.kind === 'build' ? vscode.workspace.asRelativePath(record.source.dockerfile) : undefined,
      stale: await isStale(record),
      notes: record.notes,
    });
  }

  async checkStale(): Promise<void> {
    const { record } = this;
    if (record) this.panel.setStale(await isStale(record));
  }

  showRunning(subject: string, phase: string): void {
    this.panel.showRunning(subject, phase);
  }

  showFailure(...failure: Parameters<ScanPanel['showFailure']>): void {
    this.panel.showFailure(...failure);
  }
}

/** True when the Dockerfile, saved or not, no longer is the one that was built. */
async function isStale({ source, textHash }: ScanRecord): Promise<boolean> {
  if (source.kind !== 'build' || !textHash) return false;
  const uri = vscode.Uri.file(source.dockerfile);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  try {
    const text = open?.getText() ?? new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    return hashText(text) !== textHash;
  } catch {
    return true;
  }
}
