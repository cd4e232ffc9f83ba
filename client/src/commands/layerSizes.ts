import * as vscode from 'vscode';
import { attribute, type ImageFacts, readProvenance } from '../../../server/src/attribution/index.ts';
import type { ScanFailure, ScanSource } from '../../../server/src/engine/types.ts';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import type { ScanReport } from '../../../server/src/scan/report.ts';
import { type MeasuredImage, type SizeLenses, totalSize } from '../lines/sizeLenses.ts';
import { readScanSettings } from '../settings.ts';
import { sentences, withoutLinks } from '../text.ts';
import { columnOf } from './lineCommands.ts';
import { carryOutRemedy, remedyLabels } from './remedies.ts';
import type { ScanCommand } from './scanImage.ts';
import type { Scanner } from './scanner.ts';
import { ensureTrusted } from './trust.ts';
import type { WastedBytes } from './wastedBytes.ts';

/** Bytes of an image that are read without asking: a few seconds. */
const soonRead = 2_000_000_000;

/** The command "Show Layer Sizes": what each line weighs, from the engine alone. */
export class LayerSizes {
  readonly #scan: ScanCommand;
  readonly #scanner: Scanner;
  readonly #lenses: SizeLenses;
  readonly #wasted: WastedBytes;
  readonly #log: vscode.LogOutputChannel;

  constructor(
    scan: ScanCommand,
    scanner: Scanner,
    lenses: SizeLenses,
    wasted: WastedBytes,
    log: vscode.LogOutputChannel,
  ) {
    this.#scan = scan;
    this.#scanner = scanner;
    this.#lenses = lenses;
    this.#wasted = wasted;
    this.#log = log;
  }

  async show(target?: unknown): Promise<void> {
    if (!ensureTrusted()) return;
    const planned = await this.#scan.planSizes(target);
    if (!planned?.dockerfile || planned.text === undefined) return;
    const { source, subject, dockerfile, text } = planned;
    if (source.kind !== 'build' && source.kind !== 'local') return;
    const measured = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Layer sizes of ${subject}`, cancellable: true },
      (progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        const report = (message: string) => progress.report({ message });
        return this.#scanner.layers(source, readScanSettings(dockerfile), controller.signal, report);
      },
    );
    if (measured.status === 'cancelled') return;
    if (measured.status === 'failure') return this.#tell(measured.failure, dockerfile);
    const { facts, metadata } = measured.value;
    const image = measure(subject, facts, text, source, metadata);
    const { match } = image.attribution;
    if (!match.matches) {
      void vscode.window.showWarningMessage(withoutLinks(`${subject}: ${match.notes.join(' ')}`));
      return;
    }
    this.#lenses.show(dockerfile, image);
    await vscode.window.showTextDocument(dockerfile, { viewColumn: columnOf(dockerfile) ?? vscode.ViewColumn.Active });
    // The sizes are there; what is wasted of them follows by itself where that takes seconds only.
    if (totalSize(image) <= soonRead) await this.findWaste(dockerfile);
  }

  /** Looks which bytes of the image on display later lines waste. */
  async findWaste(dockerfile: vscode.Uri): Promise<void> {
    const image = this.#lenses.get(dockerfile);
    if (!image) return;
    const { attribution, name, reference } = image;
    const waste = await this.#wasted.find({
      subject: name,
      source: { kind: 'local', reference },
      resource: dockerfile,
      diffIds: attribution.layers.map(({ diffId }) => diffId),
      size: totalSize(image),
    });
    if (waste && this.#lenses.get(dockerfile) === image) this.#lenses.show(dockerfile, { ...image, waste });
  }

  async #tell({ message, nextStep, remedies }: ScanFailure, dockerfile: vscode.Uri): Promise<void> {
    const offered = remedies.filter((remedy) => remedy !== 'scan-archive').slice(0, 3);
    const labels = offered.map((remedy) => remedyLabels[remedy]);
    const picked = await vscode.window.showErrorMessage(withoutLinks(sentences(message, nextStep)), ...labels);
    const remedy = offered.find((name) => remedyLabels[name] === picked);
    if (remedy && (await carryOutRemedy(remedy, this.#log))) await this.show(dockerfile);
  }
}

function measure(
  name: string,
  image: ImageFacts,
  text: string,
  source: ScanSource,
  metadata: string | undefined,
): MeasuredImage {
  const { buildArgs, target } = source.kind === 'build' ? source : {};
  const reference = source.kind === 'build' ? source.tag : source.kind === 'local' ? source.reference : name;
  const provenance = metadata === undefined ? undefined : readProvenance(parse(metadata));
  const built = buildModel(text, { buildArgs: buildArgs ?? provenance?.buildArgs });
  return { name, reference, built, attribution: attribute(nothingFound(name), built, { image, target, provenance }) };
}

function nothingFound(name: string): ScanReport {
  return {
    schemaVersion: 2,
    image: {
      ...{ name, tags: [], digests: [], diffIds: [], layers: [], history: [] },
      config: { env: [], entrypoint: [], cmd: [], labels: {} },
    },
    findings: [],
    suppressed: 0,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
