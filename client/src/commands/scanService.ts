import * as vscode from 'vscode';
import type { FailureView } from '../panel/messages.ts';
import type { ScanPanels } from '../panel/scanPanels.ts';
import type { ScanFailure, ScanOutcome, ScanRemedy, ScanSettings, ScanSource } from '../scan/types.ts';
import type { ScanStore } from '../scanStore.ts';
import { readScanSettings } from '../settings.ts';
import { countsInWords } from '../panel/export.ts';
import { carryOutRemedy, remedyLabels } from './remedies.ts';
import type { ScanTools } from './scanTools.ts';
import { ensureTrusted } from './trust.ts';

/** A scan that is ready to start: everything has been asked. */
export interface PlannedScan {
  /** See `ScanRecord.key`. */
  readonly key: string;
  readonly subject: string;
  readonly source: ScanSource;
  readonly dockerfile?: vscode.Uri | undefined;
  readonly textHash?: string | undefined;
  /** What this one scan does otherwise than the settings say. */
  readonly overrides?: Partial<ScanSettings> | undefined;
}

interface RunningScan {
  readonly planned: PlannedScan;
  readonly controller: AbortController;
  readonly done: Promise<ScanOutcome>;
}

/** Runs scans, one at a time, and tells the panels, the store and the user what came of them. */
export class ScanService {
  readonly #tools: ScanTools;
  readonly #store: ScanStore;
  readonly #panels: ScanPanels;
  readonly #log: vscode.LogOutputChannel;
  readonly #failed = new Map<string, PlannedScan>();
  #running: RunningScan | undefined;

  constructor(tools: ScanTools, store: ScanStore, panels: ScanPanels, log: vscode.LogOutputChannel) {
    this.#tools = tools;
    this.#store = store;
    this.#panels = panels;
    this.#log = log;
  }

  /** Ends when the scan has; undefined when it was not started. */
  async run(planned: PlannedScan): Promise<ScanOutcome | undefined> {
    if (!ensureTrusted() || !(await this.#isFree(planned.subject))) return undefined;
    const controller = new AbortController();
    const done = this.#runWithProgress(planned, controller);
    const running: RunningScan = { planned, controller, done };
    this.#running = running;
    let outcome: ScanOutcome;
    try {
      outcome = await done;
    } finally {
      if (this.#running === running) this.#running = undefined;
    }
    await this.#tell(planned, outcome);
    return outcome;
  }

  /** Stops the running scan, if it is the one of this key or no key is given. */
  cancel(key?: string): void {
    if (key === undefined || this.#running?.planned.key === key) this.#running?.controller.abort();
  }

  /** Tries a failed scan again. */
  async retry(key: string): Promise<ScanOutcome | undefined> {
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

  async #isFree(subject: string): Promise<boolean> {
    const running = this.#running;
    if (!running) return true;
    const replace = 'Stop It and Scan';
    const picked = await vscode.window.showWarningMessage(
      `${running.planned.subject} is being scanned. Stop that and scan ${subject}?`,
      replace,
      'Let It Finish',
    );
    if (picked !== replace) return false;
    running.controller.abort();
    await running.done.catch(() => undefined);
    // Another one may have been started while this one was being stopped.
    return this.#running === undefined || this.#running === running;
  }

  async #runWithProgress(planned: PlannedScan, controller: AbortController): Promise<ScanOutcome> {
    const { subject, key } = planned;
    return vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `Scanning ${subject}`, cancellable: true },
      async (progress, token): Promise<ScanOutcome> => {
        token.onCancellationRequested(() => controller.abort());
        const report = (message: string) => {
          progress.report({ message });
          this.#panels.get(key)?.showRunning(subject, message);
        };
        report('getting ready');
        this.#log.info(`Scanning ${subject}`);
        try {
          const settings = { ...readScanSettings(planned.dockerfile), ...planned.overrides };
          return await this.#tools.scan(
            { source: planned.source, settings },
            {
              signal: controller.signal,
              onProgress: ({ message }) => report(message),
              log: (line) => this.#log.info(line),
            },
          );
        } catch (error) {
          this.#log.error(error instanceof Error ? error : String(error));
          return { status: 'failure', failure: unexpectedFailure(error) };
        }
      },
    );
  }

  async #tell(planned: PlannedScan, outcome: ScanOutcome): Promise<void> {
    switch (outcome.status) {
      case 'success': {
        this.#failed.delete(planned.key);
        const { key, subject, source, textHash } = planned;
        const record = await this.#store.save({ key, subject, source, ...(textHash && { textHash }) }, outcome);
        this.#log.info(`${subject}: ${countsInWords(record.counts)}`);
        await this.#panels.open(key);
        return;
      }
      case 'failure':
        this.#failed.set(planned.key, planned);
        this.#log.error(`${outcome.failure.message} ${outcome.failure.nextStep}`);
        this.#panels.get(planned.key)?.showFailure(planned.subject, failureView(outcome.failure));
        // Not awaited: the message may stay for as long as it likes.
        void this.#offerRemedies(planned, outcome.failure);
        return;
      case 'cancelled':
        this.#log.info(`The scan of ${planned.subject} was cancelled.`);
        await this.#panels.get(planned.key)?.refresh();
    }
  }

  async #offerRemedies(planned: PlannedScan, failure: ScanFailure): Promise<void> {
    const details = 'Details';
    const remedies = failure.remedies.slice(0, 3);
    const picked = await vscode.window.showErrorMessage(
      `${planned.subject}: ${failure.message} ${failure.nextStep}`,
      ...remedies.map((remedy) => remedyLabels[remedy]),
      details,
    );
    if (picked === details) {
      const panel = this.#panels.reveal(planned.key, planned.subject);
      panel.showFailure(planned.subject, failureView(failure));
      return;
    }
    const remedy = remedies.find((name) => remedyLabels[name] === picked);
    if (remedy) await this.remedy(planned.key, remedy);
  }
}

function failureView({ message, nextStep, details, remedies }: ScanFailure): FailureView {
  return { message, nextStep, details, remedies: remedies.map((id) => ({ id, label: remedyLabels[id] })) };
}

function unexpectedFailure(error: unknown): ScanFailure {
  return {
    kind: 'unknown',
    message: 'The scan stopped because of an error in Plimsoll.',
    nextStep: 'The log has the details; please report it.',
    details: error instanceof Error ? (error.stack ?? error.message) : String(error),
    remedies: ['retry', 'show-log'],
  };
}
