import { defaultQuery, type Query, type Row } from '../findings.ts';
import type { HostMessage, PanelState, PanelView, ViewMessage } from '../messages.ts';
import { plural } from '../../text.ts';
import { Details } from './details.ts';
import { button, h } from './dom.ts';
import { Filters } from './filters.ts';
import { Grid } from './grid.ts';
import { renderHeader } from './header.ts';
import { renderState } from './states.ts';

/** What VS Code puts into every webview. */
interface VsCodeApi {
  postMessage(message: ViewMessage): void;
  getState(): ViewState | undefined;
  setState(state: ViewState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The page is made anew whenever its tab was hidden: this is what makes it look as it was left. */
interface ViewState extends PanelState {
  readonly scrollTop?: number;
  readonly opened?: number | undefined;
}

const vscode = acquireVsCodeApi();
const root = document.body.appendChild(h('main', {}));
const initial = vscode.getState();

let state: ViewState = initial ?? { version: 1, key: '' };
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

vscode.postMessage(initial?.query ? { type: 'ready', query: initial.query } : { type: 'ready' });

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
  // A reload shows the same scan again; anything else starts at the top.
  if (view.key !== state.key || view.kind !== 'result') state = { version: 1, key: view.key };
  remember({});
  result = undefined;
  if (view.kind === 'result') {
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

type Message<T extends HostMessage['type']> = Extract<HostMessage, { type: T }>;

class ResultPage {
  readonly elements: HTMLElement[];
  readonly filters: Filters;
  readonly #grid: Grid;
  readonly #details: Details;
  readonly #stale: HTMLElement;
  readonly #status = h('p', { class: 'summary', role: 'status' });
  readonly #nothing = h('div', { class: 'nothing-text', hidden: true });
  readonly #total: number;
  #query: Query = defaultQuery;
  #selection = 0;
  #focusDetails = false;
  /** Where to scroll when the first selection after a reload comes. */
  #scrollTop = state.scrollTop ?? 0;

  constructor({ header }: Extract<PanelView, { kind: 'result' }>) {
    const act = (action: Extract<ViewMessage, { type: 'action' }>['action']) =>
      vscode.postMessage({ type: 'action', action });
    this.#total = header.total;
    this.filters = new Filters(this.#query, (query) => vscode.postMessage({ type: 'query', query }));
    this.#grid = new Grid({
      requestRows: (offset, count) => vscode.postMessage({ type: 'rows', selection: this.#selection, offset, count }),
      sort: (sort) => vscode.postMessage({ type: 'query', query: { ...this.#query, sort } }),
      open: (row) => this.#open(row),
      scrolled: (scrollTop) => remember({ scrollTop }),
    });
    this.#details = new Details({
      close: () => this.#close(),
      openLink: (finding, link) => vscode.postMessage({ type: 'openLink', finding, link }),
    });
    this.#stale = h(
      'div',
      { class: 'stale', role: 'status' },
      h('span', {}, 'The Dockerfile has changed since this scan.'),
      button('Build and Scan Again', () => act('rescan')),
    );
    this.setStale(header.stale);
    this.elements = [
      renderHeader(header, act),
      this.#stale,
      h('div', { class: 'filters', hidden: header.total === 0 }, ...this.filters.elements, this.#status),
      h(
        'div',
        { class: 'content' },
        h('div', { class: 'table' }, this.#grid.element, this.#nothing),
        this.#details.element,
      ),
    ];
  }

  mount(): void {
    this.#grid.mount();
    if (state.opened !== undefined) vscode.postMessage({ type: 'details', finding: state.opened });
  }

  setStale(stale: boolean): void {
    this.#stale.hidden = !stale;
  }

  select({ selection, query, total, counts, rows }: Message<'selection'>): void {
    this.#selection = selection;
    this.#query = query;
    this.filters.update(query, counts);
    this.#grid.setSelection(query.sort, total, rows, this.#scrollTop);
    this.#scrollTop = 0;
    this.#status.textContent =
      total === this.#total
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
    remember({ query });
  }

  addRows({ selection, offset, rows }: Message<'rows'>): void {
    if (selection === this.#selection) this.#grid.addRows(offset, rows);
  }

  showDetails({ details }: Message<'details'>): void {
    this.#details.show(details, { focus: this.#focusDetails });
    this.#focusDetails = false;
    this.#grid.setOpened(details.finding);
    remember({ opened: details.finding });
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
