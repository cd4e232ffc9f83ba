import * as vscode from 'vscode';
import type { LanguageServer } from './languageClient.ts';
import { describeScanState } from './scanState.ts';
import { hashText, type ScanStore } from './scanStore.ts';

const minute = 60_000;

/** Shows above the final stage what is known of the image it makes. */
export class ScanCodeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #server: LanguageServer;
  readonly #store: ScanStore;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(server: LanguageServer, store: ScanStore) {
    this.#server = server;
    this.#store = store;
    const refresh = () => this.#changed.fire();
    // "5 min ago" grows old by itself.
    const timer = setInterval(() => this.#store.records.length > 0 && refresh(), minute);
    this.#disposables = [
      this.#changed,
      { dispose: () => clearInterval(timer) },
      server.onDidChangeState(refresh),
      store.onDidChange(refresh),
      vscode.workspace.onDidGrantWorkspaceTrust(refresh),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('plimsoll.scan.codeLens') && refresh(),
      ),
      vscode.languages.registerCodeLensProvider({ language: 'dockerfile' }, this),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    if (!vscode.workspace.getConfiguration('plimsoll', document).get('scan.codeLens', true)) return [];
    const info = await this.#server.dockerfileInfo(document.uri, token);
    const final = info?.stages.find(({ isFinal }) => isFinal);
    if (!final) return [];
    const range = new vscode.Range(final.line, 0, final.line, 0);
    const record = this.#store.get(document.uri.toString()) ?? this.#store.ofDockerfile(document.uri.fsPath);
    const lens = (title: string, command: string, tooltip: string) =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: [document.uri] });
    if (!record) {
      return [
        lens('$(shield) Never scanned: scan image', 'plimsoll.scanImage', 'Build this Dockerfile and scan the image'),
      ];
    }
    const isChanged = record.textHash !== hashText(document.getText());
    const state = describeScanState({ ...record, isChanged }, Date.now());
    return [
      lens(`$(shield) ${state}`, 'plimsoll.openLastScan', 'Show what the last scan found'),
      lens(
        isChanged ? 'Build and scan again' : 'Scan again',
        'plimsoll.rescan',
        'Build this Dockerfile and scan the image again',
      ),
    ];
  }
}
