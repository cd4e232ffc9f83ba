import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What pip and python need beside the small system. */
const pythonPackages = ['python3-pip', 'python3-venv'];

/** Goes into the cache's key: change it whenever the archives would come out otherwise. */
const recipe = 'debootstrap minbase, ca-certificates; documentation removed; python3-pip, python3-venv; 1';

/** Paths of the archives that can be had, by name, and why others can't. */
export interface DebianArchives {
  readonly archives: Readonly<Partial<Record<'debian' | 'python', string>>>;
  readonly missing: string;
}

/**
 * Root file systems of a small Debian, with and without Python, made by debootstrap from where this machine has its own
 * packages from. Cached outside the repository, for they take about a minute.
 */
export async function debianArchives(): Promise<DebianArchives> {
  const release = releaseOfThisMachine();
  if (release === undefined) return { archives: {}, missing: 'Debian images are made on Debian only' };
  const key = createHash('sha256').update(`${recipe} ${release} ${process.arch}`).digest('hex').slice(0, 16);
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(caches, 'plimsoll-builds', key);
  const archives = { debian: join(folder, 'debian.tar'), python: join(folder, 'python.tar') };
  if (existsSync(folder)) return { archives, missing: '' };
  const work = `${folder}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    await provideDebootstrap();
    await makeArchives(work, release);
    // A whole folder at once: half an archive is never used.
    renameSync(work, folder);
    return { archives, missing: '' };
  } catch (error) {
    const reason = (error as { stderr?: string }).stderr?.trim().split('\n').pop() || String(error);
    return { archives: {}, missing: `no Debian system could be made: ${reason}` };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function releaseOfThisMachine(): string | undefined {
  if (!existsSync('/etc/os-release')) return undefined;
  const text = readFileSync('/etc/os-release', 'utf8');
  return /^ID=debian$/m.test(text) ? /^VERSION_CODENAME=(\w+)$/m.exec(text)?.[1] : undefined;
}

const options = {
  env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: `${process.env.PATH}:/usr/sbin:/sbin` },
  maxBuffer: 64 * 1024 * 1024,
  timeout: 600_000,
};

async function provideDebootstrap(): Promise<void> {
  const isThere = await run('debootstrap', ['--version'], options).catch(() => undefined);
  if (isThere) return;
  const apt = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=120', 'debootstrap'];
  await run('apt-get', apt, options).catch(async () => {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', apt, options);
  });
}

async function makeArchives(work: string, release: string): Promise<void> {
  const system = join(work, 'system');
  await run('debootstrap', ['--variant=minbase', '--include=ca-certificates', release, system], options);
  await pack(system, join(work, 'debian.tar'));
  // This machine's apt fetches, so that none of its settings get into the images.
  const debs = join(system, 'var/cache/apt/archives');
  mkdirSync(join(debs, 'partial'), { recursive: true });
  const elsewhere = ['-o', `Dir::State::status=${system}/var/lib/dpkg/status`, '-o', `Dir::Cache::archives=${debs}`];
  await run(
    'apt-get',
    [...elsewhere, 'install', '--download-only', '-y', '--no-install-recommends', ...pythonPackages],
    options,
  );
  await run('chroot', [system, 'sh', '-c', 'dpkg --install --force-depends /var/cache/apt/archives/*.deb'], options);
  await pack(system, join(work, 'python.tar'));
  rmSync(system, { recursive: true, force: true });
}

/** Without what no case looks at. */
async function pack(system: string, archive: string): Promise<void> {
  const unwanted = [
    'usr/share/doc/*',
    'usr/share/man/*',
    'usr/share/locale/*',
    'var/cache/apt/*',
    'var/lib/apt/lists/*',
    'var/log/*.log',
    'dev/*',
  ];
  const excluded = unwanted.map((path) => `--exclude=./${path}`);
  await run('tar', ['--directory', system, ...excluded, '--create', '--file', archive, '.'], options);
}
