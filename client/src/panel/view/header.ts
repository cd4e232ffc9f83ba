import { formatBytes, plural, relativeTime } from '../../text.ts';
import type { Action, Header } from '../messages.ts';
import { button, type Child, h } from './dom.ts';

/** What was scanned, when and with what; the buttons that act on the whole result. */
export function renderHeader(header: Header, act: (action: Action) => void): HTMLElement {
  // The first words give way where there is little room.
  const actions: readonly [Action, string, string][] = [
    ['rescan', '', 'Rescan'],
    ['compare', '', 'Compare…'],
    ['exportJson', 'Export ', 'JSON'],
    ['exportSarif', 'Export ', 'SARIF'],
    ['copyMarkdown', 'Copy as ', 'Markdown'],
  ];
  return h(
    'header',
    {},
    h(
      'div',
      { class: 'title' },
      h(
        'h1',
        { title: header.subject },
        header.dockerfile === header.subject
          ? button(header.subject, () => act('showDockerfile'), { class: 'link', title: 'Show the Dockerfile' })
          : header.subject,
      ),
      header.endOfLife &&
        h(
          'span',
          {
            class: 'badge badge-warning',
            title: 'It gets no security updates any more: newer vulnerabilities may be missing here.',
          },
          `${header.os ?? 'System'} is end of life`,
        ),
      h(
        'div',
        { class: 'actions', role: 'toolbar', 'aria-label': 'Scan result' },
        ...actions.map(([action, start, label], index) => {
          const all = start + label;
          const element = button(label, () => act(action), {
            ...{ class: index === 0 ? '' : 'secondary', 'aria-label': all, title: start === '' ? undefined : all },
          });
          if (start !== '') element.prepend(h('span', { class: 'minor' }, start));
          return element;
        }),
      ),
    ),
    h('dl', { class: 'facts' }, ...facts(header, act)),
    ...notes(header).map((note) => h('p', { class: 'note' }, note)),
  );
}

function notes({ notes, endOfLife, os, changes }: Header): readonly string[] {
  // Where to move is said below then.
  const isToMove = changes.some(({ actions }) => actions.some(({ action }) => action === 'apply'));
  if (!endOfLife || isToMove) return notes;
  const system = os ?? 'The system in this image';
  return [
    `${system} gets no security updates any more, so newer vulnerabilities may be missing here. Move to a supported release.`,
    ...notes,
  ];
}

function facts(header: Header, act: (action: Action) => void): Child[] {
  const now = Date.now();
  return [
    header.dockerfile !== header.subject &&
      header.dockerfile &&
      fact(
        'Dockerfile',
        button(header.dockerfile, () => act('showDockerfile'), { class: 'link', role: 'link' }),
      ),
    fact('Findings', `${header.total.toLocaleString('en-US')}, ${header.fixable.toLocaleString('en-US')} fixable`),
    header.name !== header.subject && fact('Image', header.name, true),
    header.id !== '' &&
      fact('Image id', h('code', { title: header.id }, header.id.replace(/^sha256:/, '').slice(0, 12)), true),
    header.size !== undefined &&
      fact('Size', h('span', { title: 'All layers, uncompressed' }, formatBytes(header.size))),
    header.os !== undefined && fact('System', header.os),
    fact('Scanned', time(header.scannedAt, now)),
    fact('Trivy', header.trivyVersion || 'version unknown', true),
    fact('Database', header.databaseDate === undefined ? 'date unknown' : time(header.databaseDate, now)),
    ...header.hidden.map(({ count, reason }) =>
      fact('Hidden', count === 0 ? reason : `${plural(count, 'finding')}: ${reason}`),
    ),
    header.suppressed > 0 && fact('Hidden', `${plural(header.suppressed, 'finding')} by an ignore file or VEX`),
  ];
}

/** `minor` ones give way where there is little room. */
function fact(label: string, value: Node | string, minor = false): HTMLElement {
  return h('div', { class: minor && 'minor' }, h('dt', {}, label), h('dd', {}, value));
}

function time(then: number, now: number): HTMLElement {
  const date = new Date(then);
  return h('time', { datetime: date.toISOString(), title: date.toLocaleString() }, relativeTime(then, now));
}
