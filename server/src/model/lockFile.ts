import type { Command } from './command.ts';

/**
 * Whether a `yarn` command is Yarn 1 (classic) rather than 2 or newer: by `yarn global`, by the lock files of the build
 * context, by what the Dockerfile says of versions.
 */
export function isYarnOne(command: Command): boolean | 'unknown' {
  if (command.subcommand === 'global') return true;
  const { dockerfile } = command.stage;
  if (command.hasOption('--immutable', '--immutable-cache')) return false;
  if (/\byarn set version\b|\byarn@(?:[2-9]|stable|berry)|\.yarnrc\.yml|\.yarn\//.test(dockerfile.text)) return false;
  const { context } = dockerfile;
  if (!context) return 'unknown';
  const locks = context.files
    .filter((path) => /(?:^|\/)yarn\.lock$/.test(path))
    .map((path) => context.read(path) ?? '');
  if (locks.some((text) => /^__metadata:/m.test(text)) || context.has('.yarnrc.yml')) return false;
  return locks.length > 0 && locks.every((text) => /^# yarn lockfile v1/m.test(text)) ? true : 'unknown';
}

/** How a lock file stands to its package.json: `differs` names what a frozen install would stumble over. */
export type LockAgreement =
  | { readonly kind: 'agrees'; readonly lockVersion: number }
  | { readonly kind: 'differs'; readonly names: readonly string[] }
  | { readonly kind: 'unknown' };

const unknown: LockAgreement = { kind: 'unknown' };

/**
 * Compares yarn.lock with package.json and with itself: every dependency as asked for has to be a key of it. It agrees
 * only for Yarn 1, and when a plain install would not change the file: whether later versions accept a lock file depends
 * on their own version, too.
 */
export function yarnLockAgreement(lock: string, manifest: unknown): LockAgreement {
  const record = asRecord(manifest);
  const isOne = /^# yarn lockfile v1/m.test(lock);
  if (
    (!isOne && !/^__metadata:/m.test(lock)) ||
    record['workspaces'] ||
    record['resolutions'] ||
    Object.keys(record).length === 0
  )
    return unknown;
  const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries(asRecord(record[kind])),
  );
  if (
    wanted.some(
      ([, version]) => typeof version !== 'string' || /^(?:file|link|portal|workspace|patch):|^\.{0,2}\//.test(version),
    )
  )
    return unknown;
  const entries = new Map(yarnEntries(lock));
  const keyOf = (name: string, version: string): string | undefined =>
    [`${name}@${version}`, `${name}@npm:${version}`].find((key) => entries.has(key));
  const missing = wanted.filter(([name, version]) => keyOf(name, String(version)) === undefined).map(([name]) => name);
  if (missing.length > 0) return { kind: 'differs', names: missing };
  if (!isOne) return unknown;
  const reached = new Set(wanted.map(([name, version]) => keyOf(name, String(version))));
  // What is added on the way is visited as well.
  for (const key of reached) {
    if (key === undefined) return unknown;
    for (const [name, version] of entries.get(key)!) reached.add(keyOf(name, version));
  }
  return [...entries.keys()].every((key) => reached.has(key)) ? { kind: 'agrees', lockVersion: 1 } : unknown;
}

type YarnDependencies = ReadonlyArray<readonly [name: string, version: string]>;

/** What each key of yarn.lock (`ms@^2.1.3`) depends on. */
function yarnEntries(lock: string): ReadonlyArray<readonly [key: string, YarnDependencies]> {
  return lock.split(/\r?\n(?=\S)/).flatMap((block) => {
    const [head = '', ...lines] = block.split(/\r?\n/);
    if (!/^"?[^\s#].*:$/.test(head)) return [];
    const dependencies = lines.flatMap((line) => {
      const match = /^ {4}"?([^"\s:]+)"?:? "?([^"]+)"?$/.exec(line);
      return match ? [[match[1]!, match[2]!] as const] : [];
    });
    const keys = head.slice(0, -1).replaceAll('"', '').split(/,\s*/);
    return keys.map((key) => [key, dependencies] as const);
  });
}

/** The object's properties; none for anything else. */
export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
