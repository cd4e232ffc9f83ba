import { asObject, asText, withoutAbsent } from '../scan/untrusted.ts';

/** What `trivy version --format json` tells. */
export interface TrivyVersion extends DatabaseDates {
  /** `0.74.0`, or `dev` for a build of one's own. */
  readonly version: string;
}

/** Of Trivy's databases, ISO 8601; absent for one that is not there yet. */
export interface DatabaseDates {
  readonly databaseUpdatedAt?: string;
  readonly databaseDownloadedAt?: string;
  readonly javaDatabaseUpdatedAt?: string;
}

export type VersionVerdict =
  | { readonly verdict: 'fine' }
  | { readonly verdict: 'old'; readonly message: string }
  | { readonly verdict: 'refused'; readonly message: string; readonly nextStep: string };

/**
 * Versions that somebody with stolen credentials published in March 2026 with malicious code in them, 0.69.5 and
 * 0.69.6 as container images only: CVE-2026-33634, GHSA-69fq-xp46-6x23.
 */
const maliciousVersions: ReadonlySet<string> = new Set(['0.69.4', '0.69.5', '0.69.6']);

/** From here on a report has the sizes of the layers. */
const wantedVersion = [0, 62, 0] as const;

/** Before it, there was no `--scanners`. */
const minimalVersion = [0, 37, 0] as const;

export function readTrivyVersion(stdout: string): TrivyVersion | undefined {
  const start = stdout.indexOf('{');
  if (start < 0) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(stdout.slice(start));
  } catch {
    return undefined;
  }
  const root = asObject(parsed);
  const version = asText(root?.Version)?.replace(/^v/, '');
  if (version === undefined) return undefined;
  return { version, ...databaseDates(root?.VulnerabilityDB, root?.JavaDB) };
}

/** Reads what Trivy says of its databases, in `trivy version` and in the `metadata.json` beside each. */
export function databaseDates(vulnerabilities: unknown, java: unknown): DatabaseDates {
  const database = asObject(vulnerabilities);
  return withoutAbsent<DatabaseDates>({
    databaseUpdatedAt: presentDate(database?.UpdatedAt),
    databaseDownloadedAt: presentDate(database?.DownloadedAt),
    javaDatabaseUpdatedAt: presentDate(asObject(java)?.UpdatedAt),
  });
}

/** Go writes a missing date as year 1. */
function presentDate(value: unknown): string | undefined {
  const text = asText(value);
  return text === undefined || text.startsWith('0001-') || Number.isNaN(Date.parse(text)) ? undefined : text;
}

export function judgeTrivyVersion(version: string): VersionVerdict {
  const numbers = versionNumbers(version);
  if (numbers === undefined) return { verdict: 'fine' };
  if (maliciousVersions.has(numbers.join('.'))) {
    return {
      verdict: 'refused',
      message: `Trivy ${version} was published by an attacker and contains malicious code (CVE-2026-33634).`,
      nextStep:
        'Remove this file, treat the secrets it could read as leaked, and install a later version from the official releases.',
    };
  }
  if (isBefore(numbers, minimalVersion)) {
    return {
      verdict: 'refused',
      message: `Trivy ${version} is too old to be used here.`,
      nextStep: `Install version ${wantedVersion.join('.')} or later.`,
    };
  }
  if (isBefore(numbers, wantedVersion)) {
    return {
      verdict: 'old',
      message: `Trivy ${version} is old: its reports have no layer sizes. Version ${wantedVersion.join('.')} or later is recommended.`,
    };
  }
  return { verdict: 'fine' };
}

/** True when the version is at least the given one; a build of one's own is taken for a new one. */
export function isAtLeast(version: string, major: number, minor: number): boolean {
  const numbers = versionNumbers(version);
  return numbers === undefined || !isBefore(numbers, [major, minor, 0]);
}

type Numbers = readonly [number, number, number];

function versionNumbers(version: string): Numbers | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3])];
}

function isBefore(a: Numbers, b: Numbers): boolean {
  for (const index of [0, 1, 2] as const) if (a[index] !== b[index]) return a[index] < b[index];
  return false;
}
