import { imageSizes } from './data/images.generated.ts';
import { lazyTable } from './lazyTable.ts';
import { isSystemImage, nearestBuild } from './tags.ts';
import { tagParts, variantKey } from './tagParts.ts';
import type { ImageSize } from './types.ts';

interface Measured {
  readonly tag: string;
  readonly bytes: number;
  readonly date: string | undefined;
}

const measured = lazyTable(imageSizes, (text): readonly Measured[] =>
  text.split(';').map((item) => {
    const [tag, bytes, date] = item.split(' ');
    const isoDate = date ? `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}` : undefined;
    return { tag: tag!, bytes: Number(bytes), date: isoDate };
  }),
);

/**
 * Size of a tag: measured on one of the tags of the same build, else on the nearest sibling of the same variant
 * (another version or suite), which `approximate` says.
 */
export function sizeOf(repository: string, tag: string): ImageSize | undefined {
  const sizes = measured(repository) ?? [];
  const build = nearestBuild(repository, tag);
  const tags: readonly string[] = build ? [tag, ...build.tags] : [tag];
  const exact = newest(sizes.filter((size) => tags.includes(size.tag)));
  if (exact) return { bytes: exact.bytes, date: exact.date, approximate: false };
  const keys = new Set(tags.map(variantKey));
  const siblings = sizes.filter((size) => keys.has(variantKey(size.tag)));
  const major = /^\d+/.exec(tagParts(tag).version)?.[0];
  const sameLine = siblings.filter((size) => /^\d+/.exec(tagParts(size.tag).version)?.[0] === major);
  // Releases of a whole system have little in common.
  const isSystem = isSystemImage(repository);
  const near = newest(sameLine) ?? (isSystem ? undefined : newest(siblings));
  return near && { bytes: near.bytes, date: near.date, approximate: true };
}

function newest(sizes: readonly Measured[]): Measured | undefined {
  return sizes.toSorted((a, b) => (b.date ?? '').localeCompare(a.date ?? ''))[0];
}
