import { cleanText, withoutTerminalSequences } from '../scan/untrusted.ts';
import { engineMessageFailure } from './engineFailure.ts';
import type { ScanFailure, ScanFailureKind, ScanRemedy } from './types.ts';

export interface TrivyRun {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** The image, as the user knows it. */
  readonly image: string;
  /** Where Trivy was told to look: its error lists every place, and only this one matters. */
  readonly source: 'docker' | 'podman' | 'remote' | 'archive';
  readonly timeoutMinutes: number;
  /** Whether there are databases of an earlier scan; taken for granted when not known. */
  readonly hasDatabase?: boolean;
  readonly hasJavaDatabase?: boolean;
  /** What the user wants Trivy to be given besides our own arguments. */
  readonly extraArguments?: readonly string[];
  /** What removes a damaged database: a command, or a folder. */
  readonly removal?: string;
}

/** A failure known by its text. The first one whose text is found is taken: the order matters. */
interface KnownFailure {
  readonly text: RegExp;
  readonly kind: ScanFailureKind;
  readonly message: (run: TrivyRun) => string;
  readonly nextStep: (run: TrivyRun) => string;
  readonly remedies: readonly ScanRemedy[];
  /** What must be there for a scan without a download. */
  readonly needs?: 'hasDatabase' | 'hasJavaDatabase';
}

/** Texts of Trivy 0.50 to 0.74. */
const knownFailures: readonly KnownFailure[] = [
  {
    text: /unknown (?:shorthand )?flag/i,
    kind: 'trivy-broken',
    message: (run) => `Trivy doesn't know an option: ${unknownOption(run)}.`,
    nextStep: (run) =>
      (run.extraArguments ?? []).some((argument) => argument.split('=', 1)[0] === unknownOption(run))
        ? 'Take it out of the additional Trivy arguments in the settings, or update Trivy.'
        : 'Plimsoll gives it to every Trivy from 0.62 on: update Trivy, or Plimsoll when Trivy is the newer one.',
    remedies: ['install-trivy', 'show-log'],
  },
  {
    text: /flag error: |config file "[^"]*" loading error|ignore file not found|filter error: [^]*yaml/i,
    kind: 'trivy-settings',
    message: ({ stderr }) =>
      `Trivy doesn't accept its settings: ${shorten(firstMatch(stderr, /(?:flag error: (?:unable to \w+ flags(?: to options)?: )?(?:unable to parse flag: )?|run error: filter error: (?:filtering error: )?|(?=config file "))(.*)/i))}.`,
    nextStep: () =>
      'Correct what it names: the additional arguments, the ignore file or the trivy.yaml in the settings, or a variable TRIVY_… of yours.',
    remedies: ['retry', 'show-log'],
  },
  {
    text: /java[ -]db[^]*cannot be specified on the first run/i,
    kind: 'database-first-run',
    message: () => 'Trivy has no database of Java archives yet, and was told not to download one.',
    nextStep: () =>
      'Scan once with a network connection and with database updates, or leave the archives out with the additional arguments "--skip-files", "**/*.jar".',
    remedies: ['retry', 'show-log'],
  },
  {
    text: /--skip-db-update cannot be specified on the first run|first run cannot skip downloading DB/i,
    kind: 'database-first-run',
    message: () => 'Trivy has no vulnerability database yet, and was told not to download one.',
    nextStep: () => 'Scan once with a network connection and with database updates; later scans can do without.',
    remedies: ['retry', 'show-log'],
  },
  {
    text: /cannot be specified with the old DB schema|version of DB schema doesn't match/i,
    kind: 'database-old',
    message: () => "Trivy's vulnerability database doesn't fit this version of Trivy.",
    nextStep: () => 'Update Trivy, and let it renew the database.',
    remedies: ['install-trivy', 'retry', 'show-log'],
  },
  {
    text: /no space left on device|disk quota exceeded|not enough space on the disk/i,
    kind: 'disk-full',
    message: ({ stderr }) => {
      const file = firstMatch(stderr, /(?:write|mkdir|open|create) ([^\s:"]+): (?:no space left|disk quota)/i);
      return file === ''
        ? 'The disk is full: Trivy unpacks the image into the temporary folder.'
        : `The disk is full; Trivy was writing ${file}.`;
    },
    nextStep: () =>
      'Make room there, or set TMPDIR (TEMP on Windows) for what is unpacked or TRIVY_CACHE_DIR for the databases to a folder on a larger disk, and restart the editor.',
    remedies: ['retry', 'show-log'],
  },
  {
    text: /(?:cache|database) may be in use by another process|failed to acquire (?:cache or database|the) lock|cache or database lock/i,
    kind: 'locked',
    message: () => "Another Trivy is using the cache; two can't use it at once.",
    nextStep: () => 'Wait until the other scan has ended, then scan again.',
    remedies: ['retry', 'show-log'],
  },
  {
    text: /failed to open db|db corrupted|error in vulnerability DB initialize|go\.etcd\.io\/bbolt[^]*goroutine|goroutine[^]*go\.etcd\.io\/bbolt/i,
    kind: 'database-damaged',
    message: () => "Trivy's vulnerability database is damaged.",
    nextStep: ({ removal }) =>
      `Remove it (${removal ?? '"trivy clean --vuln-db"'}), then scan again with a network connection.`,
    remedies: ['retry', 'show-log'],
  },
  {
    text: /(?:DB error|cache client|fs cache|cache dir)[^]*: \w+ [^\n:]+: (?:permission denied|read-only file system|not a directory|operation not permitted|access is denied)/i,
    kind: 'cache-unwritable',
    message: ({ stderr }) =>
      `Trivy can't write to its cache: ${firstMatch(stderr, /: (\w+ [^\n:]+: (?:permission denied|read-only file system|not a directory|operation not permitted|access is denied))/i)}.`,
    nextStep: () => 'Give your user access to that folder, or name another one with the variable TRIVY_CACHE_DIR.',
    remedies: ['retry', 'show-log'],
  },
  {
    text: /java[ -]db/i,
    kind: 'java-database',
    message: () => "Trivy couldn't download its database of Java archives.",
    nextStep: ({ hasJavaDatabase }) =>
      hasJavaDatabase === false
        ? 'Check the network connection or proxy and scan again, or leave the archives out with the additional arguments "--skip-files", "**/*.jar".'
        : 'Check the network connection or proxy and scan again, or scan with the databases you have.',
    remedies: ['retry', 'skip-database-update', 'show-log'],
    needs: 'hasJavaDatabase',
  },
  {
    text: /failed to download vulnerability DB|DB error: |from any source/i,
    kind: 'database-download',
    message: (run) =>
      /TOOMANYREQUESTS|429/.test(run.stderr)
        ? "Trivy couldn't download its vulnerability database: the server has too many requests."
        : "Trivy couldn't download its vulnerability database.",
    nextStep: ({ hasDatabase }) =>
      `Check the network connection or proxy and scan again, ${hasDatabase === false ? 'or set a mirror with "--db-repository"' : 'set a mirror with "--db-repository", or scan with the database you have'}.`,
    remedies: ['retry', 'skip-database-update', 'show-log'],
    needs: 'hasDatabase',
  },
  {
    text: /Provide a higher timeout value|context deadline exceeded/i,
    kind: 'timeout',
    message: (run) => `Trivy didn't finish within ${run.timeoutMinutes} minutes.`,
    nextStep: () => 'Raise the time limit of the scan in the settings; images with many Java archives need more.',
    remedies: ['raise-timeout', 'retry', 'show-log'],
  },
  {
    text: /failed to parse the image name|could not parse reference/i,
    kind: 'bad-reference',
    message: (run) => `"${run.image}" is not the name of an image.`,
    nextStep: () => 'Name it as [registry/]name[:tag].',
    remedies: ['retry'],
  },
  {
    text: /429 Too Many Requests|TOOMANYREQUESTS/i,
    kind: 'rate-limited',
    message: () => 'A server that Trivy asks has answered "too many requests".',
    nextStep: () => 'Wait a while, or scan with the data you have (adds --offline-scan).',
    remedies: ['retry', 'skip-database-update', 'show-log'],
  },
];

/** Makes out of a failed run what the user can be told. Anything not known is shown in Trivy's own words. */
export function trivyFailure(run: TrivyRun): ScanFailure {
  const log = withoutTerminalSequences(run.stderr).replaceAll('\r\n', '\n');
  const plain: TrivyRun = { ...run, stderr: log };
  const fatal = fatalText(log);
  const details = cleanText(fatal ?? lastLines(log, 20));

  // The image can only be missing when the databases were there; its error holds all kinds of other texts.
  const missing = /unable to find the specified image/.test(fatal ?? log);
  const isTimeout = /context deadline exceeded/.test(fatal ?? log);
  if (missing && !isTimeout) return { ...imageFailure(fatal ?? log, plain), details };

  for (const text of fatal === undefined ? [log] : [fatal, log]) {
    const known = knownFailures.find((candidate) => candidate.text.test(text));
    if (known === undefined) continue;
    return {
      kind: known.kind,
      message: known.message(plain),
      nextStep: known.nextStep(plain),
      remedies:
        known.needs !== undefined && run[known.needs] === false
          ? known.remedies.filter((remedy) => remedy !== 'skip-database-update')
          : known.remedies,
      details,
    };
  }
  if (run.source === 'archive') {
    const unreadable =
      /unable to (?:open|initialize)|no such file|unexpected EOF|invalid tar|manifest\.json|archive\/tar|not a valid/i;
    if (/open [^\n:]+: permission denied/i.test(fatal ?? log)) {
      return {
        kind: 'archive-unreadable',
        message: `Trivy may not read "${run.image}".`,
        nextStep: 'Give your user the right to read it; in a container, root has no more rights than others.',
        remedies: ['retry', 'show-log'],
        details,
      };
    }
    if (unreadable.test(fatal ?? log)) {
      return {
        kind: 'archive-unreadable',
        message: `"${run.image}" can't be read as an image.`,
        nextStep:
          'Choose a file written by "docker save" or "podman save"; unpack an OCI archive, and choose the folder.',
        remedies: ['retry', 'show-log'],
        details,
      };
    }
  }
  return { ...unknownFailure(fatal, plain), details };
}

function unknownFailure(fatal: string | undefined, { exitCode, stderr }: TrivyRun): Omit<ScanFailure, 'details'> {
  // 137 is how engines and shells tell of a kill.
  if (fatal === undefined && (exitCode === null || exitCode === 137)) {
    return {
      kind: 'killed',
      message: 'Trivy was killed: by somebody, or by the system because memory ran out.',
      nextStep: 'Close what needs much memory, or look for less with the additional arguments "--scanners", "vuln".',
      remedies: ['retry', 'show-log'],
    };
  }
  const crash = /^(?:panic|fatal error|unexpected fault address|SIGSEGV)\b.*$/m.exec(stderr)?.[0];
  if (fatal === undefined && crash !== undefined) {
    return {
      kind: 'trivy-broken',
      message: `Trivy crashed: ${shorten(cleanText(crash))}`,
      nextStep: 'Update Trivy; the log has what to report to its makers.',
      remedies: ['install-trivy', 'retry', 'show-log'],
    };
  }
  const reason = cleanText((fatal ?? lastLines(stderr, 1)).split('\n')[0] ?? '');
  return {
    kind: 'unknown',
    message:
      reason === ''
        ? `Trivy ended with code ${exitCode ?? 'unknown'} without saying why.`
        : `Trivy ended with code ${exitCode ?? 'unknown'}: ${shorten(reason)}`,
    nextStep: 'The log has all that Trivy said.',
    remedies: ['show-log', 'retry'],
  };
}

/** The image was looked for in the source we named, and not found there for one of many reasons. */
function imageFailure(text: string, run: TrivyRun): Omit<ScanFailure, 'details'> {
  const line = sourceLine(text, run.source);
  if (run.source === 'remote') return registryFailure(line, run);
  const engine = run.source === 'podman' ? 'podman' : 'docker';
  const failure = engineMessageFailure(engine, line);
  if (failure !== undefined && failure.kind !== 'no-image') return failure;
  if (engine === 'podman' && /no podman socket found|unable to initialize Podman client/i.test(line)) {
    return {
      kind: 'engine-not-running',
      message: "Trivy can't reach Podman: its socket isn't there.",
      nextStep: 'Start it with "systemctl --user start podman.socket", or save the image to a file and scan that.',
      remedies: ['retry', 'scan-archive', 'show-log'],
    };
  }
  return {
    kind: 'no-image',
    message: `${engine === 'docker' ? 'Docker' : 'Podman'} has no image "${run.image}".`,
    nextStep: 'Build or pull it first, or choose one from the list.',
    remedies: ['retry', 'show-log'],
  };
}

function registryFailure(line: string, run: TrivyRun): Omit<ScanFailure, 'details'> {
  if (/MANIFEST_UNKNOWN|NAME_UNKNOWN|404/i.test(line)) {
    return {
      kind: 'no-image',
      message: `The registry has no image "${run.image}".`,
      nextStep: 'Check name and tag.',
      remedies: ['retry', 'show-log'],
    };
  }
  if (/UNAUTHORIZED|DENIED|401|403/i.test(line)) {
    return {
      kind: 'registry-auth',
      message: `The registry doesn't let you read "${run.image}"; it says the same of images that don't exist.`,
      nextStep: 'Check the name, or log in with "docker login" (or "trivy registry login") and scan again.',
      remedies: ['retry', 'show-log'],
    };
  }
  if (/TOOMANYREQUESTS|429/i.test(line)) {
    return {
      kind: 'rate-limited',
      message: 'The registry has answered "too many requests".',
      nextStep: 'Wait a while, or log in to the registry.',
      remedies: ['retry', 'show-log'],
    };
  }
  return {
    kind: 'registry-unreachable',
    message: `The registry of "${run.image}" can't be reached.`,
    nextStep: 'Check the network connection or proxy; an image that the engine has is scanned without the registry.',
    remedies: ['retry', 'show-log'],
  };
}

/** The part `* docker error: …` of an error that lists all sources. */
function sourceLine(text: string, source: TrivyRun['source']): string {
  const parts = text.split(/\n\s*\*\s+|\s\*\s(?=\w+ error:)/);
  return parts.find((part) => part.startsWith(`${source} error:`)) ?? text;
}

/**
 * The chain of errors in Trivy's last words. `FATAL` lines read `time⇥FATAL⇥Fatal error⇥chain` (or `Error⇥text`);
 * the lines behind it that carry no time of their own belong to it.
 */
function fatalText(log: string): string | undefined {
  const lines = log.split('\n');
  const start = lines.findLastIndex((line) => /(?:^|\t)FATAL\t/.test(line));
  if (start < 0) return undefined;
  const end = lines.findIndex((line, index) => index > start && /^\d{4}-\d\d-\d\dT\S*\t[A-Z]+\t/.test(line));
  return lines
    .slice(start, end < 0 ? undefined : end)
    .join('\n')
    .replace(/^.*?FATAL\t(?:Fatal error|Error)?\t?/, '')
    .trim();
}

function unknownOption({ stderr }: TrivyRun): string {
  return firstMatch(stderr, /unknown (?:shorthand )?flag:? ?(.*)/i);
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

function firstMatch(text: string, pattern: RegExp): string {
  return cleanText(pattern.exec(text)?.[1] ?? '').trim();
}

/** A chain's end says most; its beginning says where. */
function shorten(text: string): string {
  return text.length <= 300 ? text : `${text.slice(0, 100)} … ${text.slice(-190)}`;
}
