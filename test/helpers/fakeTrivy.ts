import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fakeTrivy, trivyReports } from './trivyFixtures.ts';

/** Everything the stand-in can be told to do; the names of failures are those of the files in fixtures/trivy-stderr. */
export type FakeTrivyMode =
  | 'ok'
  | 'huge'
  | 'garbage'
  | 'truncated'
  | 'exit-7'
  /** Until it is interrupted, or for ever. */
  | 'hang'
  | 'hang-stubborn'
  /** Fails only when told to skip the update, as the real one does. */
  | 'first-run'
  /** Fails unless told to skip the update. */
  | 'db-fail'
  | 'db-rate'
  | 'no-image'
  | 'no-image-anywhere'
  | 'no-image-podman'
  | 'no-podman-socket'
  | 'no-daemon'
  | 'no-permission'
  | 'wrong-context'
  | 'manifest-unknown'
  | 'registry-auth'
  | 'registry-unauthorized'
  | 'registry-down'
  | 'bad-reference'
  | 'old-schema'
  | 'broken-db'
  | 'java-first-run'
  | 'bad-ignore-file'
  | 'java-db'
  | 'timeout'
  | 'lock'
  | 'lock-new'
  | 'disk-full'
  | 'maven'
  | 'bad-archive';

export interface FakeTrivyControl {
  readonly mode?: FakeTrivyMode;
  /** `0.74.0`, `0.69.4`, `0.50.0`, … */
  readonly version?: string;
  /** Whether `version` tells of a database. */
  readonly database?: boolean;
  /** When that was made, ISO 8601; some hours ago when absent. */
  readonly databaseUpdatedAt?: string;
  /** A recorded report in fixtures/trivy-reports, without `.json`. */
  readonly report?: string;
  /** Between the lines of its log. */
  readonly delayMs?: number;
}

export interface FakeTrivyCall {
  readonly pid: number;
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface FakeTrivy {
  /** The executable, called `trivy`. */
  readonly path: string;
  set(control: FakeTrivyControl): void;
  /** How it was called, `version` first. */
  calls(): FakeTrivyCall[];
  /** When it had written the last report, in milliseconds since 1970. */
  ended(): number | undefined;
  /** Processes and temporary folder of a hanging scan; undefined until it hangs. */
  hanging(): { readonly hanging: readonly number[]; readonly folder: string } | undefined;
}

/** Puts the stand-in as an executable into a folder of its own. POSIX only: Windows needs a real program. */
export function installFakeTrivy(folder: string, control: FakeTrivyControl = {}): FakeTrivy {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'trivy');
  const controlFile = join(folder, 'control.json');
  const record = join(folder, 'calls.jsonl');
  const node = process.versions.electron === undefined ? process.execPath : '/usr/bin/env node';
  writeFileSync(
    path,
    `#!${node}\nprocess.env.FAKE_TRIVY_CONTROL ??= ${JSON.stringify(controlFile)};\nimport(${JSON.stringify(pathToFileURL(fakeTrivy).href)});\n`,
  );
  chmodSync(path, 0o755);
  const set = ({ report, ...others }: FakeTrivyControl) => {
    const reportFile = report === undefined ? undefined : join(trivyReports, `${report}.json`);
    // In one step: one that starts meanwhile reads it whole.
    writeFileSync(`${controlFile}.new`, JSON.stringify({ ...others, report: reportFile, record }));
    renameSync(`${controlFile}.new`, controlFile);
  };
  set(control);
  const lines = () =>
    existsSync(record)
      ? readFileSync(record, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line))
      : [];
  return {
    path,
    set,
    calls: () => lines().filter((line) => 'argv' in line),
    ended: () => lines().findLast((line) => 'ended' in line)?.ended,
    hanging: () => lines().findLast((line) => 'hanging' in line),
  };
}
