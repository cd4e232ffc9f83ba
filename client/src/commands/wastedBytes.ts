import * as vscode from 'vscode';
import { type LayerWaste, leastWaste } from '../../../server/src/attribution/index.ts';
import type { ScanFailure, ScanSource } from '../../../server/src/engine/types.ts';
import type { AttributedScan, AttributedScans } from '../attributedScans.ts';
import type { ScanStore } from '../scanStore.ts';
import { readScanSettings } from '../settings.ts';
import { formatBytes, sentences, withoutLinks } from '../text.ts';
import type { Scanner } from './scanner.ts';
import { ensureTrusted } from './trust.ts';

/** An image whose layers are known already, to be looked into. */
export interface ImageToRead {
  /** As the user knows it. */
  readonly subject: string;
  readonly source: ScanSource;
  readonly resource: vscode.Uri | undefined;
  /** Digests of its layers: an image that has got the name since is another one. */
  readonly diffIds: readonly string[];
  /** Uncompressed bytes, as far as they are known. */
  readonly size: number | undefined;
}

/** Looks which bytes of an image later layers remove or replace: it is read as a whole for that, once. */
export class WastedBytes {
  readonly #scanner: Scanner;
  readonly #store: ScanStore;
  readonly #scans: AttributedScans;
  readonly #log: vscode.LogOutputChannel;
  /** Reports that are or were looked at without having been asked to. */
  readonly #seen = new Set<string>();

  constructor(scanner: Scanner, store: ScanStore, scans: AttributedScans, log: vscode.LogOutputChannel) {
    this.#scanner = scanner;
    this.#store = store;
    this.#scans = scans;
    this.#log = log;
  }

  /** For the scan of a panel, which shows it then and remembers it. */
  async ofScan(key: string): Promise<void> {
    const scan = await this.#scanOf(key);
    const waste = scan && (await this.find(imageOf(scan)));
    if (!scan || !waste) return;
    await this.#scans.setWaste(scan.record, waste);
    if (waste.every(({ bytes }) => bytes < leastWaste)) {
      void vscode.window.showInformationMessage(
        withoutLinks(`${scan.record.subject}: no line wastes more than ${formatBytes(leastWaste)} of those before it.`),
      );
    }
  }

  /** When the layers of a scan come into sight: a file is read without asking, in silence, an engine is not bothered. */
  async onLayersShown(key: string): Promise<void> {
    const record = this.#store.get(key);
    if (record?.source.kind !== 'archive' || this.#seen.has(record.reportFile)) return;
    this.#seen.add(record.reportFile);
    const scan = await this.#scans.get(record);
    if (!scan || scan.waste) return;
    const looked = await this.#scanner.lookInto(
      record.source,
      readScanSettings(undefined),
      new AbortController().signal,
      () => undefined,
    );
    if (looked.status !== 'done') return;
    const { image, waste } = looked.value;
    if (waste && isSame(image.diffIds, scan.report.image.diffIds)) await this.#scans.setWaste(record, waste);
  }

  /** Tells what goes on and what goes wrong; undefined when there is no answer. */
  async find({ subject, source, resource, diffIds, size }: ImageToRead): Promise<readonly LayerWaste[] | undefined> {
    if (!ensureTrusted()) return undefined;
    const looked = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: withoutLinks(`Wasted bytes of ${subject}`),
        cancellable: true,
      },
      (progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        const all = size === undefined ? '' : ` of ${formatBytes(size)}`;
        progress.report({ message: `reading the files of its layers${all === '' ? '' : `, ${formatBytes(size!)}`}` });
        return this.#scanner.lookInto(source, readScanSettings(resource), controller.signal, (bytes) =>
          progress.report({ message: `${formatBytes(bytes)}${all} read` }),
        );
      },
    );
    if (looked.status === 'cancelled') return undefined;
    if (looked.status === 'failure') {
      this.#tell(subject, looked.failure);
      return undefined;
    }
    const { image, waste } = looked.value;
    if (!isSame(image.diffIds, diffIds)) {
      void vscode.window.showWarningMessage(
        withoutLinks(`${subject} is another image by now. Look at it again first.`),
      );
      return undefined;
    }
    if (!waste) {
      void vscode.window.showWarningMessage(
        withoutLinks(`${subject}: the layers are packed in a way that can't be looked into.`),
      );
    }
    return waste;
  }

  #tell(subject: string, { message, nextStep, details }: ScanFailure): void {
    if (details !== '') this.#log.error(details);
    void vscode.window.showErrorMessage(withoutLinks(`${subject}: ${sentences(message, nextStep)}`));
  }

  async #scanOf(key: string): Promise<AttributedScan | undefined> {
    const record = this.#store.get(key);
    return record && this.#scans.get(record);
  }
}

function imageOf({ record, report }: AttributedScan): ImageToRead {
  return {
    subject: record.subject,
    source: record.source,
    resource: record.dockerfile === undefined ? undefined : vscode.Uri.file(record.dockerfile),
    diffIds: report.image.diffIds,
    size: report.image.size,
  };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((digest, index) => digest === b[index]);
}
