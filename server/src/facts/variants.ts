import { distributionOfTag } from './baseImages.ts';
import { variantNotes } from './data/images.generated.ts';
import { canonicalRepository, knownTag } from './imageName.ts';
import { lazyTable } from './lazyTable.ts';
import { hasCommand, profileFor, trackedNames } from './profiles.ts';
import { sizeOf } from './sizes.ts';
import { buildOf, tagStatus } from './tags.ts';
import type { ImageName, SlimVariant } from './types.ts';
import { alpineTag, minimalTag, runtimeTag, slimTag, specialTags } from './variantTags.ts';

/** A variant that saves less than this part of the size is not worth a word. */
const leastSaving = 0.1;

/**
 * Smaller variants of the same version, the least risky first. Each tag is published; for a tag that is no longer
 * rebuilt, the variant was published too. Empty when there is none, or when the image is not known.
 */
export function slimVariants(name: ImageName): readonly SlimVariant[] {
  const tag = knownTag(name);
  if (tag === undefined) return [];
  const repository = canonicalRepository(name);
  const seen = new Set([tag]);
  const found = candidates(repository, tag).filter(([, other]) => {
    if (other === undefined || seen.has(other) || !isAlternative(repository, tag, other)) return false;
    seen.add(other);
    return true;
  });
  return found.map(([variant, other]) => describe(repository, tag, variant, other!)).filter(isSmaller);
}

function candidates(
  repository: string,
  tag: string,
): ReadonlyArray<readonly [variant: string, tag: string | undefined]> {
  const runtime = runtimeTag(repository, tag);
  const alpine = alpineTag(repository, tag);
  return [
    ['slim', slimTag(repository, tag)],
    ['minimal', minimalTag(repository, tag)],
    ['jre', runtime],
    [tag.includes('jre') ? 'jre-alpine' : 'alpine', alpine],
    ['jre-alpine', runtime === undefined ? undefined : alpineTag(repository, runtime)],
    ...specialTags(repository, tag),
  ];
}

/** Current tags have current alternatives; an older one may have alternatives as old as itself. */
function isAlternative(repository: string, tag: string, other: string): boolean {
  const status = tagStatus(repository, other);
  const isListed = status === 'current' || (status === 'retired' && tagStatus(repository, tag) !== 'current');
  if (!isListed) return false;
  const build = buildOf(repository, tag);
  return build === undefined || buildOf(repository, other) !== build;
}

function describe(repository: string, tag: string, variant: string, other: string): SlimVariant {
  const system = distributionOfTag(repository, tag);
  const otherSystem = distributionOfTag(repository, other);
  const changesLibc = system.libc !== otherSystem.libc;
  const note = noteOf(repository, variant);
  return {
    tag: other,
    variant,
    changesLibc,
    size: sizeOf(repository, other),
    currentSize: sizeOf(repository, tag),
    loses: losses(repository, tag, other),
    lostArchitectures: lostArchitectures(repository, tag, other),
    risk: note?.risk ?? (changesLibc ? 'high' : 'medium'),
    note: note?.text,
  };
}

function losses(repository: string, tag: string, other: string): readonly string[] | undefined {
  const [before, after] = [tag, other].map((each) => {
    const system = distributionOfTag(repository, each);
    const profile = profileFor(repository, each, system);
    return profile && ((command: string) => hasCommand(command, profile, system));
  });
  if (!before || !after) return undefined;
  return trackedNames.filter((command) => before(command) === true && after(command) !== true);
}

function lostArchitectures(repository: string, tag: string, other: string): readonly string[] | undefined {
  const [before, after] = [tag, other].map((each) => buildOf(repository, each)?.architectures ?? []);
  if (before!.length === 0 || after!.length === 0) return undefined;
  return before!.filter((architecture) => !after!.includes(architecture));
}

function isSmaller({ size, currentSize }: SlimVariant): boolean {
  if (!size || !currentSize) return true;
  return size.bytes < currentSize.bytes * (1 - leastSaving);
}

interface Note {
  readonly variant: string;
  readonly risk: SlimVariant['risk'];
  readonly text: string | undefined;
}

const notesOf = lazyTable(variantNotes, (text): readonly Note[] =>
  text.split('\n').map((line) => {
    const [variant, risk, note] = line.split('|');
    return { variant: variant!, risk: risk as Note['risk'], text: note || undefined };
  }),
);

function noteOf(repository: string, variant: string): Note | undefined {
  const notes = notesOf(repository) ?? [];
  return notes.find((note) => note.variant === variant) ?? notes.find((note) => note.variant.endsWith(variant));
}
