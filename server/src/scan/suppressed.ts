import type { ScanReport } from './report.ts';
import { asObject, asText } from './untrusted.ts';

/** The words of the ignore file or VEX document, and its name. */
export function suppressionReason(value: unknown): string {
  const entry = asObject(value);
  const reason = asText(entry?.Statement) ?? 'without a reason';
  // In a container the file had another name.
  const source = asText(entry?.Source)
    ?.split(/[\\/]/)
    .pop()
    ?.replace(/^ignoreFile-/, '');
  return source === undefined ? reason : `${reason} (${source})`;
}

/** Each reason with how often it occurs; the ten most frequent. */
export function mostFrequent(reasons: readonly string[]): ScanReport['suppressedFor'] {
  if (reasons.length === 0) return undefined;
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].map(([reason, count]) => ({ reason, count })).sort((a, b) => b.count - a.count);
  return sorted.slice(0, 10);
}
