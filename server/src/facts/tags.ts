import { currentTags, patchVersions, retiredTags, sharedTexts } from './data/images.generated.ts';
import { lazyTable } from './lazyTable.ts';
import { type Build, readBuilds, readTagSet, readVersions } from './readTags.ts';
import type { TagStatus } from './types.ts';

export type { Build } from './readTags.ts';

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

function splitPatch(tag: string): readonly [version: string | undefined, line: string, variant: string] {
  const match = /^(\d+\.\d+)(\.\d+)(-.*)?$/.exec(tag);
  return match ? [match[1]! + match[2]!, match[1]!, match[3] ?? ''] : [undefined, '', ''];
}

const currentTable = lazyTable(currentTags, (text): TagTable => {
  const builds = readBuilds(text, sharedTexts);
  return { builds, byTag: new Map(builds.flatMap((build) => build.tags.map((tag) => [tag, build] as const))) };
});

const retiredTable = lazyTable(retiredTags, readTagSet);

const patchTable = lazyTable(patchVersions, readVersions);
