import { imageLine } from './endOfLife.ts';
import { canonicalRepository, knownTag } from './imageName.ts';
import { nodeNames, tagParts } from './tagParts.ts';
import { buildOf, buildsOf, isSystemImage } from './tags.ts';
import type { FloatingTag, ImageName } from './types.ts';

const channels = /^(?:lts|current|stable|oldstable|mainline|rolling|production|innovation)$/;
const development = /^(?:edge|testing|unstable|sid|experimental|devel|rawhide|nightly)$/;

/**
 * How a published tag moves from version to version without naming one: `node:slim`, `nginx:stable`, `alpine:edge`.
 * Undefined for tags with a version or the code name of a release, for `latest`, and for images that are not known.
 */
export function floatingTag(name: ImageName): FloatingTag | undefined {
  const tag = knownTag(name);
  const repository = canonicalRepository(name);
  if (tag === undefined || tag === 'latest' || name.digest !== undefined || buildsOf(repository).length === 0)
    return undefined;
  const [first = ''] = tag.split('-');
  const isSystem = isSystemImage(repository);
  if (isSystem && development.test(first)) return { kind: 'development', pinned: undefined };
  const build = buildOf(repository, tag);
  if (!build || isVersioned(tag) || imageLine(repository, tag)) return undefined;
  const isChannel = channels.test(first);
  // A distribution has no variants without a release: `debian:bookworm-slim` names one.
  if (isSystem && !isChannel) return undefined;
  const suffix = tag
    .split('-')
    .filter((word) => !channels.test(word))
    .join('-');
  const versions = build.tags.flatMap((each) => {
    const { version, suffix: own } = tagParts(each);
    return own === suffix && /^v?\d{1,3}(?:\.\d+)*$/.test(version) ? [version] : [];
  });
  // Images such as buildpack-deps have no version of their own.
  if (versions.length === 0) return isChannel && isSystem ? { kind: 'channel', pinned: undefined } : undefined;
  const version = versions.find((each) => imageLine(repository, each)?.cycle.cycle === each) ?? shortest(versions);
  return { kind: isChannel ? 'channel' : 'variant', pinned: suffix === '' ? version : `${version}-${suffix}` };
}

/** Whether a tag has a number that is not the release of Alpine, or the name of one of Node.js's lines. */
function isVersioned(tag: string): boolean {
  return tag
    .replace(/alpine-?\d[\d.]*/, '')
    .split('-')
    .some((word) => /\d/.test(word) || Object.hasOwn(nodeNames, word));
}

/** The shortest that names more than a major version. */
function shortest(versions: readonly string[]): string {
  const rank = (version: string): number => Math.abs(version.split('.').length - 2);
  return versions.toSorted((a, b) => rank(a) - rank(b) || a.length - b.length)[0]!;
}
