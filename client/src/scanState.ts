import { severities } from '../../server/src/scan/report.ts';
import { relativeTime } from './text.ts';

export interface ScanState {
  readonly counts: Readonly<Record<string, number>>;
  readonly fixable: number;
  /** Milliseconds since 1970. */
  readonly scannedAt: number;
  /** True when the Dockerfile is not the one that was scanned. */
  readonly isChanged: boolean;
}

/** `3 critical, 12 high (9 fixable) · scanned 2 h ago, changed since` */
export function describeScanState({ counts, fixable, scannedAt, isChanged }: ScanState, now: number): string {
  const total = severities.reduce((sum, severity) => sum + (counts[severity] ?? 0), 0);
  // The two worst severities that occur: the line is for a glance.
  const worst = severities
    .filter((severity) => counts[severity])
    .slice(0, 2)
    .map((severity) => `${counts[severity]} ${severity}`);
  const found = total === 0 ? 'Nothing found' : `${worst.join(', ')} (${fixable} of ${total} fixable)`;
  return `${found} · scanned ${relativeTime(scannedAt, now)}${isChanged ? ', changed since' : ''}`;
}

/** `3 critical, 12 high, 1 low`; severities without findings are left out. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const parts = severities.filter((severity) => counts[severity]).map((severity) => `${counts[severity]} ${severity}`);
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}
