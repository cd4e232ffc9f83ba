import { isFixable, type ScanFinding, type ScanReport } from '../../../server/src/scan/report.ts';
import { type FindingsTable, statusOf, subjectOf } from './findings.ts';
import type { FindingDetails, Header } from './messages.ts';

const maxLinks = 30;

/** Addresses of a finding that may be opened, the main one first. */
export function linksOf(finding: ScanFinding): string[] {
  const links = [finding.url, ...finding.references].filter((link) => link !== undefined && isHttps(link));
  return [...new Set(links as string[])].slice(0, maxLinks);
}

function isHttps(link: string): boolean {
  try {
    return new URL(link).protocol === 'https:';
  } catch {
    return false;
  }
}

export function describeFinding(table: FindingsTable, position: number): FindingDetails | undefined {
  const finding = table.finding(position);
  if (!finding) return undefined;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [finding.package ? 'Package' : 'Where', subjectOf(finding)],
    ['Installed', finding.installedVersion],
    ['Fixed in', finding.kind === 'vulnerability' ? finding.fixedVersion || 'no fixed version' : undefined],
    ['Status', statusOf(finding)],
    ['CVSS', finding.cvssScore?.toFixed(1)],
    ['Found in', foundIn(finding)],
    ['File', finding.package ? finding.path : undefined],
    ['Comes from', table.shareOf(position) < 0 ? undefined : table.whereOf(position)],
    ['Layer', table.layerOf(finding)],
    ['What to do', finding.resolution],
    ['Published', finding.published?.slice(0, 10)],
  ];
  return {
    finding: position,
    heading: finding.package ? `${finding.id} in ${finding.package}` : finding.id,
    severity: finding.severity,
    title: finding.title ?? '',
    description: finding.description ?? '',
    facts: facts.flatMap(([label, value]) => (value ? [{ label, value }] : [])),
    links: linksOf(finding),
    hasLine: table.shareOf(position) >= 0,
    canIgnore: finding.kind !== 'misconfiguration',
  };
}

function foundIn({ target, type }: ScanFinding): string {
  // Targets of system packages name their distribution themselves.
  return type && !target.includes(type) ? `${target} (${type})` : target;
}

export interface HeaderFacts {
  readonly subject: string;
  readonly scannedAt: number;
  readonly trivyVersion: string;
  readonly databaseDate?: string | undefined;
  readonly dockerfile?: string | undefined;
  readonly stale: Header['stale'];
  readonly notes: readonly string[];
  readonly changes: Header['changes'];
  readonly hidden: Header['hidden'];
}

export function describeReport(report: ScanReport, facts: HeaderFacts): Header {
  const { image } = report;
  const databaseDate = Date.parse(facts.databaseDate ?? '');
  const told = report.suppressedFor ?? [];
  return {
    subject: facts.subject,
    name: image.name,
    id: image.id ?? '',
    size: image.size,
    os: image.os && `${image.os.family} ${image.os.name}`.trim(),
    endOfLife: image.os?.endOfLife ?? false,
    scannedAt: facts.scannedAt,
    trivyVersion: facts.trivyVersion,
    databaseDate: Number.isNaN(databaseDate) ? undefined : databaseDate,
    dockerfile: facts.dockerfile,
    stale: facts.stale,
    total: report.findings.length,
    fixable: report.findings.filter(isFixable).length,
    suppressed: report.suppressed - told.reduce((sum, { count }) => sum + count, 0),
    notes: facts.notes,
    changes: facts.changes,
    hidden: [...facts.hidden, ...told],
  };
}
