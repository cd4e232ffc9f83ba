import {
  listLocalImages,
  runProgram,
  scanImage,
  type LocalImage,
  type ScanOutcome,
  type ScanProgress,
  type ScanRequest,
  type ScanSettings,
  type ScanTools,
  type Step,
  thisMachine,
} from '../../../server/src/engine/index.ts';

/** Runs the engine and Trivy on this machine. */
export class Scanner {
  readonly #storageFolder: string;
  readonly #log: (line: string) => void;

  /** @param storageFolder absolute; the tools run in it, and what they need for a while is put there */
  constructor(storageFolder: string, log: (line: string) => void) {
    this.#storageFolder = storageFolder;
    this.#log = log;
  }

  scan(request: ScanRequest, signal: AbortSignal, progress: (progress: ScanProgress) => void): Promise<ScanOutcome> {
    return scanImage(request, { ...this.#tools(signal), now: () => new Date(), progress });
  }

  /** The engine's images, newest first. */
  async listImages(settings: ScanSettings, signal: AbortSignal): Promise<Step<readonly LocalImage[]>> {
    const step = await listLocalImages(settings, this.#tools(signal));
    return step.status === 'done' ? { status: 'done', value: step.value.images } : step;
  }

  #tools(signal: AbortSignal): ScanTools {
    return { run: runProgram, machine: thisMachine, storageFolder: this.#storageFolder, signal, log: this.#log };
  }
}
