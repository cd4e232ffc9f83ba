import * as vscode from 'vscode';
import { countsOf, partOf, type TopFinding, topFindings } from '../../../server/src/attribution/index.ts';
import { plural, withoutIcons } from '../text.ts';
import type { DocumentLines, DocumentScan } from './documentLines.ts';
import type { SizeLenses } from './sizeLenses.ts';
import { lineText, type ScanLine, shareRemarks, sizeTexts, wasteRemarks } from './scanLines.ts';

/** What a click on a summary hands to the command that shows it in the panel. */
export interface LineTarget {
  readonly key: string;
  readonly share: number;
}

/** One quiet line above each instruction that brought findings or bytes into the image. */
export class LineLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #lines: DocumentLines;
  readonly #sizes: SizeLenses;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(lines: DocumentLines, sizes: SizeLenses, onDidChangeScans: vscode.Event<unknown>) {
    this.#lines = lines;
    this.#sizes = sizes;
    const refresh = () => this.#changed.fire();
    this.#disposables = [
      this.#changed,
      onDidChangeScans(refresh),
      sizes.onDidChangeCodeLenses(refresh),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('plimsoll.scan.lineSummary') && refresh(),
      ),
      vscode.languages.registerCodeLensProvider({ language: 'dockerfile' }, this),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration('plimsoll', document).get('scan.lineSummary', true)) return [];
    const found = await this.#lines.get(document);
    if (!found) return [];
    const withSize = !this.#sizes.has(document.uri);
    return found.lines.flatMap((line) => lensesOf(line, found, withSize));
  }
}

function lensesOf(line: ScanLine, found: DocumentScan, withSize: boolean): vscode.CodeLens[] {
  const { scan } = found;
  const range = new vscode.Range(line.line, 0, line.line, 0);
  const target: LineTarget = { key: scan.record.key, share: line.index };
  const { share } = line;
  const secrets = share.findings.filter((at) => scan.report.findings[at]!.kind === 'secret').length;
  // Secrets alone are told as what they are, not by severity once more.
  const told =
    secrets > 0 && secrets === share.counts.total ? { ...line, share: { ...share, counts: countsOf([]) } } : line;
  const text =
    share.kind === 'base' ? baseText(line, found, withSize) : lineText(told, { withSize, waste: scan.waste });
  const title = [...(secrets > 0 ? [plural(secrets, 'secret')] : []), text].filter((part) => part !== '').join(' · ');
  if (title === '') return [];
  const lenses = [
    new vscode.CodeLens(range, {
      title: withoutIcons(title),
      tooltip: withoutIcons(tooltip(line, found)),
      command: 'plimsoll.showLineInPanel',
      arguments: [target],
    }),
  ];
  if (line.isChanged) {
    lenses.push(
      new vscode.CodeLens(range, {
        title: 'Build and scan again',
        tooltip: 'Build this Dockerfile and scan the image again',
        // Also where the scan was of an image that was picked: what is to be seen is the Dockerfile as it is now.
        command: 'plimsoll.scanImage',
        arguments: [{ kind: 'build', dockerfile: scan.record.dockerfile }],
      }),
    );
  }
  const [first] = scan.changes;
  if (first && first.share === line.index && !line.isChanged) {
    lenses.push(
      new vscode.CodeLens(range, {
        title: `$(arrow-small-right) Change first: ${withoutIcons(first.title)}`,
        tooltip: withoutIcons(first.detail),
        command: 'plimsoll.changeFirst',
        arguments: [scan.record.key],
      }),
    );
  }
  return lenses;
}

function baseText({ index, share, isChanged }: ScanLine, { scan }: DocumentScan, withSize: boolean): string {
  const { attribution } = scan;
  if (!attribution || (share.counts.total === 0 && share.size === undefined)) return '';
  return [
    ...(share.counts.total > 0 ? [`${partOf(share.counts, attribution.counts)} from the base image`] : []),
    ...(share.size && withSize ? sizeTexts(share.size, scan.waste?.[index]) : []),
    ...(isChanged ? ['changed since the scan'] : []),
  ].join(' · ');
}

function tooltip({ index, share }: ScanLine, { scan }: DocumentScan): string {
  const top = topFindings(share, scan.report).map(topText);
  const more = share.counts.total - top.length;
  return [
    ...top,
    ...(more > 0 && top.length > 0 ? [`and ${more.toLocaleString('en-US')} more`] : []),
    ...shareRemarks(share),
    ...wasteRemarks(scan.waste?.[index]),
    'Click to show them in the panel.',
  ].join('\n');
}

/** `critical CVE-2024-1 in openssl 1.1.1d, fixed in 1.1.1n` */
export function topText({ id, severity, name, installedVersion, fixedVersion, count }: TopFinding): string {
  const installed = installedVersion === undefined ? '' : ` ${installedVersion}`;
  const fixed = fixedVersion ? `, fixed in ${fixedVersion}` : '';
  return `${severity} ${id} in ${name}${installed}${fixed}${count > 1 ? ` (${count} times)` : ''}`;
}
