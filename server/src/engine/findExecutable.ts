import { access, constants, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

/** Where to look; taken from this machine unless a test says otherwise. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** The user's number and that of the group, where there are such. */
  readonly user?: { readonly uid: number; readonly gid: number };
  /** True for a file that can be run. */
  isExecutable(path: string): Promise<boolean>;
}

export type ExecutableSearch =
  | { readonly found: true; readonly path: string }
  | {
      readonly found: false;
      /** What to tell the user. */
      readonly message: string;
      /** Every folder (or file) looked at, in order. */
      readonly searched: readonly string[];
    };

/**
 * Finds a program: the setting when there is one (and nothing else then), PATH, and the places where installers put
 * it. Editors started from a desktop often lack the PATH of a terminal.
 *
 * @param name without extension
 * @param setting absolute path, path with `~/`, or a bare name to look up in PATH
 */
export async function findExecutable(
  name: string,
  setting: string | undefined,
  machine: Machine = thisMachine,
): Promise<ExecutableSearch> {
  if (setting !== undefined && setting.trim() !== '') return findSetting(setting.trim(), machine);
  const folders = [...pathFolders(machine), ...usualFolders(machine)];
  return (await findIn(folders, name, machine)) ?? notFound(name, folders);
}

export const thisMachine: Machine = {
  platform: process.platform,
  env: process.env,
  home: homedir(),
  ...(process.getuid && process.getgid && { user: { uid: process.getuid(), gid: process.getgid() } }),
  isExecutable: async (path) => {
    try {
      await access(path, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
      return (await stat(path)).isFile();
    } catch {
      return false;
    }
  },
};

async function findSetting(setting: string, machine: Machine): Promise<ExecutableSearch> {
  const paths = pathsOf(machine);
  const path = /^~[\\/]/.test(setting) ? paths.join(machine.home, setting.slice(2)) : setting;
  if (machine.platform === 'win32' && /\.(cmd|bat)$/i.test(path)) {
    return {
      found: false,
      message: `The setting names a script (${setting}); it has to name the .exe file that the script starts.`,
      searched: [path],
    };
  }
  if (paths.isAbsolute(path)) {
    if (await machine.isExecutable(path)) return { found: true, path };
    return {
      found: false,
      message: `${path} is no program that can be run here.`,
      searched: [path],
    };
  }
  if (/[\\/]/.test(path)) {
    return {
      found: false,
      message: `The setting names ${setting}; it has to be an absolute path, or a name in PATH.`,
      searched: [],
    };
  }
  const folders = pathFolders(machine);
  return (await findIn(folders, path.replace(/\.exe$/i, ''), machine)) ?? notFound(path, folders);
}

async function findIn(
  folders: readonly string[],
  name: string,
  machine: Machine,
): Promise<ExecutableSearch | undefined> {
  const paths = pathsOf(machine);
  const file = machine.platform === 'win32' ? `${name}.exe` : name;
  for (const folder of folders) {
    const path = paths.join(folder, file);
    if (await machine.isExecutable(path)) return { found: true, path };
  }
  return undefined;
}

function notFound(name: string, folders: readonly string[]): ExecutableSearch {
  return { found: false, message: `${name} was not found in PATH or in the usual places.`, searched: folders };
}

/** Relative entries are left out: they would mean another program in every folder. */
function pathFolders(machine: Machine): string[] {
  const paths = pathsOf(machine);
  const key = Object.keys(machine.env).find((candidate) =>
    machine.platform === 'win32' ? candidate.toUpperCase() === 'PATH' : candidate === 'PATH',
  );
  const value = key === undefined ? '' : (machine.env[key] ?? '');
  return value.split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
}

function usualFolders(machine: Machine): string[] {
  const paths = pathsOf(machine);
  const join = (...parts: string[]) => paths.join(...parts);
  const { env, home } = machine;
  if (machine.platform === 'win32') {
    const programs = env.ProgramFiles ?? 'C:\\Program Files';
    const local = env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
    return [
      join(programs, 'Docker', 'Docker', 'resources', 'bin'),
      join(programs, 'RedHat', 'Podman'),
      join(programs, 'Trivy'),
      join(local, 'Microsoft', 'WinGet', 'Links'),
      join(local, 'Programs', 'Podman'),
      join(home, 'scoop', 'shims'),
      join(env.ChocolateyInstall ?? 'C:\\ProgramData\\chocolatey', 'bin'),
    ];
  }
  const own = ['.docker/bin', '.rd/bin', '.orbstack/bin', '.local/bin', 'bin'].map((folder) => join(home, folder));
  if (machine.platform === 'darwin') {
    const docker = '/Applications/Docker.app/Contents/Resources/bin';
    return ['/opt/homebrew/bin', '/usr/local/bin', '/opt/podman/bin', docker, '/opt/local/bin', ...own, '/usr/bin'];
  }
  return ['/usr/local/bin', '/usr/bin', '/bin', '/snap/bin', '/home/linuxbrew/.linuxbrew/bin', ...own];
}

function pathsOf(machine: Machine): typeof posix {
  return machine.platform === 'win32' ? win32 : posix;
}
