import type { Command } from '../command.ts';
import { isYarnOne } from '../lockFile.ts';
import { packageUse } from '../packages.ts';
import { type DependencyInstall, declined, hasUnknownOperands, missing, type NeedsAnswer, needs } from './install.ts';
import { brokenLifecycle, localDependency, type Manifest, readManifest, workspaceFolders } from './nodeManifest.ts';
import type { ProjectFolder } from './projectFolder.ts';

const managers: readonly string[] = ['npm', 'yarn', 'pnpm'];

/** `npm ci`, `npm install`, `yarn`, `pnpm install` of the project itself. */
export function nodeInstall(command: Command): DependencyInstall | undefined {
  const use = packageUse(command);
  if (!use || use.action !== 'install' || !use.fromManifest || !managers.includes(use.manager)) return undefined;
  if (
    command.hasOption('-g', '--global', '--location=global', '--version', '--help') ||
    use.packages.length > 0 ||
    hasUnknownOperands(command)
  )
    return undefined;
  const folder =
    command.optionValue('--prefix') ??
    command.optionValue('--cwd') ??
    command.optionValue('-C') ??
    command.optionValue('--dir') ??
    '.';
  return {
    command,
    family: 'node',
    label: use.manager === 'yarn' && command.subcommand === undefined ? 'yarn' : `${use.manager} ${command.subcommand}`,
    isBuild: false,
    mainFiles: [`${folder}/package.json`],
    store: /node_modules/,
    needs: (project) => needsOf(use.manager, command, project),
    customary: () => needs([...customary[use.manager]!], { outputs: ['node_modules'] }),
  };
}

const customary: Readonly<Record<string, readonly string[]>> = {
  npm: ['package*.json'],
  yarn: ['package.json', 'yarn.lock*', '.yarnrc*'],
  pnpm: ['package.json', 'pnpm-lock.yaml*', 'pnpm-workspace.yaml*', '.npmrc*'],
};

function needsOf(manager: string, command: Command, folder: ProjectFolder): NeedsAnswer {
  const manifest = readManifest(folder, 'package.json');
  if (!manifest)
    return folder.has('package.json') ? declined('package.json can’t be read') : missing(folder, 'package.json');
  if (command.hasOption('-w', '--workspace', '--workspaces', '--filter', '-F'))
    return declined('the install picks single workspaces');
  const forced = JSON.stringify([manifest.value['overrides'], manifest.value['resolutions'], manifest.value['pnpm']]);
  if (/"(?:file|link|portal):/.test(forced))
    return declined('package.json puts a folder of the context in place of a package');
  if (folder.has('binding.gyp')) return declined('binding.gyp lets the install compile the source');
  const caveats: string[] = [];
  const files = ['package.json', ...folder.present(...lockFiles(manager, folder), '.npmrc', ...ownFiles(manager))];
  const members = workspaceFolders(folder, manifest, manager);
  const manifests: [string, Manifest][] = [['', manifest]];
  for (const member of members) {
    const own = readManifest(folder, `${member}/package.json`);
    if (own) manifests.push([`${member}/`, own]);
    files.push(`${member}/package.json`);
  }
  if (members.length > 0) caveats.push('workspace programs are linked before they are there');
  for (const [place, each] of manifests) {
    const local = localDependency(each);
    if (local?.archive !== undefined && folder.present(place + local.archive).length > 0)
      files.push(place + local.archive);
    else if (local) return declined(`${place}package.json depends on ${local.text}, a folder of the context`);
    if (command.hasOption('--ignore-scripts')) continue;
    const scripts = brokenLifecycle(folder, place, each);
    if (scripts.declined !== undefined) return declined(scripts.declined);
    files.push(...scripts.files);
    caveats.push(...scripts.caveats);
  }
  const patches = patchFolders(folder, manifest, manager);
  if (patches === undefined) return declined('the dependencies are patched in a way that can’t be told');
  files.push(...patches);
  if (
    manager === 'yarn' &&
    folder.present('.yarnrc').length > 0 &&
    /offline-mirror/.test(folder.read('.yarnrc') ?? '')
  ) {
    return declined('.yarnrc names an offline mirror');
  }
  caveats.push(...lockCaveat(manager, command, folder, manifest));
  return needs(files, {
    outputs: ['', ...members.map((member) => `${member}/`)].map((place) => `${place}node_modules`),
    caveats,
  });
}

function lockFiles(manager: string, folder: ProjectFolder): string[] {
  if (manager === 'pnpm') return ['pnpm-lock.yaml'];
  if (manager === 'yarn') return ['yarn.lock'];
  const own = ['npm-shrinkwrap.json', 'package-lock.json'];
  // npm takes the versions of yarn.lock where it has no lock file of its own.
  return own.some((name) => folder.has(name)) ? own : ['yarn.lock'];
}

function ownFiles(manager: string): string[] {
  if (manager === 'pnpm') return ['pnpm-workspace.yaml', '.pnpmfile.cjs'];
  if (manager === 'yarn')
    return ['.yarnrc', '.yarnrc.yml', '.yarn/releases/', '.yarn/plugins/', '.yarn/patches/', '.yarn/cache/'];
  return [];
}

function patchFolders(folder: ProjectFolder, manifest: Manifest, manager: string): string[] | undefined {
  const found: string[] = [];
  if (manifest.has('patch-package')) found.push(...folder.present('patches/'));
  const texts = [
    manager === 'pnpm' ? JSON.stringify(manifest.value['pnpm'] ?? '') : '',
    manager === 'pnpm' ? (folder.read('pnpm-workspace.yaml') ?? '') : '',
  ];
  for (const text of texts) {
    if (!text.includes('patchedDependencies')) continue;
    if (
      folder.present('patches/').length === 0 ||
      [...text.matchAll(/[\w./@-]+\.patch\b/g)].some(([path]) => !/^(?:\.\/)?patches\//.test(path))
    )
      return undefined;
    found.push('patches/');
  }
  return found;
}

/** A lock file that the install would rewrite is put back by the later COPY: told, unless it is known to be in step. */
function lockCaveat(manager: string, command: Command, folder: ProjectFolder, manifest: Manifest): string[] {
  const frozen = command.hasOption(
    '--frozen-lockfile',
    '--immutable',
    '--no-package-lock',
    '--no-lockfile',
    '--pure-lockfile',
    '--frozen',
  );
  if (manager === 'npm') {
    if (frozen || ['ci', 'clean-install', 'install-clean'].includes(command.subcommand ?? '')) return [];
    const name = ['npm-shrinkwrap.json', 'package-lock.json'].find((each) => folder.has(each));
    if (name === undefined || isInStep(folder.readJson(name), manifest)) return [];
    return [`${name} stays as it is`];
  }
  const name = manager === 'pnpm' ? 'pnpm-lock.yaml' : 'yarn.lock';
  if (!folder.has(name)) return [];
  if (manager === 'pnpm') return frozen ? [] : [`${name} stays as it is`];
  if (isYarnOne(command) !== true) return ['.pnp.cjs and .yarn stay as they are'];
  const lock = folder.read(name) ?? '';
  const entries = new Set(
    [...lock.matchAll(/^\S.*:$/gm)]
      .flatMap(([line]) => line.slice(0, -1).split(/,\s*/))
      .map((entry) => entry.replaceAll('"', '')),
  );
  return frozen || manifest.dependencies.every(([dependency, version]) => entries.has(`${dependency}@${version}`))
    ? []
    : [`${name} stays as it is`];
}

/** Whether a lock file of npm 7 or newer lists just what the manifest asks for, so that `npm install` leaves it alone. */
function isInStep(lock: unknown, manifest: Manifest): boolean {
  const packages = (lock as { packages?: Record<string, Record<string, unknown>> } | undefined)?.packages;
  const root = packages?.[''];
  if (!root) return false;
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].every(
    (kind) => sorted(root[kind]) === sorted(manifest.value[kind]),
  );
}

function sorted(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : '[]';
}
