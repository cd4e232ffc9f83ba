import { formatBytes, plural } from '../../text.ts';
import type { Group, GroupKey, SeverityCounts } from '../findings.ts';
import type { LayerRow, LayersView } from '../messages.ts';
import { button, type Child, h } from './dom.ts';
import { severityCounts, severityWords } from './severity.ts';

export interface SummaryEvents {
  reveal(share: number): void;
  findWaste(): void;
  /** Shows the findings of one group alone. */
  filter(group: GroupKey): void;
}

/** The image from the bottom to the top: what each instruction brought, the base image in one row. */
export function renderLayers(
  { problem, notes, waste, wasteCost, rows }: LayersView,
  events: SummaryEvents,
): HTMLElement {
  const largest = Math.max(1, ...rows.map(({ size }) => size ?? 0));
  return h(
    'div',
    { class: 'summary-table' },
    problem !== undefined && h('p', { class: 'note' }, `${problem} The layers are told by the image's own history.`),
    ...notes.map((note) => h('p', { class: 'note' }, note)),
    waste !== undefined && h('p', { class: 'muted' }, waste),
    wasteCost !== undefined &&
      h(
        'p',
        { class: 'muted' },
        button('Find Wasted Bytes', () => events.findWaste(), { class: 'secondary' }),
        ` What do later lines remove or replace? Reads the whole image once, ${formatBytes(wasteCost)}.`,
      ),
    h(
      'table',
      { 'aria-label': 'Layers' },
      head('Line', 'Instruction', 'Size', 'Findings'),
      h('tbody', {}, ...rows.flatMap((row) => layerRows(row, largest, events))),
    ),
  );
}

function layerRows(row: LayerRow, largest: number, events: SummaryEvents): HTMLElement[] {
  const { share, lines, text, remarks, changed, base } = row;
  const title =
    share === undefined
      ? h('code', {}, text)
      : button(text, () => events.reveal(share), {
          class: 'link code',
          title: 'Show the line in the editor',
          'aria-label': `Show line ${lines}: ${text}`,
        });
  const folded = base?.map((layer) =>
    h(
      'tr',
      { class: 'base-layer', hidden: true },
      h('td', {}),
      h('td', {}, h('code', {}, layer.text)),
      sizeCell(layer.size, largest),
      h('td', {}),
    ),
  );
  return [
    h(
      'tr',
      {},
      h('td', { class: 'lines' }, lines),
      h(
        'td',
        {},
        title,
        changed && h('span', { class: 'badge' }, 'changed since the scan'),
        remarks !== '' && h('div', { class: 'muted' }, remarks),
        row.waste !== '' && h('div', { class: 'waste' }, row.waste),
        row.wastedFiles !== '' && h('div', { class: 'muted' }, row.wastedFiles),
        folded && folded.length > 0 && foldButton(folded),
      ),
      sizeCell(row.size, largest),
      h('td', {}, findingsCell(row, share === undefined ? undefined : { by: 'line', key: String(share) }, events)),
    ),
    ...(folded ?? []),
  ];
}

function foldButton(rows: readonly HTMLElement[]): HTMLElement {
  const label = plural(rows.length, 'layer');
  const toggle = button(
    `Show its ${label}`,
    () => {
      const show = rows[0]!.hidden;
      for (const row of rows) row.hidden = !show;
      toggle.textContent = `${show ? 'Hide' : 'Show'} its ${label}`;
      toggle.setAttribute('aria-expanded', String(show));
    },
    { class: 'link', 'aria-expanded': 'false' },
  );
  return h('div', {}, toggle);
}

function sizeCell(size: number | undefined, largest: number): HTMLElement {
  if (size === undefined) return h('td', { class: 'size' });
  // The element's own scale: a style attribute would not pass the page's policy.
  const bar = h('meter', { min: 0, max: largest, value: size, 'aria-hidden': 'true' });
  return h('td', { class: 'size' }, h('span', { title: 'Uncompressed' }, formatBytes(size)), bar);
}

interface Counted {
  readonly counts: SeverityCounts;
  readonly total: number;
  readonly fixable: number;
  readonly secrets?: number;
  readonly misconfigurations?: number;
}

function findingsCell(counted: Counted, group: GroupKey | undefined, events: SummaryEvents): Child {
  if (counted.total === 0) return h('span', { class: 'muted' }, 'none');
  const { counts, total, fixable, secrets = 0, misconfigurations = 0 } = counted;
  const words = severityWords(counts);
  const extras = [
    ...(secrets > 0 ? [plural(secrets, 'secret')] : []),
    ...(misconfigurations > 0 ? [plural(misconfigurations, 'misconfiguration')] : []),
    ...(fixable > 0 ? [`${fixable.toLocaleString('en-US')} fixable`] : []),
  ];
  const label = `${plural(total, 'finding')}: ${[...words, ...extras].join(', ')}`;
  const content = h(
    'span',
    { class: 'counts' },
    ...severityCounts(counts),
    h('span', { class: 'muted' }, extras.join(', ')),
  );
  if (!group) return content;
  const show = button('', () => events.filter(group), {
    class: 'link',
    title: `${label}. Click to list them.`,
    'aria-label': `List ${label}`,
  });
  show.append(content);
  return show;
}

/** Packages, or what they were found in, the worst first. */
export function renderGroups(
  title: string,
  groups: readonly Group[],
  more: number,
  events: SummaryEvents,
): HTMLElement {
  return h(
    'div',
    { class: 'summary-table' },
    h(
      'table',
      { 'aria-label': title },
      head(title, 'Findings'),
      h(
        'tbody',
        {},
        ...groups.map((group) =>
          h(
            'tr',
            {},
            h('td', {}, h('code', {}, group.label)),
            h('td', {}, findingsCell(group, { by: group.by, key: group.key }, events)),
          ),
        ),
      ),
    ),
    moreText(more),
  );
}

function moreText(more: number): Child {
  return (
    more > 0 &&
    h('p', { class: 'muted' }, `and ${more.toLocaleString('en-US')} more; the findings' search reaches them.`)
  );
}

function head(...titles: readonly string[]): HTMLElement {
  return h('thead', {}, h('tr', {}, ...titles.map((title) => h('th', { scope: 'col' }, title))));
}
