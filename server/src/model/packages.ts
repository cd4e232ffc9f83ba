import type { Range } from '../text/range.ts';
import type { ShellWord } from '../syntax/shell.ts';
import { Command } from './command.ts';

/** Package managers by the name rules use; several programs may share one (`apt`, `apt-get`). */
export type Manager =
  | 'apt'
  | 'apk'
  | 'dnf'
  | 'zypper'
  | 'pacman'
  | 'pip'
  | 'uv'
  | 'poetry'
  | 'pipenv'
  | 'conda'
  | 'npm'
  | 'yarn'
  | 'pnpm'
  | 'bundler'
  | 'gem'
  | 'composer'
  | 'go'
  | 'cargo'
  | 'maven'
  | 'gradle'
  | 'dotnet';

export type PackageAction = 'install' | 'update-lists' | 'upgrade' | 'remove' | 'clean';

export interface NamedPackage {
  readonly name: string;
  readonly version: string | undefined;
  /** The word, version included. */
  readonly range: Range;
}

/** What a command does with a package manager. */
export interface PackageUse {
  readonly manager: Manager;
  readonly action: PackageAction;
  readonly command: Command;
  /** Packages named as literals. */
  readonly packages: readonly NamedPackage[];
  /** Whether what is installed comes (also) from a manifest: `npm ci`, `pip install -r`, `go mod download`. */
  readonly fromManifest: boolean;
}

interface Program {
  readonly manager: Manager;
  readonly actions: Readonly<Record<string, PackageAction>>;
  /** Subcommands that install what a manifest lists when no package is named. */
  readonly manifest?: readonly string[];
}

const apt: Program = {
  manager: 'apt',
  actions: {
    install: 'install',
    'build-dep': 'install',
    satisfy: 'install',
    reinstall: 'install',
    update: 'update-lists',
    upgrade: 'upgrade',
    'dist-upgrade': 'upgrade',
    'full-upgrade': 'upgrade',
    'safe-upgrade': 'upgrade',
    remove: 'remove',
    purge: 'remove',
    autoremove: 'remove',
    clean: 'clean',
    autoclean: 'clean',
  },
};
const dnf: Program = {
  manager: 'dnf',
  actions: {
    install: 'install',
    in: 'install',
    localinstall: 'install',
    groupinstall: 'install',
    reinstall: 'install',
    'group-install': 'install',
    module: 'install',
    makecache: 'update-lists',
    'check-update': 'update-lists',
    update: 'upgrade',
    upgrade: 'upgrade',
    up: 'upgrade',
    'update-minimal': 'upgrade',
    'upgrade-minimal': 'upgrade',
    'up-min': 'upgrade',
    'distro-sync': 'upgrade',
    remove: 'remove',
    rm: 'remove',
    erase: 'remove',
    autoremove: 'remove',
    clean: 'clean',
  },
};
const pip: Program = {
  manager: 'pip',
  actions: { install: 'install', wheel: 'install', download: 'install', uninstall: 'remove', cache: 'clean' },
};
const mavenGoals: Readonly<Record<string, PackageAction>> = {
  install: 'install',
  package: 'install',
  verify: 'install',
  compile: 'install',
  'dependency:go-offline': 'install',
  'dependency:resolve': 'install',
};

const programs: Readonly<Record<string, Program>> = {
  'apt-get': apt,
  apt,
  aptitude: apt,
  apk: {
    manager: 'apk',
    actions: { add: 'install', update: 'update-lists', upgrade: 'upgrade', del: 'remove', cache: 'clean' },
  },
  yum: dnf,
  dnf,
  dnf5: dnf,
  microdnf: dnf,
  tdnf: dnf,
  zypper: {
    manager: 'zypper',
    actions: {
      install: 'install',
      in: 'install',
      refresh: 'update-lists',
      ref: 'update-lists',
      update: 'upgrade',
      up: 'upgrade',
      'dist-upgrade': 'upgrade',
      dup: 'upgrade',
      patch: 'upgrade',
      remove: 'remove',
      rm: 'remove',
      clean: 'clean',
      cc: 'clean',
    },
  },
  pip,
  pip3: pip,
  uv: { manager: 'uv', actions: { sync: 'install', add: 'install', cache: 'clean' }, manifest: ['sync'] },
  poetry: {
    manager: 'poetry',
    actions: { install: 'install', sync: 'install', add: 'install' },
    manifest: ['install', 'sync'],
  },
  pipenv: { manager: 'pipenv', actions: { install: 'install', sync: 'install' }, manifest: ['install', 'sync'] },
  conda: {
    manager: 'conda',
    actions: {
      install: 'install',
      create: 'install',
      env: 'install',
      update: 'upgrade',
      clean: 'clean',
      remove: 'remove',
    },
  },
  mamba: {
    manager: 'conda',
    actions: { install: 'install', create: 'install', env: 'install', update: 'upgrade', clean: 'clean' },
  },
  micromamba: { manager: 'conda', actions: { install: 'install', create: 'install', clean: 'clean' } },
  npm: {
    manager: 'npm',
    actions: {
      install: 'install',
      i: 'install',
      add: 'install',
      ci: 'install',
      'clean-install': 'install',
      'install-clean': 'install',
      uninstall: 'remove',
      prune: 'remove',
      cache: 'clean',
    },
    manifest: ['install', 'i', 'add', 'ci', 'clean-install', 'install-clean'],
  },
  yarn: {
    manager: 'yarn',
    actions: { install: 'install', add: 'install', global: 'install', remove: 'remove', cache: 'clean' },
    manifest: ['install'],
  },
  pnpm: {
    manager: 'pnpm',
    actions: { install: 'install', i: 'install', add: 'install', fetch: 'install', prune: 'remove', store: 'clean' },
    manifest: ['install', 'i', 'fetch'],
  },
  bundle: { manager: 'bundler', actions: { install: 'install', clean: 'clean' }, manifest: ['install'] },
  gem: { manager: 'gem', actions: { install: 'install', uninstall: 'remove', cleanup: 'clean' } },
  composer: {
    manager: 'composer',
    actions: { install: 'install', require: 'install', update: 'install', 'clear-cache': 'clean', clearcache: 'clean' },
    manifest: ['install', 'update'],
  },
  go: {
    manager: 'go',
    actions: { install: 'install', get: 'install', mod: 'install', clean: 'clean' },
    manifest: ['mod'],
  },
  cargo: {
    manager: 'cargo',
    actions: { install: 'install', fetch: 'install', build: 'install' },
    manifest: ['fetch', 'build'],
  },
  mvn: { manager: 'maven', actions: mavenGoals, manifest: Object.keys(mavenGoals) },
  mvnw: { manager: 'maven', actions: mavenGoals, manifest: Object.keys(mavenGoals) },
  gradle: {
    manager: 'gradle',
    actions: { build: 'install', dependencies: 'install', assemble: 'install' },
    manifest: ['build', 'dependencies', 'assemble'],
  },
  gradlew: {
    manager: 'gradle',
    actions: { build: 'install', dependencies: 'install', assemble: 'install' },
    manifest: ['build', 'dependencies', 'assemble'],
  },
  dotnet: { manager: 'dotnet', actions: { restore: 'install' }, manifest: ['restore'] },
  pacman: { manager: 'pacman', actions: {} },
};

/** What the command does with a package manager; undefined when it is none or the subcommand is not known. */
export function packageUse(command: Command): PackageUse | undefined {
  const python = pipOfPython(command);
  if (python) return packageUse(python);
  if (command.name === 'pacman') return pacmanUse(command);
  const program = Object.hasOwn(programs, pipName(command.name)) ? programs[pipName(command.name)] : undefined;
  if (!program) return undefined;
  if (command.name === 'uv' && command.subcommand === 'pip') return uvPip(command);
  const subcommand = command.subcommand;
  if (subcommand === undefined) {
    // `yarn` alone installs; so does `yarn --frozen-lockfile`.
    if (program.manager !== 'yarn' || command.operands.length > 0 || command.hasOption('--version', '-v', '--help'))
      return undefined;
    return { manager: 'yarn', action: 'install', command, packages: [], fromManifest: true };
  }
  const action = Object.hasOwn(program.actions, subcommand) ? program.actions[subcommand] : undefined;
  if (!action) return undefined;
  const operands = command.operands.slice(1);
  if (program.manager === 'go' && subcommand === 'mod' && operands[0]?.value !== 'download') return undefined;
  if (program.manager === 'yarn' && subcommand === 'global' && operands[0]?.value !== 'add') return undefined;
  if (program.manager === 'conda' && subcommand === 'env' && !['create', 'update'].includes(operands[0]?.value ?? ''))
    return undefined;
  const wholeManifest =
    ['go', 'maven', 'gradle', 'dotnet', 'cargo'].includes(program.manager) && program.manifest?.includes(subcommand);
  const skipped = program.manager === 'yarn' && subcommand === 'global' ? 1 : 0;
  const packages = wholeManifest ? [] : operands.slice(skipped).flatMap((word) => namedPackage(word, program.manager));
  return {
    manager: program.manager,
    action,
    command,
    packages,
    fromManifest: isFromManifest(program, command, subcommand, packages),
  };
}

function isFromManifest(
  program: Program,
  command: Command,
  subcommand: string,
  packages: readonly NamedPackage[],
): boolean {
  if (program.manager === 'pip')
    return (
      command.hasOption('-r', '--requirement') || packages.some((named) => /^\.|\/|\.(?:txt|whl)$/.test(named.name))
    );
  if (!program.manifest?.includes(subcommand)) return false;
  if (program.manager === 'npm' && command.hasOption('-g', '--global')) return false;
  return packages.length === 0 && command.operands.length <= (program.manager === 'go' ? 2 : 1)
    ? true
    : ['maven', 'gradle', 'dotnet', 'cargo', 'go'].includes(program.manager);
}

function pipName(name: string): string {
  return /^pip[23]?(?:\.\d+)?$/.test(name) ? 'pip' : name;
}

/** `python3 -m pip install x` seen as `pip install x`. */
function pipOfPython(command: Command): Command | undefined {
  if (!/^(?:python|pypy)[\d.]*$/.test(command.name)) return undefined;
  const module = command.args.findIndex((word) => word.value === '-m');
  if (module < 0 || command.args[module + 1]?.value !== 'pip') return undefined;
  return new Command(command.run, {
    ...command.shell,
    name: 'pip',
    nameWord: command.args[module + 1],
    args: command.args.slice(module + 2),
  });
}

function uvPip(command: Command): PackageUse | undefined {
  const [, second, ...rest] = command.operands;
  if (second?.value !== 'install' && second?.value !== 'sync') return undefined;
  const packages = second.value === 'sync' ? [] : rest.flatMap((word) => namedPackage(word, 'pip'));
  const fromManifest =
    second.value === 'sync' ||
    command.hasOption('-r', '--requirement') ||
    packages.some((named) => /^\.|\//.test(named.name));
  return { manager: 'uv', action: 'install', command, packages, fromManifest };
}

function pacmanUse(command: Command): PackageUse | undefined {
  const option = command.args.map((word) => word.value ?? '').find((text) => /^-[A-Z]/.test(text));
  if (!option) return undefined;
  const packages = command.operands.flatMap((word) => namedPackage(word, 'pacman'));
  const action: PackageAction | undefined = option.startsWith('-R')
    ? 'remove'
    : option.startsWith('-Sc')
      ? 'clean'
      : packages.length > 0
        ? 'install'
        : /^-Sy*u/.test(option)
          ? 'upgrade'
          : 'update-lists';
  return { manager: 'pacman', action, command, packages, fromManifest: false };
}

const versionSeparators: Partial<Record<Manager, RegExp>> = {
  apt: /^([^=]+)=(.+)$/,
  apk: /^([^=<>~]+)(?:[=<>~]+)(.+)$/,
  pip: /^([^=<>~!;]+)(?:[=<>~!]+)(.+)$/,
  uv: /^([^=<>~!;]+)(?:[=<>~!]+)(.+)$/,
  npm: /^(@?[^@]+)@(.+)$/,
  yarn: /^(@?[^@]+)@(.+)$/,
  pnpm: /^(@?[^@]+)@(.+)$/,
  go: /^([^@]+)@(.+)$/,
  cargo: /^([^@]+)@(.+)$/,
  gem: /^([^:]+):(.+)$/,
  conda: /^([^=<>]+)[=<>]+(.+)$/,
};

function namedPackage(word: ShellWord, manager: Manager): NamedPackage[] {
  if (word.value === undefined || word.value === '') return [];
  const match = versionSeparators[manager]?.exec(word.value);
  return [{ name: match?.[1] ?? word.value, version: match?.[2], range: word.range }];
}
