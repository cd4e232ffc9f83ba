import {
  isFixable,
  type ScanFinding,
  type ScanReport,
  type Severity,
  severities,
} from '../../../server/src/scan/report.ts';
import { describeLayers } from './layers.ts';

/**
 * The table of findings as the panel shows it: filtered, searched and sorted. It stays on the extension's side;
 * the webview asks for the rows it is about to draw, so a report's size matters to neither message nor page.
 */

export const columns = ['severity', 'id', 'package', 'versions', 'status', 'layer'] as const;

export type Column = (typeof columns)[number];

/** What findings can be gathered by. */
export const groupings = ['line', 'package', 'target'] as const;

export type Grouping = (typeof groupings)[number];

/** One of the groups; for lines the key is the position of the share, for the others the name. */
export interface GroupKey {
  readonly by: Grouping;
  readonly key: string;
}

export interface Group extends GroupKey {
  readonly label: string;
  readonly counts: SeverityCounts;
  readonly total: number;
  readonly fixable: number;
}

/** How findings of two scans differ: in one of them only, or in both. */
export const differences = ['new', 'fixed', 'stays'] as const;

export type Difference = (typeof differences)[number];

/** Where the findings come from: lines of the Dockerfile, when those are known. */
export interface Placement {
  /** For people: `line 4 · RUN npm ci`; empty when not known. */
  readonly label: (position: number) => string;
  /** Position of the share in `Attribution.shares`; -1 when not known. */
  readonly share: (position: number) => number;
}

export interface Query {
  /** Words that must all occur, in any case, in a finding's id, package, versions, title, target or path. */
  readonly search: string;
  /** Severities to show; the order doesn't matter. */
  readonly severities: readonly Severity[];
  readonly fixableOnly: boolean;
  readonly sort: { readonly column: Column; readonly descending: boolean };
  /** Only findings of this group. */
  readonly group?: GroupKey | undefined;
  /** Only findings that differ so from the scan compared with. */
  readonly difference?: Difference | undefined;
}

export const defaultQuery: Query = {
  search: '',
  severities,
  fixableOnly: false,
  sort: { column: 'severity', descending: false },
};

/** One line of the table. */
export interface Row {
  /** Position of the finding in the report: its name in all messages. */
  readonly finding: number;
  readonly severity: Severity;
  readonly id: string;
  /** The package, or the file for a secret or a misconfiguration. */
  readonly subject: string;
  readonly installed: string;
  readonly fixed: string;
  readonly status: string;
  readonly layer: string;
}

export type SeverityCounts = Readonly<Record<Severity, number>>;

/** What a query selects. */
export interface Selection {
  /** Positions in the report, in the order of display. */
  readonly findings: Uint32Array;
  /** Findings per severity that match everything but the severity filter: what a filter button would add. */
  readonly counts: SeverityCounts;
}

const statusTexts: Record<string, string> = {
  fixed: 'fixed',
  affected: 'no fix yet',
  not_affected: 'not affected',
  under_investigation: 'under investigation',
  will_not_fix: 'will not be fixed',
  fix_deferred: 'fix deferred',
  end_of_life: 'end of life',
  unknown: 'unknown',
};

export class FindingsTable {
  readonly #findings: readonly ScanFinding[];
  readonly #layers: ReadonlyMap<string, { readonly index: number; readonly label: string }>;
  readonly #severity: Uint8Array;
  readonly #fixable: Uint8Array;
  /** What the search looks in, made when the first search comes. */
  #haystacks: readonly string[] | undefined;
  #idPlaces: Uint32Array | undefined;
  /** Per column, each finding's place when the table is sorted by it. */
  readonly #ranks = new Map<Column, Uint32Array>();

  readonly #placement: Placement | undefined;
  #marks: ReadonlyMap<number, Difference> = new Map();
  #notes: ReadonlyMap<number, string> = new Map();

  constructor(report: Pick<ScanReport, 'findings' | 'image'>, placement?: Placement) {
    this.#findings = report.findings;
    this.#placement = placement;
    this.#layers = describeLayers(report.image);
    this.#severity = Uint8Array.from(report.findings, ({ severity }) => severities.indexOf(severity));
    this.#fixable = Uint8Array.from(report.findings, (finding) => (isFixable(finding) ? 1 : 0));
  }

  get size(): number {
    return this.#findings.length;
  }

  /** The finding at a position in the report; undefined outside it. */
  finding(position: number): ScanFinding | undefined {
    return this.#findings[position];
  }

  /**
   * Says how findings differ from those of another scan.
   *
   * @param notes a few words on some of them, `was 1.2.3`
   */
  setDifference(marks: ReadonlyMap<number, Difference>, notes: ReadonlyMap<number, string>): void {
    this.#marks = marks;
    this.#notes = notes;
  }

  layerOf(finding: ScanFinding): string {
    return (finding.layerDiffId && this.#layers.get(finding.layerDiffId)?.label) || '';
  }

  /** The line that brought it; its layer when no line is known. */
  whereOf(position: number): string {
    return this.#placement?.label(position) || this.layerOf(this.#findings[position]!);
  }

  shareOf(position: number): number {
    return this.#placement?.share(position) ?? -1;
  }

  /** The findings gathered by package or by what they were found in, the group with the worst ones first. */
  groups(by: Exclude<Grouping, 'line'>): Group[] {
    const found = new Map<string, { counts: Record<Severity, number>; total: number; fixable: number }>();
    for (const [position, finding] of this.#findings.entries()) {
      const key = this.#groupOf(by, position);
      let group = found.get(key);
      if (!group) {
        found.set(
          key,
          (group = { counts: { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 }, total: 0, fixable: 0 }),
        );
      }
      group.counts[finding.severity]++;
      group.total++;
      group.fixable += this.#fixable[position]!;
    }
    return [...found]
      .map(([key, group]) => ({ by, key, label: key, ...group }))
      .sort((a, b) => compareCounts(b.counts, a.counts) || compare(a.key, b.key));
  }

  #groupOf(by: Grouping, position: number): string {
    const finding = this.#findings[position]!;
    switch (by) {
      case 'line':
        return String(this.shareOf(position));
      case 'package':
        return subjectOf(finding);
      case 'target':
        return finding.target;
    }
  }

  select(query: Query): Selection {
    const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
    const haystacks = words.length > 0 ? this.#searchable() : [];
    const wanted = severities.map((severity) => query.severities.includes(severity));
    const perSeverity = severities.map(() => 0);
    const found = new Uint32Array(this.size);
    let length = 0;
    for (let position = 0; position < this.size; position++) {
      if (query.fixableOnly && !this.#fixable[position]) continue;
      if (query.difference && this.#marks.get(position) !== query.difference) continue;
      if (query.group && this.#groupOf(query.group.by, position) !== query.group.key) continue;
      if (!words.every((word) => haystacks[position]!.includes(word))) continue;
      const severity = this.#severity[position]!;
      perSeverity[severity]!++;
      if (wanted[severity]) found[length++] = position;
    }
    const ranks = this.#rank(query.sort.column);
    const sign = query.sort.descending ? -1 : 1;
    return {
      findings: found.slice(0, length).sort((a, b) => sign * (ranks[a]! - ranks[b]!)),
      counts: Object.fromEntries(severities.map((name, index) => [name, perSeverity[index]!])) as SeverityCounts,
    };
  }

  row(position: number): Row {
    const finding = this.#findings[position]!;
    return {
      finding: position,
      severity: finding.severity,
      id: finding.id,
      subject: subjectOf(finding),
      installed: finding.installedVersion ?? '',
      fixed: finding.fixedVersion ?? '',
      status: [statusOf(finding), this.#notes.get(position)].filter(Boolean).join(' · '),
      layer: this.whereOf(position),
    };
  }

  #searchable(): readonly string[] {
    this.#haystacks ??= this.#findings.map((finding) =>
      [
        finding.id,
        finding.package,
        finding.installedVersion,
        finding.fixedVersion,
        finding.title,
        finding.target,
        finding.path,
        statusOf(finding),
      ]
        .join('\n')
        .toLowerCase(),
    );
    return this.#haystacks;
  }

  #rank(column: Column): Uint32Array {
    const known = this.#ranks.get(column);
    if (known) return known;
    this.#idPlaces ??= placesOf(this.#findings.map(({ id }) => naturalKey(id)));
    const ids = this.#idPlaces;
    const places = placesOf(this.#findings.map((finding, position) => this.#sortKey(finding, column, position)));
    // All that counts in one number each: places are below a hundred thousand or so, the product is exact.
    const count = ids.length + 1;
    const keys = Float64Array.from(places, (place, position) => {
      // Within a severity, what can be repaired comes first.
      const group = 2 * this.#severity[position]! + (1 - this.#fixable[position]!);
      return (place * 2 * severities.length + group) * count + ids[position]!;
    });
    const order = Uint32Array.from(keys, (_, position) => position).sort((a, b) => keys[a]! - keys[b]! || a - b);
    const ranks = new Uint32Array(order.length);
    order.forEach((position, rank) => {
      ranks[position] = rank;
    });
    this.#ranks.set(column, ranks);
    return ranks;
  }

  #sortKey(finding: ScanFinding, column: Column, position: number): string {
    switch (column) {
      case 'severity':
        return String(severities.indexOf(finding.severity));
      case 'id':
        return naturalKey(finding.id);
      case 'package':
        return naturalKey(subjectOf(finding));
      case 'versions':
        // Findings without a fix go last, whatever is installed.
        return `${isFixable(finding) ? 0 : 1}${naturalKey(finding.installedVersion ?? '')}`;
      case 'status':
        return statusOf(finding);
      case 'layer': {
        const share = this.shareOf(position);
        if (share >= 0) return String(share).padStart(6, '0');
        const layer = finding.layerDiffId && this.#layers.get(finding.layerDiffId);
        return layer ? `:${String(layer.index).padStart(6, '0')}` : '~';
      }
    }
  }
}

/** Compares by the worst severity first. */
export function compareCounts(a: SeverityCounts, b: SeverityCounts): number {
  for (const severity of severities) if (a[severity] !== b[severity]) return a[severity] - b[severity];
  return 0;
}

/** What the finding is about: a package, or the file that has the secret or the fault. */
export function subjectOf(finding: ScanFinding): string {
  if (finding.package) return finding.package;
  return finding.line === undefined
    ? (finding.path ?? finding.target)
    : `${finding.path ?? finding.target}:${finding.line}`;
}

/** The status in words; what is not a vulnerability says what it is instead. */
export function statusOf(finding: ScanFinding): string {
  if (finding.kind !== 'vulnerability') return finding.kind;
  return statusTexts[finding.status ?? (isFixable(finding) ? 'fixed' : 'unknown')] ?? 'unknown';
}

/** For each text its place among the different ones, sorted. */
function placesOf(texts: readonly string[]): Uint32Array {
  const places = new Map([...new Set(texts)].sort(compare).map((text, place) => [text, place]));
  return Uint32Array.from(texts, (text) => places.get(text)!);
}

/** A text that sorts numbers inside it by value: CVE-2024-999 before CVE-2024-10000. */
function naturalKey(text: string): string {
  return text.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, '0'));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
