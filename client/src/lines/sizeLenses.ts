import * as vscode from 'vscode';
import { type Attribution, type LayerWaste, wasteOfShares } from '../../../server/src/attribution/index.ts';
import { buildModel, type Dockerfile } from '../../../server/src/model/dockerfile.ts';
import { formatBytes, withoutIcons } from '../text.ts';
import { scanLines, sizeTexts, wasteRemarks } from './scanLines.ts';

/** What an engine tells of the image of a Dockerfile, tied to its lines; without findings. */
export interface MeasuredImage {
  /** As the user knows it. */
  readonly name: string;
  readonly built: Dockerfile;
  readonly attribution: Attribution;
  /** What the engine knows it by. */
  readonly reference: string;
  /** What later layers waste of each, once it was looked for. */
  readonly waste?: readonly LayerWaste[];
}

/** Uncompressed bytes of all layers. */
export function totalSize({ attribution }: MeasuredImage): number {
  return attribution.layers.reduce((sum, { size = 0 }) => sum + size, 0);
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

  get(dockerfile: vscode.Uri): MeasuredImage | undefined {
    return this.#images.get(dockerfile.toString());
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
    const { attribution, built, name, waste } = image;
    const total = totalSize(image);
    const wasted = waste && wasteOfShares(attribution, waste);
    const hide = { command: 'plimsoll.hideLayerSizes', arguments: [document.uri] };
    const lenses = scanLines(attribution, built, buildModel(document.getText())).flatMap(
      ({ index, line, share, isChanged }) => {
        if (share.size === undefined) return [];
        const [, waste = ''] = sizeTexts(share.size, wasted?.[index]);
        const texts = [
          `${share.kind === 'base' ? 'Base image ' : ''}${formatBytes(share.size)}`,
          ...(total > 0 ? [`${percent(share.size / total)} of the image`] : []),
          ...(waste === '' ? [] : [waste]),
          ...(isChanged ? ['changed since'] : []),
        ];
        const tooltip = [`Uncompressed, of ${name}. Click to hide all sizes.`, ...wasteRemarks(wasted?.[index])].join(
          '\n',
        );
        return [lens(line, `$(archive) ${texts.join(' · ')}`, { ...hide, tooltip: withoutIcons(tooltip) })];
      },
    );
    const [first] = lenses;
    if (!first) return [];
    const { line } = first.range.start;
    lenses.push(lens(line, 'Hide layer sizes', hide));
    if (!waste) {
      lenses.push(
        lens(line, `Find wasted bytes (reads the image, ${formatBytes(total)})`, {
          tooltip: 'Look which files later lines remove or replace: they are in the image all the same.',
          command: 'plimsoll.findWastedBytes',
          arguments: [document.uri],
        }),
      );
    }
    return lenses;
  }
}

function lens(line: number, title: string, command: Omit<vscode.Command, 'title'>): vscode.CodeLens {
  return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), { title, ...command });
}

function percent(part: number): string {
  return part > 0 && part < 0.01 ? 'less than 1 %' : `${Math.round(part * 100)} %`;
}
