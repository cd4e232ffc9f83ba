import { isAbsolute, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type Attribution,
  baseLine,
  type Change,
  compareFindings,
  confidenceWords,
  copiedText,
  countsOf,
  countsText,
  describeLines,
  type InstructionShare,
  summaryLine,
} from '../attribution/index.ts';
import { exportSarif, type SarifPlace } from '../engine/index.ts';
import { version } from '../lint/version.ts';
import type { TextStyle } from '../report/index.ts';
import type { ScanFinding, ScanReport, Severity } from '../scan/report.ts';
import type { Io } from './command.ts';
import { oneLine } from './workplace.ts';

/** A scan, ready to be shown. */
export interface ScanToShow {
  readonly report: ScanReport;
  /** Undefined without a Dockerfile. */
  readonly attribution: Attribution | undefined;
  /** What to change, the change that removes most first; none without a Dockerfile. */
  readonly changes: readonly Change[];
  /** Path of the Dockerfile as given. */
  readonly dockerfile: string | undefined;
  /** All findings in the text, not only the worst. */
  readonly all: boolean;
}

export const scanReporters: Readonly<Record<'text' | 'json' | 'sarif', (scan: ScanToShow, io: Io) => string>> = {
  text: scanText,
  json: scanJson,
  sarif: scanSarif,
};

/** Findings listed at each line of the Dockerfile unless all are asked for. */
const fewest = 5;

function scanText({ report, attribution, changes, all }: ScanToShow, { style }: Io): string {
  const { image, findings } = report;
  const counts = countsOf(findings);
  const system = image.os
    ? ` (${cell(`${image.os.family} ${image.os.name}`)}${image.os.endOfLife ? ', end of life' : ''})`
    : '';
  const found = findings.length === 0 ? 'nothing found' : `${findings.length} found: ${countsText(counts)}`;
  let result = `${style('strong', cell(image.name) || 'an image without a name')}${system}, ${found}\n`;
  if (report.suppressed > 0) {
    const why = (report.suppressedFor ?? []).map(({ reason, count }) => `\n  ${count}  ${oneLine(reason, 200)}`);
    result += `${style('faint', `${report.suppressed} hidden by an ignore file${why.join('')}`)}\n`;
  }
  const order = findings.map((_, index) => index).sort((a, b) => compareFindings(findings[a]!, findings[b]!) || a - b);
  if (!attribution) {
    if (order.length === 0) return result;
    const hint = 'With --dockerfile FILE it is told which line brought what, and what to change first.';
    return `${result}\n${table(order, report, all ? Infinity : 4 * fewest, style)}\n${style('faint', hint)}\n`;
  }
  for (const note of attribution.match.notes) result += `${style('warning', oneLine(note))}\n`;
  if (attribution.base) result += `${oneLine(baseLine(attribution.base, attribution.counts))}\n`;
  const most = all ? Infinity : fewest;
  for (const share of attribution.shares) {
    if (share.findings.length === 0) continue;
    result += `\n${style('path', headOf(share))}  ${summaryLine(share)}\n${table(share.findings, report, most, style)}`;
  }
  const rest = order.filter((index) => attribution.unplaced.includes(index));
  if (rest.length > 0) {
    const words = attribution.match.matches ? 'without a line' : 'in the image';
    result += `\n${style('path', words)}  ${countsText(countsOf(rest.map((index) => findings[index]!)))}\n${table(rest, report, most, style)}`;
  }
  // At the end, where it is in sight when a long report has run through.
  if (changes.length > 0) {
    result += `\n${style('strong', 'What to change first')}\n`;
    for (const [index, change] of changes.slice(0, 3).entries()) result += changeText(change, index + 1, style);
  }
  return result;
}

function changeText({ title, detail, image, rebuild }: Change, number: number, style: Io['style']): string {
  const hints = [
    ...(image === undefined ? [] : [`To compare: plimsoll scan ${image}`]),
    ...(rebuild === undefined ? [] : [`Build with --${rebuild}, then scan again.`]),
  ];
  const lines = [...wrapped(oneLine(detail)), ...hints.map((hint) => style('faint', oneLine(hint)))];
  return `  ${number}. ${style('strong', oneLine(title))}\n${lines.map((line) => `     ${line}\n`).join('')}`;
}

/** Lines that a terminal of the usual width shows whole. */
function wrapped(text: string, width = 95): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function headOf({ instructions, kind, confidence, copiedFrom }: InstructionShare): string {
  const words = [...new Set(instructions.map(({ keyword }) => keyword))].join(' and ');
  const remarks = [
    kind === 'base' ? 'base image' : '',
    kind === 'onbuild' ? 'run by ONBUILD' : '',
    copiedFrom ? copiedText(copiedFrom) : '',
    confidenceWords[confidence],
  ].filter((remark) => remark !== '');
  const lines = describeLines(instructions.map((each) => each.lines));
  return oneLine(`${lines}, ${words}${remarks.length === 0 ? '' : ` (${remarks.join('; ')})`}`);
}

function table(indexes: readonly number[], report: ScanReport, most: number, style: Io['style']): string {
  const shown = indexes.slice(0, most).map((index) => report.findings[index]!);
  const rows = shown.map(
    (finding) => [finding.severity, cell(finding.id), nameOf(finding), versionsOf(finding)] as const,
  );
  const widths = [0, 1, 2].map((column) =>
    rows.reduce((width, row) => Math.min(60, Math.max(width, row[column]!.length)), 0),
  );
  const lines = rows.map(([severity, ...cells]) => {
    const padded = cells.map((cell, index) => (index < 2 ? cell.padEnd(widths[index + 1]!) : cell));
    return `  ${style(styles[severity], severity.padEnd(widths[0]!))}  ${padded.join('  ')}`.trimEnd();
  });
  const more = indexes.length - shown.length;
  if (more > 0) lines.push(`  ${style('faint', `and ${more} more`)}`);
  return `${lines.join('\n')}\n`;
}

const styles: Readonly<Record<Severity, TextStyle>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'info',
  unknown: 'faint',
};

function nameOf(finding: ScanFinding): string {
  return cell(finding.package ?? finding.path ?? finding.target);
}

function versionsOf({ kind, installedVersion = '', fixedVersion, title = '' }: ScanFinding): string {
  if (kind !== 'vulnerability') return cell(title);
  return cell(fixedVersion ? `${installedVersion} → ${fixedVersion}` : installedVersion);
}

/** A cell of a table. */
function cell(text: string): string {
  return oneLine(text, 200);
}

function scanJson({ report, attribution, changes, dockerfile }: ScanToShow): string {
  const { image } = report;
  const shares = attribution?.shares.map(({ instructions, findings, ...share }) => ({
    lines: instructions.map((each) => each.lines),
    stage: instructions[0]!.stage,
    ...share,
    findings,
  }));
  const findings = report.findings.map((whole, index) => {
    const { description: _description, references: _references, kind: category, ...rest } = whole;
    // "kind" is the origin's, as it is in what `layers` writes.
    const finding = { category, ...rest };
    const origin = attribution?.findings[index];
    if (!origin) return finding;
    const { instructions, kind, confidence, layer, copiedFrom } = origin;
    const lines = instructions.map((each) => each.lines);
    return {
      ...finding,
      layer: layer ?? null,
      lines,
      kind: kind ?? null,
      confidence,
      ...(copiedFrom ? { copiedFrom } : {}),
    };
  });
  const value = {
    image: { name: image.name, id: image.id, tags: image.tags, os: image.os, size: image.size },
    counts: countsOf(report.findings),
    suppressed: report.suppressed,
    ...(attribution
      ? {
          dockerfile,
          dockerfileMatches: attribution.match.matches,
          quality: attribution.match.quality,
          notes: attribution.match.notes,
          base: attribution.base ? { ...attribution.base, from: attribution.base.from.lines } : null,
          instructions: shares,
          unplaced: attribution.unplaced,
          advice: changes.map(({ share, ...change }) => ({
            lines: attribution.shares[share]!.instructions.map((each) => each.lines),
            ...change,
          })),
        }
      : {}),
    findings,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Code scanning refuses a file with more results. */
const mostResults = 25_000;

function scanSarif({ report, attribution, dockerfile }: ScanToShow, { cwd, writeError }: Io): string {
  const { length } = report.findings;
  if (length > mostResults) {
    writeError(
      `plimsoll: Code scanning takes 25,000 results; of ${length.toLocaleString('en-US')} findings the worst are written.\n`,
    );
  }
  const created = report.created === undefined ? undefined : new Date(report.created);
  const placeOf = (index: number): SarifPlace | undefined => {
    if (!attribution || dockerfile === undefined) return undefined;
    const lines = attribution.findings[index]!.instructions.map((each) => each.lines);
    // The last of several instructions has had the last word on a file.
    return { uri: uriOf(dockerfile, cwd), lines: lines.toReversed() };
  };
  return exportSarif(report, {
    version,
    scannedAt: created ?? new Date(),
    ...(report.trivyVersion === undefined ? {} : { trivyVersion: report.trivyVersion }),
    ...(attribution ? { placeOf } : {}),
    most: mostResults,
  });
}

/** Relative to where the command runs, which usually is the root of the checkout; a file elsewhere by its address. */
function uriOf(path: string, cwd: string): string {
  const file = resolve(cwd, path);
  const below = relative(cwd, file);
  if (isAbsolute(below) || /^\.\.(?:[\\/]|$)/.test(below)) return pathToFileURL(file).href;
  return below.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
}
