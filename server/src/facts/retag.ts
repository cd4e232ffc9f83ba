import { canonicalRepository, knownTag } from './imageName.ts';
import { type Cycle, firstWord, type Product, productOf } from './support.ts';
import { statusOf, supportedCycles } from './supportStatus.ts';
import { buildOf } from './tags.ts';
import type { ImageName } from './types.ts';

/** A product and one of its lines, named by a tag. */
export interface NamedLine {
  readonly part: 'image' | 'os';
  readonly product: Product;
  readonly cycle: Cycle;
}

/**
 * The tag with another release line, its variant kept: `14.17.6-buster-slim` becomes `24-trixie-slim`. The release of
 * the operating system is kept where it is published for the new line, else the newest supported one is taken, else it
 * is left out. Undefined when no such tag is published.
 */
export function retagLine(name: ImageName, line: NamedLine, target: Cycle, today: string): string | undefined {
  const tag = knownTag(name);
  if (tag === undefined) return undefined;
  const repository = canonicalRepository(name);
  const candidates =
    line.part === 'os' ? otherSystem(tag, line, target) : otherVersion(repository, tag, line, target, today);
  return candidates.find((candidate) => buildOf(repository, candidate) !== undefined);
}

function otherVersion(
  repository: string,
  tag: string,
  { product, cycle }: NamedLine,
  target: Cycle,
  today: string,
): string[] {
  const parts = /^(v|open-)?(\d\w*(?:\.\w+)*(?:-b\d+)?|[a-z]+)(.*)$/.exec(tag);
  if (!parts) return [];
  const [, prefix = '', version, rest] = parts;
  const isNamed = version === firstWord(cycle);
  const targetName = firstWord(target);
  if (isNamed && targetName === undefined) return [];
  // Node.js names its long-term lines in tags (`fermium-slim`); such a name becomes the number.
  if (!isNamed && !/^\d/.test(version!) && product.id !== 'nodejs') return [];
  const versions = isNamed ? [targetName!] : [target.cycle, `${target.cycle}.0`];
  const undated = rest!.replace(/^-\d{8}(?:\.\d+)?/, '');
  const usual = versions.map((text) => buildOf(repository, text + withoutSystem(undated)));
  const defaultSystem = usual.find((build) => build !== undefined)?.root;
  const suffixes = suffixesToTry(undated, product, defaultSystem, today);
  return suffixes.flatMap((suffix) =>
    versions.flatMap((text) =>
      prefix === 'v' ? [`v${text}${suffix}`, `${text}${suffix}`] : [`${prefix}${text}${suffix}`],
    ),
  );
}

/**
 * The suffix as it is, unless its system is out of support; with the system's release replaced by the one the
 * publisher takes by default, then by each supported one, newest first; without the release; at last as it is anyway.
 */
function suffixesToTry(suffix: string, product: Product, defaultSystem: string | undefined, today: string): string[] {
  const found = systemWord(suffix);
  if (!found) return [suffix];
  const isOver = statusOf(found, today).status === 'ended';
  const written = supportedCycles(found.product, today).map(found.write);
  const usual = written.filter((word) => defaultSystem?.includes(word.replace(/^alpine/, 'alpine:')));
  const replaced = [...usual, ...written].map((word) => suffix.replace(found.word, word));
  const dropped = withoutSystem(suffix);
  // .NET's Debian tags say `bookworm-slim` though there is nothing but slim; its plain tag is the default system.
  const plain = product.id === 'dotnet' ? [dropped.replace(/^-slim/, '')] : [];
  return [...(isOver ? [] : [suffix]), ...replaced, dropped, ...plain, suffix];
}

function withoutSystem(suffix: string): string {
  const found = systemWord(suffix);
  if (!found) return suffix;
  return suffix.replace(`-${found.word}`, found.product.id === 'alpine-linux' ? '-alpine' : '');
}

function otherSystem(tag: string, line: NamedLine, target: Cycle): string[] {
  const found = systemWord(tag);
  return found?.product.id === line.product.id ? [tag.replace(found.word, found.write(target))] : [];
}

interface SystemWord {
  readonly product: Product;
  readonly cycle: Cycle;
  /** The text that names the release: `buster`, `alpine3.16`. */
  readonly word: string;
  readonly write: (cycle: Cycle) => string;
}

/** The operating system's release that a tag or its suffix names. */
export function systemWord(text: string): SystemWord | undefined {
  const alpine = productOf('alpine-linux');
  const alpineMatch = /alpine(-?)(\d+\.\d+)/.exec(text);
  if (alpineMatch && alpine) {
    const cycle = alpine.cycles.find((known) => known.cycle === alpineMatch[2]);
    if (!cycle) return undefined;
    return wordOf(alpine, cycle, alpineMatch[0], (other) => `alpine${alpineMatch[1]}${other.cycle}`);
  }
  for (const word of text.split('-')) {
    const found = namedSystem(word);
    if (found) return found;
  }
  return undefined;
}

/** Systems whose words in tags are a fixed text and a number. */
const numbered: ReadonlyArray<readonly [product: string, pattern: RegExp]> = [
  ['oracle-linux', /^(oraclelinux)(\d+)$/],
  ['rhel', /^(ubi)(\d+)$/],
  ['amazon-linux', /^(al|amazonlinux)(2023|2)$/],
];

function namedSystem(word: string): SystemWord | undefined {
  for (const id of ['debian', 'ubuntu']) {
    const product = productOf(id);
    const cycle = product?.cycles.find((known) => firstWord(known) === word);
    if (product && cycle) return wordOf(product, cycle, word, (other) => firstWord(other) ?? word);
  }
  for (const [id, pattern] of numbered) {
    const match = pattern.exec(word);
    const product = match ? productOf(id) : undefined;
    const cycle = product?.cycles.find((known) => known.cycle === match![2]);
    if (product && cycle) return wordOf(product, cycle, word, (other) => `${match![1]}${other.cycle}`);
  }
  return undefined;
}

function wordOf(product: Product, cycle: Cycle, word: string, write: (cycle: Cycle) => string): SystemWord {
  return { product, cycle, word, write };
}
