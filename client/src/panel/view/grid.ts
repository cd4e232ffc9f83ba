import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { Column, Query, Row } from '../findings.ts';
import { h, setAttributes } from './dom.ts';
import { RowPages } from './rowPages.ts';
import { severityBadge, severityNames } from './severity.ts';

/** A row of the table; in a narrow one it has two lines. */
const rowHeight = 28;
const foldedHeight = 48;
/** Narrower tables fold their rows: the fixed version and the line are what a row is read for. */
const leastWidth = 680;
/** Rows that are asked for before they are in sight: as many as pass by until they are there. */
const rowsAhead = 150;

const titles: readonly (readonly [Column, string])[] = [
  ['severity', 'Severity'],
  ['id', 'Id'],
  ['package', 'Package'],
  ['versions', 'Installed → fixed'],
  ['status', 'Status'],
  ['layer', 'Where'],
];

export interface GridEvents {
  requestRows(offset: number, count: number): void;
  sort(sort: Query['sort']): void;
  open(row: Row): void;
  /** The row at the upper edge, with the part of it that is out of sight, and the one that the keys are at. */
  moved(place: GridPlace): void;
}

export interface GridPlace {
  readonly top: number;
  readonly active: number;
}

/**
 * The table of findings. Only the rows in sight exist as elements; the grid itself has the keyboard focus and names
 * the active cell with `aria-activedescendant`, so that focus survives rows coming and going.
 */
export class Grid {
  readonly element: HTMLElement;
  readonly #events: GridEvents;
  readonly #pages: RowPages;
  readonly #scroller: HTMLElement;
  readonly #sizer: HTMLElement;
  readonly #headers = new Map<Column, HTMLElement>();
  readonly #rows = new Map<number, { element: HTMLElement; row: Row | undefined }>();
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #sort: Query['sort'] = { column: 'severity', descending: false };
  #total = 0;
  #active = { row: 0, column: 0 };
  #isFolded = false;
  /** The finding whose details are open. */
  #opened: number | undefined;

  constructor(events: GridEvents) {
    this.#events = events;
    this.#pages = new RowPages((offset, count) => events.requestRows(offset, count));
    this.#sizer = h('div', { class: 'sizer', role: 'presentation' });
    // The grid itself takes the keys; without this the browser would stop here, too.
    this.#scroller = h('div', { class: 'scroller', role: 'rowgroup', tabindex: -1 }, this.#sizer);
    this.element = h(
      'div',
      {
        id: 'findings',
        class: 'grid',
        role: 'grid',
        tabindex: 0,
        'aria-label': 'Findings. Arrow keys move, Enter opens the details.',
        'aria-colcount': titles.length,
        'aria-readonly': 'true',
      },
      h(
        'div',
        { class: 'row head', role: 'row', 'aria-rowindex': 1 },
        ...titles.map(([column, title]) => this.#header(column, title)),
      ),
      this.#scroller,
    );
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.#sizer.addEventListener('click', (event) => this.#onClick(event));
    this.#scroller.addEventListener('scroll', () => this.#moved(), { passive: true });
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => this.#scroller,
      estimateSize: () => this.#rowHeight,
      overscan: 8,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#draw(),
      // A screen reader must find the active row even when it is scrolled out of sight.
      rangeExtractor: (range) => {
        const indexes = defaultRangeExtractor(range);
        if (this.#active.row < this.#total && !indexes.includes(this.#active.row)) indexes.push(this.#active.row);
        return indexes.sort((a, b) => a - b);
      },
    });
  }

  /** To be called once the element is in the page. */
  mount(): void {
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#fit();
    new ResizeObserver(() => this.#fit()).observe(this.#scroller);
  }

  #fit(): void {
    // The head stands above the scroll bar, the rows beside it.
    const width = this.#scroller.offsetWidth - this.#scroller.clientWidth;
    this.element.style.setProperty('--scroll-bar', `${width}px`);
    // A hidden table has no width.
    const isFolded = this.element.offsetWidth > 0 ? this.element.offsetWidth < leastWidth : this.#isFolded;
    if (isFolded === this.#isFolded) return;
    const top = this.#scroller.scrollTop / this.#rowHeight;
    this.#isFolded = isFolded;
    this.element.classList.toggle('folded', isFolded);
    this.#removeRows();
    this.#resize();
    this.#scroller.scrollTop = top * this.#rowHeight;
    this.#draw();
  }

  get #rowHeight(): number {
    return this.#isFolded ? foldedHeight : rowHeight;
  }

  #resize(): void {
    this.#virtualizer.measure();
    this.#sizer.style.height = `${this.#virtualizer.getTotalSize()}px`;
  }

  #removeRows(): void {
    for (const { element } of this.#rows.values()) element.remove();
    this.#rows.clear();
  }

  #moved(): void {
    this.#events.moved({ top: this.#scroller.scrollTop / this.#rowHeight, active: this.#active.row });
  }

  setSelection(sort: Query['sort'], total: number, rows: readonly Row[], { top, active }: GridPlace): void {
    this.#sort = sort;
    this.#total = total;
    this.#active = { row: Math.max(0, Math.min(active, total - 1)), column: this.#active.column };
    this.#pages.clear();
    this.#pages.add(0, rows);
    this.#removeRows();
    for (const [column, header] of this.#headers) {
      const sorted = column === sort.column;
      setAttributes(header, { 'aria-sort': sorted ? (sort.descending ? 'descending' : 'ascending') : 'none' });
    }
    setAttributes(this.element, { 'aria-rowcount': total + 1 });
    this.element.classList.toggle('nothing', total === 0);
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count: total });
    this.#virtualizer._willUpdate();
    this.#resize();
    this.#scroller.scrollTop = top * this.#rowHeight;
    this.#draw();
  }

  addRows(offset: number, rows: readonly Row[]): void {
    this.#pages.add(offset, rows);
    this.#draw();
  }

  setOpened(finding: number | undefined): void {
    this.#opened = finding;
    this.#draw();
  }

  focus(): void {
    this.element.focus();
  }

  #header(column: Column, title: string): HTMLElement {
    const sort = h('button', { type: 'button' }, h('span', {}, title));
    sort.addEventListener('click', () =>
      this.#events.sort({ column, descending: this.#sort.column === column && !this.#sort.descending }),
    );
    const header = h('div', { class: `cell ${column}`, role: 'columnheader' }, sort);
    this.#headers.set(column, header);
    return header;
  }

  #draw(): void {
    const items = this.#virtualizer.getVirtualItems();
    const inSight = new Set(items.map(({ index }) => index));
    for (const [index, { element }] of this.#rows) {
      if (inSight.has(index)) continue;
      element.remove();
      this.#rows.delete(index);
    }
    let previous: HTMLElement | undefined;
    for (const { index, start } of items) {
      const row = this.#pages.get(index);
      let drawn = this.#rows.get(index);
      if (!drawn || drawn.row !== row) {
        drawn?.element.remove();
        const element = drawRow(index, row);
        element.style.transform = `translateY(${start}px)`;
        drawn = { element, row };
        this.#rows.set(index, drawn);
      }
      // In the order of the table, which is the order in which they are read out.
      const place = previous ? previous.nextSibling : this.#sizer.firstChild;
      if (place !== drawn.element) this.#sizer.insertBefore(drawn.element, place);
      previous = drawn.element;
      this.#mark(index, drawn);
    }
    const { startIndex, endIndex } = this.#virtualizer.range ?? { startIndex: 0, endIndex: 0 };
    // Ahead of who scrolls, in both directions.
    const first = Math.max(0, startIndex - rowsAhead);
    if (this.#total > 0) this.#pages.want(first, Math.min(endIndex + rowsAhead, this.#total - 1));
    setAttributes(this.element, {
      'aria-activedescendant': this.#total > 0 && cellId(this.#active.row, this.#active.column),
    });
  }

  #mark(index: number, { element, row }: { element: HTMLElement; row: Row | undefined }): void {
    const active = index === this.#active.row;
    const opened = row !== undefined && row.finding === this.#opened;
    element.classList.toggle('active', active);
    element.classList.toggle('opened', opened);
    setAttributes(element, { 'aria-selected': String(opened) });
    element.childNodes.forEach((cell, column) =>
      (cell as HTMLElement).classList.toggle('active', active && column === this.#active.column),
    );
  }

  #onKey(event: KeyboardEvent): void {
    if (event.target !== this.element || this.#total === 0 || event.altKey) return;
    const { row, column } = this.#active;
    const jump = event.ctrlKey || event.metaKey;
    const lastRow = this.#total - 1;
    const pageRows = Math.max(1, Math.floor(this.#scroller.clientHeight / this.#rowHeight) - 1);
    const left = this.#shownColumn(column, -1);
    const right = this.#shownColumn(column, 1);
    const moves: Record<string, readonly [number, number]> = {
      ArrowDown: [jump ? lastRow : row + 1, column],
      ArrowUp: [jump ? 0 : row - 1, column],
      ArrowLeft: [row, left],
      ArrowRight: [row, right],
      PageDown: [row + pageRows, column],
      PageUp: [row - pageRows, column],
      Home: [jump ? 0 : row, 0],
      End: [jump ? lastRow : row, this.#shownColumn(titles.length, -1)],
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      this.#activate(Math.min(Math.max(move[0], 0), lastRow), move[1]);
      return;
    }
    const current = this.#pages.get(row);
    if ((event.key === 'Enter' || event.key === ' ') && current) {
      event.preventDefault();
      this.#events.open(current);
    }
  }

  /** The next column that has room; the same one where there is none. */
  #shownColumn(from: number, step: 1 | -1): number {
    const headers = titles.map(([column]) => this.#headers.get(column)!);
    for (let column = from + step; column >= 0 && column < headers.length; column += step) {
      if (headers[column]!.offsetWidth > 0) return column;
    }
    return from;
  }

  #activate(row: number, column: number): void {
    this.#active = { row, column };
    this.#virtualizer.scrollToIndex(row, { align: 'auto' });
    this.#draw();
    this.#moved();
  }

  #onClick(event: MouseEvent): void {
    const cell = (event.target as Element).closest('[role=gridcell]');
    const line = cell?.parentElement;
    if (!cell || !line) return;
    const index = Number(line.dataset['index']);
    this.#active = { row: index, column: [...line.children].indexOf(cell) };
    const row = this.#pages.get(index);
    this.#draw();
    this.#moved();
    if (row) this.#events.open(row);
  }
}

function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

function drawRow(index: number, row: Row | undefined): HTMLElement {
  const texts = row
    ? [severityNames[row.severity], row.id, row.subject, versions(row).join(''), row.status, row.layer]
    : titles.map(() => '');
  const content = (column: number, text: string): readonly (Node | string)[] => {
    if (row && column === 0) return [severityBadge(row.severity)];
    // Where both don't fit, the version to move to is the one to be read.
    return row && column === versionsColumn ? versions(row).map((part) => h('span', {}, part)) : [text];
  };
  return h(
    'div',
    {
      class: row ? 'row' : 'row loading',
      role: 'row',
      'aria-rowindex': index + 2,
      'aria-busy': row ? undefined : 'true',
      'data-index': index,
    },
    ...texts.map((text, column) =>
      h(
        'div',
        {
          class: `cell ${titles[column]![0]}`,
          role: 'gridcell',
          id: cellId(index, column),
          'aria-colindex': column + 1,
          title: text || undefined,
        },
        ...content(column, text),
      ),
    ),
  );
}

const versionsColumn = titles.findIndex(([column]) => column === 'versions');

function versions({ installed, fixed }: Row): string[] {
  return fixed ? [installed, ` → ${fixed}`] : [installed];
}
