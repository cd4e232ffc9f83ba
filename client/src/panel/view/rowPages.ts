import type { Row } from '../findings.ts';

const pageSize = 100;
const maxPages = 60;
const requestEveryMs = 40;

/** The rows that are known of the current selection, and the asking for those that are not. */
export class RowPages {
  readonly #request: (offset: number, count: number) => void;
  readonly #pages = new Map<number, readonly Row[]>();
  readonly #asked = new Set<number>();
  #wanted: number[] = [];
  #isAsking = false;

  constructor(request: (offset: number, count: number) => void) {
    this.#request = request;
  }

  clear(): void {
    this.#pages.clear();
    this.#asked.clear();
    this.#wanted = [];
  }

  add(offset: number, rows: readonly Row[]): void {
    for (let start = 0; start < rows.length; start += pageSize) {
      const page = Math.floor((offset + start) / pageSize);
      this.#pages.delete(page);
      this.#pages.set(page, rows.slice(start, start + pageSize));
      this.#asked.delete(page);
    }
    for (const page of this.#pages.keys()) {
      if (this.#pages.size <= maxPages) break;
      this.#pages.delete(page);
    }
  }

  get(index: number): Row | undefined {
    return this.#pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Says which rows are in sight; what is missing of them is asked for, at most every few milliseconds. */
  want(first: number, last: number): void {
    this.#wanted = [];
    for (let page = Math.floor(first / pageSize); page <= Math.floor(last / pageSize); page++) {
      if (!this.#pages.has(page) && !this.#asked.has(page)) this.#wanted.push(page);
    }
    if (this.#wanted.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    setTimeout(() => this.#ask(), requestEveryMs);
  }

  #ask(): void {
    this.#isAsking = false;
    for (const page of this.#wanted) {
      this.#asked.add(page);
      this.#request(page * pageSize, pageSize);
    }
    this.#wanted = [];
  }
}
