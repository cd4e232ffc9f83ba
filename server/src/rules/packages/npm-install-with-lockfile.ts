import { defineRule, type FixProposal, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { copiedFile, folderOf } from '../../model/copiedFiles.ts';
import { isYarnOne, type LockAgreement, yarnLockAgreement } from '../../model/lockFile.ts';
import { npmLockTextAgreement } from '../../model/npmLock.ts';
import type { PackageUse } from '../../model/packages.ts';
import { insertWord, isEditable } from '../../model/scriptEdits.ts';
import { type Edit, replace } from '../../text/edit.ts';

export const npmInstallWithLockfile = defineRule({
  id: 'npm-install-with-lockfile',
  practice: 'packages',
  summary: '`npm install` may install other versions than the lock file beside it has fixed.',
  why: [
    '`npm install` rewrites `package-lock.json` where it does not fit `package.json`, so two builds of one commit may ' +
      'hold different packages. `npm ci` installs exactly what the lock file lists, fails when it does not fit, and is ' +
      'faster. Yarn and pnpm do the same with `--frozen-lockfile` (`--immutable` from Yarn 2 on).',
    '',
    'The fix is safe where the build context shows that nothing else would be installed and the lock file would stay as it is: it holds just what `package.json` asks for, down to the last dependency. Workspaces, overrides, links and an npm that is not known make it a suggestion. Where `npm ci` would fail, the reason is told instead.',
  ].join('\n'),
  severity: 'info',
  fix: 'safe',
  changes: ['command-words'],
  aliases: [],
  examples: [
    {
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install --no-audit\n',
      after: 'FROM node:24-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm ci --no-audit\n',
      context: {
        'package.json': '{"dependencies":{"ms":"2.1.3"}}',
        'package-lock.json':
          '{"lockfileVersion":3,"packages":{"":{"dependencies":{"ms":"2.1.3"}},"node_modules/ms":{"version":"2.1.3"}}}',
      },
    },
  ],
  check({ dockerfile, report }) {
    for (const use of dockerfile.runs.flatMap((run) => run.installs)) {
      const place = isLoose(use) ? lockOf(use) : undefined;
      if (!place) continue;
      report({
        range: use.command.subcommandRange,
        message: messageFor(use, place.lock),
        ...(use.manager === 'npm' ? repairNpm(use, place) : repairOther(use, place)),
      });
    }
  },
});

interface Place {
  /** Paths in the build context. */
  readonly lock: string;
  readonly manifest: string | undefined;
}

const lockNames: Readonly<Record<string, readonly string[]>> = {
  npm: ['npm-shrinkwrap.json', 'package-lock.json'],
  yarn: ['yarn.lock'],
  pnpm: ['pnpm-lock.yaml'],
};

/** An install of what package.json lists that is free to choose versions. */
function isLoose({ manager, command, packages, fromManifest }: PackageUse): boolean {
  if (!Object.hasOwn(lockNames, manager) || !fromManifest || packages.length > 0 || command.hasUnknownArguments)
    return false;
  if (
    command.hasOption(
      '-g',
      '--global',
      '-w',
      '--workspace',
      '--workspaces',
      '--filter',
      '-F',
      '--help',
      '--version',
      '--dry-run',
      '--package-lock-only',
      '--lockfile-only',
    )
  )
    return false;
  if (
    command.args.some((word) =>
      /^--(?:no-)?(?:package-lock|lockfile|frozen-lockfile|immutable|pure-lockfile)(?:=|$)|^--mode/.test(word.text),
    )
  )
    return false;
  const subcommands: readonly (string | undefined)[] =
    manager === 'npm' ? ['install', 'i', 'add'] : manager === 'yarn' ? ['install', undefined] : ['install', 'i'];
  if (!subcommands.includes(command.subcommand)) return false;
  if (settings(command).some((name) => /^npm_config_package_lock$/i.test(name))) return false;
  // In continuous integration pnpm and later versions of Yarn are strict by themselves.
  const environment = command.stage.envAt(command.run.instruction);
  return manager === 'npm' || !['CI', 'YARN_ENABLE_IMMUTABLE_INSTALLS'].some((name) => environment.get(name));
}

/** Names of the variables that the command sees. */
function settings(command: Command): readonly string[] {
  const { assignments, wrappers } = command.shell;
  return [
    ...command.stage.envAt(command.run.instruction).variables.map((each) => each.name),
    ...assignments.map((each) => each.name),
    ...wrappers.map((word) => word.text.split('=')[0]!),
  ];
}

function lockOf({ manager, command }: PackageUse): Place | undefined {
  const { run, stage } = command;
  const { context } = stage.dockerfile;
  const folder = folderOf(command);
  if (folder === undefined) return undefined;
  const at = (name: string): string | undefined => copiedFile(run, folder === '/' ? `/${name}` : `${folder}/${name}`);
  const lock = lockNames[manager]!.map(at).find((path) => path !== undefined);
  const earlier = stage.chain
    .flatMap((each) => each.runs)
    .filter((each) => each.instruction.range.start <= run.instruction.range.start);
  if (lock === undefined || earlier.some((each) => each.removes(/lock|shrinkwrap|\*\.json/))) return undefined;
  const npmrc = at('.npmrc');
  if (npmrc !== undefined && /^\s*package-lock\s*=\s*false/m.test(context?.read(npmrc) ?? '')) return undefined;
  return { lock, manifest: at('package.json') };
}

function messageFor({ manager, command }: PackageUse, lock: string): string {
  const name = lock.split('/').pop()!;
  if (manager === 'npm')
    return `npm ${command.subcommand} may install other versions than ${name} has fixed; npm ci installs exactly those.`;
  const call = manager === 'yarn' && command.subcommand === undefined ? 'yarn' : `${manager} ${command.subcommand}`;
  return `${call} may install other versions than ${name} has fixed; add ${frozenOption(manager, command)}.`;
}

function frozenOption(manager: string, command: Command): string {
  return manager === 'yarn' && isYarnOne(command) === false ? '--immutable' : '--frozen-lockfile';
}

function repairNpm(use: PackageUse, place: Place): Pick<Report, 'fixes' | 'withheld'> {
  const { command } = use;
  const { context } = command.stage.dockerfile;
  const obstacle = obstacleOf(use);
  if (obstacle !== undefined) return { withheld: obstacle };
  const word = command.subcommandWord!;
  const edits: Edit[] = [replace(word.range, 'ci'), ...omitDev(command)];
  const agreement =
    context && place.manifest !== undefined
      ? npmLockTextAgreement(context.read(place.lock) ?? '', context.read(place.manifest) ?? '')
      : undefined;
  if (agreement?.kind === 'differs') return { withheld: disagreement(place, agreement.names, 'npm ci') };
  const major = nodeMajor(command);
  if (major !== undefined && major < 10) return { withheld: `The npm of Node.js ${major} has no npm ci.` };
  const version = agreement?.kind === 'agrees' ? agreement.lockVersion : undefined;
  // npm 6 can't read the newest format of the lock file and ignores it; npm ci would fail.
  if (version !== undefined && version >= 3 && major !== undefined && major < 15)
    return { withheld: `The npm of Node.js ${major} can't read this ${place.lock}.` };
  const doubt = doubtOf(use, place, version, major);
  if (doubt === undefined) return { fixes: [{ title: 'Use npm ci', edits }] };
  return { fixes: [{ title: `Use npm ci (${doubt})`, safety: 'suggestion', edits }] };
}

/** What may be different with npm ci; undefined when nothing is. */
function doubtOf(
  { command }: PackageUse,
  { lock, manifest }: Place,
  lockVersion: number | undefined,
  major: number | undefined,
): string | undefined {
  if (lockVersion === undefined) return `it fails when ${lock} does not fit package.json`;
  if (hasModules(command, manifest)) return 'it removes the node_modules that is copied from the build context first';
  const { stage } = command;
  const changesNpm = stage.chain
    .flatMap((each) => each.runs)
    .some((run) => run.packageUses.some(({ packages }) => packages.some(({ name }) => name === 'npm')));
  if (!isOfficialNode(command) || changesNpm)
    return lockVersion >= 3 ? `needs npm 7 or newer for this ${lock}` : 'needs npm 6 or newer';
  // Those bring the lock file into the format of their own version.
  if (major === undefined || major < (lockVersion >= 3 ? 18 : 16))
    return `${lock} is no longer rewritten in the format of this npm`;
  return undefined;
}

/** Whether a `node_modules` comes from the build context into the folder of the project. */
function hasModules(command: Command, manifest: string | undefined): boolean {
  const { context } = command.stage.dockerfile;
  const folder = `${manifest!.slice(0, manifest!.lastIndexOf('/') + 1)}node_modules`;
  const at = folderOf(command)!;
  return (context?.list(folder) ?? []).some(({ name, isDirectory }) =>
    (isDirectory ? ['package.json', 'index.js'] : [''])
      .map((file) => copiedFile(command.run, `${at === '/' ? '' : at}/node_modules/${name}${file && `/${file}`}`))
      .some((path) => path !== undefined),
  );
}

function repairOther({ manager, command, ...rest }: PackageUse, place: Place): Pick<Report, 'fixes' | 'withheld'> {
  const { context } = command.stage.dockerfile;
  const obstacle = obstacleOf({ manager, command, ...rest });
  if (obstacle !== undefined) return { withheld: obstacle };
  const option = frozenOption(manager, command);
  const edit = insertWord(command, command.subcommandRange, option)!;
  const title = `Add ${option}`;
  const doubtful: FixProposal = {
    title: `${title} (it fails when ${place.lock} does not fit package.json)`,
    safety: 'suggestion',
    edits: [edit],
  };
  if (manager !== 'yarn' || !context || place.manifest === undefined) return { fixes: [doubtful] };
  const agreement: LockAgreement = yarnLockAgreement(context.read(place.lock) ?? '', context.readJson(place.manifest));
  if (agreement.kind === 'differs') return { withheld: disagreement(place, agreement.names, option) };
  return {
    fixes: [agreement.kind === 'agrees' && isYarnOne(command) !== 'unknown' ? { title, edits: [edit] } : doubtful],
  };
}

function obstacleOf({ manager, command }: PackageUse): string | undefined {
  const { run, stage } = command;
  if (!isEditable(run)) return 'The script could not be read as a whole.';
  if (manager === 'npm' && run.hasMountMatching(/node_modules/))
    return 'npm ci removes node_modules first and can not when it is a mount.';
  const earlier = stage.chain
    .flatMap((each) => each.runs)
    .filter((each) => each.instruction.range.start <= run.instruction.range.start);
  const adds = earlier
    .flatMap((each) => each.installs)
    .filter((each) => each.manager === manager && each.packages.length > 0);
  if (adds.some((each) => !each.command.hasOption('-g', '--global') && each.command.subcommand !== 'global')) {
    return 'Packages are added here that package.json does not list.';
  }
  const isChanged = earlier.some((each) =>
    each.commands.some(
      (other) =>
        other.range.start < command.range.start &&
        /\bpackage\.json\b|\bnpm (?:pkg|version)\b/.test(stage.dockerfile.slice(other.range)),
    ),
  );
  return isChanged
    ? 'An earlier step may change package.json, so whether the lock file still fits is not known.'
    : undefined;
}

function disagreement(place: Place, names: readonly string[], what: string): string {
  const few = names.slice(0, 3).join(', ') + (names.length > 3 ? ', …' : '');
  return `${place.lock} does not fit ${place.manifest} (${few}), so ${what} would fail; bring it up to date first.`;
}

/** `--production` has a successor that npm 7 and newer know. */
function omitDev(command: Command): Edit[] {
  const major = nodeMajor(command);
  if (major === undefined || major < 16) return [];
  const old = command.args.filter((word) => /^--(?:production(?:=true)?|only=prod(?:uction)?)$/.test(word.text));
  return old.map((word) => replace(word.range, '--omit=dev'));
}

function isOfficialNode(command: Command): boolean {
  const { facts } = command.stage.rootBase;
  return facts?.official === true && facts.repository === 'node';
}

/** Major version of the official node image; undefined for others. A tag without a version is a recent one. */
function nodeMajor(command: Command): number | undefined {
  if (!isOfficialNode(command)) return undefined;
  const { tag } = command.stage.rootBase.facts!;
  const digits = /^(\d+)/.exec(tag)?.[1];
  if (digits !== undefined) return Number(digits);
  const codename = codenames.findIndex((name) => tag.startsWith(name));
  if (codename >= 0) return 4 + 2 * codename;
  return /^(?:lts|latest|current|slim|alpine|bookworm|trixie|bullseye)(?:-|\d|$)/.test(tag) ? 24 : undefined;
}

/** Names of the releases with long support, from Node.js 4 on; every second version is one. */
const codenames = [
  ...['argon', 'boron', 'carbon', 'dubnium', 'erbium', 'fermium', 'gallium', 'hydrogen', 'iron', 'jod', 'krypton'],
];
