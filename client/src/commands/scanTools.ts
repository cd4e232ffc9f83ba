import type { LocalImage, ScanFailure, ScanOutcome, ScanProgress, ScanRequest, ScanSettings } from '../scan/types.ts';

/** What the commands need of the scanner; `client/src/scan` has the real one, tests bring their own. */
export interface ScanTools {
  scan(request: ScanRequest, options: ScanRunOptions): Promise<ScanOutcome>;
  listImages(settings: ScanSettings, signal: AbortSignal): Promise<readonly LocalImage[] | ScanFailure>;
}

export interface ScanRunOptions {
  readonly signal: AbortSignal;
  onProgress(progress: ScanProgress): void;
  /** One line of what the tools say. */
  log(line: string): void;
}
