import {
  countBySeverity,
  isFixable,
  type ScanFinding,
  type ScanReport,
  severities,
} from '../../../server/src/scan/report.ts';
import { formatBytes, plural } from '../text.ts';
import { statusOf, subjectOf } from './findings.ts';

/** `3 critical, 12 high, 1 low`; severities without findings are left out. */
export function countsInWords(counts: Readonly<Record<string, number>>): string {
  const parts = severities.filter((severity) => counts[severity]).map((severity) => `${counts[severity]} ${severity}`);
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/** More rows than this are no longer read, and no comment field takes them. */
const maxMarkdownRows = 1000;

/** The given findings as a Markdown table under a summary of the whole scan. */
export function toMarkdown(report: ScanReport, findings: readonly ScanFinding[], scannedAt: Date): string {
  const { image } = report;
  const facts = [
    image.id && `id \`${image.id.slice(0, 19)}\``,
    image.os && `${image.os.family} ${image.os.name}${image.os.endOfLife ? ' (end of life)' : ''}`,
    image.size !== undefined && `${formatBytes(image.size)} uncompressed`,
    `scanned ${scannedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    report.trivyVersion && `Trivy ${report.trivyVersion}`,
  ].filter(Boolean);
  const fixable = report.findings.filter(isFixable).length;
  const lines = [
    `## ${cell(image.name)}`,
    '',
    facts.join(' · '),
    '',
    `**${countsInWords(countBySeverity(report.findings))}** (${fixable} fixable)`,
  ];
  if (findings.length !== report.findings.length) lines.push('', `Showing ${plural(findings.length, 'finding')}.`);
  if (findings.length > 0) {
    lines.push(
      '',
      '| Severity | Id | Package | Installed | Fixed in | Status |',
      '| --- | --- | --- | --- | --- | --- |',
    );
    for (const finding of findings.slice(0, maxMarkdownRows)) {
      const id = finding.url ? `[${cell(finding.id)}](${linkTarget(finding.url)})` : cell(finding.id);
      const cells = [subjectOf(finding), finding.installedVersion, finding.fixedVersion, statusOf(finding)];
      lines.push(`| ${finding.severity} | ${id} | ${cells.map((text) => cell(text ?? '')).join(' | ')} |`);
    }
  }
  if (findings.length > maxMarkdownRows)
    lines.push('', `… and ${plural(findings.length - maxMarkdownRows, 'more finding')}.`);
  return `${lines.join('\n')}\n`;
}

/** Foreign text inside a Markdown table: nothing in it may become markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#~!&]/g, '\\$&');
}

/** An address without the characters that would end the link or the table's cell. */
function linkTarget(url: string): string {
  return url.replace(/[()<>|\\\s]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

const sarifLevels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', unknown: 'note' } as const;
/** What code-scanning pages sort by when a finding has no CVSS score. */
const sarifScores = { critical: '9.5', high: '8.0', medium: '5.5', low: '2.0', unknown: '0.0' } as const;

/**
 * The scan as SARIF 2.1.0.
 *
 * @param location the file that results point at: the Dockerfile, relative to its repository, or the image's name
 * @param line 1-based line in that file
 */
export function toSarif(report: ScanReport, location: string, line: number): string {
  const rules = new Map<string, { index: number; rule: object }>();
  for (const finding of report.findings) {
    if (rules.has(finding.id)) continue;
    rules.set(finding.id, { index: rules.size, rule: sarifRule(finding) });
  }
  const results = report.findings.map((finding) => ({
    ruleId: finding.id,
    ruleIndex: rules.get(finding.id)!.index,
    level: sarifLevels[finding.severity],
    message: { text: sarifMessage(finding) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: location.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: line },
        },
        message: { text: finding.path ?? finding.target },
      },
    ],
  }));
  return `${JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'Trivy',
              informationUri: 'https://trivy.dev',
              ...(report.trivyVersion && { version: report.trivyVersion }),
              rules: [...rules.values()].map(({ rule }) => rule),
            },
          },
          results,
          properties: { imageName: report.image.name, imageId: report.image.id, imageDigests: report.image.digests },
        },
      ],
    },
    undefined,
    2,
  )}\n`;
}

function sarifRule(finding: ScanFinding): object {
  return {
    id: finding.id,
    shortDescription: { text: finding.title ?? finding.id },
    ...(finding.description && { fullDescription: { text: finding.description } }),
    ...(finding.url && { helpUri: finding.url }),
    defaultConfiguration: { level: sarifLevels[finding.severity] },
    properties: {
      'security-severity': finding.cvssScore?.toFixed(1) ?? sarifScores[finding.severity],
      tags: ['security', finding.kind, finding.severity],
    },
  };
}

function sarifMessage(finding: ScanFinding): string {
  if (finding.kind !== 'vulnerability') return `${finding.title ?? finding.id} in ${subjectOf(finding)}`;
  const fix = finding.fixedVersion ? `fixed in ${finding.fixedVersion}` : statusOf(finding);
  return `${finding.package ?? finding.target} ${finding.installedVersion ?? ''}: ${finding.title ?? finding.id} (${fix})`;
}
