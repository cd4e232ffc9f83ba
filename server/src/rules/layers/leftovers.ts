import { someOf } from '../someOf.ts';
import type { Command } from '../../model/command.ts';
import { Copy, pathMatcher } from '../../model/copy.ts';
import { downloadOf, pathIn } from '../../model/download.ts';
import type { Manager } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';

/** Something that a command takes away, and how to tell who brought it. */
export interface Cleanup {
  readonly command: Command;
  /** Reads behind "removing": `the package lists`, `gcc`, `/tmp/app.tar.gz`. */
  readonly thing: string;
  /** Whether only the package manager itself would miss it. */
  readonly isCache: boolean;
  /** Whether the command removes nothing else. */
  readonly isWhole: boolean;
  /** The manager that it belongs to; undefined for files. */
  readonly manager: Manager | undefined;
  /** The command of an earlier RUN, or the COPY, that put it there and left it. */
  madeBy(earlier: Run | Copy): Command | Copy | undefined;
}

/** What the RUN takes away that it did not bring itself. */
export function cleanupsOf(run: Run): Cleanup[] {
  return run.commands.flatMap((command) => {
    if (command.shell.within.includes('function') || command.shell.within.includes('substitution')) return [];
    return [...cacheCleanup(command), ...packageRemoval(command), ...fileRemoval(command)];
  });
}

interface CacheKind {
  readonly manager: Manager;
  readonly thing: string;
  readonly path: RegExp;
  /** Option that keeps the manager from filling it. */
  readonly unfilledBy?: string;
}

const caches: readonly CacheKind[] = [
  { manager: 'apt', thing: 'the package lists', path: /\/var\/lib\/apt(?![\w.-])/ },
  { manager: 'apk', thing: 'the package index', path: /\/var\/cache\/apk(?![\w.-])/, unfilledBy: '--no-cache' },
  { manager: 'dnf', thing: 'the package cache', path: /\/var\/cache\/(?:yum|dnf)(?![\w.-])/ },
  {
    manager: 'pip',
    thing: "pip's cache",
    path: /(?:~|\/root|\$HOME)\/\.cache(?![\w.-])(?!\/(?!pip|\*))/,
    unfilledBy: '--no-cache-dir',
  },
  { manager: 'npm', thing: "npm's cache", path: /(?:~|\/root|\$HOME)\/\.npm(?![\w.-])/ },
  { manager: 'yarn', thing: "yarn's cache", path: /\/usr\/local\/share\/\.cache(?![\w.-])/ },
  { manager: 'conda', thing: "conda's cache", path: /\/opt\/conda\/pkgs(?![\w.-])/ },
];

/** `apt-get clean`, `pip cache purge`, `rm -rf /var/lib/apt/lists/*`. */
function cacheCleanup(command: Command): Cleanup[] {
  const use = command.run.packageUses.find((each) => each.command === command);
  const kind = caches.find((each) => {
    if (use?.action === 'clean') return each.manager === use.manager;
    return command.name === 'rm' && command.operands.some((word) => each.path.test(word.text));
  });
  if (!kind) return [];
  const { manager } = kind;
  const byManager = use !== undefined;
  if (filling(kind, command.run, byManager)) return [];
  const thing = byManager && manager === 'apt' ? 'downloaded packages' : kind.thing;
  return [
    {
      command,
      thing,
      isCache: true,
      isWhole: byManager || command.operands.every((word) => kind.path.test(word.text)),
      manager,
      madeBy(earlier) {
        if (earlier instanceof Copy || earlier.removes(kind.path) || earlier.hasMountMatching(kind.path))
          return undefined;
        const isCleaned = earlier.packageUses.some((each) => each.manager === manager && each.action === 'clean');
        return byManager && isCleaned ? undefined : filling(kind, earlier, byManager);
      },
    },
  ];
}

/** The last command of the RUN that fills the cache. */
function filling(kind: CacheKind, run: Run, byManager: boolean): Command | undefined {
  return run.packageUses.findLast((use) => {
    if (use.manager !== kind.manager || (kind.unfilledBy !== undefined && use.command.hasOption(kind.unfilledBy)))
      return false;
    return use.action === 'install' || use.action === 'upgrade' || (use.action === 'update-lists' && !byManager);
  })?.command;
}

/** `apt-get purge gcc`, `apk del .build-deps`: by name, in a later layer than the install. */
function packageRemoval(command: Command): Cleanup[] {
  const use = command.run.packageUses.find((each) => each.command === command);
  if (use?.action !== 'remove' || !['apt', 'apk', 'dnf', 'zypper'].includes(use.manager)) return [];
  const names = use.packages.map((each) => each.name).filter((name) => /^[\w.+-]+$/.test(name));
  const isOwn = command.run.installs.some((each) => each.packages.some((named) => names.includes(named.name)));
  if (names.length === 0 || isOwn) return [];
  return [
    {
      command,
      thing: someOf(names, 3),
      isCache: false,
      isWhole: names.length === use.packages.length,
      manager: use.manager,
      madeBy: (earlier) => (earlier instanceof Copy ? undefined : installs(earlier, use.manager, names)),
    },
  ];
}

/** The command that installs one of the packages, which the RUN itself does not remove again. */
function installs(run: Run, manager: Manager, names: readonly string[]): Command | undefined {
  const removed = run.packageUses
    .filter((use) => use.action === 'remove')
    .flatMap((use) => use.packages.map((each) => each.name));
  return run.installs.find((use) => {
    const virtual = use.command.optionValue('--virtual') ?? use.command.optionValue('-t');
    const brought = [...use.packages.map((each) => each.name), ...(virtual === undefined ? [] : [virtual])];
    return use.manager === manager && names.some((name) => brought.includes(name) && !removed.includes(name));
  })?.command;
}

/** `rm` of a file that was downloaded, cloned or copied in. */
function fileRemoval(command: Command): Cleanup[] {
  if (command.name !== 'rm') return [];
  return command.operands.flatMap((word): Cleanup[] => {
    const written = word.value ?? (/[$`"'\\~]/.test(word.text) ? undefined : word.text);
    const path = written === undefined ? undefined : pathIn(command, written);
    if (path === undefined || path === '/') return [];
    const matches = pathMatcher(path.replace(/\/$/, '').slice(1));
    const isMeant = (made: string | undefined): made is string =>
      made !== undefined && matches(made.replace(/\/$/, '').slice(1));
    const fetchedIn = (run: Run): Command | undefined =>
      run.commands.find((each) => {
        const download = downloadOf(each);
        const made = download && !download.name.includes('$') ? pathIn(each, download.name) : undefined;
        return isMeant(made) && run.mountAt(made) === undefined;
      });
    // What the same script makes or touches may be meant as well.
    if (fetchedIn(command.run)) return [];
    return [
      {
        command,
        thing: word.text,
        isCache: false,
        isWhole: command.operands.length === 1,
        manager: undefined,
        madeBy(earlier) {
          if (earlier instanceof Copy) return copiedFiles(earlier).some(isMeant) ? earlier : undefined;
          return removesFile(earlier, isMeant) ? undefined : fetchedIn(earlier);
        },
      },
    ];
  });
}

/** Whether a RUN takes away itself what it fetched: one `rm` is enough to believe it. */
function removesFile(run: Run, isMeant: (path: string | undefined) => boolean): boolean {
  const names = run.commands
    .filter((command) => command.name === 'rm')
    .flatMap((command) => command.operands.map((word) => ({ command, word })));
  return names.some(({ command, word }) => isMeant(pathIn(command, word.value ?? word.text)));
}

/** The archives and packages that a COPY brings, as far as its own words tell. What a small script weighs is no matter. */
function copiedFiles(copy: Copy): string[] {
  const destination = copy.destinationPath;
  if (destination === undefined) return [];
  const isFolder = destination.endsWith('/');
  if (!isFolder && copy.sources.length !== 1) return [];
  const files = isFolder
    ? copy.sources.map(({ value }) => destination + (value?.split('/').pop() ?? ''))
    : [destination];
  return files.filter((file) =>
    /\.(?:tar|t?[gx]z|tgz|bz2|zst|zip|7z|jar|war|ear|deb|rpm|apk|egg|whl|gem|iso|img|run|bin|exe|dmg|sql|dump)$/i.test(
      file,
    ),
  );
}
