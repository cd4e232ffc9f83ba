import type * as vscode from 'vscode';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import type { AttributedScan, AttributedScans } from '../attributedScans.ts';
import type { ScanStore } from '../scanStore.ts';
import { type ScanLine, scanLines } from './scanLines.ts';

/** The newest scan of a document, at the lines of its text as it is now. */
export interface DocumentScan {
  readonly scan: AttributedScan;
  readonly lines: readonly ScanLine[];
}

/** Ties open Dockerfiles to what is known of their images. */
export class DocumentLines {
  readonly #store: ScanStore;
  readonly #scans: AttributedScans;
  /** Per document its last answer: lenses, hovers and diagnostics ask for the same. */
  readonly #cached = new WeakMap<vscode.TextDocument, { version: number; of: AttributedScan; answer: DocumentScan }>();

  constructor(store: ScanStore, scans: AttributedScans) {
    this.#store = store;
    this.#scans = scans;
  }

  /** Undefined without a scan of an image that was built from this file. */
  async get(document: vscode.TextDocument): Promise<DocumentScan | undefined> {
    if (document.uri.scheme !== 'file') return undefined;
    const record = this.#store.ofDockerfile(document.uri.fsPath);
    const scan = record && (await this.#scans.get(record));
    if (!scan?.attribution?.match.matches || !scan.built) return undefined;
    const { version } = document;
    const known = this.#cached.get(document);
    if (known?.version === version && known.of === scan) return known.answer;
    const answer = { scan, lines: scanLines(scan.attribution, scan.built, buildModel(document.getText())) };
    this.#cached.set(document, { version, of: scan, answer });
    return answer;
  }
}
