import { countBySeverity, isFixable, type ScanFinding, type ScanReport, severities } from '../scan/report.ts';

export interface MarkdownOptions {
  /** When the scan was made. */
  readonly scannedAt: Date;
  readonly trivyVersion?: string;
  /** ISO 8601. */
  readonly databaseUpdatedAt?: string;
  /** Rows of the table; the rest is counted. */
  readonly maximumRows?: number;
}

/** A summary of a scan to paste into an issue or a pull request: facts and a table, worst first. */
export function exportMarkdown(report: ScanReport, options: MarkdownOptions): string {
  const { image, findings, suppressed } = report;
  const counts = countBySeverity(findings);
  const counted = severities
    .filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity}`);
  const fixable = findings.filter(isFixable).length;
  const lines = [`## Scan of ${code(image.name)}`, ''];
  if (image.id !== undefined) lines.push(`- Image: ${code(image.id)}`);
  if (image.os !== undefined) {
    const { family, name, endOfLife } = image.os;
    lines.push(`- System: ${text(`${family} ${name}`.trim())}${endOfLife ? ', **past its end of support**' : ''}`);
  }
  lines.push(`- Scanned: ${options.scannedAt.toISOString()}${tool(options)}`);
  lines.push(
    `- Found: ${counted.length === 0 ? 'nothing' : `${counted.join(', ')} (${fixable} with a fixed version)`}`,
  );
  if (suppressed > 0) lines.push(`- Hidden by ignore rules: ${suppressed}`);
  if (findings.length === 0) return `${lines.join('\n')}\n`;

  const rows = [...findings].sort(worstFirst);
  const shown = rows.slice(0, options.maximumRows ?? 200);
  lines.push('', '| Severity | Id | Package | Installed | Fixed in | Where |', '| --- | --- | --- | --- | --- | --- |');
  for (const finding of shown) lines.push(row(finding));
  if (rows.length > shown.length) lines.push('', `… and ${rows.length - shown.length} more.`);
  return `${lines.join('\n')}\n`;
}

function worstFirst(a: ScanFinding, b: ScanFinding): number {
  return (
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.package ?? '').localeCompare(b.package ?? '') ||
    a.id.localeCompare(b.id)
  );
}

function row(finding: ScanFinding): string {
  const id =
    finding.url === undefined
      ? text(finding.id)
      : `[${text(finding.id)}](<${finding.url.replace(/[<>|]/g, encodeURIComponent)}>)`;
  const place = finding.path ?? finding.target;
  const cells = [
    finding.severity,
    id,
    text(finding.package ?? finding.title ?? ''),
    text(finding.installedVersion ?? ''),
    text(finding.fixedVersion ?? (finding.status ?? '').replaceAll('_', ' ')),
    text(finding.line === undefined ? place : `${place}:${finding.line}`),
  ];
  return `| ${cells.join(' | ')} |`;
}

function tool({ trivyVersion, databaseUpdatedAt }: MarkdownOptions): string {
  if (trivyVersion === undefined) return '';
  const database = databaseUpdatedAt === undefined ? '' : `, database of ${databaseUpdatedAt.slice(0, 10)}`;
  return `, Trivy ${text(trivyVersion)}${database}`;
}

/** Foreign text must stay text: no links, images, HTML or mentions come out of a package's name. */
function text(value: string): string {
  const line = value.replace(/\s+/g, ' ').trim();
  return (line.length > 200 ? `${line.slice(0, 200)}…` : line)
    .replace(/[\\`*_{}[\]()<>#|~!&$]/g, '\\$&')
    .replace(/@|#(?=\d)|\bwww(?=\.)/gi, '$&\u200B')
    .replace(/:\/\//g, ':\u200B//');
}

function code(value: string): string {
  return `\`${value
    .replace(/[`\s|]+/g, ' ')
    .trim()
    .slice(0, 200)}\``;
}
