import * as vscode from 'vscode';
import type { ScanFinding, ScanReport } from '../../../server/src/scan/report.ts';
import { type Comparison, comparisonView } from './comparison.ts';
import { describeReport, type HeaderFacts, linksOf } from './describe.ts';
import { defaultQuery, type Difference, differences, type Query, type Selection } from './findings.ts';
import { panelHtml, panelResourceRoots } from './html.ts';
import { layersView, type Lines, placementOf } from './lines.ts';
import {
  type Action,
  type ChangeAction,
  type ChangeView,
  type FailureView,
  type HostMessage,
  type PanelView,
  parseViewMessage,
  type Staleness,
  type Table,
} from './messages.ts';
import { ResultTables } from './resultTables.ts';

export const panelType = 'plimsoll.scan';

const firstRows = 100;

/** So long a page takes to be made, at most. */
const makingMs = 5000;

/** Rows of the tables that are drawn whole. */
const mostGroups = 300;

export interface PanelEvents {
  action(action: Action): void;
  remedy(id: string): void;
  /** To the line of a share. */
  reveal(share: number): void;
  change(index: number, action: ChangeAction): void;
  ignore(finding: ScanFinding): void;
  /** The layers are in sight. */
  layersShown(): void;
}

/**
 * One tab with the state of one scan. The extension keeps the report and the query; the page is told what to show
 * and is told again whenever it was made anew.
 */
export class ScanPanel {
  readonly key: string;
  readonly #panel: vscode.WebviewPanel;
  readonly #events: PanelEvents;
  #view: PanelView;
  #report: ScanReport | undefined;
  #tables: ResultTables | undefined;
  #lines: Lines | undefined;
  #changed: ReadonlySet<number> = new Set();
  #query: Query;
  /** The query is of the scan that is shown next, and so are its lines. */
  #isRestored: boolean;
  #selection: Selection | undefined;
  /** Counts selections, so that rows of an old one are not taken for rows of the new. */
  #selectionNumber = 0;
  #isReady = false;
  /** What a page that is being made is to turn to. */
  #wanted: { readonly table: Table; readonly at: number } | undefined;
  #isDisposed = false;

  static create(
    extensionUri: vscode.Uri,
    key: string,
    title: string,
    events: PanelEvents,
    column = vscode.ViewColumn.Active,
  ): ScanPanel {
    const panel = vscode.window.createWebviewPanel(panelType, title, column);
    return new ScanPanel(extensionUri, panel, key, events);
  }

  /** @param query what the page kept when its window was closed */
  constructor(extensionUri: vscode.Uri, panel: vscode.WebviewPanel, key: string, events: PanelEvents, query?: Query) {
    this.key = key;
    this.#query = query ?? defaultQuery;
    this.#isRestored = query !== undefined;
    this.#panel = panel;
    this.#events = events;
    this.#view = { kind: 'reading', key };
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.svg');
    panel.webview.options = { enableScripts: true, localResourceRoots: panelResourceRoots(extensionUri) };
    panel.onDidDispose(() => {
      this.#isDisposed = true;
    });
    panel.webview.onDidReceiveMessage((message) => this.#onMessage(message));
    panel.webview.html = panelHtml(panel.webview, extensionUri);
  }

  get onDidDispose(): vscode.Event<void> {
    return this.#panel.onDidDispose;
  }

  get onDidChangeViewState(): vscode.Event<vscode.WebviewPanelOnDidChangeViewStateEvent> {
    return this.#panel.onDidChangeViewState;
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  get view(): PanelView {
    return this.#view;
  }

  get query(): Query {
    return this.#query;
  }

  get report(): ScanReport | undefined {
    return this.#report;
  }

  /** Positions of the findings that the filters let through, in the order of the table. */
  get selected(): number[] {
    return this.#selection ? [...this.#selection.findings] : [];
  }

  /** The finding at a position, also one that only the scan compared with has. */
  finding(position: number): ScanFinding | undefined {
    return this.#tables?.finding(position);
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  showResult(report: ScanReport, facts: HeaderFacts, lines: Lines | undefined, changed: ReadonlySet<number>): void {
    this.#title(facts.subject);
    const isOther = this.#report !== report;
    this.#report = report;
    this.#lines = lines;
    this.#changed = changed;
    if (isOther || !this.#tables) {
      this.#tables = new ResultTables(report, lines && placementOf(lines));
      // Lines are numbered anew with each scan.
      const { group: _group, difference: _difference, ...query } = this.#query;
      if (!this.#isRestored && (this.#query.group?.by === 'line' || this.#query.difference)) this.#query = query;
    }
    this.#isRestored = false;
    const header = describeReport(report, facts);
    this.#show({ kind: 'result', key: this.key, header: { ...header, changes: this.#changes(header.changes) } });
    this.setQuery(this.#query);
    this.#postComparison();
  }

  /** The shares whose instructions were edited since. */
  setChanged(changed: ReadonlySet<number>): void {
    const isSame = changed.size === this.#changed.size && [...changed].every((share) => this.#changed.has(share));
    this.#changed = changed;
    if (isSame) return;
    this.#postTable('layers');
    if (this.#view.kind !== 'result') return;
    const changes = this.#changes(this.#view.header.changes);
    this.#view = { ...this.#view, header: { ...this.#view.header, changes } };
    this.#post({ type: 'changes', changes });
  }

  #changes(changes: readonly ChangeView[]): ChangeView[] {
    return changes.map((change) => ({ ...change, isChanged: this.#changed.has(change.share) }));
  }

  setComparison(comparison: Comparison | undefined): void {
    this.#tables?.setComparison(comparison);
    this.#postComparison();
    if (this.#query.difference) this.setQuery(comparison ? this.#query : defaultQuery);
  }

  get comparison(): Comparison | undefined {
    return this.#tables?.comparison;
  }

  /** The findings that differ from the other scan: new ones where there are any. */
  showDifference(): void {
    const { comparison } = this;
    if (!comparison || !this.#report) return;
    const { parts } = comparisonView(comparison, this.#report);
    const difference: Difference = parts.find(({ total }) => total > 0)?.difference ?? differences[0];
    this.setQuery({ ...defaultQuery, difference });
    this.#turnTo('difference');
  }

  /** The findings of one share alone. */
  showShare(share: number): void {
    this.setQuery({ ...defaultQuery, group: { by: 'line', key: String(share) } });
    this.#turnTo('findings');
  }

  #turnTo(table: Table): void {
    // A page that was hidden is made anew when it is shown, and misses what is sent meanwhile.
    this.#wanted = { table, at: Date.now() };
    this.#post({ type: 'showTable', table });
  }

  showRunning(subject: string, phase: string): void {
    this.#title(subject);
    this.#leaveResult();
    this.#show({ kind: 'running', key: this.key, subject, phase });
  }

  showFailure(subject: string, failure: FailureView): void {
    this.#title(subject);
    this.#leaveResult();
    this.#show({ kind: 'failed', key: this.key, subject, failure });
  }

  showEmpty(): void {
    this.#leaveResult();
    this.#show({ kind: 'empty', key: this.key });
  }

  setStale(stale: Staleness): void {
    if (this.#view.kind !== 'result' || this.#view.header.stale === stale) return;
    this.#view = { ...this.#view, header: { ...this.#view.header, stale } };
    this.#post({ type: 'stale', stale });
  }

  setQuery({ difference, ...query }: Query): void {
    this.#query = difference && this.comparison ? { ...query, difference } : query;
    if (!this.#tables) return;
    this.#selection = this.#tables.select(this.#query);
    this.#selectionNumber++;
    this.#postSelection();
  }

  showDetails(finding: number): void {
    const details = this.#tables?.details(finding);
    if (details) this.#post({ type: 'details', details });
  }

  focusSearch(): void {
    this.reveal();
    this.#post({ type: 'focusSearch' });
  }

  #title(subject: string): void {
    if (!this.#isDisposed) this.#panel.title = `Scan: ${subject}`;
  }

  #leaveResult(): void {
    this.#report = undefined;
    this.#tables = undefined;
    this.#selection = undefined;
    this.#lines = undefined;
  }

  #show(view: PanelView): void {
    this.#view = view;
    this.#post({ type: 'show', view });
  }

  #postSelection(): void {
    if (!this.#tables || !this.#selection) return;
    this.#post({
      type: 'selection',
      selection: this.#selectionNumber,
      query: this.#query,
      total: this.#selection.findings.length,
      counts: this.#selection.counts,
      rows: this.#tables.rows(this.#selection, 0, firstRows),
    });
  }

  #postTable(table: Table): void {
    if (!this.#report || !this.#tables) return;
    switch (table) {
      case 'findings':
      case 'difference':
        return;
      case 'layers':
        if (this.#lines) this.#post({ type: 'layers', layers: layersView(this.#report, this.#lines, this.#changed) });
        return;
      case 'package':
      case 'target': {
        const groups = this.#tables.own.groups(table);
        const shown = groups.slice(0, mostGroups);
        this.#post({ type: 'groups', table, groups: shown, more: groups.length - shown.length });
      }
    }
  }

  #postComparison(): void {
    if (!this.#report) return;
    const { comparison } = this;
    this.#post({ type: 'comparison', comparison: comparison && comparisonView(comparison, this.#report) });
  }

  /** Messages to a page that is not there are left out: it asks for everything when it is. */
  #post(message: HostMessage): void {
    if (this.#isReady && !this.#isDisposed) void this.#panel.webview.postMessage(message);
  }

  #onMessage(value: unknown): void {
    const message = parseViewMessage(value);
    if (!message) return;
    switch (message.type) {
      case 'ready':
        this.#isReady = true;
        this.#post({ type: 'show', view: this.#view });
        this.#postSelection();
        this.#postComparison();
        if (this.#wanted && Date.now() - this.#wanted.at < makingMs) this.#turnTo(this.#wanted.table);
        this.#wanted = undefined;
        break;
      case 'query':
        this.setQuery(message.query);
        break;
      case 'rows':
        if (!this.#tables || !this.#selection || message.selection !== this.#selectionNumber) break;
        this.#post({
          type: 'rows',
          selection: message.selection,
          offset: message.offset,
          rows: this.#tables.rows(this.#selection, message.offset, message.count),
        });
        break;
      case 'details':
        this.showDetails(message.finding);
        break;
      case 'openLink':
        void this.#openLink(message.finding, message.link);
        break;
      case 'table':
        this.#postTable(message.table);
        if (message.table === 'layers') this.#events.layersShown();
        break;
      case 'revealFinding': {
        const share = this.#tables?.shareOf(message.finding) ?? -1;
        if (share >= 0) this.#events.reveal(share);
        break;
      }
      case 'revealShare':
        this.#events.reveal(message.share);
        break;
      case 'change':
        this.#events.change(message.change, message.action);
        break;
      case 'ignore': {
        const finding = this.#report?.findings[message.finding];
        if (finding) this.#events.ignore(finding);
        break;
      }
      case 'action':
        this.#events.action(message.action);
        break;
      case 'remedy':
        if (this.#view.kind === 'failed' && this.#view.failure.remedies.some(({ id }) => id === message.remedy)) {
          this.#events.remedy(message.remedy);
        }
        break;
    }
  }

  /** The page names a link by its place; the address comes from the report, not from the page. */
  async #openLink(position: number, index: number): Promise<void> {
    const finding = this.finding(position);
    const link = finding && linksOf(finding)[index];
    if (link) await vscode.env.openExternal(vscode.Uri.parse(link, true));
  }
}
