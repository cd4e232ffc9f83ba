import { deprecatedRepositories } from './data/images.generated.ts';
import { canonicalRepository, knownTag } from './imageName.ts';
import { lazyTable } from './lazyTable.ts';
import { recommendedTags } from './recommendedTags.ts';
import { productOfRepository } from './endOfLife.ts';
import { compareVersions, supportedCycles } from './supportStatus.ts';
import { buildOf, buildsOf } from './tags.ts';
import type { DeprecatedRepository, ImageName } from './types.ts';

interface Row {
  readonly since: string | undefined;
  readonly note: string | undefined;
  readonly replacements: readonly string[];
}

const rowOf = lazyTable(deprecatedRepositories, (text): Row => {
  const [since, replacements, note] = text.split('|');
  return {
    since: since || undefined,
    note: note || undefined,
    replacements: replacements === '' ? [] : replacements!.split(','),
  };
});

/** Names under which Microsoft published .NET before its own registry, and before the images lost the word core. */
const microsoft: ReadonlyArray<readonly [old: RegExp, since: string, replacement: string]> = [
  [/^microsoft\/dotnet$/, '2019-03', 'mcr.microsoft.com/dotnet/sdk'],
  [/^microsoft\/aspnetcore-build$/, '2019-03', 'mcr.microsoft.com/dotnet/sdk'],
  [/^microsoft\/aspnetcore$/, '2019-03', 'mcr.microsoft.com/dotnet/aspnet'],
  [/^mcr\.microsoft\.com\/dotnet\/core\/(sdk|aspnet|runtime|runtime-deps)$/, '2020-11', 'mcr.microsoft.com/dotnet/$1'],
];

/**
 * Tells that a repository as a whole is given up, and where its users went. A successor carries a tag when the data
 * has one for the same version, or for the nearest supported version above it; without a tag, the old one may be kept.
 */
export function deprecatedRepository(name: ImageName, today: string): DeprecatedRepository | undefined {
  const repository = canonicalRepository(name);
  const row = rowOf(repository) ?? microsoftRow(repository, knownTag(name) ?? '');
  if (!row) return undefined;
  const tag = knownTag(name) ?? 'latest';
  const successors = row.replacements.map((replacement) => {
    if (replacement.includes(':') || /^(?:mcr\.microsoft\.com|microsoft)\//.test(repository)) return replacement;
    const next = successorTag(repository, replacement, tag, today);
    return next === undefined ? replacement : `${replacement}:${next}`;
  });
  return { since: row.since, note: row.note, successors };
}

function microsoftRow(repository: string, tag: string): Row | undefined {
  for (const [old, since, replacement] of microsoft) {
    const match = old.exec(repository);
    if (!match) continue;
    const named = replacement.replace('$1', match[1] ?? '');
    const isRuntime = repository === 'microsoft/dotnet' && /aspnetcore|runtime/.test(tag);
    const next = isRuntime ? `mcr.microsoft.com/dotnet/${/aspnetcore/.test(tag) ? 'aspnet' : 'runtime'}` : named;
    return { since, note: 'Microsoft moved its images', replacements: [next] };
  }
  return undefined;
}

/** Repositories whose successors count their versions alike. */
const java = new Set(['adoptopenjdk', 'java', 'openjdk']);
const enterpriseLinux = new Set(['centos', 'clefos', 'rockylinux', 'sl']);

/** Tag of the successor for the same version, or the nearest supported one above it. */
function successorTag(from: string, to: string, tag: string, today: string): string | undefined {
  const version = /^\d+/.exec(tag)?.[0];
  const product = productOfRepository(to);
  const isComparable = java.has(from) || enterpriseLinux.has(from);
  if (version === undefined || !product || !isComparable) return recommendedTags(to, today)[0]?.tag;
  const suffixes = java.has(from) ? javaSuffixes(to, tag) : [''];
  const versions = supportedCycles(product, today)
    .map(({ cycle }) => cycle)
    .filter((cycle) => compareVersions(cycle, version) >= 0)
    .toSorted(compareVersions);
  // Of repositories outside the official images no tags are listed; their release lines are tags.
  if (buildsOf(to).length === 0) return versions[0];
  const candidates = versions
    .flatMap((text) => [text, `open-${text}`])
    .flatMap((text) => suffixes.map((end) => text + end));
  return candidates.find((candidate) => buildOf(to, candidate) !== undefined);
}

/** Suffixes to try, the nearest to the old tag first. */
function javaSuffixes(repository: string, tag: string): readonly string[] {
  const kind = tag.includes('jre') ? 'jre' : 'jdk';
  const isTemurin = repository === 'eclipse-temurin';
  const alpine = tag.includes('alpine') ? [`-${kind}-alpine`, `-alpine-${kind}`, '-alpine'] : [];
  return [...alpine, `-${kind}`, ...(isTemurin ? [] : [''])];
}
