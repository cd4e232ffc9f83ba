import { type Severity, severities } from '../../../../server/src/scan/report.ts';
import type { Query, SeverityCounts } from '../findings.ts';
import { h, setAttributes } from './dom.ts';
import { severityIcon, severityNames } from './severity.ts';

const searchDelayMs = 120;

/** Severity buttons, the only-fixable switch and the search box. It owns no query: it reports wishes and is told. */
export class Filters {
  readonly elements: readonly HTMLElement[];
  readonly #buttons = new Map<Severity, { button: HTMLButtonElement; count: HTMLElement }>();
  readonly #fixable: HTMLInputElement;
  readonly #search: HTMLInputElement;
  readonly #onChange: (query: Query) => void;
  #query: Query;
  #searchTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(query: Query, onChange: (query: Query) => void) {
    this.#query = query;
    this.#onChange = onChange;
    this.#fixable = h('input', { type: 'checkbox', role: 'switch', id: 'fixable' });
    this.#fixable.addEventListener('change', () => this.#change({ fixableOnly: this.#fixable.checked }));
    this.#search = h('input', {
      type: 'search',
      placeholder: 'Search id, package, title…',
      'aria-label': 'Search findings',
      'aria-controls': 'findings',
      maxlength: 500,
      spellcheck: 'false',
    });
    this.#search.addEventListener('input', () => {
      clearTimeout(this.#searchTimer);
      this.#searchTimer = setTimeout(() => this.#change({ search: this.#search.value }), searchDelayMs);
    });
    this.elements = [
      h(
        'div',
        { class: 'severities', role: 'group', 'aria-label': 'Severities shown' },
        ...severities.map((severity) => this.#severityButton(severity)),
      ),
      h('label', { class: 'switch', for: 'fixable' }, this.#fixable, h('span', { class: 'track' }), 'Only fixable'),
      this.#search,
    ];
  }

  focusSearch(): void {
    this.#search.focus();
    this.#search.select();
  }

  update(query: Query, counts: SeverityCounts): void {
    this.#query = query;
    this.#fixable.checked = query.fixableOnly;
    // Someone who is typing is ahead of us.
    if (document.activeElement !== this.#search) this.#search.value = query.search;
    for (const [severity, { button, count }] of this.#buttons) {
      const pressed = query.severities.includes(severity);
      count.textContent = counts[severity].toLocaleString('en-US');
      setAttributes(button, {
        'aria-pressed': String(pressed),
        title: pressed ? `Hide ${severity} findings` : `Show ${severity} findings`,
      });
      button.classList.toggle('none', counts[severity] === 0);
    }
  }

  #severityButton(severity: Severity): HTMLButtonElement {
    const count = h('span', { class: 'count' });
    const button = h(
      'button',
      { type: 'button', class: 'chip' },
      severityIcon(severity),
      `${severityNames[severity]} `,
      count,
    );
    button.addEventListener('click', () => {
      const { severities: shown } = this.#query;
      this.#change({
        severities: shown.includes(severity) ? shown.filter((other) => other !== severity) : [...shown, severity],
      });
    });
    this.#buttons.set(severity, { button, count });
    return button;
  }

  #change(part: Partial<Query>): void {
    clearTimeout(this.#searchTimer);
    this.#query = { ...this.#query, search: this.#search.value, ...part };
    this.#onChange(this.#query);
  }
}
