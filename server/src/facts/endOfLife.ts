import { distrolessImages } from './data/images.generated.ts';
import { distrolessSupport, supportDate, supportedImages } from './data/support.generated.ts';
import { canonicalRepository, isOfficial, knownTag } from './imageName.ts';
import { lazyTable } from './lazyTable.ts';
import { type NamedLine, retagLine, systemWord } from './retag.ts';
import { type Cycle, findCycle, type Product, productOf } from './support.ts';
import { nodeNames } from './tagParts.ts';
import { compareVersions, endingWithinDays, isLongTerm, statusOf, supportedCycles } from './supportStatus.ts';
import { buildsOf } from './tags.ts';
import type { ImageName, Successor, Support } from './types.ts';

/**
 * What the tag says about support: the software of the image, and the distribution named in the tag's suffix
 * (`14-buster` gives Node.js 14 and Debian 10). A system that is not named is left out, for the publisher moves such
 * tags to newer systems. Empty when the tag names no version that the data knows, as `latest` does.
 *
 * @param today ISO date; look-ups have no clock.
 * @param endingWithin days before its end from which on a line counts as ending.
 */
export function endOfLife(name: ImageName, today: string, endingWithin = endingWithinDays): readonly Support[] {
  const tag = knownTag(name);
  if (tag === undefined) return [];
  const repository = canonicalRepository(name);
  const image = imageLine(repository, tag) ?? distrolessLine(repository);
  const system = systemLine(tag);
  const lines =
    system && system.product.id !== image?.product.id && isKnownRepository(repository) ? [image, system] : [image];
  return lines.filter((line) => line !== undefined).map((line) => describe(line, name, today, endingWithin));
}

/**
 * The tag moved to another release line of the image's software, its variant kept, or undefined when the data has no
 * such tag: `retag(node:14-buster-slim, '24')` is `24-trixie-slim`.
 */
export function retag(name: ImageName, cycle: string, today: string): string | undefined {
  const tag = knownTag(name);
  const line = tag === undefined ? undefined : imageLine(canonicalRepository(name), tag);
  const target = line && findCycle(line.product, cycle);
  return target && retagLine(name, line, target, today);
}

/** The release line of the image's own software that a tag names. */
export function imageLine(repository: string, tag: string): NamedLine | undefined {
  const rule = lambdaRule(repository) ?? redHatRule(repository) ?? windowsRule(repository) ?? ruleOf(repository);
  const product = rule && productOf(rule.product);
  if (!product) return undefined;
  const text = repository === 'node' ? (nodeNames[tag.split('-')[0]!] ?? rule.cycleText(tag)) : rule.cycleText(tag);
  const cycle = text === undefined ? lastOfEndedMajor(product, tag) : findCycle(product, text);
  return cycle && { part: 'image', product, cycle };
}

/** `redis:6` floats over 6.0 and 6.2: it can be told only when even the last line of that number has ended. */
function lastOfEndedMajor(product: Product, tag: string): Cycle | undefined {
  const major = /^v?(\d+)(?=$|-)/.exec(tag)?.[1];
  const lines = product.cycles.filter(({ cycle }) => cycle.startsWith(`${major}.`));
  const last = lines.toSorted((a, b) => compareVersions(b.cycle, a.cycle))[0];
  return last && statusOf({ product, cycle: last }, supportDate).status === 'ended' ? last : undefined;
}

/** The product behind a repository. */
export function productOfRepository(repository: string): Product | undefined {
  const rule = ruleOf(repository);
  return rule && productOf(rule.product);
}

function systemLine(tag: string): NamedLine | undefined {
  const found = systemWord(tag);
  return found && { part: 'os', product: found.product, cycle: found.cycle };
}

/** `Node.js 14`, `Debian 12 (Bookworm)`. */
export function labelOf(product: Product, cycle: Cycle): string {
  const label = `${product.title} ${cycle.cycle}`;
  return cycle.name === undefined ? label : `${label} (${cycle.name})`;
}

function describe(line: NamedLine, name: ImageName, today: string, endingWithin: number): Support {
  const { part, product, cycle } = line;
  return {
    part,
    product: product.title,
    cycle: cycle.cycle,
    label: labelOf(product, cycle),
    ...statusOf(line, today, endingWithin),
    regularEnd: typeof cycle.end === 'string' ? cycle.end : undefined,
    extendedEnd: cycle.extendedEnd,
    successors: successorsOf(line, name, today),
  };
}

/** The nearest supported line above, and the newest one; where there are long-term lines, only those. */
function successorsOf(line: NamedLine, name: ImageName, today: string): readonly Successor[] {
  const { product, cycle: present } = line;
  const newer = supportedCycles(product, today).filter(
    (cycle) => compareVersions(cycle.cycle, present.cycle) > 0 && isSameRuntime(cycle, present),
  );
  const longTerm = newer.filter((cycle) => isLongTerm(cycle, today));
  const candidates = (longTerm.length > 0 ? longTerm : newer).toSorted((a, b) => compareVersions(a.cycle, b.cycle));
  const successors = candidates.flatMap((cycle): Successor[] => {
    const move = moveTo(name, line, cycle, today);
    if (move === undefined) return [];
    const { until } = statusOf({ product, cycle }, today);
    return [{ cycle: cycle.cycle, label: labelOf(product, cycle), ...move, until, isLts: isLongTerm(cycle, today) }];
  });
  return successors.length > 2 ? [successors[0]!, successors.at(-1)!] : successors;
}

type Move = Pick<Successor, 'repository' | 'tag'>;

/** What to write for another line: mostly another tag, for distroless another repository. */
function moveTo(name: ImageName, line: NamedLine, cycle: Cycle, today: string): Move | undefined {
  if (line.product.id === 'distroless') {
    const repository = name.repository.replace(/-debian\d+$/, `-debian${cycle.cycle}`);
    const isListed = distrolessNames.has(repository.replace(/^distroless\//, ''));
    return isListed ? { repository, tag: name.tag } : undefined;
  }
  if (line.product.id === 'aws-lambda') return { repository: undefined, tag: lambdaTag(cycle.cycle) };
  const tag = retagLine(name, line, cycle, today);
  return tag === undefined ? undefined : { repository: undefined, tag };
}

interface Rule {
  readonly product: string;
  cycleText(tag: string): string | undefined;
}

const ruleOf = lazyTable(supportedImages, (text): Rule => {
  const space = text.indexOf(' ');
  const pattern = new RegExp(text.slice(space + 1));
  return { product: text.slice(0, space), cycleText: (tag) => pattern.exec(tag)?.[1] };
});

/** A tag of an unknown repository may use words such as `buster` for anything. */
function isKnownRepository(repository: string): boolean {
  return ruleOf(repository) !== undefined || buildsOf(repository).length > 0 || isOfficial(repository);
}

/** UBI names its release in the repository. */
function redHatRule(repository: string): Rule | undefined {
  const release = /^registry\.access\.redhat\.com\/ubi(\d+)\//.exec(repository)?.[1];
  return release === undefined ? undefined : { product: 'rhel', cycleText: () => release };
}

/** `ltsc2022` is Windows Server 2022; the number 1809 is left out, for it means a short and a long line. */
function windowsRule(repository: string): Rule | undefined {
  const name = /^mcr\.microsoft\.com\/windows\/(servercore|nanoserver)$/.exec(repository)?.[1];
  if (name === undefined) return undefined;
  return {
    product: name === 'servercore' ? 'windows-server-core' : 'windows-nano-server',
    cycleText: (tag) => /^(?!1809)(?:ltsc)?(\d\w{3})(?=$|-)/i.exec(tag)?.[1]?.toLowerCase(),
  };
}

/** AWS counts runtimes: the repository `python` with the tag `3.12` is the runtime `python3.12`. */
function lambdaRule(repository: string): Rule | undefined {
  const runtime = /^public\.ecr\.aws\/lambda\/(\w+)$/.exec(repository)?.[1];
  if (runtime === undefined) return undefined;
  return {
    product: 'aws-lambda',
    cycleText: (tag) => {
      const version = /^(?:\d+(?:\.\d+)*(?:\.al\d+)?|al\d+)(?=$|[-.])/.exec(tag)?.[0];
      if (version === undefined) return undefined;
      if (runtime === 'nodejs') return `nodejs${version}.x`;
      return runtime === 'provided' ? `provided.${version}` : `${runtime}${version}`;
    },
  };
}

function lambdaTag(cycle: string): string {
  return cycle.replace(/^(?:provided\.|[a-z]+)/, '').replace(/\.x$/, '');
}

/** Lines of AWS Lambda are of one product but several languages; elsewhere a line starts with its number. */
function isSameRuntime(a: Cycle, b: Cycle): boolean {
  const language = ({ cycle }: Cycle) => /^[a-z]*/.exec(cycle)![0];
  return language(a) === language(b);
}

const distrolessNames: ReadonlySet<string> = new Set(distrolessImages.split(' '));

/** Distroless images follow their own table: each ends some time after the Debian release it is made from. */
function distrolessLine(repository: string): NamedLine | undefined {
  const match = /^gcr\.io\/distroless\/([a-z]+3?)[\w-]*?-debian(\d+)$/.exec(repository);
  if (!match) return undefined;
  const [, image, release] = match;
  const listed = [...distrolessNames].some((name) => name.endsWith(`-debian${release}`));
  const line = (cycle: string, end: string | boolean): Cycle => ({
    cycle,
    name: undefined,
    end,
    extendedEnd: undefined,
    lts: false,
    isForecast: false,
  });
  const newest = line(newestDistroless(), false);
  const present = release === newest.cycle ? newest : line(release!, distrolessEnd(image!, release!) ?? !listed);
  const product = {
    id: 'distroless',
    title: 'Distroless on Debian',
    cycles: present === newest ? [newest] : [newest, present],
  };
  return Number(release) > Number(newest.cycle) ? undefined : { part: 'image', product, cycle: present };
}

function newestDistroless(): string {
  const releases = [...distrolessNames].map((name) => Number(/\d+$/.exec(name)?.[0]));
  return `${Math.max(...releases)}`;
}

/** Last day of the month that the table gives; undefined when it gives none. */
function distrolessEnd(image: string, release: string): string | undefined {
  for (const row of distrolessSupport.split('\n')) {
    const [debian, name, month] = row.split(' ');
    const isMatch = name!.endsWith('*') ? image.startsWith(name!.slice(0, -1)) : image === name;
    if (debian !== `debian${release}` || !isMatch) continue;
    const lastDay = new Date(Date.UTC(Number(month!.slice(0, 4)), Number(month!.slice(4)), 0));
    return lastDay.toISOString().slice(0, 10);
  }
  return undefined;
}
