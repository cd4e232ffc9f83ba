import { execFile, spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { cp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A container engine of the tests' own, with one image in it, `busybox:local`. */
export interface ContainerEngine {
  readonly kind: 'docker' | 'podman';
  /** Version and builder, for the log of a test run. */
  readonly description: string;
  /** The command line client. */
  readonly path: string;
  /** Environment under which the client talks to this engine and to no other. */
  readonly env: Readonly<Record<string, string>>;
  /** Arguments that builds need here, because the engine has no network of its own or may not raise limits. */
  readonly buildArguments: readonly string[];
  /** Which ways to build this client and this engine have between them. */
  readonly builders: readonly ('legacy' | 'buildkit' | 'buildx' | 'buildah')[];
  /** For the tests' own commands: stdout of the client. */
  run(...args: string[]): Promise<string>;
  /** Ends everything and removes all data. */
  stop(): Promise<void>;
}

/** Why there is none; a sentence. */
export interface NoEngine {
  readonly missing: string;
}

export interface EngineOptions {
  /** `docker` unless told otherwise. */
  readonly kind?: 'docker' | 'podman';
  /** Installs Debian's packages when they are missing and this is root; the default. */
  readonly install?: boolean;
}

/** Where Debian puts programs that only an administrator needs. */
const path = [process.env.PATH ?? '', '/usr/sbin', '/sbin', '/usr/bin'].join(delimiter);

/**
 * Programs to use in place of those in PATH: a newer docker daemon or podman (or a script that starts it, in a chroot
 * for instance), and the folder of the docker client's plugins, buildx among them.
 */
const given = {
  dockerd: process.env.PLIMSOLL_TEST_DOCKERD,
  podman: process.env.PLIMSOLL_TEST_PODMAN,
  dockerPlugins: process.env.PLIMSOLL_TEST_DOCKER_PLUGINS,
};

/**
 * Starts an engine that touches nothing outside its own temporary folder: docker's daemon on a private socket without
 * a bridge, or podman with a storage of its own. Needs root and Linux.
 */
export async function startContainerEngine(options: EngineOptions = {}): Promise<ContainerEngine | NoEngine> {
  if (process.platform !== 'linux') return { missing: 'a container engine of our own is started on Linux only' };
  if (process.getuid?.() !== 0) return { missing: 'starting a container engine of our own needs root' };
  const kind = options.kind ?? 'docker';
  const wanted: Record<string, string> =
    kind === 'docker'
      ? { dockerd: 'docker.io', docker: 'docker.io', busybox: 'busybox-static' }
      : { podman: 'podman', crun: 'crun', netavark: 'netavark', iptables: 'iptables', busybox: 'busybox-static' };
  const problem = await provide(wanted, options.install ?? true);
  if (problem !== undefined) return { missing: problem };
  removeAbandoned();
  const folder = mkdtempSync(join(tmpdir(), `plimsoll-${kind}-`));
  writeFileSync(join(folder, ownerFile), String(process.pid));
  inUse.add(folder);
  try {
    return kind === 'docker' ? await startDocker(folder) : await startPodman(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const log = join(folder, 'log');
    const last = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-3).join(' | ') : '';
    tearDown(folder);
    return { missing: `${kind} could not be started: ${reason} ${last}`.trim() };
  }
}

async function startDocker(folder: string): Promise<ContainerEngine> {
  const host = `unix://${folder}/docker.sock`;
  const log = openSync(join(folder, 'log'), 'w');
  const daemon = spawn(
    find('dockerd') ?? 'dockerd',
    [
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec'), '--host', host],
      ...['--pidfile', join(folder, 'pid'), '--bridge=none', '--iptables=false', '--ip6tables=false'],
    ],
    { stdio: ['ignore', log, log], env: { ...process.env, PATH: path }, detached: true },
  );
  const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  const stop = async () => {
    daemon.kill('SIGTERM');
    const giveUp = setTimeout(() => daemon.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(giveUp);
    tearDown(folder);
  };
  // A configuration of its own: no contexts, credentials or plugins of this user's.
  const config = join(folder, 'config');
  mkdirSync(config);
  if (given.dockerPlugins !== undefined) {
    writeFileSync(join(config, 'config.json'), JSON.stringify({ cliPluginsExtraDirs: [given.dockerPlugins] }));
  }
  const env = { DOCKER_HOST: host, DOCKER_CONFIG: config };
  try {
    const client = await dockerClient(env);
    const command = commandRunner(client, env);
    const version = await untilAnswers(
      () => command('version', '--format', '{{.Client.Version}} {{.Server.Version}}'),
      daemon,
    );
    const [clientVersion = '', serverVersion = ''] = version.trim().split(' ');
    await importBusybox(folder, command, '-c');
    const builders: ContainerEngine['builders'][number][] = ['legacy', ...(await modernBuilder(client, env))];
    return {
      kind: 'docker',
      description: `docker ${serverVersion} (client ${clientVersion}; builders: ${builders.join(', ')})`,
      path: client,
      env,
      buildArguments: ['--network=host'],
      builders,
      run: command,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The first docker in PATH that can use BuildKit, or just the first. */
async function dockerClient(env: Readonly<Record<string, string>>): Promise<string> {
  const clients = findAll('docker');
  for (const client of clients) if ((await modernBuilder(client, env)).length > 0) return client;
  return clients[0] ?? 'docker';
}

/** Clients before 23 speak to BuildKit themselves; later ones leave that to the plugin buildx. */
async function modernBuilder(
  client: string,
  env: Readonly<Record<string, string>>,
): Promise<('buildkit' | 'buildx')[]> {
  const command = commandRunner(client, env);
  const hasBuildx = await command('buildx', 'version').then(
    () => true,
    () => false,
  );
  if (hasBuildx) return ['buildx'];
  const version = /\d+/.exec(await command('--version'))?.[0];
  return Number(version) < 23 ? ['buildkit'] : [];
}

async function startPodman(folder: string): Promise<ContainerEngine> {
  // Machines without CAP_SYS_RESOURCE may not raise the limits that podman wants to.
  const containers = join(folder, 'containers.conf');
  writeFileSync(
    containers,
    `[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nevents_logger = "none"\n[network]\nnetwork_backend = "netavark"\n`,
  );
  const storage = join(folder, 'storage.conf');
  const root = join(folder, 'storage');
  writeFileSync(storage, `[storage]\ndriver = "overlay"\ngraphroot = "${root}"\nrunroot = "${join(folder, 'run')}"\n`);
  const env = { CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: storage, XDG_RUNTIME_DIR: folder };
  const client = find('podman') ?? 'podman';
  const command = commandRunner(client, env);
  const stop = async () => tearDown(folder);
  try {
    const version = (await command('version', '--format', '{{.Client.Version}}')).trim();
    await importBusybox(folder, command, '--change');
    return {
      kind: 'podman',
      description: `podman ${version}`,
      path: client,
      env,
      buildArguments: ['--isolation=chroot', '--network=host'],
      builders: ['buildah'],
      run: command,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function commandRunner(client: string, env: Readonly<Record<string, string>>) {
  return async (...args: string[]): Promise<string> => {
    const options = { env: { ...process.env, PATH: path, ...env }, maxBuffer: 64 * 1024 * 1024 };
    return (await run(client, args, options)).stdout;
  };
}

/** An image of 2 MB that needs no registry: a static busybox under the names of its tools. */
async function importBusybox(folder: string, command: ContainerEngine['run'], changeOption: string): Promise<void> {
  const busybox = find('busybox') ?? '/bin/busybox';
  const root = join(folder, 'busybox');
  for (const directory of ['bin', 'etc', 'tmp']) mkdirSync(join(root, directory), { recursive: true });
  await cp(busybox, join(root, 'bin', 'busybox'));
  const { stdout } = await run(busybox, ['--list']);
  for (const tool of stdout.split('\n')) {
    if (tool !== '' && tool !== 'busybox') symlinkSync('busybox', join(root, 'bin', tool));
  }
  writeFileSync(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/root:/bin/sh\n');
  const archive = join(folder, 'busybox.tar');
  await run('tar', ['-C', root, '-cf', archive, '.']);
  await command('import', changeOption, 'CMD ["/bin/sh"]', archive, 'busybox:local');
}

async function untilAnswers(ask: () => Promise<string>, daemon: { exitCode: number | null }): Promise<string> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (daemon.exitCode !== null) throw new Error(`the daemon ended with code ${daemon.exitCode}`, { cause: error });
      if (tries >= 100) throw error;
      await new Promise((wake) => setTimeout(wake, 200));
    }
  }
}

/** Folders of engines that run. */
const inUse = new Set<string>();

/** Holds the id of the process that started the engine. */
const ownerFile = 'owner';

// A run that is stopped, or whose hooks took too long, doesn't come to `stop`.
process.on('exit', () => {
  for (const folder of inUse) tearDown(folder);
});
for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => {
    if (inUse.size > 0 || process.listenerCount(signal) === 1) process.exit(code);
  });
}

/** Ends what still runs for an engine, unmounts what it mounted and removes its folder. */
function tearDown(folder: string): void {
  for (let tries = 0; existsSync(folder) && tries < 20; tries++) {
    for (const pid of processesOf(folder)) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    }
    for (const mount of mountsBelow(folder)) spawnSync('umount', ['-l', mount]);
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // Something was still being written; a moment later it is not.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  inUse.delete(folder);
}

/** Daemons, their helpers and containers: all are started with paths in the engine's folder, whose name is unique. */
function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return (
          words.some((word) => word.includes(`${folder}/`)) && /dockerd|containerd|runc|crun|conmon/.test(words[0]!)
        );
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The innermost first. */
function mountsBelow(folder: string): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((mount) => mount.startsWith(`${folder}/`))
    .reverse();
}

/** Removes the engines of runs that were killed. */
function removeAbandoned(): void {
  for (const name of readdirSync(tmpdir()).filter((each) => /^plimsoll-(?:docker|podman)-/.test(each))) {
    const folder = join(tmpdir(), name);
    const owner = join(folder, ownerFile);
    const pid = existsSync(owner) ? Number(readFileSync(owner, 'utf8')) : undefined;
    if (pid !== undefined && pid > 0 && !existsSync(`/proc/${pid}`)) tearDown(folder);
  }
}

/** Makes sure that the programs are there; the reason when they can't be had. */
async function provide(wanted: Readonly<Record<string, string>>, install: boolean): Promise<string | undefined> {
  const missing = Object.keys(wanted).filter((program) => find(program) === undefined);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map((program) => wanted[program] ?? program))];
  if (!install) return `these programs are missing: ${missing.join(', ')}`;
  if (find('apt-get') === undefined) return `install ${packages.join(', ')} (there is no apt-get to do it)`;
  const options = {
    env: { ...process.env, PATH: path, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: 300_000,
    maxBuffer: 64 * 1024 * 1024,
  };
  const apt = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', ...packages];
  try {
    await run('apt-get', apt, options).catch(async () => {
      await run('apt-get', ['update', '-qq'], options);
      await run('apt-get', apt, options);
    });
    return undefined;
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim().split('\n').pop() ?? String(error);
    return `${packages.join(', ')} could not be installed: ${reason}`;
  }
}

function find(program: string): string | undefined {
  return findAll(program)[0];
}

function findAll(program: string): string[] {
  const own = program === 'dockerd' || program === 'podman' ? given[program] : undefined;
  if (own !== undefined) return existsSync(own) ? [own] : [];
  const files = path.split(delimiter).map((folder) => join(folder, program));
  return [...new Set(files)].filter((file) => existsSync(file));
}
