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
