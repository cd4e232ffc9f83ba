import type { Difference } from '../findings.ts';
import type { ChangeAction, ChangeView, ComparisonView } from '../messages.ts';
import { button, h } from './dom.ts';
import { severityCounts, severityWords } from './severity.ts';

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
      ...changes.map(({ title, detail, actions, isChanged }, index) =>
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
            isChanged && h('span', { class: 'badge badge-warning' }, 'changed since the scan'),
            isChanged && ' ',
            h('span', { class: 'muted', title: detail }, detail),
          ),
          h(
            'div',
            { class: 'actions' },
            ...actions
              // What was edited may be done already: the next scan tells.
              .filter(({ action }) => action !== 'reveal' && !(action === 'apply' && isChanged))
              .map(({ action, label }, place) =>
                button(label, () => act(index, action), {
                  class: index === 0 && place === 0 && !isChanged ? '' : 'secondary',
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

const differenceWords: Readonly<Record<Difference, readonly [one: string, many: string]>> = {
  new: ['new', 'new'],
  fixed: ['fixed', 'fixed'],
  stays: ['stays', 'stay'],
};

/** `Compared with the scan of 2 h ago:` and a button for what is new, what is fixed and what stays, with numbers. */
export function renderComparison(
  comparison: ComparisonView | undefined,
  active: Difference | undefined,
  show: (difference: Difference) => void,
): HTMLElement {
  const { title, parts } = comparison ?? { title: '', parts: [] };
  return h(
    'section',
    { class: 'comparison', 'aria-label': 'Comparison', hidden: comparison === undefined },
    h('span', {}, `${title}:`),
    ...parts.map(({ difference, total, counts }) => {
      const [one, many] = differenceWords[difference];
      const words = `${total.toLocaleString('en-US')} ${total === 1 ? one : many}`;
      const toggle = button('', () => show(difference), {
        class: 'chip difference',
        disabled: total === 0,
        'aria-pressed': String(difference === active),
        'aria-label': [words, ...severityWords(counts)].join(', '),
        title: total === 0 ? undefined : 'List them',
      });
      toggle.append(h('span', { class: 'count' }, words), ...severityCounts(counts));
      return toggle;
    }),
  );
}
