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
    if (replacement.includes(':') || repository.startsWith('mcr.microsoft.com/')) return replacement;
    const next = successorTag(replacement, tag, today);
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

function successorTag(repository: string, tag: string, today: string): string | undefined {
  const version = /^v?(\d+(?:\.\d+)?)/.exec(tag)?.[1];
  const product = productOfRepository(repository);
  if (version === undefined || !product) return recommendedTags(repository, today)[0]?.tag;
  const variant = isJava(repository) ? javaVariant(repository, tag) : [tag.includes('alpine') ? '-alpine' : '', ''];
  const newer = supportedCycles(product, today)
    .map(({ cycle }) => cycle)
    .filter((cycle) => compareVersions(cycle, version) >= 0)
    .toSorted(compareVersions);
  const own = buildsOf(repository).length > 0 ? [version, version.split('.')[0]!] : [];
  for (const candidate of [...own.filter((text) => newer.includes(text)), ...newer].flatMap(versionTexts)) {
    for (const suffix of variant) if (buildOf(repository, candidate + suffix)) return candidate + suffix;
    if (buildsOf(repository).length === 0) return candidate;
  }
  return undefined;
}

function versionTexts(version: string): readonly string[] {
  return [version, `${version}.0`, `open-${version}`];
}

function isJava(repository: string): boolean {
  return /^(?:eclipse-temurin|amazoncorretto|ibm-semeru-runtimes|sapmachine|azul-zulu)$/.test(repository);
}

/** Suffixes to try, the nearest to the old tag first. */
function javaVariant(repository: string, tag: string): readonly string[] {
  const kind = tag.includes('jre') ? 'jre' : 'jdk';
  const isTemurin = repository === 'eclipse-temurin';
  const alpine = tag.includes('alpine') ? [`-${kind}-alpine`, `-alpine-${kind}`, '-alpine'] : [];
  return [...alpine, `-${kind}`, ...(isTemurin ? [] : [''])];
}
