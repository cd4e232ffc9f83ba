import type { Action, FailureView, PanelView } from '../messages.ts';
import { button, h } from './dom.ts';

export interface StateEvents {
  act(action: Action): void;
  remedy(id: string): void;
}

/** What fills the panel while there is no result: nothing yet, a scan that runs, a scan that failed. */
export function renderState(view: Exclude<PanelView, { kind: 'result' }>, events: StateEvents): HTMLElement {
  switch (view.kind) {
    case 'empty':
      return h(
        'section',
        { class: 'state' },
        h('h1', {}, 'No scan yet'),
        h(
          'p',
          {},
          'Build a Dockerfile, or choose an image or an archive, and see which known vulnerabilities it carries.',
        ),
        h(
          'div',
          { class: 'actions' },
          button('Scan Image…', () => events.act('scan')),
        ),
      );
    case 'reading':
      return h(
        'section',
        { class: 'state', 'aria-busy': 'true' },
        h('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Reading the last scan' }),
        h('p', { role: 'status' }, 'Reading the last scan…'),
      );
    case 'running':
      return h(
        'section',
        { class: 'state', 'aria-busy': 'true' },
        h('h1', {}, `Scanning ${view.subject}`),
        h('div', { class: 'progress', role: 'progressbar', 'aria-label': 'Scan' }),
        h('p', { role: 'status', class: 'phase' }, view.phase),
        h(
          'div',
          { class: 'actions' },
          button('Cancel', () => events.act('cancel'), { class: 'secondary' }),
          button('Show Log', () => events.act('showLog'), { class: 'secondary' }),
        ),
      );
    case 'failed':
      return renderFailure(view.subject, view.failure, events);
  }
}

function renderFailure(subject: string, failure: FailureView, events: StateEvents): HTMLElement {
  return h(
    'section',
    { class: 'state' },
    h('h1', {}, `${subject} could not be scanned`),
    h('p', { class: 'failure', role: 'alert' }, failure.message),
    h('p', {}, failure.nextStep),
    failure.ways.length > 0 &&
      h(
        'dl',
        { class: 'ways' },
        ...failure.ways.map(({ label, command }) =>
          h('div', {}, h('dt', {}, label), h('dd', {}, h('code', {}, command))),
        ),
      ),
    h(
      'div',
      { class: 'actions' },
      ...failure.remedies.map(({ id, label }, index) =>
        button(label, () => events.remedy(id), { class: index === 0 ? '' : 'secondary' }),
      ),
      failure.hasLast && button('Show Last Result', () => events.act('showLast'), { class: 'secondary' }),
    ),
    failure.details !== '' &&
      h('details', {}, h('summary', {}, 'What the tool said'), h('pre', { tabindex: 0 }, failure.details)),
  );
}
