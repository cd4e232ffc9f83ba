import { baseCommands, profileRules, profiles, trackedCommands, withoutAdduser } from './data/tools.generated.ts';
import type { Distribution } from './distribution.ts';
import { lazyTable } from './lazyTable.ts';

/** What is known of the commands in an image. */
export interface Profile {
  readonly name: string;
  readonly commands: ReadonlySet<string>;
  /** False when the list was put together without looking: what is missing in it may be there. */
  readonly isVerified: boolean;
}

/** Commands whose presence is known for every verified profile. */
export const trackedNames: readonly string[] = trackedCommands.split(' ');
const trackedSet: ReadonlySet<string> = new Set(trackedNames);

/** The commands of a named profile, such as `node:slim`. */
const profileOf: (name: string) => Profile | undefined = lazyTable(profiles, (text, name): Profile => {
  const [digits, more, confidence] = text.split('|');
  const commands = new Set(more === '' ? [] : more!.split(' '));
  for (let at = 0; at < digits!.length; at++) {
    const bits = Number.parseInt(digits![at]!, 16);
    for (let bit = 0; bit < 4; bit++) {
      const command = trackedNames[at * 4 + bit];
      if (command !== undefined && (bits & (8 >> bit)) !== 0) commands.add(command);
    }
  }
  return { name, commands, isVerified: confidence === '' };
});

/** The profile of a tag: its image's own where it has one, on the system that the build really has. */
export function profileFor(repository: string, tag: string, system: Distribution): Profile | undefined {
  const isNamedRelease = (repository === 'debian' || repository === 'ubuntu') && system.release !== undefined;
  const name = isNamedRelease ? system.profile : ownProfile(repository, tag);
  const own = name === undefined ? undefined : profileOf(name);
  return own && fits(own, system) ? own : undefined;
}

/** Is the command there? `own` is the image's profile, `system` the one of the bare system below. */
export function hasCommand(command: string, own: Profile | undefined, system: Distribution): boolean | 'unknown' {
  if (system.shell === 'none' && commandsOfBase('debian-bookworm')?.has(command) && !command.startsWith('@'))
    return false;
  if (lacksForSuite(command, own?.name ?? system.profile, system.release)) return false;
  const base = system.profile === undefined ? undefined : profileOf(system.profile);
  if (own?.commands.has(command) || (!own && base?.commands.has(command))) return true;
  if (isInBaseSystem(command, system)) return true;
  if (own?.isVerified && trackedSet.has(command)) return false;
  return 'unknown';
}

function ownProfile(repository: string, tag: string): string | undefined {
  const rules = rulesOf(
    repository
      .replace(/^(registry\.access\.redhat\.com\/)ubi\d+/, '$1ubi9')
      .replace(/^(gcr\.io\/distroless\/(?:static|base|cc|java|nodejs|python3)).*/, '$1*')
      .replace(/^(public\.ecr\.aws\/lambda\/).*/, '$1*'),
  );
  return rules?.find(([pattern]) => pattern.test(tag))?.[1];
}

const rulesOf = lazyTable(
  profileRules,
  (text): ReadonlyArray<readonly [pattern: RegExp, profile: string]> =>
    text.split('\n').map((line) => {
      const space = line.indexOf(' ');
      return [new RegExp(line.slice(0, space)), line.slice(space + 1)];
    }),
);

/** A profile was measured on one system; a build of the same image on another one has other commands. */
function fits(profile: Profile, system: Distribution): boolean {
  const managers: Readonly<Record<string, readonly string[]>> = {
    apt: ['apt-get'],
    apk: ['apk'],
    dnf: ['dnf', 'yum', 'microdnf'],
    yum: ['yum', 'dnf'],
    microdnf: ['microdnf'],
    tdnf: ['tdnf'],
  };
  const expected = managers[system.packageManager];
  if (system.packageManager === 'none') return !/apt-get|apk|dnf|yum/.test([...profile.commands].join(' '));
  return expected === undefined || expected.some((command) => profile.commands.has(command));
}

const suitesWithoutAdduser = new Set(withoutAdduser.suites.split(' '));
const profilesWithoutAdduser = new Set(withoutAdduser.profiles.split(' '));
const adduserCommands = new Set(withoutAdduser.commands.split(' '));

function lacksForSuite(command: string, profile: string | undefined, release: string | undefined): boolean {
  if (!adduserCommands.has(command) || release === undefined || !suitesWithoutAdduser.has(release)) return false;
  return profile !== undefined && (profilesWithoutAdduser.has(profile) || /^(?:debian|ubuntu)-/.test(profile));
}

const commandsOfBase = lazyTable(baseCommands, (text): ReadonlySet<string> => new Set(text.split(' ')));

/** Commands of the essential packages, which no derived image takes out. */
function isInBaseSystem(command: string, { family }: Distribution): boolean {
  if (adduserCommands.has(command) || command.startsWith('@')) return false;
  const lists: Readonly<Record<string, string>> = {
    debian: 'debian-bookworm',
    ubuntu: 'debian-bookworm',
    alpine: 'alpine-3.20',
    busybox: 'busybox-1-glibc',
  };
  const list = lists[family];
  return list !== undefined && (commandsOfBase(list)?.has(command) ?? false);
}
