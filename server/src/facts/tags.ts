import { currentTags, patchVersions, retiredTags, sharedTexts } from './data/images.generated.ts';
import { lazyTable } from './lazyTable.ts';
import type { TagStatus } from './types.ts';

/** One build of an image: every tag of it means the same image. */
export interface Build {
  readonly tags: readonly string[];
  /** Operating system image below: `debian:bookworm-slim`, `alpine:?` (release unknown), or empty. */
  readonly root: string;
  /** Default user: empty for root, `?` when unknown. */
  readonly user: string;
  /** JSON of the words; empty when neither this image's Dockerfile sets it; `?` when unknown. */
  readonly cmd: string;
  readonly entrypoint: string;
}

interface TagTable {
  readonly builds: readonly Build[];
  readonly byTag: ReadonlyMap<string, Build>;
}

/** The builds that are published under a repository; empty when it is not known. */
export function buildsOf(repository: string): readonly Build[] {
  return currentTable(repository)?.builds ?? [];
}

/** Is the image a distribution itself, such as `debian`? */
export function isSystemImage(repository: string): boolean {
  return buildsOf(repository)[0]?.root.startsWith(`${repository}:`) ?? false;
}

/** The build behind a current tag. */
export function buildOf(repository: string, tag: string): Build | undefined {
  return currentTable(repository)?.byTag.get(tag);
}

/**
 * The build behind a tag, or behind the tag of its release line when the patch version is newer or older than the
 * data: `24.99.1-slim` is looked up as `24.99-slim`, then as `24-slim`. An architecture at the end is left out.
 */
export function nearestBuild(repository: string, tag: string): Build | undefined {
  const exact = buildOf(repository, tag);
  if (exact || retiredTable(repository)?.has(tag)) return exact;
  const generic = tag.replace(/-(?:amd64|arm64v8|arm32v7)$/, '');
  if (generic !== tag) return nearestBuild(repository, generic);
  const parts = /^(v?\d+)((?:\.\d+)*)(-.*)?$/.exec(tag);
  if (!parts) return undefined;
  const numbers = parts[2]!.split('.').slice(1);
  while (numbers.length > 0) {
    numbers.pop();
    const build = buildOf(repository, [parts[1], ...numbers].join('.') + (parts[3] ?? ''));
    if (build) return build;
  }
  return undefined;
}

/**
 * Whether a tag is or was published. Of retired tags the lists hold release lines only, so a full version such as
 * `14.17.6-slim` counts as retired when version 14.17.6 was published and its line had that variant (`14.17-slim`).
 */
export function tagStatus(repository: string, tag: string): TagStatus {
  if (buildOf(repository, tag)) return 'current';
  const retired = retiredTable(repository);
  if (!retired) return 'unknown';
  if (retired.has(tag)) return 'retired';
  const [version, line, variant] = splitPatch(tag);
  if (version === undefined || !patchTable(repository)?.has(version)) return 'unknown';
  if (variant === '') return 'retired';
  return retired.has(`${line}${variant}`) || buildOf(repository, `${line}${variant}`) ? 'retired' : 'unknown';
}

/** True when the tag is published now, or was once. */
export function isPublished(repository: string, tag: string): boolean {
  return tagStatus(repository, tag) !== 'unknown';
}

function splitPatch(tag: string): readonly [version: string | undefined, line: string, variant: string] {
  const match = /^(\d+\.\d+)(\.\d+)(-.*)?$/.exec(tag);
  return match ? [match[1]! + match[2]!, match[1]!, match[3] ?? ''] : [undefined, '', ''];
}

const currentTable = lazyTable(currentTags, (text): TagTable => {
  if (text === '') return { builds: [], byTag: new Map() };
  const [setLine, ...lines] = text.split('\n');
  const sets = ['', ...setLine!.split('|')].map((set) => set.split(','));
  const builds = lines.map((line): Build => {
    const [root, start, groups] = line.split(';');
    const [user, cmd, entrypoint] = sharedText(start!).split('\n');
    const tags = groups!.split(' ').flatMap((group) => {
      const [set, suffixes] = group.split(':');
      const prefixes = set === '' ? [''] : sets[Number.parseInt(set!, 36)]!;
      return prefixes.flatMap((prefix) => suffixes!.split(',').map((suffix) => joinTag(prefix, suffix)));
    });
    return { tags, root: sharedText(root!), user: user ?? '', cmd: cmd ?? '', entrypoint: entrypoint ?? '' };
  });
  return { builds, byTag: new Map(builds.flatMap((build) => build.tags.map((tag) => [tag, build] as const))) };
});

function sharedText(position: string): string {
  return sharedTexts[position === '' ? 0 : Number.parseInt(position, 36)] ?? '';
}

function joinTag(prefix: string, suffix: string): string {
  return prefix === '' || suffix === '' ? prefix + suffix : `${prefix}-${suffix}`;
}

const codes = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

const retiredTable = lazyTable(retiredTags, (text): ReadonlySet<string> => {
  const [suffixLine, ...lines] = text.split('\n');
  const suffixes = suffixLine!.split(',');
  const tags = new Set<string>();
  for (const line of lines) {
    const [prefixes, written] = line.split(';');
    const positions = (written!.match(/~..|./g) ?? []).map(suffixPosition);
    for (const prefix of prefixes!.split(',')) {
      for (const position of positions) tags.add(joinTag(prefix, suffixes[position]!));
    }
  }
  return tags;
});

function suffixPosition(code: string): number {
  if (code.length === 1) return codes.indexOf(code);
  return codes.length + codes.indexOf(code[1]!) * codes.length + codes.indexOf(code[2]!);
}

const patchTable = lazyTable(patchVersions, (text): ReadonlySet<string> => {
  const versions = new Set<string>();
  for (const item of text.split(' ')) {
    const match = /^(.+\.)(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)$/.exec(item);
    if (!match) {
      versions.add(item);
      continue;
    }
    for (const range of match[2]!.split(',')) {
      const [first, last = first] = range.split('-').map(Number);
      for (let patch = first!; patch <= last!; patch++) versions.add(`${match[1]}${patch}`);
    }
  }
  return versions;
});
