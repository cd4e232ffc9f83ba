import type { ChangeAction, ChangeView, ComparisonView } from '../messages.ts';
import { button, h } from './dom.ts';

/** The answer to "what should I change first?": a few lines, the one that removes most on top. */
export function renderChanges(
  changes: readonly ChangeView[],
  act: (change: number, action: ChangeAction) => void,
): HTMLElement {
  return h(
    'section',
    { class: 'changes', 'aria-label': 'What to change first', hidden: changes.length === 0 },
    h('h2', {}, 'Change first'),
    h(
      'ol',
      {},
      ...changes.map(({ title, detail, actions }, index) =>
        h(
          'li',
          {},
          h(
            'div',
            { class: 'change-text' },
            reveals(actions)
              ? button(title, () => act(index, 'reveal'), { class: 'link', title: 'Show the line in the editor' })
              : h('strong', {}, title),
            ' ',
            h('span', { class: 'muted' }, detail),
          ),
          h(
            'div',
            { class: 'actions' },
            ...actions
              .filter(({ action }) => action !== 'reveal')
              .map(({ action, label }, place) =>
                button(label, () => act(index, action), {
                  class: index === 0 && place === 0 ? '' : 'secondary',
                  'aria-label': `${label}: ${title}`,
                }),
              ),
          ),
        ),
      ),
    ),
  );
}

function reveals(actions: ChangeView['actions']): boolean {
  return actions.some(({ action }) => action === 'reveal');
}

export interface ComparisonEvents {
  showNew(): void;
  showFixed(): void;
}

/** `Since the scan of 2 h ago: 3 new, 12 fixed` */
export function renderComparison(comparison: ComparisonView | undefined, events: ComparisonEvents): HTMLElement {
  const { against, added, fixed } = comparison ?? { against: '', added: 0, fixed: 0 };
  const text = added === 0 && fixed === 0 ? 'no difference in what is found' : '';
  return h(
    'p',
    { class: 'comparison', role: 'status', hidden: comparison === undefined },
    `Compared with ${against}: ${text}`,
    added > 0 && button(`${added.toLocaleString('en-US')} new`, () => events.showNew(), { class: 'link' }),
    added > 0 && fixed > 0 && ', ',
    fixed > 0 && button(`${fixed.toLocaleString('en-US')} fixed`, () => events.showFixed(), { class: 'link' }),
    '.',
  );
}
