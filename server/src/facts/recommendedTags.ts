import { labelOf, productOfRepository } from './endOfLife.ts';
import { sizeOf } from './sizes.ts';
import type { Cycle } from './support.ts';
import { isLongTerm, statusOf, supportedCycles } from './supportStatus.ts';
import { buildOf } from './tags.ts';
import type { RecommendedTag } from './types.ts';
import { alpineTag, slimTag } from './variantTags.ts';

/**
 * Tags to write instead of none or `latest`: the newest long-term line (or the newest supported, or the one the
 * publisher calls stable), plain, slim and on Alpine, as far as they are published. Empty for images that are not known.
 *
 * @param repository canonical name, as `BaseImageFacts.repository` has it
 */
export function recommendedTags(repository: string, today: string): readonly RecommendedTag[] {
  const product = productOfRepository(repository);
  const supported = product ? supportedCycles(product, today) : [];
  const longTerm = supported.filter((cycle) => isLongTerm(cycle, today));
  const stable = taggedStable(repository, supported);
  for (const cycle of [...longTerm, ...stable, ...supported]) {
    const tag = publishedTag(repository, cycle.cycle);
    if (tag !== undefined && product) {
      const support = {
        label: labelOf(product, cycle),
        until: statusOf({ product, cycle }, today).until,
        isLts: isLongTerm(cycle, today),
      };
      return variantsOf(repository, tag, support);
    }
  }
  const tag = product ? undefined : versionOfLatest(repository);
  return tag === undefined ? [] : variantsOf(repository, tag, { label: undefined, until: undefined, isLts: false });
}

function variantsOf(
  repository: string,
  tag: string,
  support: Pick<RecommendedTag, 'label' | 'until' | 'isLts'>,
): RecommendedTag[] {
  const tags = [
    { tag, variant: 'default' },
    { tag: slimTag(repository, tag), variant: 'slim' },
    { tag: alpineTag(repository, tag), variant: 'alpine' },
  ] as const;
  return tags.flatMap(({ tag: written, variant }) => {
    if (written === undefined || !buildOf(repository, written)) return [];
    return [{ tag: written, variant, ...support, size: sizeOf(repository, written) }];
  });
}

function publishedTag(repository: string, cycle: string): string | undefined {
  return [cycle, `${cycle}.0`, `v${cycle}`].find((tag) => buildOf(repository, tag) !== undefined);
}

/** nginx calls its even lines stable; the newest line is the mainline. */
function taggedStable(repository: string, supported: readonly Cycle[]): readonly Cycle[] {
  const tags = buildOf(repository, 'stable')?.tags ?? [];
  return supported.filter(({ cycle }) => tags.includes(cycle));
}

/** Of an image without known release lines: the shortest version beside `latest` that names more than a major. */
function versionOfLatest(repository: string): string | undefined {
  const versions = (buildOf(repository, 'latest')?.tags ?? []).filter((tag) => /^v?\d+(?:\.\d+)*$/.test(tag));
  const rank = (tag: string) => Math.abs(tag.split('.').length - 2);
  return versions.toSorted((a, b) => rank(a) - rank(b) || a.length - b.length)[0];
}
