import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import type { Range } from '../text/range.ts';
import type { Run } from './run.ts';
import type { Stage } from './stage.ts';

/** A command of a RUN, with the questions that rules ask about it. */
export class Command {
  readonly run: Run;
  readonly shell: ShellCommand;

  constructor(run: Run, shell: ShellCommand) {
    this.run = run;
    this.shell = shell;
  }

  get stage(): Stage {
    return this.run.stage;
  }

  /** `apt-get` for `sudo /usr/bin/apt-get`; empty when it can't be known. */
  get name(): string {
    return this.shell.name;
  }

  get range(): Range {
    return this.shell.range;
  }

  get args(): readonly ShellWord[] {
    return this.shell.args;
  }

  /** First argument that is no option (`install` of `apt-get -q install curl`); options that take a value are known. */
  get subcommandWord(): ShellWord | undefined {
    return this.operands[0];
  }

  get subcommand(): string | undefined {
    return this.subcommandWord?.value;
  }

  /** Where the subcommand stands; the command's name when there is none. */
  get subcommandRange(): Range {
    return (this.subcommandWord ?? this.shell.nameWord)?.range ?? this.range;
  }

  /** Arguments that are neither options nor their values, the subcommand included. */
  get operands(): readonly ShellWord[] {
    const taking = Object.hasOwn(optionsWithValue, this.name) ? optionsWithValue[this.name]! : [];
    const found: ShellWord[] = [];
    for (let i = 0; i < this.args.length; i++) {
      const word = this.args[i]!;
      if (word.text === '--') {
        found.push(...this.args.slice(i + 1));
        break;
      }
      if (!word.text.startsWith('-') || word.text === '-') found.push(word);
      else if (taking.includes(word.text)) i++;
    }
    return found;
  }

  /**
   * Whether one of the options is there: `--yes`, also with a value (`--yes=1`), and short ones also inside a cluster
   * (`-y` in `-qqy`).
   */
  hasOption(...names: readonly string[]): boolean {
    return names.some((name) => this.optionWord(name) !== undefined);
  }

  optionWord(name: string): ShellWord | undefined {
    return this.args.find((word) => {
      const text = word.value ?? word.text;
      if (text === name || text.startsWith(`${name}=`)) return true;
      const letter = /^-([A-Za-z])$/.exec(name)?.[1];
      return letter !== undefined && /^-[A-Za-z]+$/.test(text) && text.includes(letter);
    });
  }

  /** Value of an option: `--prefix x`, `--prefix=x`, `-o x`; undefined when it is missing or not literal. */
  optionValue(name: string): string | undefined {
    for (let i = 0; i < this.args.length; i++) {
      const text = this.args[i]!.value;
      if (text === name) return this.args[i + 1]?.value;
      if (text?.startsWith(`${name}=`)) return text.slice(name.length + 1);
    }
    return undefined;
  }

  /**
   * What another call of the same program has to be written with: the wrappers (`sudo -u node`), the variables that tell
   * where it keeps its files, and the program as written; undefined behind `exec`, where nothing follows.
   */
  get caller(): string | undefined {
    const { assignments, wrappers, nameWord } = this.shell;
    if (wrappers.some((word) => word.value === 'exec')) return undefined;
    const places = assignments.filter((each) => /HOME|CACHE|PREFIX|PATH|CONFIG/i.test(each.name));
    return [...places, ...wrappers]
      .map((word) => word.text)
      .concat(nameWord?.text ?? this.name)
      .join(' ');
  }

  /**
   * Whether a variable among the arguments may bring the option: its value is known and has it, or it is not known and
   * its name speaks of options (`$PIP_OPTIONS`).
   */
  mayHold(...names: readonly string[]): boolean {
    const environment = this.stage.envAt(this.run.instruction);
    return this.args.some((word) => {
      if (word.value !== undefined) return false;
      return [...word.text.matchAll(/\$\{?(\w+)/g)].some(([, name]) => {
        const value = environment.get(name!)?.value ?? this.#shellValue(name!);
        return value === undefined ? /opt|arg|flag|param/i.test(name!) : names.some((option) => value.includes(option));
      });
    });
  }

  /** What the script itself sets a variable to, when that is a literal. */
  #shellValue(name: string): string | undefined {
    const assignments = this.run.commands.flatMap((command) => command.shell.assignments);
    return assignments.find((assignment) => assignment.name === name)?.value;
  }

  /** Whether an argument holds something that only the shell can tell: a variable, a substitution, a glob. */
  get hasUnknownArguments(): boolean {
    return this.args.some((word) => word.value === undefined);
  }
}

const condaOptions: readonly string[] = [
  '-c',
  '--channel',
  '-n',
  '--name',
  '-p',
  '--prefix',
  '-f',
  '--file',
  '-r',
  '--root-prefix',
  '--solver',
];

/** Options in front of or behind a subcommand that take the next word as their value. */
const optionsWithValue: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['-o', '-t', '-c', '--option', '--target-release', '--config-file', '--default-release', '-a'],
  apt: ['-o', '-t', '-c', '--option', '--target-release', '--config-file'],
  aptitude: ['-o', '-t', '--target-release'],
  apk: [
    '-t',
    '-X',
    '-p',
    '--virtual',
    '--repository',
    '--root',
    '--repositories-file',
    '--keys-dir',
    '--cache-dir',
    '--arch',
  ],
  yum: ['-c', '--installroot', '-x', '--exclude', '--enablerepo', '--disablerepo', '--setopt', '--releasever'],
  dnf: [
    '-c',
    '--installroot',
    '-x',
    '--exclude',
    '--enablerepo',
    '--disablerepo',
    '--setopt',
    '--releasever',
    '--repo',
  ],
  microdnf: ['--installroot', '--enablerepo', '--disablerepo', '--setopt', '--releasever', '--repo'],
  tdnf: ['--installroot', '--enablerepo', '--disablerepo', '--releasever'],
  zypper: ['-R', '--root', '-r', '--repo', '--from', '-D', '--reposd-dir', '-t', '--type'],
  pip: pipOptions(),
  pip3: pipOptions(),
  conda: condaOptions,
  mamba: condaOptions,
  micromamba: condaOptions,
  uv: [
    '--python',
    '-p',
    '--directory',
    '--project',
    '-r',
    '--requirement',
    '-c',
    '--index-url',
    '--extra-index-url',
    '--group',
    '--extra',
  ],
  npm: [
    '--prefix',
    '-C',
    '--registry',
    '--cache',
    '-w',
    '--workspace',
    '--loglevel',
    '--userconfig',
    '--omit',
    '--only',
  ],
  pnpm: ['--dir', '-C', '--filter', '-F', '--store-dir', '--registry', '--reporter', '--virtual-store-dir'],
  yarn: ['--cwd', '--registry', '--cache-folder', '--modules-folder', '--network-timeout', '--mutex'],
  gem: ['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '-s', '--source'],
  bundle: ['--jobs', '-j', '--retry', '--without', '--with', '--path', '--gemfile', '--binstubs'],
  go: ['-C', '-ldflags', '-tags', '-o', '-gcflags', '-asmflags', '-mod', '-modfile', '-p', '-buildmode', '-trimpath='],
  cargo: [
    '--target',
    '--features',
    '--bin',
    '--manifest-path',
    '--root',
    '--path',
    '--git',
    '--version',
    '-p',
    '--package',
    '-j',
    '--jobs',
    '--profile',
    '--target-dir',
    '--config',
    '-Z',
    '-C',
    '--color',
  ],
  composer: ['-d', '--working-dir'],
  mvn: ['-f', '--file', '-s', '--settings', '-pl', '--projects', '-P', '--activate-profiles', '-T', '--threads', '-gs'],
  mvnw: ['-f', '--file', '-s', '--settings', '-pl', '--projects', '-P', '--activate-profiles', '-T', '--threads'],
  dotnet: [
    '-c',
    '--configuration',
    '-o',
    '--output',
    '-r',
    '--runtime',
    '-f',
    '--framework',
    '-v',
    '--verbosity',
    '--source',
    '-s',
    '--configfile',
  ],
  gradle: [
    '-p',
    '--project-dir',
    '-b',
    '--build-file',
    '-x',
    '--exclude-task',
    '-g',
    '--gradle-user-home',
    '-c',
    '--console',
  ],
  gradlew: [
    '-p',
    '--project-dir',
    '-b',
    '--build-file',
    '-x',
    '--exclude-task',
    '-g',
    '--gradle-user-home',
    '--console',
  ],
  poetry: ['-C', '--directory', '-P', '--project', '--with', '--without', '--only', '-E', '--extras'],
  git: [
    '-C',
    '-c',
    '-b',
    '--branch',
    '--depth',
    '-o',
    '--origin',
    '-j',
    '--jobs',
    '--reference',
    '--filter',
    '--config',
    '--template',
  ],
  useradd: [
    '-u',
    '--uid',
    '-g',
    '--gid',
    '-G',
    '--groups',
    '-d',
    '--home-dir',
    '--home',
    '-s',
    '--shell',
    '-c',
    '--comment',
    '-b',
    '-e',
    '-f',
    '-k',
    '-K',
    '-p',
    '--password',
    '-R',
    '--root',
    '-P',
    '-Z',
  ],
  adduser: [
    '-u',
    '--uid',
    '-g',
    '--gid',
    '-G',
    '--ingroup',
    '--gecos',
    '-h',
    '--home',
    '-s',
    '--shell',
    '-k',
    '--firstuid',
    '--lastuid',
    '--firstgid',
    '--lastgid',
    '--conf',
    '--comment',
  ],
  groupadd: ['-g', '--gid', '-K', '-p', '--password', '-R', '--root', '-P'],
  addgroup: ['-g', '--gid', '--conf', '--firstgid', '--lastgid'],
};

function pipOptions(): readonly string[] {
  return [
    '-r',
    '--requirement',
    '-c',
    '--constraint',
    '-e',
    '--editable',
    '-t',
    '--target',
    '--prefix',
    '--root',
    '--src',
    '-i',
    '--index-url',
    '--extra-index-url',
    '-f',
    '--find-links',
    '--trusted-host',
    '--cache-dir',
    '--timeout',
    '--retries',
    '--proxy',
    '--cert',
    '--progress-bar',
    '--global-option',
    '--config-settings',
    '--platform',
    '--python-version',
    '--only-binary',
    '--no-binary',
    '--upgrade-strategy',
    '--root-user-action',
    '--report',
  ];
}
