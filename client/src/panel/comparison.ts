import { comparingScans } from '../../../server/src/scan/compareScans.ts';
import { countBySeverity, type ScanFinding, type ScanReport } from '../../../server/src/scan/report.ts';
import type { InTurns } from '../../../server/src/scan/turns.ts';
import { type Difference, differences } from './findings.ts';
import type { ComparisonView } from './messages.ts';

type Findings = Pick<ScanReport, 'findings' | 'image' | 'isPartial'>;

/** The scan on display beside another one, finding by finding. */
export interface Comparison {
  /** What is compared: `Compared with the scan of 2 h ago`. */
  readonly title: string;
  /** Of the findings on display, by position; those that are no part of the comparison have none. */
  readonly marks: ReadonlyMap<number, Difference>;
  /** A word on some of them: `was 1.2.3`. */
  readonly notes: ReadonlyMap<number, string>;
  /** What only the other scan has, and what that is called. */
  readonly others: Findings & { readonly difference: Difference };
}

/** What has become new, and what is fixed, since another scan. */
export function* compareWithBefore(before: Findings, report: Findings, title: string): InTurns<Comparison> {
  const { added, fixed, stays } = yield* comparingScans(before.findings, report.findings);
  const marks = new Map<number, Difference>();
  const notes = new Map<number, string>();
  for (const position of added) marks.set(position, 'new');
  for (const [earlier, position] of stays) {
    marks.set(position, 'stays');
    const was = otherVersion(before.findings[earlier]!, report.findings[position]!);
    if (was !== undefined) notes.set(position, `was ${was}`);
  }
  return {
    title: titleOf(title, before, report),
    marks,
    notes,
    others: { ...pick(before, fixed), difference: 'fixed' },
  };
}

/**
 * What would become of the findings that the base image brings with another base image.
 *
 * @param positions of the findings of the base image in the report
 * @param other a scan of the other base image alone
 */
export function* compareBases(
  report: Findings,
  positions: readonly number[],
  other: Findings,
  title: string,
): InTurns<Comparison> {
  const own = positions.map((position) => report.findings[position]!);
  const { added, fixed, stays } = yield* comparingScans(own, other.findings);
  const marks = new Map<number, Difference>();
  const notes = new Map<number, string>();
  for (const at of fixed) marks.set(positions[at]!, 'fixed');
  for (const [at, later] of stays) {
    marks.set(positions[at]!, 'stays');
    const becomes = otherVersion(other.findings[later]!, own[at]!);
    if (becomes !== undefined) notes.set(positions[at]!, `becomes ${becomes}`);
  }
  return { title: titleOf(title, report, other), marks, notes, others: { ...pick(other, added), difference: 'new' } };
}

/** What could not be read of a report seems to be new or fixed. */
function titleOf(title: string, ...compared: readonly Findings[]): string {
  return compared.some(({ isPartial }) => isPartial) ? `${title}, though not all of the reports could be read` : title;
}

function pick({ findings, image }: Findings, positions: readonly number[]): Findings {
  return { image, findings: positions.map((position) => findings[position]!) };
}

function otherVersion(other: ScanFinding, { installedVersion }: ScanFinding): string | undefined {
  return other.installedVersion === installedVersion ? undefined : other.installedVersion;
}

/** Numbers by severity, for the page. */
export function comparisonView({ title, marks, others }: Comparison, { findings }: Findings): ComparisonView {
  const parts = differences.map((difference) => {
    const own = [...marks].filter(([, mark]) => mark === difference).map(([position]) => findings[position]!);
    const all = others.difference === difference ? [...own, ...others.findings] : own;
    return { difference, total: all.length, counts: countBySeverity(all) };
  });
  return { title, parts };
}
