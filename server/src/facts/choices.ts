import { chainguardImages, currentTags, deprecatedRepositories, distrolessImages } from './data/images.generated.ts';
import { imageLine, labelOf, productOfRepository } from './endOfLife.ts';
import { recommendedTags } from './recommendedTags.ts';
import { registryImage } from './registries.ts';
import { sizeOf } from './sizes.ts';
import { compareVersions, isLongTerm, statusOf } from './supportStatus.ts';
import { type Build, buildsOf } from './tags.ts';
import { tagParts } from './tagParts.ts';
import type { ImageChoice, SupportStatus, TagChoice } from './types.ts';

/** What Dockerfiles are most often built upon, the most frequent first. */
const frequent = [
  'alpine',
  'debian',
  'node',
  'golang',
  'python',
  'ubuntu',
  'nginx',
  'php',
  'ruby',
  'maven',
  'eclipse-temurin',
  'rust',
  'mcr.microsoft.com/dotnet/sdk',
  'mcr.microsoft.com/dotnet/aspnet',
  'busybox',
  'postgres',
  'redis',
  'gradle',
  'httpd',
];

/** Images to build upon whose tags are known: the frequent ones, then those with known release lines. */
export function imageChoices(): readonly ImageChoice[] {
  choices ??= [
    ...Object.entries(currentTags)
      .filter(([name, tags]) => tags !== '' && !Object.hasOwn(deprecatedRepositories, name))
      .map(([name]) => choice(name, name.startsWith('mcr.') ? 'Microsoft' : 'Docker Official Image'))
      .sort((a, b) => place(a) - place(b)),
    ...distrolessImages.split(' ').map((name) => choice(`gcr.io/distroless/${name}`, 'Distroless')),
    ...Object.keys(chainguardImages).map((name) => choice(`cgr.dev/chainguard/${name}`, 'Chainguard')),
  ];
  return choices;
}

let choices: readonly ImageChoice[] | undefined;

function choice(name: string, publisher: ImageChoice['publisher']): ImageChoice {
  return { name, publisher };
}

function place({ name }: ImageChoice): number {
  const index = frequent.indexOf(name);
  if (index >= 0) return index;
  return productOfRepository(name) ? frequent.length : frequent.length + 1;
}

const known = new Map<string, readonly TagChoice[]>();

/**
 * Tags that were published when the data was made: the recommended ones, then those of supported release lines, newest
 * first, the ones that end with a line after the ones that follow it; what has ended comes last. Empty for images that
 * are not known.
 *
 * @param repository canonical name; @param today ISO date, undefined when support can't be judged
 */
export function tagChoices(repository: string, today: string | undefined): readonly TagChoice[] {
  const key = `${repository} ${today}`;
  const found = known.get(key) ?? ranked(repository, today);
  if (known.size > 50) known.clear();
  known.set(key, found);
  return found;
}

interface Ranked {
  readonly choice: TagChoice;
  readonly rank: readonly number[];
  readonly cycle: string;
}

function ranked(repository: string, today: string | undefined): readonly TagChoice[] {
  const builds = buildsOf(repository);
  if (builds.length === 0) return namedTags(repository);
  const recommended = today === undefined ? [] : recommendedTags(repository, today).map(({ tag }) => tag);
  const all = builds.flatMap((build): Ranked[] => {
    const size = sizeOf(repository, build.tags[0]!);
    const line = lineOf(repository, build, today);
    const isWindows = build.architectures.length > 0 && build.architectures.every((each) => each.startsWith('windows'));
    return build.tags.map((tag) => {
      const { version, words } = tagParts(tag);
      const place = recommended.indexOf(tag);
      const rank = [place < 0 ? recommended.length : place, statusRank(line.status), Number(isWindows), formOf(tag)];
      const detail = [version.split('.').length, words.length, tag.split('-').length, tag.length];
      return {
        choice: { tag, ...line, size, isRecommended: place >= 0 },
        rank: [...rank, ...detail],
        cycle: line.cycle,
      };
    });
  });
  return all.sort(compare).map((each) => each.choice);
}

/** Versions are told apart from code names, and both from names that move on and from dates. */
function formOf(tag: string): number {
  if (/\d{8}/.test(tag)) return 3;
  if (/^v?\d/.test(tag)) return 0;
  return /^(?:latest|stable|current|mainline|rolling|lts|devel|edge|oldstable|testing|unstable|slim|alpine)\b/.test(tag)
    ? 2
    : 1;
}

function compare(a: Ranked, b: Ranked): number {
  const heads = 4;
  return (
    compareRanks(a.rank.slice(0, heads), b.rank.slice(0, heads)) ||
    compareVersions(b.cycle, a.cycle) ||
    compareRanks(a.rank.slice(heads), b.rank.slice(heads)) ||
    compareVersions(b.choice.tag, a.choice.tag)
  );
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) if (value !== b[index]) return value - b[index]!;
  return 0;
}

function statusRank(status: SupportStatus): number {
  if (status === 'supported') return 0;
  if (status === 'unknown') return 2;
  return status === 'ended' ? 3 : 1;
}

interface Line {
  readonly label: string | undefined;
  readonly status: SupportStatus;
  readonly until: string | undefined;
  readonly isLts: boolean;
  readonly cycle: string;
}

/** The release line of a build, which any of its tags may name: `latest` and `24` are the same image. */
function lineOf(repository: string, build: Build, today: string | undefined): Line {
  const tags = build.tags.toSorted((a, b) => tagParts(b).version.length - tagParts(a).version.length);
  for (const tag of tags) {
    const line = imageLine(repository, tag);
    if (!line) continue;
    const { product, cycle } = line;
    const { status, until } =
      today === undefined ? { status: 'unknown' as const, until: undefined } : statusOf(line, today);
    const isLts = today !== undefined && isLongTerm(cycle, today);
    return { label: labelOf(product, cycle), status, until, isLts, cycle: cycle.cycle };
  }
  return { label: undefined, status: 'unknown', until: undefined, isLts: false, cycle: '' };
}

/** Registries that follow rules of their own have few tags, and no lists of them. */
function namedTags(repository: string): readonly TagChoice[] {
  return ['latest', 'nonroot', 'debug', 'debug-nonroot', 'latest-dev']
    .filter((tag) => registryImage(repository, tag)?.tagStatus === 'current')
    .map((tag) => ({
      tag,
      label: undefined,
      status: 'unknown',
      until: undefined,
      isLts: false,
      size: undefined,
      isRecommended: false,
    }));
}
