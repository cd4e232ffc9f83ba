import { isAtLeast } from './trivyVersion.ts';
import type { ScanSettings } from './types.ts';

/** Where Trivy takes the image from. */
export type TrivyInput =
  /** From an engine, whose address is given when it isn't the usual one. The reference was checked. */
  | {
      readonly kind: 'engine';
      readonly engine: 'docker' | 'podman';
      readonly host?: string;
      readonly reference: string;
    }
  | { readonly kind: 'registry'; readonly reference: string }
  /** Absolute path. */
  | { readonly kind: 'archive'; readonly path: string };

export interface TrivyCommand {
  readonly args: readonly string[];
  /** Options of the user's that would keep the report from us, and so are left out. */
  readonly refused: readonly string[];
}

/** Options that change where or in which form the report is written, or what the exit code means. */
const ourOptions = ['--format', '-f', '--output', '-o', '--template', '-t', '--exit-code', '--exit-on-eol', '--input'];

/** These take their value from the next argument when it isn't joined with `=`. */
const takesValue: ReadonlySet<string> = new Set(ourOptions);

/**
 * The arguments for `trivy`. Severities and fixed-only are filtered in the panel, so that one scan serves all filters.
 * The user's further options come first: where both set one, ours wins.
 *
 * @param cacheFolder where databases are kept; Trivy's own place when absent
 */
export function trivyImageArguments(
  input: TrivyInput,
  settings: ScanSettings,
  version: string,
  cacheFolder?: string,
): TrivyCommand {
  const { kept, refused } = separate(settings.extraTrivyArguments ?? []);
  const args = [
    'image',
    ...kept,
    ...['--format', 'json'],
    // A trivy.yaml could send the report elsewhere, or have another image scanned.
    ...['--output=', '--exit-code=0', ...(isAtLeast(version, 0, 40) ? ['--exit-on-eol=0'] : [])],
    ...(input.kind === 'archive' ? [] : ['--input=']),
    '--no-progress',
    '--list-all-pkgs=false',
    ...['--timeout', `${settings.timeoutMinutes}m`],
  ];
  // The first two came with 0.63, and together they keep Trivy from calling its maker.
  if (isAtLeast(version, 0, 63)) args.push('--skip-version-check', '--disable-telemetry', '--show-suppressed');
  if (settings.skipDatabaseUpdate === true || settings.offline === true)
    args.push('--skip-db-update', '--skip-java-db-update', '--offline-scan');
  if (cacheFolder !== undefined) args.push('--cache-dir', cacheFolder);
  if (settings.trivyConfigFile !== undefined) args.push('--config', settings.trivyConfigFile);
  if (settings.ignoreFile !== undefined) args.push('--ignorefile', settings.ignoreFile);
  return { args: [...args, ...inputArguments(input)], refused };
}

/** The variables that say what `ourOptions` do. */
export const ourVariables: readonly string[] = [
  'TRIVY_FORMAT',
  'TRIVY_OUTPUT',
  'TRIVY_TEMPLATE',
  'TRIVY_EXIT_CODE',
  'TRIVY_EXIT_ON_EOL',
  'TRIVY_INPUT',
];

/**
 * Variables for a scan. Those of the user's that would keep the report from us are taken out, as the options are; all
 * others are passed on.
 */
export function trivyEnvironment(temporaryFolder: string): Record<string, string | undefined> {
  const removed = Object.fromEntries(ourVariables.map((name) => [name, undefined]));
  return { ...removed, TMPDIR: temporaryFolder, TMP: temporaryFolder, TEMP: temporaryFolder };
}

export const trivyVersionArguments: readonly string[] = ['version', '--format', 'json'];

function inputArguments(input: TrivyInput): string[] {
  switch (input.kind) {
    case 'archive':
      return ['--input', input.path];
    case 'registry':
      return ['--image-src', 'remote', input.reference];
    case 'engine': {
      const host = input.host === undefined ? [] : [`--${input.engine}-host`, input.host];
      return ['--image-src', input.engine, ...host, input.reference];
    }
  }
}

function separate(extra: readonly string[]): { kept: string[]; refused: string[] } {
  const kept: string[] = [];
  const refused: string[] = [];
  for (let index = 0; index < extra.length; index++) {
    const argument = extra[index] ?? '';
    const name = argument.split('=', 1)[0] ?? '';
    if (!isOurs(name)) {
      kept.push(argument);
      continue;
    }
    refused.push(argument);
    const next = extra[index + 1];
    if (takesValue.has(argument) && next !== undefined && !next.startsWith('-')) {
      refused.push(next);
      index++;
    }
  }
  return { kept, refused };
}

/** `-fjson` is `-f json`; `--` would make what follows the name of an image. */
function isOurs(name: string): boolean {
  return name === '--' || ourOptions.includes(name) || /^-[fot][^-]/.test(name);
}
