import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  type Attribution,
  attribute,
  attributeLayers,
  type Change,
  changeFirst,
  imageOfScan,
  type LayerWaste,
  readProvenance,
  type ShareWaste,
  wasteOfShares,
} from '../../server/src/attribution/index.ts';
import { buildModel, type Dockerfile } from '../../server/src/model/dockerfile.ts';
import type { ScannedImage, ScanReport } from '../../server/src/scan/report.ts';
import { ignoreFileNames, withoutIgnored } from './ignores.ts';
import type { HiddenView } from './panel/messages.ts';
import type { ScanRecord, ScanStore } from './scanStore.ts';

/** A scan with the lines that its findings come from. */
export interface AttributedScan {
  readonly record: ScanRecord;
  readonly report: ScanReport;
  /** The Dockerfile as it was built; undefined when there is none to compare with. */
  readonly built: Dockerfile | undefined;
  readonly attribution: Attribution | undefined;
  readonly changes: readonly Change[];
  /** What an ignore file hides, by reason. */
  readonly hidden: readonly HiddenView[];
  /** For each of the attribution's shares what later ones waste of it; undefined until that was looked for. */
  readonly waste: readonly ShareWaste[] | undefined;
}

/** Reads scans and ties them to lines; the last few stay in memory. */
export class AttributedScans implements vscode.Disposable {
  readonly #store: ScanStore;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #disposables: vscode.Disposable[];
  readonly #cached = new Map<string, Promise<AttributedScan | undefined>>();

  /** Fires when there is a new scan, or another part of a scan is to be seen. */
  readonly onDidChange = this.#changed.event;

  constructor(store: ScanStore) {
    this.#store = store;
    const watcher = vscode.workspace.createFileSystemWatcher(`**/{${ignoreFileNames.join(',')}}`);
    const forget = () => {
      this.#cached.clear();
      this.#changed.fire();
    };
    this.#disposables = [
      this.#changed,
      watcher,
      watcher.onDidCreate(forget),
      watcher.onDidChange(forget),
      watcher.onDidDelete(forget),
      store.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration(
        (event) => event.affectsConfiguration('plimsoll.trivy.ignoreFile') && forget(),
      ),
    ];
  }

  dispose(): void {
    vscode.Disposable.from(...this.#disposables).dispose();
  }

  /** Undefined when the report is gone or damaged. */
  get(record: ScanRecord): Promise<AttributedScan | undefined> {
    const known = this.#cached.get(record.reportFile);
    if (known) return known;
    const scan = this.#load(record);
    this.#cached.set(record.reportFile, scan);
    // Reports may be large: the one in the panel and the one in the editor are enough.
    for (const key of this.#cached.keys()) {
      if (this.#cached.size <= 2) break;
      this.#cached.delete(key);
    }
    return scan;
  }

  /** Remembers what later layers waste of the image of a scan. */
  async setWaste(record: ScanRecord, layers: readonly LayerWaste[]): Promise<void> {
    const scan = await this.get(record);
    if (!scan) return;
    await this.#store.saveWaste(record, { diffIds: scan.report.image.diffIds, layers });
    if (!scan.attribution) return;
    const waste = wasteOfShares(scan.attribution, layers);
    this.#cached.set(record.reportFile, Promise.resolve({ ...scan, waste }));
    this.#changed.fire();
  }

  async #load(record: ScanRecord): Promise<AttributedScan | undefined> {
    const whole = await this.#store.report(record);
    if (!whole) return undefined;
    const resource = record.dockerfile === undefined ? undefined : vscode.Uri.file(record.dockerfile);
    const { report, hidden } = await withoutIgnored(whole, resource);
    const build = await this.#store.build(record);
    const text =
      build?.text ?? (record.dockerfile && (await readFile(record.dockerfile, 'utf8').catch(() => undefined)));
    if (text === undefined || text === '') {
      return { record, report, built: undefined, attribution: undefined, changes: [], hidden, waste: undefined };
    }
    const today = new Date().toISOString().slice(0, 10);
    const source = record.source.kind === 'build' ? record.source : undefined;
    const provenance = build?.metadata === undefined ? undefined : readProvenance(parse(build.metadata));
    const built = buildModel(text, { buildArgs: source?.buildArgs ?? provenance?.buildArgs, today });
    const attribution = attribute(report, built, { target: source?.target, provenance });
    const changes = attribution.match.matches ? changeFirst(attribution, report, built, today) : [];
    const layers = await this.#store.waste(record, report.image.diffIds);
    const waste = layers && wasteOfShares(attribution, layers);
    return { record, report, built, attribution, changes, hidden, waste };
  }
}

/** Whether an image was built from a Dockerfile, or one that differs a little. */
export function isBuiltFrom(image: ScannedImage, text: string): boolean {
  return attributeLayers(imageOfScan(image), buildModel(text)).match.matches;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
