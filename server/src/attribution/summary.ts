import {
  countBySeverity,
  isFixable,
  type ScanFinding,
  type ScanReport,
  type Severity,
  severities,
} from '../scan/report.ts';
import type { Attribution, BaseShare, FindingCounts, InstructionShare } from './attribute.ts';
import { describeLines, formatBytes } from './describe.ts';

/** Longest file or package name that a hover or a terminal line shows whole. */
const longestName = 80;

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
  const image = name === '' ? 'the base image' : `the base image ${shortened(name)}`;
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
        id: shortened(finding.id),
        severity: finding.severity,
        name: shortened(name),
        ...(finding.installedVersion === undefined ? {} : { installedVersion: shortened(finding.installedVersion) }),
        ...(finding.fixedVersion === undefined ? {} : { fixedVersion: shortened(finding.fixedVersion) }),
        ...(finding.url === undefined ? {} : { url: finding.url }),
        count: 1,
      });
    }
  }
  return [...found.values()];
}

/** The edit that removes most, in words. */
export interface Advice {
  readonly share: InstructionShare;
  /** How many findings it is expected to remove: secrets, or vulnerabilities that have a fix. */
  readonly removes: number;
  readonly text: string;
}

/** What to change, the change that removes most first; only what can be repaired counts, the worse the more. */
export function advise(attribution: Attribution, report: ScanReport): Advice[] {
  const weighed = attribution.shares.flatMap((share) => {
    const findings = share.findings.map((index) => report.findings[index]!);
    const secrets = findings.filter(({ kind }) => kind === 'secret');
    const fixable = findings.filter(isFixable);
    return [
      { weight: weightOf(secrets), advice: adviceOnSecrets(share, secrets) },
      { weight: weightOf(fixable), advice: adviceOnPackages(share, attribution, fixable) },
    ];
  });
  weighed.sort((a, b) => b.weight - a.weight);
  return weighed.flatMap(({ advice }) => advice);
}

function adviceOnSecrets(share: InstructionShare, secrets: readonly ScanFinding[]): Advice[] {
  const removes = secrets.length;
  if (removes === 0) return [];
  const what = removes === 1 ? '1 secret is' : `${removes} secrets are`;
  const how =
    share.kind === 'base'
      ? 'take another base image'
      : 'keep it out of the build context, or mount it with RUN --mount=type=secret; deleting it later is not enough';
  return [{ share, removes, text: `${whereOf(share)}: ${what} in the layer; ${how}.` }];
}

function whereOf(share: InstructionShare): string {
  const lines = describeLines(share.instructions.map((each) => each.lines));
  return `${lines[0]!.toUpperCase()}${lines.slice(1)}`;
}

function adviceOnPackages(share: InstructionShare, { base }: Attribution, fixable: readonly ScanFinding[]): Advice[] {
  const system = fixable.filter((finding) => finding.class === 'os-pkgs').length;
  const removes = fixable.length;
  if (removes === 0) return [];
  const advice = (text: string): Advice[] => [{ share, removes, text: `${whereOf(share)}: ${text}` }];
  const have = `${removes} ${removes === 1 ? 'has' : 'have'} a fix`;
  switch (share.kind) {
    case 'base': {
      const image = base?.name ? shortened(base.name) : 'the base image';
      return advice(`${have}; pull ${image} again for its newest build, or name a newer tag.`);
    }
    case 'onbuild':
      return advice(`${have}, and the base image's ONBUILD triggers bring them; take a newer base image.`);
    case 'copied': {
      const from = share.copiedFrom;
      const place = from && (from.isStage ? `stage ${from.name}` : `the image ${shortened(from.name)}`);
      const made = from?.lines ? ` (${describeLines([from.lines])})` : '';
      return advice(`${have}; upgrade where the files come from${place ? `, ${place}${made}` : ''}.`);
    }
    case 'own':
      return system >= removes - system
        ? advice(`${have}; upgrade the packages installed here.`)
        : advice(`${have}; raise the versions in the manifests used here.`);
  }
}

const weights: Readonly<Record<Severity, number>> = { critical: 1000, high: 100, medium: 10, low: 1, unknown: 1 };

function weightOf(findings: readonly ScanFinding[]): number {
  const counts = countBySeverity(findings);
  return severities.reduce((sum, severity) => sum + weights[severity] * counts[severity], 0);
}

function nameOf(finding: ScanFinding): string {
  return finding.package ?? finding.path ?? finding.target;
}

function shortened(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text;
}
