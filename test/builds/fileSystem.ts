import picomatch from 'picomatch';
import type { AnnouncedDifference } from './buildCase.ts';
import { type ArchiveEntry, readArchive } from './archive.ts';

export interface FileFacts {
  readonly type: 'file' | 'folder' | 'link' | 'device';
  /** Permission bits, octal. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
  /** Of a link. */
  readonly target: string;
  /** Hash of a file's bytes, and its extended attributes. */
  readonly content: string;
}

/** Absolute path → what is there. */
export type FileSystem = ReadonlyMap<string, FileFacts>;

export interface Difference {
  readonly path: string;
  readonly how: AnnouncedDifference['how'];
  readonly detail: string;
}

/** Made by the engine when it creates a container. */
const engineFiles = [
  '/.dockerenv',
  '/etc/hostname',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/dev/**',
  '/proc/**',
  '/sys/**',
  '/run/.containerenv',
];

/** What may differ between two builds of the very same Dockerfile, and why. Only the content, unless it says otherwise. */
const volatileFiles: readonly { readonly path: string; readonly why: string }[] = [
  { path: '/var/log/{apt/*,dpkg.log,alternatives.log}', why: 'logs with dates' },
  { path: '/var/cache/apt/*.bin', why: "apt's own index, with dates" },
  { path: '/var/cache/ldconfig/aux-cache', why: 'times and inode numbers of libraries' },
  { path: '/var/lib/apt/lists/**', why: 'lists hold the date of their download' },
  { path: '/etc/{passwd,group,shadow,gshadow}-', why: 'copies that useradd makes of the file before its last change' },
  { path: '/{root,home/*}/.npm/**', why: 'logs and a cache with dates' },
  { path: '/**/__pycache__/*.pyc', why: 'byte code holds the time of its source' },
];

/** What may also be there only once: names with a date in them, and traces of how often a tool ran. */
const volatileNames: readonly { readonly path: string; readonly why: string }[] = [
  { path: '/{root,home/*}/.npm/_logs/**', why: 'one file for each run, named by date' },
  { path: '/{root,home/*}/.npm/_update-notifier-last-checked', why: 'made by a check once a day' },
];

const matcher = (paths: readonly string[]): ((path: string) => boolean) =>
  picomatch([...paths], { dot: true, nobrace: false });
const isOfEngine = matcher(engineFiles);
const isVolatile = matcher(volatileFiles.map(({ path }) => path));
const hasVolatileName = matcher(volatileNames.map(({ path }) => path));

/** Reads the archive that an engine exports of a container. */
export async function readFileSystem(archive: AsyncIterable<Buffer>): Promise<FileSystem> {
  const files = new Map<string, FileFacts>();
  for await (const entry of readArchive(archive)) {
    const path = `/${entry.path.replace(/^(?:\.?\/)+/, '').replace(/\/$/, '')}`;
    if (path === '/' || isOfEngine(path) || hasVolatileName(path)) continue;
    files.set(path, factsOf(entry, files));
  }
  return files;
}

function factsOf(entry: ArchiveEntry, files: FileSystem): FileFacts {
  const original = entry.type === 'hardlink' ? files.get(`/${entry.target.replace(/^(?:\.?\/)+/, '')}`) : undefined;
  const owner = `${entry.uid}:${entry.gid}`;
  const mode = entry.type === 'link' ? '' : (entry.mode & 0o7777).toString(8);
  if (original) return { ...original, owner, mode };
  return {
    type: entry.type === 'hardlink' ? 'file' : entry.type,
    mode,
    owner,
    target: entry.type === 'link' ? entry.target : '',
    content: entry.hash + entry.attributes.map((attribute) => ` ${attribute}`).join(''),
  };
}

/** All differences that do not come from the time of the build. */
export function compareFileSystems(before: FileSystem, after: FileSystem): Difference[] {
  const found: Difference[] = [];
  for (const [path, old] of before) {
    const now = after.get(path);
    if (!now) {
      found.push({ path, how: 'gone', detail: '' });
      continue;
    }
    for (const how of ['type', 'mode', 'owner', 'target', 'content'] as const) {
      if (old[how] === now[how] || (how === 'content' && isVolatile(path))) continue;
      found.push({ path, how, detail: how === 'content' ? '' : `${old[how]} → ${now[how]}` });
    }
  }
  for (const path of after.keys()) if (!before.has(path)) found.push({ path, how: 'new', detail: '' });
  return found.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What was not announced, and what was announced and is not there; a line each. */
export function unexpectedDifferences(
  found: readonly Difference[],
  announced: readonly AnnouncedDifference[],
): string[] {
  const patterns = announced.map((each) => ({ ...each, matches: matcher([each.path]), seen: false }));
  const lines: string[] = [];
  for (const { path, how, detail } of found) {
    const fitting = patterns.filter((each) => each.how === how && each.matches(path));
    for (const each of fitting) each.seen = true;
    if (fitting.length === 0) lines.push(`${how}: ${path} ${detail}`.trimEnd());
  }
  const missing = patterns.filter((each) => !each.seen && !each.maybe);
  return [...lines, ...missing.map(({ how, path, why }) => `announced, but not so: ${how}: ${path} (${why})`)];
}
