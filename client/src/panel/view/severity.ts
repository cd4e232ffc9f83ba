import { type Severity, severities } from '../../../../server/src/scan/report.ts';
import type { SeverityCounts } from '../findings.ts';
import { h, icon } from './dom.ts';

export const severityNames: Record<Severity, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  unknown: 'Unknown',
};

/** Each severity has a shape of its own, so that nobody needs the colours: octagon, triangle, diamond, disc, ring. */
const shapes: Record<Severity, string> = {
  critical: 'M5 1h6l4 4v6l-4 4H5l-4-4V5zm2.2 3v5h1.6V4zm0 6.2v1.8h1.6v-1.8z',
  high: 'M8 1.2 15.4 14H.6zM7.2 6v4h1.6V6zm0 5v1.6h1.6V11z',
  medium: 'M8 1l7 7-7 7-7-7z',
  low: 'M8 3a5 5 0 1 1 0 10A5 5 0 0 1 8 3z',
  unknown: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 1.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8z',
};

export function severityIcon(severity: Severity): SVGSVGElement {
  return icon(shapes[severity], `severity-icon severity-${severity}`);
}

/** Numbers behind the shapes of their severities; those that are none are left out. */
export function severityCounts(counts: SeverityCounts): HTMLElement[] {
  return severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) =>
      h(
        'span',
        { class: 'severity', title: severityNames[severity] },
        severityIcon(severity),
        counts[severity].toLocaleString('en-US'),
      ),
    );
}

/** The same for those who don't see: `3 critical`, `12 high`. */
export function severityWords(counts: SeverityCounts): string[] {
  return severities.filter((severity) => counts[severity] > 0).map((severity) => `${counts[severity]} ${severity}`);
}

export function severityBadge(severity: Severity): HTMLElement {
  return h('span', { class: 'severity' }, severityIcon(severity), severityNames[severity]);
}
