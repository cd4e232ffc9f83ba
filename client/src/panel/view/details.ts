import type { FindingDetails } from '../messages.ts';
import { button, h } from './dom.ts';
import { severityBadge } from './severity.ts';

export interface DetailsEvents {
  close(): void;
  openLink(finding: number, link: number): void;
  reveal(finding: number): void;
  ignore(finding: number): void;
}

/** Everything about one finding, beside or below the table. */
export class Details {
  readonly element: HTMLElement = h('aside', {
    class: 'details',
    'aria-label': 'Details of the finding',
    hidden: true,
  });
  readonly #events: DetailsEvents;

  constructor(events: DetailsEvents) {
    this.#events = events;
    this.element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      this.#events.close();
    });
  }

  show(details: FindingDetails, { focus }: { focus: boolean }): void {
    const heading = h('h2', { tabindex: -1 }, details.heading);
    this.element.replaceChildren(
      h(
        'div',
        { class: 'details-head' },
        heading,
        button('×', () => this.#events.close(), {
          class: 'close',
          'aria-label': 'Close the details',
          title: 'Close (Escape)',
        }),
      ),
      severityBadge(details.severity),
      ...(details.title ? [h('p', { class: 'details-title' }, details.title)] : []),
      h(
        'div',
        { class: 'actions' },
        details.hasLine && button('Show Line', () => this.#events.reveal(details.finding), { class: 'secondary' }),
        details.canIgnore && button('Ignore…', () => this.#events.ignore(details.finding), { class: 'secondary' }),
      ),
      h('dl', {}, ...details.facts.map(({ label, value }) => h('div', {}, h('dt', {}, label), h('dd', {}, value)))),
      ...(details.description ? [h('p', { class: 'description' }, details.description)] : []),
      ...(details.links.length > 0 ? [h('h3', {}, 'Links'), this.#links(details)] : []),
    );
    this.element.hidden = false;
    this.element.scrollTop = 0;
    if (focus) heading.focus();
  }

  hide(): void {
    this.element.hidden = true;
    this.element.replaceChildren();
  }

  #links({ finding, links }: FindingDetails): HTMLElement {
    return h(
      'ul',
      {},
      ...links.map((link, index) =>
        h(
          'li',
          {},
          button(link, () => this.#events.openLink(finding, index), { class: 'link', role: 'link' }),
        ),
      ),
    );
  }
}
