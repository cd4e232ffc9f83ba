import * as vscode from 'vscode';
import type { Attribution } from '../../../server/src/attribution/index.ts';
import { buildModel, type Dockerfile } from '../../../server/src/model/dockerfile.ts';
import { formatBytes } from '../text.ts';
import { scanLines } from './scanLines.ts';

/** What an engine tells of the image of a Dockerfile, tied to its lines; without findings. */
export interface MeasuredImage {
  /** As the user knows it. */
  readonly name: string;
  readonly built: Dockerfile;
  readonly attribution: Attribution;
}

/** Sizes of layers above the lines that made them, for files where they were asked for. */
export class SizeLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #images = new Map<string, MeasuredImage>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #registration: vscode.Disposable;
  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor() {
    this.#registration = vscode.languages.registerCodeLensProvider({ language: 'dockerfile' }, this);
  }

  dispose(): void {
    vscode.Disposable.from(this.#registration, this.#changed).dispose();
  }

  show(dockerfile: vscode.Uri, image: MeasuredImage): void {
    this.#images.set(dockerfile.toString(), image);
    this.#changed.fire();
  }

  hide(dockerfile: vscode.Uri): void {
    if (this.#images.delete(dockerfile.toString())) this.#changed.fire();
  }

  /** Whether sizes are shown in a file, so that nobody else has to. */
  has(dockerfile: vscode.Uri): boolean {
    return this.#images.has(dockerfile.toString());
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const image = this.#images.get(document.uri.toString());
    if (!image) return [];
    const { attribution, built, name } = image;
    const total = attribution.layers.reduce((sum, { size = 0 }) => sum + size, 0);
    const lenses = scanLines(attribution, built, buildModel(document.getText())).flatMap(
      ({ line, share, isChanged }) => {
        if (share.size === undefined) return [];
        const part = total > 0 ? ` · ${percent(share.size / total)} of the image` : '';
        const what = share.kind === 'base' ? 'Base image ' : '';
        const changed = isChanged ? ' · changed since' : '';
        return [lens(line, `$(archive) ${what}${formatBytes(share.size)}${part}${changed}`, document.uri, name)];
      },
    );
    const [first] = lenses;
    if (first) lenses.push(lens(first.range.start.line, 'Hide layer sizes', document.uri, name));
    return lenses;
  }
}

function lens(line: number, title: string, uri: vscode.Uri, image: string): vscode.CodeLens {
  const range = new vscode.Range(line, 0, line, 0);
  const tooltip = `Uncompressed, of ${image}. Click to hide all sizes.`;
  return new vscode.CodeLens(range, { title, tooltip, command: 'plimsoll.hideLayerSizes', arguments: [uri] });
}

function percent(part: number): string {
  return part > 0 && part < 0.01 ? 'less than 1 %' : `${Math.round(part * 100)} %`;
}
