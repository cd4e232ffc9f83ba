import { parse } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Change } from '../../../server/src/attribution/index.ts';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import type { ScanRemedy } from '../../../server/src/engine/types.ts';
import type { ScanFinding, ScanReport } from '../../../server/src/scan/report.ts';
import { type InTurns, withPauses } from '../../../server/src/scan/turns.ts';
import type { AttributedScan, AttributedScans } from '../attributedScans.ts';
import { withoutIgnored } from '../ignores.ts';
import { scanLines } from '../lines/scanLines.ts';
import { hashText, type ScanRecord, type ScanStore } from '../scanStore.ts';
import { relativeTime } from '../text.ts';
import { compareBases, type Comparison, compareWithBefore } from './comparison.ts';
import { type Action, type ChangeAction, type ChangeView, parsePanelState, type Staleness } from './messages.ts';
import { type PanelEvents, panelType, ScanPanel } from './scanPanel.ts';

const staleDelayMs = 400;

export interface PanelRequest {
  readonly key: string;
  readonly action: Action;
}

/** What was pressed in a panel beside its buttons: a line, a change, a finding. */
export type PanelWish =
  | { readonly key: string; readonly kind: 'reveal'; readonly share: number }
  | { readonly key: string; readonly kind: 'change'; readonly index: number; readonly action: ChangeAction }
  | { readonly key: string; readonly kind: 'ignore'; readonly finding: ScanFinding }
  | { readonly key: string; readonly kind: 'layers' };

/** Where a panel gets what it shows. */
export interface PanelSources {
  readonly store: ScanStore;
  readonly scans: AttributedScans;
}

/** The open panels, one per scan, and how they come to show what the store has. */
export class ScanPanels implements vscode.Disposable, vscode.WebviewPanelSerializer {
  readonly #extensionUri: vscode.Uri;
  readonly #sources: PanelSources;
  readonly #panels = new Map<string, StoredScanPanel>();
  readonly #requested = new vscode.EventEmitter<PanelRequest>();
  readonly #remedyChosen = new vscode.EventEmitter<{ readonly key: string; readonly remedy: ScanRemedy }>();
  readonly #wished = new vscode.EventEmitter<PanelWish>();
  readonly #disposables: vscode.Disposable[] = [];
  #lastActive: string | undefined;
  #staleTimer: ReturnType<typeof setTimeout> | undefined;

  /** Fires when a button of a panel was pressed. */
  readonly onDidRequest = this.#requested.event;
  readonly onDidChooseRemedy = this.#remedyChosen.event;
  readonly onDidWish = this.#wished.event;

  constructor(extensionUri: vscode.Uri, sources: PanelSources) {
    this.#extensionUri = extensionUri;
    this.#sources = sources;
    this.#disposables.push(
      this.#requested,
      this.#remedyChosen,
      this.#wished,
      vscode.window.registerWebviewPanelSerializer(panelType, this),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        const shown = [...this.#panels.values()].filter(({ record }) => record?.dockerfile === document.uri.fsPath);
        if (shown.length === 0) return;
        clearTimeout(this.#staleTimer);
        this.#staleTimer = setTimeout(() => shown.forEach((panel) => void panel.checkStale()), staleDelayMs);
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
  async open(key: string, column?: vscode.ViewColumn): Promise<StoredScanPanel> {
    const panel = this.reveal(key, this.#sources.store.get(key)?.subject ?? 'image', column);
    await panel.refresh();
    return panel;
  }

  /** As `open`, but leaves it to the caller to fill the panel. */
  reveal(key: string, subject: string, column?: vscode.ViewColumn): StoredScanPanel {
    const known = this.#panels.get(key);
    if (known) {
      known.panel.reveal();
      return known;
    }
    return this.#adopt(ScanPanel.create(this.#extensionUri, key, `Scan: ${subject}`, this.#events(key), column));
  }

  /** Shows again what results are on display; scans that run and failures stay as they are. */
  refreshAll(): void {
    for (const stored of this.#panels.values()) {
      if (stored.panel.view.kind === 'result') void stored.refresh();
    }
  }

  async deserializeWebviewPanel(webviewPanel: vscode.WebviewPanel, value: unknown): Promise<void> {
    const { key, query } = parsePanelState(value) ?? { key: '' };
    const panel = this.#adopt(new ScanPanel(this.#extensionUri, webviewPanel, key, this.#events(key), query));
    await panel.refresh();
  }

  #adopt(panel: ScanPanel): StoredScanPanel {
    const stored = new StoredScanPanel(panel, this.#sources);
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

  #events(key: string): PanelEvents {
    return {
      action: (action: Action) => this.#requested.fire({ key, action }),
      // The panel has checked that the failure on display offers it.
      remedy: (remedy: string) => this.#remedyChosen.fire({ key, remedy: remedy as ScanRemedy }),
      reveal: (share) => this.#wished.fire({ key, kind: 'reveal', share }),
      change: (index, action) => this.#wished.fire({ key, kind: 'change', index, action }),
      ignore: (finding) => this.#wished.fire({ key, kind: 'ignore', finding }),
      layersShown: () => this.#wished.fire({ key, kind: 'layers' }),
    };
  }
}

/** A panel together with the record it shows. */
export class StoredScanPanel {
  readonly panel: ScanPanel;
  readonly #sources: PanelSources;
  #watcher: { readonly path: string; readonly watcher: vscode.FileSystemWatcher } | undefined;

  constructor(panel: ScanPanel, sources: PanelSources) {
    this.panel = panel;
    this.#sources = sources;
    panel.onDidDispose(() => this.#watcher?.watcher.dispose());
  }

  get record(): ScanRecord | undefined {
    return this.#sources.store.get(this.panel.key);
  }

  /** Shows the last result, or that there is none; then what is different from the scan before. */
  async refresh(): Promise<void> {
    const { record } = this;
    const scan = record && (await this.#sources.scans.get(record));
    if (!record || !scan) {
      this.panel.showEmpty();
      return;
    }
    this.#watch(record.dockerfile);
    const { report, attribution, built, changes, hidden, waste } = scan;
    const lines = attribution && built && { attribution, built, waste };
    this.panel.showResult(
      report,
      {
        subject: record.subject,
        scannedAt: record.scannedAt,
        trivyVersion: record.trivyVersion,
        databaseDate: record.databaseDate,
        dockerfile: record.dockerfile === undefined ? undefined : vscode.workspace.asRelativePath(record.dockerfile),
        stale: await stalenessOf(record),
        notes: record.notes,
        changes: changes.slice(0, mostChanges).map(changeView),
        hidden,
      },
      lines,
      await this.#changedShares(scan),
    );
    const [, previous] = this.#sources.store.history(record.key);
    if (previous && !this.panel.comparison) await this.compareWith(previous);
  }

  /** Shows what is different from another scan. False when a report is gone. */
  async compareWith(other: ScanRecord): Promise<boolean> {
    const both = await this.#both(other);
    if (!both) return false;
    const when = relativeTime(other.scannedAt, Date.now());
    const isEarlier = other.key === this.panel.key;
    const against = isEarlier
      ? `the scan of ${when === 'just now' ? 'a moment ago' : when}`
      : `${other.subject}, scanned ${when}`;
    return this.#compare(both.scan.report, compareWithBefore(both.other, both.scan.report, `Compared with ${against}`));
  }

  /** Shows what would be different with another base image, a scan of which is given. False when a report is gone. */
  async compareBaseWith(other: ScanRecord): Promise<boolean> {
    const both = await this.#both(other);
    const base = both?.scan.attribution?.shares.find(({ kind }) => kind === 'base');
    if (!both || !base) return false;
    const title = `With FROM ${other.subject} instead of ${both.scan.attribution?.base?.name || 'the base image'}, the base images alone`;
    return this.#compare(both.scan.report, compareBases(both.scan.report, base.findings, both.other, title));
  }

  async #compare(report: ScanReport, comparing: InTurns<Comparison>): Promise<boolean> {
    const comparison = await withPauses(comparing, setImmediate);
    // In the meantime another result may have come.
    if (this.panel.report !== report) return false;
    this.panel.setComparison(comparison);
    return true;
  }

  /** Both scans as they are seen through the ignore file of today. */
  async #both(other: ScanRecord): Promise<{ scan: AttributedScan; other: ScanReport } | undefined> {
    const { record } = this;
    const scan = record && (await this.#sources.scans.get(record));
    const whole = await this.#sources.store.reportOnce(other);
    const resource = record?.dockerfile === undefined ? undefined : vscode.Uri.file(record.dockerfile);
    const report = whole && (await withoutIgnored(whole, resource)).report;
    return scan && report && this.panel.report === scan.report ? { scan, other: report } : undefined;
  }

  async checkStale(): Promise<void> {
    const { record } = this;
    if (!record) return;
    this.panel.setStale(await stalenessOf(record));
    const scan = await this.#sources.scans.get(record);
    if (scan) this.panel.setChanged(await this.#changedShares(scan));
  }

  /** Also what is not open may change: with another branch, or when it is renamed. */
  #watch(path: string | undefined): void {
    if (path === undefined || this.#watcher?.path === path) return;
    this.#watcher?.watcher.dispose();
    const { dir, base } = parse(path);
    // In a pattern these would stand for something else; another file that fits costs one look more.
    const pattern = new vscode.RelativePattern(vscode.Uri.file(dir), base.replace(/[*?[\]{}\\,!]/g, '?'));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const check = () => void this.checkStale();
    watcher.onDidChange(check);
    watcher.onDidCreate(check);
    watcher.onDidDelete(check);
    this.#watcher = { path, watcher };
  }

  showRunning(subject: string, phase: string): void {
    this.panel.showRunning(subject, phase);
  }

  showFailure(...failure: Parameters<ScanPanel['showFailure']>): void {
    this.panel.showFailure(...failure);
  }

  /** Shares whose instructions are no longer what was built; all that are gone count, too. */
  async #changedShares({ record, attribution, built }: AttributedScan): Promise<ReadonlySet<number>> {
    const { dockerfile } = record;
    if (dockerfile === undefined || !attribution?.match.matches || !built) return new Set();
    const text = await currentText(dockerfile);
    if (text !== undefined && hashText(text) === record.textHash) return new Set();
    const lines = text === undefined ? [] : scanLines(attribution, built, buildModel(text));
    const unchanged = new Set(lines.filter(({ isChanged }) => !isChanged).map(({ index }) => index));
    return new Set([...attribution.shares.keys()].filter((index) => !unchanged.has(index)));
  }
}

/** More would no longer be "first". */
const mostChanges = 3;

function changeView({ title, detail, share, tag, image, rebuild }: Change): ChangeView {
  return {
    ...{ title, detail, share, isChanged: false },
    actions: [
      { action: 'reveal' as const, label: 'Show Line' },
      ...(tag === undefined ? [] : [{ action: 'apply' as const, label: `Use ${tag}` }]),
      ...(image === undefined ? [] : [{ action: 'compare' as const, label: 'Compare' }]),
      ...(rebuild === undefined ? [] : [{ action: 'rebuild' as const, label: 'Rebuild and Scan' }]),
    ],
  };
}

/** Whether the Dockerfile, saved or not, still is the one that was built. */
async function stalenessOf({ dockerfile, textHash }: ScanRecord): Promise<Staleness> {
  if (dockerfile === undefined || !textHash) return false;
  const text = await currentText(dockerfile);
  if (text === undefined) return 'gone';
  return hashText(text) === textHash ? false : 'changed';
}

/** What a file says, saved or not; undefined when there is none. */
async function currentText(path: string): Promise<string | undefined> {
  const uri = vscode.Uri.file(path);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  // What was not changed in an editor is what is on disk, which may have changed or gone.
  if (open?.isDirty) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
