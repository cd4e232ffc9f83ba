import { defaultQuery, type Difference, type Query, type Row } from '../findings.ts';
import type {
  ChangeView,
  ComparisonView,
  HostMessage,
  PanelState,
  PanelView,
  Staleness,
  Table,
  ViewMessage,
} from '../messages.ts';
import { plural } from '../../text.ts';
import { renderChanges, renderComparison } from './changes.ts';
import { Details } from './details.ts';
import { button, h } from './dom.ts';
import { Filters } from './filters.ts';
import { Grid, type GridPlace } from './grid.ts';
import { renderHeader } from './header.ts';
import { renderState } from './states.ts';
import { renderGroups, renderLayers, type SummaryEvents } from './summaryTables.ts';
import { Tabs } from './tabs.ts';

/** What VS Code puts into every webview. */
interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The page is made anew whenever its tab was hidden: this is what makes it look as it was left. */
interface ViewState extends PanelState {
  /** How far the page is scrolled, in pixels. */
  readonly pageTop?: number;
  readonly place?: GridPlace;
  readonly opened?: number | undefined;
  /** Tells results apart: positions of findings mean nothing in another one. */
  readonly result?: string;
  readonly table?: Table;
}

const vscode = acquireVsCodeApi();
const root = document.body.appendChild(h('main', {}));
const firstPlace: GridPlace = { top: 0, active: 0 };

let state: ViewState = vscode.getState() ?? { version: 1, key: '' };
let result: ResultPage | undefined;
let shown: PanelView | undefined;

window.addEventListener('message', ({ data }: MessageEvent<HostMessage>) => {
  switch (data.type) {
    case 'show':
      return show(data.view);
    case 'selection':
      return result?.select(data);
    case 'rows':
      return result?.addRows(data);
    case 'details':
      return result?.showDetails(data);
    case 'stale':
      return result?.setStale(data.stale);
    case 'changes':
      return result?.setChanges(data.changes);
    case 'comparison':
      return result?.setComparison(data.comparison);
    case 'showTable':
      result?.showTable(data.table);
      return result?.bringIntoSight();
    case 'layers':
      return result?.setSummary('layers', renderLayers(data.layers, result.summaryEvents));
    case 'groups': {
      const title = data.table === 'package' ? 'Package' : 'Found in';
      return result?.setSummary(data.table, renderGroups(title, data.groups, data.more, result.summaryEvents));
    }
    case 'focusSearch':
      return result?.filters.focusSearch();
  }
});

window.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 'f' && result) {
    event.preventDefault();
    event.stopPropagation();
    result.filters.focusSearch();
  }
});

root.addEventListener('scroll', () => remember({ pageTop: root.scrollTop }), { passive: true });

vscode.postMessage({ type: 'ready' });

function remember(part: Partial<ViewState>): void {
  state = { ...state, ...part };
  vscode.setState(state);
}

function show(view: PanelView): void {
  const before = shown;
  shown = view;
  const phase = root.querySelector('.phase');
  if (phase && view.kind === 'running' && before?.kind === 'running' && before.subject === view.subject) {
    // Only the phase is new: whoever has the focus on a button keeps it.
    phase.textContent = view.phase;
    return;
  }
  // A reload shows the same scan again, when it was read; anything else starts at the top.
  const isSame = view.key === state.key && (view.kind === 'result' || view.kind === 'reading');
  if (!isSame) state = { version: 1, key: view.key };
  remember({});
  result = undefined;
  if (view.kind === 'result') {
    const name = `${view.header.scannedAt} ${view.header.total}`;
    remember(state.result === name ? {} : { result: name, opened: undefined });
    result = new ResultPage(view);
    root.replaceChildren(...result.elements);
    result.mount();
  } else {
    root.replaceChildren(
      renderState(view, {
        act: (action) => vscode.postMessage({ type: 'action', action }),
        remedy: (remedy) => vscode.postMessage({ type: 'remedy', remedy }),
      }),
    );
  }
}

/** What begins lower in the window has most of itself outside. */
const lowPart = 0.6;

type Message<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;

class ResultPage {
  readonly elements: HTMLElement[];
  readonly filters: Filters;
  readonly #grid: Grid;
  readonly #details: Details;
  readonly #stale: HTMLElement;
  #changes: HTMLElement;
  readonly #status = h('p', { class: 'summary', role: 'status' });
  readonly #tabs = new Tabs((table) => {
    this.showTable(table);
    this.#bringUp();
  });
  readonly #findings: HTMLElement;
  readonly #filterBar: HTMLElement;
  readonly #group = h('p', { class: 'group', hidden: true });
  readonly #summary = h('div', {
    class: 'content summary-content',
    role: 'tabpanel',
    'aria-label': 'Summary',
    hidden: true,
  });
  readonly #nothing = h('div', { class: 'nothing-text', hidden: true });
  readonly #total: number;
  #comparison: ComparisonView | undefined;
  #comparisonBar = renderComparison(undefined, undefined, () => undefined);
  #query: Query = defaultQuery;
  /** What the table of all findings was narrowed to, for the way back from the difference. */
  #findingsQuery: Query = defaultQuery;
  #selection = 0;
  #focusDetails = false;
  /** Where to go when the first selection after a reload comes. */
  #place = state.place ?? firstPlace;
  /** The same for the page, which first has to be as long as it was. */
  #pageTop = state.pageTop ?? 0;

  constructor({ header }: Extract<PanelView, { kind: 'result' }>) {
    const act = (action: Extract<ViewMessage, { type: 'action' }>['action']) =>
      vscode.postMessage({ type: 'action', action });
    this.#total = header.total;
    this.filters = new Filters(this.#query, (query) => vscode.postMessage({ type: 'query', query }));
    this.#grid = new Grid({
      requestRows: (offset, count) => vscode.postMessage({ type: 'rows', selection: this.#selection, offset, count }),
      sort: (sort) => vscode.postMessage({ type: 'query', query: { ...this.#query, sort } }),
      open: (row) => this.#open(row),
      moved: (place) => remember({ place }),
    });
    this.#details = new Details({
      close: () => this.#close(),
      openLink: (finding, link) => vscode.postMessage({ type: 'openLink', finding, link }),
      reveal: (finding) => vscode.postMessage({ type: 'revealFinding', finding }),
      ignore: (finding) => vscode.postMessage({ type: 'ignore', finding }),
    });
    this.#stale = h('div', { class: 'stale', role: 'status' });
    this.setStale(header.stale);
    this.#changes = this.#renderChanges(header.changes);
    this.#filterBar = h(
      'div',
      { class: 'filters', hidden: header.total === 0 },
      ...this.filters.elements,
      this.#status,
    );
    this.#findings = h(
      'div',
      { class: 'content', role: 'tabpanel', 'aria-label': 'Findings' },
      h('div', { class: 'table' }, this.#grid.element, this.#nothing),
      this.#details.element,
    );
    this.elements = [
      renderHeader(header, act),
      this.#stale,
      this.#changes,
      this.#comparisonBar,
      this.#tabs.element,
      this.#filterBar,
      this.#group,
      this.#findings,
      this.#summary,
    ];
  }

  readonly summaryEvents: SummaryEvents = {
    reveal: (share) => vscode.postMessage({ type: 'revealShare', share }),
    findWaste: () => vscode.postMessage({ type: 'action', action: 'findWaste' }),
    filter: (group) => {
      this.showTable('findings');
      vscode.postMessage({ type: 'query', query: { ...defaultQuery, group } });
    },
  };

  /** Turns to a table; all but the findings are asked for anew. */
  showTable(table: Table): void {
    this.#turnTo(table);
    if (table === 'findings') {
      if (this.#query.difference) this.#ask(this.#findingsQuery);
    } else if (table === 'difference') {
      if (!this.#query.difference) this.#showDifference();
    } else vscode.postMessage({ type: 'table', table });
  }

  /** For what was asked for elsewhere: in a low window the table is far down. */
  bringIntoSight(): void {
    this.#pageTop = 0;
    const top = this.#tabs.active === 'difference' ? this.#comparisonBar : this.#tabs.element;
    top.scrollIntoView({ block: 'start' });
  }

  /** After a press on what is above the table: with the table below the edge nothing would seem to have happened. */
  #bringUp(): void {
    if (this.#tabs.element.getBoundingClientRect().top > lowPart * window.innerHeight) this.bringIntoSight();
  }

  #turnTo(table: Table): void {
    this.#tabs.setActive(table);
    const isList = table === 'findings' || table === 'difference';
    this.#findings.hidden = !isList;
    this.#filterBar.hidden = !isList || this.#total === 0;
    this.#group.hidden = !isList || !this.#isNarrowed;
    this.#summary.hidden = isList;
    remember({ table });
    this.#renderComparison();
  }

  #ask(query: Query): void {
    vscode.postMessage({ type: 'query', query });
  }

  /** What is new, if anything is. */
  #showDifference(difference?: Difference): void {
    this.#turnTo('difference');
    const first = this.#comparison?.parts.find(({ total }) => total > 0)?.difference;
    this.#ask({ ...defaultQuery, difference: difference ?? first ?? 'new' });
  }

  setSummary(table: Table, element: HTMLElement): void {
    if (this.#tabs.active !== table) return;
    this.#summary.replaceChildren(element);
    this.#scrollBack();
  }

  setComparison(comparison: Message<'comparison'>['comparison']): void {
    this.#comparison = comparison;
    this.#tabs.setVisible('difference', comparison !== undefined);
    if (!comparison && this.#tabs.active === 'difference') this.showTable('findings');
    this.#renderComparison();
    this.#scrollBack();
  }

  #renderComparison(): void {
    const active = this.#tabs.active === 'difference' ? this.#query.difference : undefined;
    const focused = [...this.#comparisonBar.children].findIndex((child) => child === document.activeElement);
    const element = renderComparison(this.#comparison, active, (difference) => {
      this.#showDifference(difference);
      this.#bringUp();
    });
    this.#comparisonBar.replaceWith(element);
    this.#comparisonBar = element;
    // In a page that has lost the focus this would take it from where it is.
    if (document.hasFocus()) (element.children[focused] as HTMLElement | undefined)?.focus();
  }

  get #isNarrowed(): boolean {
    return this.#query.group !== undefined;
  }

  #showGroup(rows: readonly Row[]): void {
    const { group, difference } = this.#query;
    const origin = group?.by === 'line' ? `from ${rows[0]?.layer ?? 'this line'}` : `of ${group?.key ?? ''}`;
    this.#group.replaceChildren(
      `Only findings ${origin}. `,
      button('Show All', () => this.#ask({ ...defaultQuery, difference }), { class: 'link' }),
    );
    this.#group.hidden = !this.#isNarrowed || this.#findings.hidden;
  }

  mount(): void {
    this.#grid.mount();
    // The difference comes with its findings.
    if (state.table && state.table !== 'findings' && state.table !== 'difference') this.showTable(state.table);
    if (state.opened !== undefined) vscode.postMessage({ type: 'details', finding: state.opened });
  }

  #scrollBack(): void {
    if (this.#pageTop === 0) return;
    root.scrollTop = this.#pageTop;
    if (root.scrollTop >= this.#pageTop - 1) this.#pageTop = 0;
  }

  setChanges(changes: readonly ChangeView[]): void {
    const element = this.#renderChanges(changes);
    this.#changes.replaceWith(element);
    this.#changes = element;
  }

  #renderChanges(changes: readonly ChangeView[]): HTMLElement {
    return renderChanges(changes, (change, action) => vscode.postMessage({ type: 'change', change, action }));
  }

  setStale(stale: Staleness): void {
    this.#stale.hidden = !stale;
    this.#stale.replaceChildren(
      ...(stale === 'gone'
        ? ['The Dockerfile of this scan is not there any more: it was moved or deleted.']
        : [
            h('span', {}, 'The Dockerfile has changed since this scan.'),
            button('Build and Scan Again', () => vscode.postMessage({ type: 'action', action: 'rescan' })),
          ]),
    );
  }

  select({ selection, query, total, counts, rows }: Message<'selection'>): void {
    this.#selection = selection;
    this.#query = query;
    if (!query.difference) this.#findingsQuery = query;
    if (query.difference && this.#tabs.active === 'findings') this.#turnTo('difference');
    else if (!query.difference && this.#tabs.active === 'difference') this.#turnTo('findings');
    else if (query.difference) this.#renderComparison();
    this.filters.update(query, counts);
    this.#showGroup(rows);
    this.#grid.setSelection(query.sort, total, rows, this.#place);
    remember({ query, place: this.#place });
    this.#place = firstPlace;
    this.#status.textContent =
      total === this.#total || query.difference
        ? plural(total, 'finding')
        : `${total.toLocaleString('en-US')} of ${plural(this.#total, 'finding')}`;
    this.#nothing.hidden = total > 0;
    this.#nothing.replaceChildren(
      ...(this.#total === 0
        ? [
            h('h2', {}, 'Nothing found'),
            'Trivy knows no vulnerability of anything in this image and saw no secrets in it.',
          ]
        : ['No finding matches the filters. Show more severities, switch off “Only fixable” or clear the search.']),
    );
    this.#scrollBack();
  }

  addRows({ selection, offset, rows }: Message<'rows'>): void {
    if (selection === this.#selection) this.#grid.addRows(offset, rows);
  }

  showDetails({ details }: Message<'details'>): void {
    this.#details.show(details, { focus: this.#focusDetails });
    this.#focusDetails = false;
    this.#grid.setOpened(details.finding);
    remember({ opened: details.finding });
    this.#scrollBack();
  }

  #open(row: Row): void {
    this.#focusDetails = true;
    vscode.postMessage({ type: 'details', finding: row.finding });
  }

  #close(): void {
    this.#details.hide();
    this.#grid.setOpened(undefined);
    this.#grid.focus();
    remember({ opened: undefined });
  }
}
