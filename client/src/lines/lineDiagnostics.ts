import * as vscode from 'vscode';
import { summaryLine, topFindings } from '../../../server/src/attribution/index.ts';
import { isDockerfile } from '../languageClient.ts';
import { plural } from '../text.ts';
import type { DocumentLines, DocumentScan } from './documentLines.ts';
import { topText } from './lineLenses.ts';
import type { ScanLine } from './scanLines.ts';

const delayMs = 300;

/** On request, what a scan found as problems: one for each instruction, however much it brought. */
export class LineDiagnostics implements vscode.Disposable {
  readonly #lines: DocumentLines;
  readonly #collection = vscode.languages.createDiagnosticCollection('plimsoll-scan');
  readonly #disposables: vscode.Disposable[];
  readonly #timers = new Map<vscode.TextDocument, ReturnType<typeof setTimeout>>();

  constructor(lines: DocumentLines, onDidChangeScans: vscode.Event<unknown>) {
    this.#lines = lines;
    const all = () => vscode.workspace.textDocuments.forEach((document) => this.#schedule(document));
    this.#disposables = [
      this.#collection,
      onDidChangeScans(all),
      vscode.workspace.onDidOpenTextDocument((document) => this.#schedule(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#collection.delete(document.uri)),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('plimsoll.scan.problems') && all(),
      ),
    ];
    all();
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  #schedule(document: vscode.TextDocument): void {
    if (!isDockerfile(document)) return;
    clearTimeout(this.#timers.get(document));
    this.#timers.set(
      document,
      setTimeout(() => {
        this.#timers.delete(document);
        void this.#update(document);
      }, delayMs),
    );
  }

  async #update(document: vscode.TextDocument): Promise<void> {
    const wanted = vscode.workspace.getConfiguration('plimsoll', document).get('scan.problems', false);
    const { version } = document;
    const found = wanted && !document.isClosed ? await this.#lines.get(document) : undefined;
    if (document.isClosed || document.version !== version) return;
    const problems = found?.lines
      // What was edited may be repaired: the next scan tells.
      .filter(({ share, isChanged }) => share.counts.total > 0 && !isChanged)
      .map((line) => diagnostic(document, line, found));
    this.#collection.set(document.uri, problems ?? []);
  }
}

function diagnostic(document: vscode.TextDocument, { share, keyword }: ScanLine, { scan }: DocumentScan) {
  const { bySeverity, total } = share.counts;
  const [worst] = topFindings(share, scan.report, 1);
  const subject = share.kind === 'base' ? 'the base image' : 'this instruction';
  const problem = new vscode.Diagnostic(
    new vscode.Range(document.positionAt(keyword.start), document.positionAt(keyword.end)),
    `${plural(total, 'finding')} in what ${subject} brings: ${summaryLine(share)}.${worst ? ` The worst is ${topText(worst)}.` : ''}`,
    bySeverity.critical + bySeverity.high > 0
      ? vscode.DiagnosticSeverity.Warning
      : vscode.DiagnosticSeverity.Information,
  );
  problem.source = 'trivy';
  if (worst) {
    const target = worst.url === undefined ? undefined : vscode.Uri.parse(worst.url);
    problem.code = target ? { value: worst.id, target } : worst.id;
  }
  return problem;
}
