import type { ScanFinding } from './report.ts';
import { atOnce, eachInTurns, type InTurns } from './turns.ts';

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
  return atOnce(comparingScans(before, after));
}

/** The same in turns. */
export function* comparingScans(
  before: readonly ScanFinding[],
  after: readonly ScanFinding[],
): InTurns<ScanDifference> {
  const groups = new Map<string, Group>();
  yield* eachInTurns(before, (finding, position) => groupOf(groups, finding).before.push(position));
  yield* eachInTurns(after, (finding, position) => groupOf(groups, finding).after.push(position));
  const stays: (readonly [number, number])[] = [];
  const fixed: number[] = [];
  const added: number[] = [];
  yield* eachInTurns([...groups.values()], (group) => {
    let left = group;
    const [only] = group.before;
    if (group.before.length === 1 && group.after.length === 1 && !isTied(before[only!]!)) {
      stays.push([only!, group.after[0]!]);
      return;
    }
    for (const keyOf of likeness) {
      if (left.before.length === 0 || left.after.length === 0) break;
      left = pair(left, before, after, keyOf, stays);
    }
    for (const position of left.before) fixed.push(position);
    for (const position of left.after) added.push(position);
  });
  const ascending = (a: number, b: number): number => a - b;
  stays.sort((a, b) => a[1] - b[1]);
  return { added: added.sort(ascending), fixed: fixed.sort(ascending), stays };
}

/** Positions of findings that are about the same. */
interface Group {
  readonly before: number[];
  readonly after: number[];
}

function groupOf(groups: Map<string, Group>, finding: ScanFinding): Group {
  const key = whatOf(finding);
  let group = groups.get(key);
  if (!group) groups.set(key, (group = { before: [], after: [] }));
  return group;
}

/** Pairs those of a group that are equally alike; returns the others. */
function pair(
  group: Group,
  before: readonly ScanFinding[],
  after: readonly ScanFinding[],
  keyOf: (finding: ScanFinding) => string,
  stays: (readonly [number, number])[],
): Group {
  const waiting = new Map<string, number[]>();
  for (const position of group.before.toReversed()) {
    const key = keyOf(before[position]!);
    const list = waiting.get(key);
    if (list) list.push(position);
    else waiting.set(key, [position]);
  }
  const left: number[] = [];
  for (const position of group.after) {
    const partner = waiting.get(keyOf(after[position]!))?.pop();
    if (partner === undefined) left.push(position);
    else stays.push([partner, position]);
  }
  return { before: [...waiting.values()].flat().sort((a, b) => a - b), after: left };
}

/** From the same in everything to the same in what counts; of findings that are about the same. */
const likeness: readonly ((finding: ScanFinding) => string)[] = [
  (finding) => `${placeOf(finding)}\n${finding.installedVersion ?? finding.line ?? ''}`,
  placeOf,
  (finding) => (isTied(finding) ? placeOf(finding) : placeOf(finding).replace(/\d[\w.+~-]*/g, '#')),
  (finding) => (isTied(finding) ? placeOf(finding) : ''),
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
