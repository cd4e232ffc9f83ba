import { tables, type Table } from '../messages.ts';
import { h, setAttributes } from './dom.ts';

const titles: Readonly<Record<Table, string>> = {
  findings: 'Findings',
  layers: 'Layers',
  package: 'Packages',
  target: 'Targets',
  difference: 'Difference',
};

/** Turns between the tables of a result; arrow keys move, as in every list of tabs. */
export class Tabs {
  readonly element: HTMLElement;
  readonly #tabs = new Map<Table, HTMLButtonElement>();
  readonly #onChange: (table: Table) => void;
  #active: Table = 'findings';

  constructor(onChange: (table: Table) => void) {
    this.#onChange = onChange;
    this.element = h(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': 'Tables' },
      ...tables.map((table) => {
        const tab = h('button', { type: 'button', role: 'tab', class: 'tab' }, titles[table]);
        tab.addEventListener('click', () => this.#onChange(table));
        this.#tabs.set(table, tab);
        return tab;
      }),
    );
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.setVisible('difference', false);
    this.setActive('findings');
  }

  get active(): Table {
    return this.#active;
  }

  setActive(table: Table): void {
    this.#active = table;
    for (const [name, tab] of this.#tabs) {
      setAttributes(tab, { 'aria-selected': String(name === table), tabindex: name === table ? 0 : -1 });
    }
  }

  setVisible(table: Table, visible: boolean): void {
    setAttributes(this.#tabs.get(table)!, { hidden: !visible });
  }

  #onKey(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const shown = [...this.#tabs].filter(([, tab]) => !tab.hidden);
    const at = shown.findIndex(([table]) => table === this.#active);
    const [table, tab] = shown[(at + step + shown.length) % shown.length]!;
    this.#onChange(table);
    tab.focus();
  }
}
