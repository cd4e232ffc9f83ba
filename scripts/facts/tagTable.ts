import type { Build } from '../../server/src/facts/readTags.ts';

/** Texts that many builds share, referred to by their position in base 36. */
export class Dictionary {
  readonly #positions = new Map([['', 0]]);

  /** Position of the text, as written into a table: nothing for the empty text, which is the first. */
  code(text: string): string {
    const position = this.#positions.get(text) ?? this.#positions.size;
    this.#positions.set(text, position);
    return position === 0 ? '' : position.toString(36);
  }

  get texts(): readonly string[] {
    return [...this.#positions.keys()];
  }
}

/**
 * Writes the builds of one image: the first line holds prefix sets (`26,26.7,current|…`), every further line one
 * build as `root;start;group group…;architectures`, `root`, `start` (the lines user, cmd, entrypoint) and
 * `architectures` (left out when not known) being positions in the shared texts, a group being `set:suffix,suffix`. The tags of a group are all combinations of a prefix and a suffix, joined
 * by a hyphen unless one of them is empty.
 */
export function writeTagTable(builds: readonly Build[], shared: Dictionary): string {
  const sets = new Dictionary();
  const lines = builds.map((build) => {
    const groups = coverByProducts(build.tags).map(
      ({ prefixes, suffixes }) => `${sets.code(prefixes.join(','))}:${suffixes.join(',')}`,
    );
    const start = [build.user, build.cmd, build.entrypoint].join('\n');
    const end = build.architectures.length === 0 ? '' : `;${shared.code(build.architectures.join(','))}`;
    return `${shared.code(build.root)};${shared.code(start)};${groups.join(' ')}${end}`;
  });
  return [sets.texts.slice(1).join('|'), ...lines].join('\n');
}

interface Product {
  readonly prefixes: readonly string[];
  readonly suffixes: readonly string[];
}

/** Finds few products of prefixes and suffixes that together are exactly the given tags. */
function coverByProducts(tags: readonly string[]): Product[] {
  const rest = new Set(tags);
  const products: Product[] = [];
  while (rest.size > 0) {
    const product = bestProduct(rest);
    for (const tag of tagsOf(product)) rest.delete(tag);
    products.push(product);
  }
  return products;
}

function bestProduct(tags: ReadonlySet<string>): Product {
  const prefixesBySuffix = new Map<string, Set<string>>();
  for (const tag of tags) {
    for (const [prefix, suffix] of splits(tag)) {
      const prefixes = prefixesBySuffix.get(suffix) ?? new Set();
      prefixesBySuffix.set(suffix, prefixes.add(prefix));
    }
  }
  const suffixes = [...prefixesBySuffix.keys()].sort();
  let best: Product | undefined;
  let bestSaving = Number.NEGATIVE_INFINITY;
  for (const prefixes of prefixesBySuffix.values()) {
    const product = {
      prefixes: [...prefixes].sort(),
      suffixes: suffixes.filter((suffix) => [...prefixes].every((prefix) => prefixesBySuffix.get(suffix)!.has(prefix))),
    };
    const covered = new Set(tagsOf(product));
    const cost = length(product.prefixes) / 2 + length(product.suffixes);
    const saving = length([...covered]) - cost;
    if (saving > bestSaving) {
      bestSaving = saving;
      best = product;
    }
  }
  return best!;
}

function* splits(tag: string): Generator<[prefix: string, suffix: string]> {
  yield ['', tag];
  for (let at = tag.indexOf('-'); at > 0; at = tag.indexOf('-', at + 1)) yield [tag.slice(0, at), tag.slice(at + 1)];
  yield [tag, ''];
}

function tagsOf({ prefixes, suffixes }: Product): string[] {
  return prefixes.flatMap((prefix) =>
    suffixes.map((suffix) => (prefix === '' || suffix === '' ? prefix + suffix : `${prefix}-${suffix}`)),
  );
}

function length(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + word.length + 1, 0);
}

const codes = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/**
 * Writes tags of which only the existence matters: first line all suffixes (most frequent first), then lines
 * `prefix,prefix;codes`, one code per suffix: a character, or `~` and two characters from the 63rd on.
 */
export function writeTagSet(tags: readonly string[]): string {
  const suffixesByPrefix = new Map<string, Set<string>>();
  const uses = new Map<string, number>();
  for (const tag of tags) {
    const at = tag.indexOf('-');
    const [prefix, suffix] = at < 0 ? [tag, ''] : [tag.slice(0, at), tag.slice(at + 1)];
    suffixesByPrefix.set(prefix, (suffixesByPrefix.get(prefix) ?? new Set()).add(suffix));
    uses.set(suffix, (uses.get(suffix) ?? 0) + 1);
  }
  const suffixes = [...uses.keys()].sort((a, b) => uses.get(b)! - uses.get(a)! || compare(a, b));
  const prefixesByCodes = new Map<string, string[]>();
  for (const prefix of [...suffixesByPrefix.keys()].sort(compare)) {
    const positions = [...suffixesByPrefix.get(prefix)!].map((suffix) => suffixes.indexOf(suffix));
    const written = positions
      .sort((a, b) => a - b)
      .map(suffixCode)
      .join('');
    prefixesByCodes.set(written, [...(prefixesByCodes.get(written) ?? []), prefix]);
  }
  const lines = [...prefixesByCodes].map(([written, prefixes]) => `${prefixes.join(',')};${written}`);
  return [suffixes.join(','), ...lines].join('\n');
}

function suffixCode(position: number): string {
  if (position < codes.length) return codes[position]!;
  const over = position - codes.length;
  return `~${codes[Math.floor(over / codes.length)]}${codes[over % codes.length]}`;
}

/** `1.2.3`, `1.2.4`, `1.2.7` become `1.2.3-4,7`; versions that do not end in a number stay as they are. */
export function writeVersions(versions: readonly string[]): string {
  const patches = new Map<string, number[]>();
  const others: string[] = [];
  for (const version of versions) {
    const parts = /^(.+\.)(\d+)$/.exec(version);
    if (parts) patches.set(parts[1]!, [...(patches.get(parts[1]!) ?? []), Number(parts[2])]);
    else others.push(version);
  }
  const lines = [...patches.keys()].sort(compare).map((line) => line + ranges(patches.get(line)!));
  return [...lines, ...others.sort(compare)].join(' ');
}

function ranges(numbers: readonly number[]): string {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let i = 0; i < sorted.length; i++) {
    const first = sorted[i]!;
    while (i + 1 < sorted.length && sorted[i + 1] === sorted[i]! + 1) i++;
    parts.push(sorted[i] === first ? `${first}` : `${first}-${sorted[i]}`);
  }
  return parts.join(',');
}

/** Order of code units: the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
