import { type ScanFinding, type ScanReport, type Severity, severities } from '../scan/report.ts';
import type { BaseShare, FindingCounts, InstructionShare } from './attribute.ts';
import { describeLines, formatBytes, shortName } from './describe.ts';

/** `3 critical, 12 high (9 fixable) · 48 MB`: what an instruction brought, for one quiet line; empty for nothing. */
export function summaryLine({ counts, size }: Pick<InstructionShare, 'counts' | 'size'>): string {
  const parts = [countsText(counts), size === undefined || size === 0 ? '' : formatBytes(size)];
  return parts.filter((part) => part !== '').join(' · ');
}

/** The two worst severities that occur, critical and high before all: `3 critical, 12 high (9 fixable)`. */
export function countsText(counts: FindingCounts): string {
  const present = severities.filter((severity) => counts.bySeverity[severity] > 0);
  const worst = present.filter((severity) => severity === 'critical' || severity === 'high');
  const shown = worst.length > 0 ? worst : present.slice(0, 2);
  if (shown.length === 0) return '';
  const fixable = shown.reduce((sum, severity) => sum + counts.fixableBySeverity[severity], 0);
  const text = shown.map((severity) => `${counts.bySeverity[severity]} ${severityWords[severity]}`).join(', ');
  return fixable === 0 ? text : `${text} (${fixable} fixable)`;
}

const severityWords: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  unknown: 'of unknown severity',
};

/** `98 of 120 come from the base image debian:12 (line 1)`. */
export function baseLine({ name, from, counts }: BaseShare, all: FindingCounts): string {
  const image = name === '' ? 'the base image' : `the base image ${shortName(name)}`;
  const verb = counts.total === 1 ? 'comes' : 'come';
  return `${counts.total} of ${all.total} ${verb} from ${image} (${describeLines([from.lines])})`;
}

/** One finding in a short list. All texts are foreign: they must be shown as text, never as markup. */
export interface TopFinding {
  readonly id: string;
  readonly severity: Severity;
  /** The package, or the file of a secret. */
  readonly name: string;
  readonly installedVersion?: string;
  readonly fixedVersion?: string;
  /** `https:` */
  readonly url?: string;
  /** How often the same id occurs with the same package. */
  readonly count: number;
}

/** The worst findings of a share, each package and id once. */
export function topFindings(share: InstructionShare, report: ScanReport, most = 5): TopFinding[] {
  const found = new Map<string, TopFinding>();
  for (const index of share.findings) {
    const finding = report.findings[index]!;
    const name = nameOf(finding);
    const key = `${finding.id}\n${name}`;
    const known = found.get(key);
    if (known) found.set(key, { ...known, count: known.count + 1 });
    else if (found.size < most) {
      found.set(key, {
        id: shortName(finding.id),
        severity: finding.severity,
        name: shortName(name),
        ...(finding.installedVersion === undefined ? {} : { installedVersion: shortName(finding.installedVersion) }),
        ...(finding.fixedVersion === undefined ? {} : { fixedVersion: shortName(finding.fixedVersion) }),
        ...(finding.url === undefined ? {} : { url: finding.url }),
        count: 1,
      });
    }
  }
  return [...found.values()];
}

function nameOf(finding: ScanFinding): string {
  return finding.package ?? finding.path ?? finding.target;
}
