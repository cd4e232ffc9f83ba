import type { ScanFinding } from './report.ts';

/** What is different between two scans; positions in the lists that were given. */
export interface ScanDifference {
  /** In the later one only. */
  readonly added: readonly number[];
  /** In the earlier one only. */
  readonly fixed: readonly number[];
}

/**
 * Compares the findings of two scans. A finding is the same when id, package and place are; the version isn't asked, as
 * an upgrade that doesn't help leaves the finding what it is.
 */
export function compareScans(before: readonly ScanFinding[], after: readonly ScanFinding[]): ScanDifference {
  return { added: missingFrom(before, after), fixed: missingFrom(after, before) };
}

function missingFrom(known: readonly ScanFinding[], findings: readonly ScanFinding[]): number[] {
  const left = new Map<string, number>();
  for (const finding of known) {
    const key = keyOf(finding);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const missing: number[] = [];
  for (const [index, finding] of findings.entries()) {
    const key = keyOf(finding);
    const count = left.get(key) ?? 0;
    if (count === 0) missing.push(index);
    else left.set(key, count - 1);
  }
  return missing;
}

/** System packages are found in "name (debian 12)", which another name or release of the image changes. */
function keyOf({ kind, id, package: name, path, target, class: group }: ScanFinding): string {
  const place = group === 'os-pkgs' || group === 'config' ? '' : (path ?? target);
  return [kind, id, name ?? '', place].join('\n');
}
