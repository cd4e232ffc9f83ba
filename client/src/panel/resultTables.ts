import type { ScanFinding, ScanReport } from '../../../server/src/scan/report.ts';
import type { Comparison } from './comparison.ts';
import { describeFinding } from './describe.ts';
import { FindingsTable, type Placement, type Query, type Row, type Selection } from './findings.ts';
import type { FindingDetails } from './messages.ts';

/**
 * The findings of a scan and, where it is compared, those that only the other scan has. Both are known by one row of
 * numbers: positions in the report, and behind its end those of the other scan.
 */
export class ResultTables {
  readonly own: FindingsTable;
  #others: FindingsTable | undefined;
  #comparison: Comparison | undefined;

  constructor(report: Pick<ScanReport, 'findings' | 'image'>, placement?: Placement) {
    this.own = new FindingsTable(report, placement);
  }

  get comparison(): Comparison | undefined {
    return this.#comparison;
  }

  setComparison(comparison: Comparison | undefined): void {
    this.#comparison = comparison;
    this.#others = comparison && new FindingsTable(comparison.others);
    this.own.setDifference(comparison?.marks ?? new Map(), comparison?.notes ?? new Map());
  }

  /** What a query selects, with positions as they are known here. */
  select(query: Query): Selection {
    if (!this.#isOfOthers(query)) return this.own.select(query);
    const { difference: _all, ...rest } = query;
    const { findings, counts } = this.#others!.select(rest);
    return { findings: findings.map((position) => position + this.own.size), counts };
  }

  #isOfOthers({ difference }: Query): boolean {
    return difference !== undefined && difference === this.#comparison?.others.difference;
  }

  /** The rows from `offset`, at most `count` of them. */
  rows({ findings }: Selection, offset: number, count: number): Row[] {
    return Array.from(findings.subarray(offset, offset + count), (position) => {
      const [table, at] = this.#at(position);
      return { ...table.row(at), finding: position };
    });
  }

  finding(position: number): ScanFinding | undefined {
    const [table, at] = this.#at(position);
    return table.finding(at);
  }

  /** -1 when no line is known. */
  shareOf(position: number): number {
    return position < this.own.size ? this.own.shareOf(position) : -1;
  }

  details(position: number): FindingDetails | undefined {
    const [table, at] = this.#at(position);
    const details = describeFinding(table, at);
    if (!details || table === this.own) return details;
    // It is not in the image on display: there is nothing to ignore.
    return { ...details, finding: position, canIgnore: false };
  }

  #at(position: number): readonly [FindingsTable, number] {
    const { size } = this.own;
    return position < size || !this.#others ? [this.own, position] : [this.#others, position - size];
  }
}
