import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import picomatch from 'picomatch';
import type { AnnouncedDifference } from './buildCase.ts';

export interface FileFacts {
  readonly type: 'file' | 'folder' | 'link' | 'device';
  /** Permission bits, octal. */
  readonly mode: string;
  /** `uid:gid`. */
  readonly owner: string;
  /** Of a link. */
  readonly target: string;
  /** Hash of a file's bytes. */
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

/** Hashes of files that were read before: images share most of their layers, and with them the very files. */
export type HashCache = Map<string, string>;

/** Reads all files below a folder that holds the root of an image. */
export function readFileSystem(root: string, hashes: HashCache): FileSystem {
  const files = new Map<string, FileFacts>();
  // Not by the recursive form of readdir, which follows links, and so leaves the folder.
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (isOfEngine(path)) continue;
      if (!hasVolatileName(path)) files.set(path, factsOf(join(root, path), hashes));
      if (entry.isDirectory()) walk(path);
    }
  };
  walk('');
  return files;
}

function factsOf(file: string, hashes: HashCache): FileFacts {
  const stat = lstatSync(file);
  const type = stat.isFile() ? 'file' : stat.isDirectory() ? 'folder' : stat.isSymbolicLink() ? 'link' : 'device';
  return {
    type,
    mode: type === 'link' ? '' : (stat.mode & 0o7777).toString(8),
    owner: `${stat.uid}:${stat.gid}`,
    target: type === 'link' ? readlinkSync(file) : '',
    content: type === 'file' ? hashOf(file, stat, hashes) : '',
  };
}

function hashOf(file: string, stat: Stats, hashes: HashCache): string {
  const key = [stat.ino, stat.size, stat.mtimeMs, stat.ctimeMs].join(' ');
  const known = hashes.get(key);
  if (known !== undefined) return known;
  const hash = createHash('sha1').update(readFileSync(file)).digest('hex');
  hashes.set(key, hash);
  return hash;
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
