import * as vscode from 'vscode';
import type { ScanReport } from '../../../server/src/scan/report.ts';
import { describeFinding, describeReport, type HeaderFacts, linksOf } from './describe.ts';
import { defaultQuery, FindingsTable, type Query, type Selection } from './findings.ts';
import { panelHtml, panelResourceRoots } from './html.ts';
import { type Action, type FailureView, type HostMessage, type PanelView, parseViewMessage } from './messages.ts';

export const panelType = 'plimsoll.scan';

const firstRows = 100;

export interface PanelEvents {
  action(action: Action): void;
  remedy(id: string): void;
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
  #table: FindingsTable | undefined;
  #query: Query = defaultQuery;
  #selection: Selection | undefined;
  /** Counts selections, so that rows of an old one are not taken for rows of the new. */
  #selectionNumber = 0;
  #isReady = false;
  #isDisposed = false;

  static create(extensionUri: vscode.Uri, key: string, title: string, events: PanelEvents): ScanPanel {
    const panel = vscode.window.createWebviewPanel(panelType, title, vscode.ViewColumn.Active);
    return new ScanPanel(extensionUri, panel, key, events);
  }

  constructor(extensionUri: vscode.Uri, panel: vscode.WebviewPanel, key: string, events: PanelEvents) {
    this.key = key;
    this.#panel = panel;
    this.#events = events;
    this.#view = { kind: 'empty', key };
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

  /** The findings that the filters let through, in the order of the table. */
  get selectedFindings(): number[] {
    return this.#selection ? [...this.#selection.findings] : [];
  }

  reveal(): void {
    this.#panel.reveal(undefined, false);
  }

  showResult(report: ScanReport, facts: HeaderFacts): void {
    this.#title(facts.subject);
    this.#report = report;
    this.#table = new FindingsTable(report);
    this.#show({ kind: 'result', key: this.key, header: describeReport(report, facts) });
    this.setQuery(this.#query);
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

  setStale(stale: boolean): void {
    if (this.#view.kind !== 'result' || this.#view.header.stale === stale) return;
    this.#view = { ...this.#view, header: { ...this.#view.header, stale } };
    this.#post({ type: 'stale', stale });
  }

  setQuery(query: Query): void {
    this.#query = query;
    if (!this.#table) return;
    this.#selection = this.#table.select(query);
    this.#selectionNumber++;
    this.#postSelection();
  }

  showDetails(finding: number): void {
    const details = this.#table && describeFinding(this.#table, finding);
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
    this.#table = undefined;
    this.#selection = undefined;
  }

  #show(view: PanelView): void {
    this.#view = view;
    this.#post({ type: 'show', view });
  }

  #postSelection(): void {
    if (!this.#table || !this.#selection) return;
    this.#post({
      type: 'selection',
      selection: this.#selectionNumber,
      query: this.#query,
      total: this.#selection.findings.length,
      counts: this.#selection.counts,
      rows: this.#table.rows(this.#selection, 0, firstRows),
    });
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
        this.setQuery(message.query ?? this.#query);
        break;
      case 'query':
        this.setQuery(message.query);
        break;
      case 'rows':
        if (!this.#table || !this.#selection || message.selection !== this.#selectionNumber) break;
        this.#post({
          type: 'rows',
          selection: message.selection,
          offset: message.offset,
          rows: this.#table.rows(this.#selection, message.offset, message.count),
        });
        break;
      case 'details':
        this.showDetails(message.finding);
        break;
      case 'openLink':
        void this.#openLink(message.finding, message.link);
        break;
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
    const finding = this.#table?.finding(position);
    const link = finding && linksOf(finding)[index];
    if (link) await vscode.env.openExternal(vscode.Uri.parse(link, true));
  }
}
