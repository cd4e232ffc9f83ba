import type { Finding, Problem, Severity } from '../lint/finding.ts';
import type { Range } from '../text/range.ts';
import { count, type FileReport, positionsOf, type Reporter, type ReportOptions } from './fileReport.ts';

/** For people: each finding with its place, the line it is in, and what can be done. */
export const reportText: Reporter = (files, options) => {
  const parts = files.flatMap((file) => entries(file, options));
  return `${[...parts, summary(files, options)].join('\n\n')}\n`;
};

function entries(file: FileReport, options: ReportOptions): string[] {
  const all: { item: Finding | Problem; start: number }[] = [...file.problems, ...file.findings].map((item) => ({
    item,
    start: item.range?.start ?? -1,
  }));
  return all.sort((a, b) => a.start - b.start).map(({ item }) => entry(file, item, options));
}

function entry(file: FileReport, item: Finding | Problem, { style }: ReportOptions): string {
  const place = item.range && positionsOf(file, item.range).start;
  const where = place ? `${file.path}:${place.line + 1}:${place.character + 1}` : file.path;
  const name = 'rule' in item ? item.rule : item.kind;
  const lines = [
    `${style('path', where)} ${style(item.severity, item.severity)} ${item.message} ${style('faint', `[${name}]`)}`,
  ];
  if (item.range) lines.push(...excerpt(file, item.range, item.severity, style));
  if ('rule' in item) {
    for (const fix of item.fixes) {
      const sign = fix.safety === 'safe' ? 'fix' : 'suggestion';
      lines.push(`  ${style('strong', sign)}: ${fix.title}`);
    }
    if (item.withheld) lines.push(`  ${style('faint', item.withheld)}`);
  }
  return lines.join('\n');
}

const widest = 160;

/** The line with a mark below the range; only the first line of a range of several, and only the part around it. */
function excerpt(file: FileReport, range: Range, severity: Severity, style: ReportOptions['style']): string[] {
  const { text, lines } = file;
  if (text === undefined || !lines) return [];
  const line = lines.lineAt(range.start);
  const lineStart = lines.lineStart(line);
  const lineEnd = lines.lineEnd(line);
  const from = Math.max(lineStart, range.start - lineStart > widest - 40 ? range.start - 40 : lineStart);
  const to = Math.min(lineEnd, from + widest);
  const shown = printable(text.slice(from, to));
  const marked = Math.max(1, Math.min(range.end, to) - range.start);
  const number = String(line + 1).padStart(4);
  const blank = ' '.repeat(number.length);
  const mark = ' '.repeat(range.start - from) + '~'.repeat(marked);
  return [`${style('faint', `${number} |`)} ${shown}`, `${style('faint', `${blank} |`)} ${style(severity, mark)}`];
}

/** One column per UTF-16 unit, and nothing that a terminal would act on. */
function printable(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, '·');
}

function summary(files: readonly FileReport[], { style }: ReportOptions): string {
  const findings = files.flatMap((file) => file.findings);
  const problems = files.reduce((sum, file) => sum + file.problems.length, 0);
  const fixable = findings.filter((finding) => finding.fixes.some((fix) => fix.safety === 'safe')).length;
  const parts = [`${count(findings.length, 'finding')} in ${count(files.length, 'file')}`];
  if (problems > 0) parts.push(count(problems, 'problem'));
  if (fixable > 0) parts.push(`plimsoll fix repairs ${fixable} of them without changing what the image does`);
  return style(findings.length + problems > 0 ? 'strong' : 'faint', parts.join('; '));
}
