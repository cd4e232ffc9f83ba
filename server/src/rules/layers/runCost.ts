import type { Command } from '../../model/command.ts';
import type { Manager } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';

/**
 * What running it again would cost, told by its commands:
 * `files` makes folders, users and small files; `packages` also installs named packages; `dependencies` installs what a
 * manifest lists; `work` does anything else: downloads, compiles, runs the project's own programs.
 */
export type RunCost = 'files' | 'packages' | 'dependencies' | 'work';

export function costOf(run: Run): RunCost {
  const known = costs.get(run) ?? readCost(run);
  costs.set(run, known);
  return known;
}

/** Costs that were asked for before: RUNs are compared with all their neighbours. */
const costs = new WeakMap<Run, RunCost>();

function readCost(run: Run): RunCost {
  const uses = run.packageUses;
  const using = new Set(uses.map((use) => use.command.range.start));
  if (run.commands.some((command) => !using.has(command.range.start) && !isFileCommand(command))) return 'work';
  if (uses.some((use) => use.action === 'install' && use.fromManifest)) return 'dependencies';
  return uses.length > 0 ? 'packages' : 'files';
}

/** What one RUN more is worth where two could be merged. */
export type MergeValue =
  /** Nothing speaks against one RUN. */
  | 'free'
  /** One layer less, but an edit of the second script runs the first one again. */
  | 'costs-cache'
  /** Keeping them apart is the better Dockerfile. */
  | 'unwanted';

/** What merging the second RUN with an earlier one is worth. */
export function mergeValue(first: Run, second: Run): MergeValue {
  const [before, after] = [costOf(first), costOf(second)];
  if (before === 'work') return after === 'dependencies' ? 'unwanted' : 'costs-cache';
  if (after === 'files') return before === 'dependencies' ? 'costs-cache' : 'free';
  if (after === 'packages' && before === 'files') return 'free';
  if (after === 'packages' && before === 'packages') return sharesManager(first, second) ? 'free' : 'unwanted';
  // Packages and dependencies are what the cache is for: they stay apart from what is edited more often.
  return before === 'files' && after === 'work' ? 'costs-cache' : 'unwanted';
}

function sharesManager(first: Run, second: Run): boolean {
  const known = new Set<Manager>(first.packageUses.map((use) => use.manager));
  return second.packageUses.every((use) => known.has(use.manager));
}

/** Commands of which it is known what they do: they change files, users or settings, quickly, and leave nothing running. */
const fileCommands: ReadonlySet<string> = new Set([
  ...[
    'mkdir',
    'rmdir',
    'rm',
    'cp',
    'mv',
    'ln',
    'chmod',
    'chown',
    'chgrp',
    'touch',
    'install',
    'tee',
    'cat',
    'echo',
    'printf',
  ],
  ...[
    'sed',
    'truncate',
    'tar',
    'unzip',
    'gzip',
    'gunzip',
    'bunzip2',
    'xz',
    'find',
    'xargs',
    'test',
    '[',
    'true',
    'false',
    ':',
  ],
  ...[
    'sync',
    'ls',
    'pwd',
    'set',
    'cd',
    'export',
    'umask',
    'useradd',
    'groupadd',
    'adduser',
    'addgroup',
    'usermod',
    'groupmod',
  ],
  ...[
    'deluser',
    'delgroup',
    'userdel',
    'groupdel',
    'chpasswd',
    'passwd',
    'locale-gen',
    'update-locale',
    'localedef',
    'ldconfig',
  ],
  ...[
    'update-ca-certificates',
    'apt-key',
    'add-apt-repository',
    'apt-mark',
    'dpkg',
    'rpm',
    'dpkg-reconfigure',
    'basename',
  ],
  ...[
    'dirname',
    'wc',
    'head',
    'tail',
    'grep',
    'egrep',
    'awk',
    'sort',
    'tr',
    'cut',
    'date',
    'id',
    'whoami',
    'which',
    'uname',
  ],
  ...[
    'getent',
    'setcap',
    'a2enmod',
    'a2dismod',
    'a2ensite',
    'a2dissite',
    'a2enconf',
    'phpenmod',
    'phpdismod',
    'update-rc.d',
  ],
  ...[
    'debconf-set-selections',
    'apt-config',
    'visudo',
    'sha256sum',
    'md5sum',
    'stat',
    'mktemp',
    'type',
    'command',
    'yes',
  ],
]);

function isFileCommand(command: Command): boolean {
  // An assignment alone has no name; a name that only the shell knows may be anything.
  return fileCommands.has(command.name) || (command.name === '' && !command.shell.nameWord);
}
