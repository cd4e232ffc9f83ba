import type { Attribution } from './attribute.ts';
import { describeLines, formatBytes, shortName } from './describe.ts';
import type { LineSpan } from './types.ts';
import type { LayerFile, LayerWaste } from './waste.ts';

/** What of an instruction's bytes later instructions waste. */
export interface ShareWaste {
  /** Bytes that later lines waste. */
  readonly bytes: number;
  /** How many of them are of files that are removed; the others are written anew. */
  readonly removed: number;
  /** The lines that waste them, those that waste most first; none for those of layers without a line. */
  readonly lines: readonly LineSpan[];
  /** The largest files, the largest first. Names of strangers. */
  readonly largest: readonly LayerFile[];
  /** Bytes that layers of the same share waste of each other, as within a base image: no line can change that. */
  readonly within: number;
}

/** Waste that is not worth a word. */
export const leastWaste = 100_000;

/** For each of `Attribution.shares` what later ones waste of it. */
export function wasteOfShares({ shares }: Attribution, layers: readonly LayerWaste[]): ShareWaste[] {
  const shareOf = new Map(shares.flatMap((share, index) => share.layers.map((layer) => [layer, index] as const)));
  return shares.map((share, index) => {
    const all = share.layers.flatMap((layer) => layers[layer]?.by ?? []);
    const within = all.filter(({ layer }) => shareOf.get(layer) === index);
    const later = all.filter(({ layer }) => shareOf.get(layer) !== index).sort((a, b) => b.bytes - a.bytes);
    const makers = new Set(later.flatMap(({ layer }) => shareOf.get(layer) ?? []));
    return {
      bytes: sum(later, 'bytes'),
      removed: sum(later, 'removed'),
      lines: [...makers].flatMap((maker) => shares[maker]!.instructions.map(({ lines }) => lines)),
      largest: later
        .flatMap(({ largest }) => largest)
        .sort((a, b) => b.size - a.size)
        .slice(0, 5),
      within: sum(within, 'bytes'),
    };
  });
}

function sum<K extends string>(items: readonly Readonly<Record<K, number>>[], key: K): number {
  return items.reduce((total, item) => total + item[key], 0);
}

/** `12 MB of it removed by line 9`; empty when it is not worth a word. */
export function wasteText({ bytes, removed, lines }: ShareWaste): string {
  if (bytes < leastWaste) return '';
  const how = removed === bytes ? 'removed' : removed === 0 ? 'replaced' : 'removed or replaced';
  // The number counts, and more than a few lines are no help.
  const where =
    lines.length === 0 ? 'later' : `by ${describeLines(lines.slice(0, 3))}${lines.length > 3 ? ' and others' : ''}`;
  return `${formatBytes(bytes)} of it ${how} ${where}`;
}

/** `/var/cache/apt/pkgcache.bin (28 MB), /usr/share/doc/x (3.0 MB)` */
export function wastedFiles(files: readonly LayerFile[]): string {
  return files.map(({ path, size }) => `${shortName(path)} (${formatBytes(size)})`).join(', ');
}
