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

/** Compares package-lock.json (or npm-shrinkwrap.json) of version 2 or 3 with package.json, as `npm ci` does. */
export function npmLockAgreement(lock: unknown, manifest: unknown): LockAgreement {
  const { lockfileVersion, packages } = asRecord(lock);
  const root = asRecord(packages)[''];
  if (typeof lockfileVersion !== 'number' || lockfileVersion < 2 || !root || asRecord(manifest)['workspaces'])
    return unknown;
  const names = dependencyKinds.flatMap((kind) => {
    const wanted = asRecord(asRecord(manifest)[kind]);
    const locked = asRecord(asRecord(root)[kind]);
    return [...new Set([...Object.keys(wanted), ...Object.keys(locked)])].filter(
      (name) => wanted[name] !== locked[name],
    );
  });
  const required = [
    ...Object.keys(asRecord(asRecord(manifest)['dependencies'])),
    ...Object.keys(asRecord(asRecord(manifest)['devDependencies'])),
  ];
  const absent = required.filter((name) => !Object.hasOwn(asRecord(packages), `node_modules/${name}`));
  const differing = [...new Set([...names, ...absent])];
  return differing.length > 0
    ? { kind: 'differs', names: differing }
    : { kind: 'agrees', lockVersion: lockfileVersion };
}

/** Compares yarn.lock with package.json: every dependency as asked for has to be a key of it. */
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
  const keys = new Set(
    [...lock.matchAll(/^("?[^\s#][^\r\n]*):\r?$/gm)].flatMap(([, line]) => line!.replaceAll('"', '').split(/,\s*/)),
  );
  const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
    Object.entries(asRecord(record[kind])),
  );
  if (
    wanted.some(
      ([, version]) => typeof version !== 'string' || /^(?:file|link|portal|workspace|patch):|^\.{0,2}\//.test(version),
    )
  )
    return unknown;
  const names = wanted
    .filter(([name, version]) => !keys.has(`${name}@${String(version)}`) && !keys.has(`${name}@npm:${String(version)}`))
    .map(([name]) => name);
  return names.length > 0 ? { kind: 'differs', names } : { kind: 'agrees', lockVersion: isOne ? 1 : 2 };
}

const dependencyKinds: readonly string[] = [
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
];

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
