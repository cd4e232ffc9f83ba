import { existsSync, readFileSync } from 'node:fs';

/** What one step of `npm test` came to. A step that could not run at all is one skip with its reason. */
export interface Outcome {
  readonly passed: number;
  /** Full title and explanation of everything that failed. */
  readonly failures: readonly Failure[];
  /** Title and, where known, the reason of everything that was not run. */
  readonly skips: readonly string[];
  /** The compiled test file of everything that passed, where mocha's report names it. */
  readonly passedIn?: readonly string[];
}

export interface Failure {
  readonly title: string;
  readonly detail: string;
  /** The compiled test file, where a test failed and not the run as a whole. */
  readonly file?: string;
}

export function skipped(reason: string): Outcome {
  return { passed: 0, failures: [], skips: [reason] };
}

export function failed(title: string, detail: string): Outcome {
  return { passed: 0, failures: [{ title, detail }], skips: [] };
}

/** The part of mocha's JSON report that counts. */
interface MochaReport {
  readonly stats: { readonly passes: number; readonly failures: number; readonly pending: number };
  readonly failures: readonly MochaTest[];
  readonly pending: readonly MochaTest[];
  readonly passes: readonly MochaTest[];
}

interface MochaTest {
  readonly fullTitle: string;
  readonly file?: string | null;
  readonly err: { readonly message?: string; readonly stack?: string };
}

/**
 * Reads mocha's JSON report. The exit code of the process that wrote it is not asked for the number of failures: an
 * extension host that dies ends with 0. It only adds a failure when a process that reports none ended badly.
 *
 * @param ended why the process was ended, when it did not end by itself
 */
export function readMochaReport(step: string, file: string, exitCode: number, ended?: string): Outcome {
  if (!existsSync(file)) return failed(step, `${ended ?? `ended with code ${exitCode}`} and wrote no report`);
  let report: MochaReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as MochaReport;
  } catch (error) {
    return failed(step, `wrote an unreadable report: ${String(error)}`);
  }
  const failures = report.failures.map((test): Failure => {
    const detail = test.err.stack ?? test.err.message ?? 'no message';
    return { title: test.fullTitle, detail, ...(test.file ? { file: test.file } : {}) };
  });
  if (failures.length === 0 && exitCode !== 0) {
    failures.push({ title: step, detail: ended ?? `ended with code ${exitCode} although no test failed` });
  }
  if (report.stats.passes + report.stats.failures + report.stats.pending === 0) {
    failures.push({ title: step, detail: 'ran no test at all' });
  }
  return {
    passed: report.stats.passes,
    failures,
    skips: report.pending.map((test) => test.fullTitle),
    passedIn: report.passes.flatMap(({ file }) => file ?? []),
  };
}
