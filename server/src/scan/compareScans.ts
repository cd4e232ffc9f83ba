import type { ScanFinding } from './report.ts';

/** What is different between two scans; positions in the lists that were given. */
export interface ScanDifference {
  /** In the later one only. */
  readonly added: readonly number[];
  /** In the earlier one only. */
  readonly fixed: readonly number[];
  /** In both. */
  readonly stays: readonly (readonly [before: number, after: number])[];
}

/**
 * Compares the findings of two scans, one by one. A finding is the same when id and package are: an upgrade that does not
 * help leaves it what it is, and so does a move to another folder. What occurs several times, in several targets or
 * versions, is paired with its most alike: same version and place first, then the place, then the place but for numbers
 * in it, which are versions as a rule, then anywhere. What is left over on one side is new or fixed.
 */
export function compareScans(before: readonly ScanFinding[], after: readonly ScanFinding[]): ScanDifference {
  const stays: (readonly [number, number])[] = [];
  let fixed = [...before.keys()];
  let added = [...after.keys()];
  for (const keyOf of likeness) {
    const waiting = new Map<string, number[]>();
    for (const position of fixed) {
      const key = keyOf(before[position]!);
      const list = waiting.get(key);
      if (list) list.push(position);
      else waiting.set(key, [position]);
    }
    const paired = new Set<number>();
    added = added.filter((position) => {
      const list = waiting.get(keyOf(after[position]!));
      const partner = list?.shift();
      if (partner === undefined) return true;
      paired.add(partner);
      stays.push([partner, position]);
      return false;
    });
    fixed = fixed.filter((position) => !paired.has(position));
    if (fixed.length === 0 || added.length === 0) break;
  }
  stays.sort((a, b) => a[1] - b[1]);
  return { added, fixed, stays };
}

/** From the same in everything to the same in what counts. */
const likeness: readonly ((finding: ScanFinding) => string)[] = [
  (finding) => `${whatOf(finding)}\n${placeOf(finding)}\n${finding.installedVersion ?? finding.line ?? ''}`,
  (finding) => `${whatOf(finding)}\n${placeOf(finding)}`,
  (finding) =>
    `${whatOf(finding)}\n${isTied(finding) ? placeOf(finding) : placeOf(finding).replace(/\d[\w.+~-]*/g, '#')}`,
  (finding) => (isTied(finding) ? `${whatOf(finding)}\n${placeOf(finding)}` : whatOf(finding)),
];

/** A secret elsewhere is another one. */
function isTied({ kind }: ScanFinding): boolean {
  return kind === 'secret';
}

function whatOf({ kind, id, package: name, class: group }: ScanFinding): string {
  return `${kind}\n${id}\n${name ?? ''}\n${group === 'os-pkgs' ? group : ''}`;
}

/** System packages are found in "name (debian 12)", which another name or release of the image changes. */
function placeOf({ path, target, class: group }: ScanFinding): string {
  return group === 'os-pkgs' || group === 'config' ? '' : (path ?? target);
}
