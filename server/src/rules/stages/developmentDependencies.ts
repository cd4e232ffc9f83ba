import type { Command } from '../../model/command.ts';
import { copiedFile, folderOf } from '../../model/copiedFiles.ts';
import { isYarnOne } from '../../model/lockFile.ts';
import type { Manager, PackageUse } from '../../model/packages.ts';

/** What an install brings that only development needs, by the manifest it reads. */
export interface DevelopmentDependencies {
  /** Path of the manifest in the build context. */
  readonly manifest: string;
  /** Names as the manifest has them; for groups of packages the names of the groups. */
  readonly names: readonly string[];
  /** Scripts that the manifest defines, name → command line. */
  readonly scripts: Readonly<Record<string, string>>;
  /** How to leave them out: a word for the command, or a variable for it and the container. */
  readonly leaveOut:
    | { readonly kind: 'word'; readonly word: string }
    | { readonly kind: 'variable'; readonly name: string; readonly value: string }
    | { readonly kind: 'none'; readonly reason: string };
}

type Reader = (use: PackageUse, folder: string) => DevelopmentDependencies | undefined;

const readers: Partial<Record<Manager, Reader>> = {
  npm: ofNode,
  yarn: ofNode,
  pnpm: ofNode,
  poetry: ofPoetry,
  uv: ofUv,
  bundler: ofBundler,
  composer: ofComposer,
};

/**
 * The development dependencies that an install brings; undefined when it leaves them out, when the build context does
 * not tell of any, or when it can't be told.
 */
export function developmentDependencies(use: PackageUse): DevelopmentDependencies | undefined {
  const read = readers[use.manager];
  const isPlain = use.fromManifest && use.packages.length === 0 && !use.command.hasUnknownArguments;
  const folder = read && isPlain && use.command.shell.unconditional ? folderOf(use.command) : undefined;
  if (!read || folder === undefined || leavesOut(use.command)) return undefined;
  return read(use, folder === '/' ? '' : folder);
}

/** Options and variables that decide about development dependencies, one way or the other. */
const options: readonly string[] = [
  ...['--omit', '--include', '--only', '--production', '--prod', '--dev', '--also', '-P', '-D'],
  ...['--no-dev', '--without', '--with', '--only-root', '--only-group', '--no-group', '--group', '--all-groups'],
  ...['--no-default-groups', '--all-extras', '--filter', '-F', '-w', '--workspace', '--workspaces', '-g', '--global'],
  ...['--dry-run', '--package-lock-only', '--lockfile-only', '--download-only', '--help', '--version'],
];
const variables =
  /^(?:npm_config_(?:production|omit|only|include|dev)|yarn_production|poetry_(?:without|only|with|no_dev)|uv_(?:no_dev|no_default_groups|no_group|dev)|bundle_(?:without|with|only)|composer_no_dev)$/i;

export function leavesOut(command: Command): boolean {
  const environment = command.stage.envAt(command.run.instruction);
  const own = command.shell.assignments.map((assignment) => assignment.name);
  const wrapped = command.shell.wrappers.map((word) => word.text.split('=')[0]!);
  if ([...environment.variables.map((each) => each.name), ...own, ...wrapped].some((name) => variables.test(name)))
    return true;
  if (own.includes('NODE_ENV') || wrapped.includes('NODE_ENV')) return true;
  return (
    command.hasOption(...options.filter((name) => !/^-[A-Z]$/.test(name))) ||
    command.args.some((word) => /^-[PDF]$/.test(word.text))
  );
}

function ofNode({ command, manager }: PackageUse, folder: string): DevelopmentDependencies | undefined {
  const { run, stage } = command;
  // Set to production it leaves them out, set to anything else it says what the image is for.
  if (stage.envAt(run.instruction).get('NODE_ENV')) return undefined;
  const manifest = copiedFile(run, `${folder}/package.json`);
  const value = record(manifest === undefined ? undefined : stage.dockerfile.context?.readJson(manifest));
  const names = Object.keys(record(value['devDependencies'])).filter(
    (name) => !Object.hasOwn(record(value['dependencies']), name),
  );
  if (manifest === undefined || names.length === 0 || value['workspaces']) return undefined;
  return { manifest, names, scripts: texts(value['scripts']), leaveOut: leaveOutOfNode(command, manager) };
}

function leaveOutOfNode(command: Command, manager: Manager): DevelopmentDependencies['leaveOut'] {
  if (manager === 'pnpm') return { kind: 'word', word: '--prod' };
  if (manager === 'yarn') {
    return isYarnOne(command) === true
      ? { kind: 'word', word: '--production' }
      : { kind: 'none', reason: 'Yarn 2 and newer take “yarn workspaces focus --production” for it' };
  }
  const major = /^(\d+)/.exec(command.stage.rootBase.facts?.tag ?? '')?.[1];
  // npm 6 and older (Node.js before 15) do not know --omit.
  return { kind: 'word', word: major !== undefined && Number(major) < 15 ? '--production' : '--omit=dev' };
}

const developmentGroups = /^(?:dev|develop|development|test|tests|testing|lint|linting|docs|typing|format)$/;

function ofPoetry({ command }: PackageUse, folder: string): DevelopmentDependencies | undefined {
  const manifest = copiedFile(command.run, `${folder}/pyproject.toml`);
  const text = manifest === undefined ? undefined : command.stage.dockerfile.context?.read(manifest);
  if (manifest === undefined || text === undefined) return undefined;
  const groups = [...text.matchAll(/^\[tool\.poetry\.group\.([\w-]+)\.dependencies\]\s*\n\s*[\w"-]/gm)]
    .map((match) => match[1]!)
    .filter(
      (name) => !new RegExp(`^\\[tool\\.poetry\\.group\\.${name}\\]\\s*\\noptional\\s*=\\s*true`, 'm').test(text),
    );
  if (/^\[tool\.poetry\.dev-dependencies\]\s*\n\s*[\w"-]/m.test(text)) groups.push('dev');
  const names = groups.filter((name) => developmentGroups.test(name));
  if (names.length === 0) return undefined;
  const isOld = /poetry==(?:0|1\.[01])\b|POETRY_VERSION[= ](?:0|1\.[01])\b/.test(command.stage.dockerfile.text);
  const word = isOld ? '--no-dev' : `--without ${names.join(',')}`;
  return { manifest, names, scripts: {}, leaveOut: { kind: 'word', word } };
}

function ofUv({ command }: PackageUse, folder: string): DevelopmentDependencies | undefined {
  if (command.subcommand !== 'sync') return undefined;
  const manifest = copiedFile(command.run, `${folder}/pyproject.toml`);
  const text = manifest === undefined ? undefined : command.stage.dockerfile.context?.read(manifest);
  if (manifest === undefined || text === undefined || /^default-groups\s*=/m.test(text)) return undefined;
  const hasGroup =
    /^\[dependency-groups\][^[]*?^dev\s*=\s*\[\s*["{]/m.test(text) || /^dev-dependencies\s*=\s*\[\s*"/m.test(text);
  if (!hasGroup) return undefined;
  const runsUv = command.stage.dockerfile.finalStage?.instructions.some(
    (each) => ['CMD', 'ENTRYPOINT'].includes(each.keyword) && /\buv\b[\s",]+run\b/.test(each.argsText),
  );
  return {
    manifest,
    names: ['dev'],
    scripts: {},
    leaveOut: runsUv ? { kind: 'variable', name: 'UV_NO_DEV', value: '1' } : { kind: 'word', word: '--no-dev' },
  };
}

function ofBundler({ command }: PackageUse, folder: string): DevelopmentDependencies | undefined {
  const { run, stage } = command;
  const environment = stage.envAt('end');
  // Without it a Rails image is one to develop in.
  if (!['RAILS_ENV', 'RACK_ENV', 'APP_ENV'].some((name) => environment.get(name)?.value === 'production'))
    return undefined;
  if (
    stage.chain.some((each) =>
      each
        .commands('bundle', 'config')
        .some((config) => /without|with|only/.test(config.args.map((word) => word.text).join(' '))),
    )
  )
    return undefined;
  const manifest = copiedFile(run, `${folder}/Gemfile`);
  const text = manifest === undefined ? '' : (stage.dockerfile.context?.read(manifest) ?? '');
  const groups = [...text.matchAll(/^\s*group\s+([^\n]*?)\s+do\b|^\s*gem\b[^\n]*\bgroups?:\s*(\[[^\]]*\]|:\w+)/gm)].map(
    (match) => [...(match[1] ?? match[2]!).matchAll(/:(\w+)/g)].map((name) => name[1]!),
  );
  const used = groups.filter((each) => each.length > 0 && each.every((name) => /^(?:development|test)$/.test(name)));
  const names = [...new Set(used.flat())].sort();
  if (manifest === undefined || names.length === 0) return undefined;
  return {
    manifest,
    names,
    scripts: {},
    leaveOut: { kind: 'variable', name: 'BUNDLE_WITHOUT', value: names.join(':') },
  };
}

function ofComposer({ command }: PackageUse, folder: string): DevelopmentDependencies | undefined {
  const { run, stage } = command;
  if (command.subcommand !== 'install') return undefined;
  const environment = stage.envAt(run.instruction).get('APP_ENV');
  if (environment && !environment.value?.startsWith('prod')) return undefined;
  const manifest = copiedFile(run, `${folder}/composer.json`);
  const value = record(manifest === undefined ? undefined : stage.dockerfile.context?.readJson(manifest));
  const names = Object.keys(record(value['require-dev']));
  if (manifest === undefined || names.length === 0) return undefined;
  const scripts = record(value['scripts']);
  const needsProduction =
    !environment && (scripts['post-install-cmd'] !== undefined || scripts['auto-scripts'] !== undefined);
  return {
    manifest,
    names,
    scripts: {},
    leaveOut:
      needsProduction && !command.hasOption('--no-scripts')
        ? { kind: 'none', reason: 'its scripts run in the mode of development as long as APP_ENV is not set' }
        : { kind: 'word', word: '--no-dev' },
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(record(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
