import * as vscode from 'vscode';
import type { FailureView } from '../panel/messages.ts';
import type { ScanPanels } from '../panel/scanPanels.ts';
import { ScanSlot } from '../../../server/src/engine/index.ts';
import type {
  ScanFailure,
  ScanOutcome,
  ScanRemedy,
  ScanSettings,
  ScanSource,
} from '../../../server/src/engine/types.ts';
import type { ScanStore } from '../scanStore.ts';
import { isBuiltFrom } from '../attributedScans.ts';
import { readScanSettings } from '../settings.ts';
import { sentences, withoutLinks } from '../text.ts';
import { countsInWords } from '../scanState.ts';
import { carryOutRemedy, remedyLabels, waysToTrivy } from './remedies.ts';
import type { Scanner } from './scanner.ts';
import { ensureTrusted } from './trust.ts';

/** A scan that is ready to start: everything has been asked. */
export interface PlannedScan {
  /** See `ScanRecord.key`. */
  readonly key: string;
  readonly subject: string;
  readonly source: ScanSource;
  readonly dockerfile?: vscode.Uri | undefined;
  readonly textHash?: string | undefined;
  /** The Dockerfile's text, for one that is built or that the image is to be compared with. */
  readonly text?: string | undefined;
  /** What this one scan does otherwise than the settings say. */
  readonly overrides?: Partial<ScanSettings> | undefined;
}

/** How a scan ended. The result itself is in the store: it is too large to travel as a command's answer. */
export type ScanEnding = ScanOutcome['status'];

/** Runs scans, one at a time, and tells the panels, the store and the user what came of them. */
export class ScanService {
  readonly #scanner: Scanner;
  readonly #store: ScanStore;
  readonly #panels: ScanPanels;
  readonly #log: vscode.LogOutputChannel;
  readonly #slot = new ScanSlot();
  readonly #failed = new Map<string, PlannedScan>();
  #running: PlannedScan | undefined;

  constructor(scanner: Scanner, store: ScanStore, panels: ScanPanels, log: vscode.LogOutputChannel) {
    this.#scanner = scanner;
    this.#store = store;
    this.#panels = panels;
    this.#log = log;
  }

  /** Ends when the scan has; undefined when it was not started. */
  async run(planned: PlannedScan): Promise<ScanEnding | undefined> {
    if (!ensureTrusted()) return undefined;
    const outcome = await this.#slot.run(
      () => this.#askToReplace(planned.subject),
      async (signal) => {
        this.#setRunning(planned);
        try {
          return await this.#runWithProgress(planned, signal);
        } finally {
          this.#setRunning(undefined);
        }
      },
    );
    if (!outcome) return undefined;
    await this.#tell(planned, outcome);
    return outcome.status;
  }

  /** Stops the running scan, if it is the one of this key or no key is given. */
  cancel(key?: string): void {
    if (key === undefined || this.#running?.key === key) this.#slot.cancel();
  }

  /** Tries a failed scan again. */
  async retry(key: string): Promise<ScanEnding | undefined> {
    const planned = this.#failed.get(key);
    return planned && this.run(planned);
  }

  /** Does what a button of a failure promised. */
  async remedy(key: string, remedy: ScanRemedy): Promise<void> {
    const planned = this.#failed.get(key);
    const again = await carryOutRemedy(remedy, this.#log);
    if (!again || !planned) return;
    await this.run({ ...planned, overrides: { ...planned.overrides, ...again.overrides } });
  }

  #setRunning(planned: PlannedScan | undefined): void {
    this.#running = planned;
    void vscode.commands.executeCommand('setContext', 'plimsoll.isScanning', planned !== undefined);
  }

  async #askToReplace(subject: string): Promise<'replace' | 'keep'> {
    const replace = 'Stop It and Scan';
    const picked = await vscode.window.showWarningMessage(
      withoutLinks(`${this.#running?.subject ?? 'An image'} is being scanned. Stop that and scan ${subject}?`),
      replace,
      'Let It Finish',
    );
    return picked === replace ? 'replace' : 'keep';
  }

  async #runWithProgress(planned: PlannedScan, signal: AbortSignal): Promise<ScanOutcome> {
    const { subject, key, source, dockerfile, overrides } = planned;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: withoutLinks(`Scanning ${subject}`), cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => this.#slot.cancel());
        const settings = { ...readScanSettings(dockerfile), ...overrides };
        this.#log.info(`Scanning ${subject}`);
        return this.#scanner.scan({ source, settings }, signal, ({ phase, message }) => {
          progress.report({ message: withoutLinks(message) });
          // The page is made while a large report is read.
          const stored = phase === 'read' ? this.#panels.reveal(key, subject) : this.#panels.get(key);
          stored?.showRunning(subject, message);
        });
      },
    );
  }

  async #tell(planned: PlannedScan, outcome: ScanOutcome): Promise<void> {
    switch (outcome.status) {
      case 'success': {
        this.#failed.delete(planned.key);
        const { key, subject, source, dockerfile, textHash, text } = planned;
        // An image that was picked while a Dockerfile is open may be of another one.
        const isBuilt =
          dockerfile?.scheme === 'file' && (source.kind === 'build' || isBuiltFrom(outcome.report.image, text ?? ''));
        const record = await this.#store.save(
          {
            key,
            subject,
            source,
            ...(isBuilt && textHash && { textHash }),
            ...(isBuilt && dockerfile && { dockerfile: dockerfile.fsPath }),
          },
          outcome,
          isBuilt ? text : undefined,
        );
        this.#log.info(`${subject}: ${countsInWords(record.counts)}`);
        await this.#panels.open(key);
        return;
      }
      case 'failure': {
        this.#failed.set(planned.key, planned);
        this.#log.error(sentences(outcome.failure.message, outcome.failure.nextStep));
        // How to get Trivy takes more room than a message has.
        const needsRoom = outcome.failure.kind === 'trivy-not-found';
        const stored = needsRoom ? this.#panels.reveal(planned.key, planned.subject) : this.#panels.get(planned.key);
        stored?.showFailure(planned.subject, this.#failureView(planned.key, outcome.failure));
        // Who sees it in the panel need not be told twice. Not awaited: the message may stay for as long as it likes.
        if (!needsRoom && !stored?.panel.isVisible) void this.#offerRemedies(planned, outcome.failure);
        return;
      }
      case 'cancelled':
        this.#log.info(`The scan of ${planned.subject} was cancelled.`);
        await this.#panels.get(planned.key)?.refresh();
    }
  }

  async #offerRemedies(planned: PlannedScan, failure: ScanFailure): Promise<void> {
    const details = 'Details';
    const remedies = failure.remedies.slice(0, 3);
    const picked = await vscode.window.showErrorMessage(
      withoutLinks(`${planned.subject}: ${sentences(failure.message, failure.nextStep)}`),
      ...remedies.map((remedy) => remedyLabels[remedy]),
      details,
    );
    if (picked === details) {
      const panel = this.#panels.reveal(planned.key, planned.subject);
      panel.showFailure(planned.subject, this.#failureView(planned.key, failure));
      return;
    }
    const remedy = remedies.find((name) => remedyLabels[name] === picked);
    if (remedy) await this.remedy(planned.key, remedy);
  }

  #failureView(key: string, { kind, message, nextStep, details, remedies }: ScanFailure): FailureView {
    return {
      message,
      nextStep,
      details,
      ways: kind === 'trivy-not-found' ? waysToTrivy : [],
      hasLast: this.#store.get(key) !== undefined,
      remedies: remedies.map((id) => ({ id, label: remedyLabels[id] })),
    };
  }
}
