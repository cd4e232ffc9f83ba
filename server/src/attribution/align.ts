import { type ExpectedStep, workKeywords } from './expected.ts';
import type { HistoryStep } from './history.ts';
import { impossible, Scorer } from './score.ts';

/** An instruction found again in the history. */
export interface Pair {
  readonly expected: ExpectedStep;
  /** Index in the history. */
  readonly at: number;
  readonly score: number;
  /** Whether another reading of the whole history, with another partner here, is nearly as good. */
  readonly isAmbiguous: boolean;
}

export interface Alignment {
  /** In order of the history. */
  readonly pairs: readonly Pair[];
  /** 1 when everything was found again; 0 without instructions; negative when nothing fits. */
  readonly quality: number;
}

export interface AlignOptions {
  /** Entries in front of this index belong to the base image for certain. */
  readonly from: number;
  /** Whether an unknown number of entries may come before the first instruction. */
  readonly hasBase: boolean;
}

/** More comparisons than these are not made: neither Dockerfiles nor histories of real images come near. */
const mostComparisons = 1_000_000;

/** Readings whose totals differ by less are taken for equally good. */
const nearlyAsGood = 0.05;

/**
 * Lays the instructions of the Dockerfile beside the history so that as much as possible fits, in order (global
 * alignment by dynamic programming). Entries in front of the first instruction cost nothing: they are the base image.
 * Undefined when there is too much to compare.
 */
export function align(
  expected: readonly ExpectedStep[],
  history: readonly HistoryStep[],
  { from, hasBase }: AlignOptions,
): Alignment | undefined {
  const rows = expected.length;
  const steps = history.slice(from);
  const columns = steps.length;
  if (rows === 0) return { pairs: [], quality: 0 };
  if (rows * columns > mostComparisons) return undefined;

  const scorer = new Scorer();
  const width = columns + 1;
  const scores = new Float64Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) scores[i * columns + j] = scorer.score(expected[i]!, steps[j]!);
  }
  const noted = notedBy(steps);
  const missing = expected.map((each) => costOfMissing(each, noted));
  const surplus = steps.map(costOfSurplus);
  const forward = new Float64Array((rows + 1) * width);
  for (let j = 1; j <= columns; j++) forward[j] = hasBase ? 0 : forward[j - 1]! - surplus[j - 1]!;
  for (let i = 1; i <= rows; i++) {
    forward[i * width] = forward[(i - 1) * width]! - missing[i - 1]!;
    for (let j = 1; j <= columns; j++) {
      forward[i * width + j] = Math.max(
        forward[(i - 1) * width + j - 1]! + scores[(i - 1) * columns + j - 1]!,
        forward[(i - 1) * width + j]! - missing[i - 1]!,
        forward[i * width + j - 1]! - surplus[j - 1]!,
      );
    }
  }
  const backward = new Float64Array((rows + 1) * width);
  for (let j = columns - 1; j >= 0; j--) backward[rows * width + j] = backward[rows * width + j + 1]! - surplus[j]!;
  for (let i = rows - 1; i >= 0; i--) {
    backward[i * width + columns] = backward[(i + 1) * width + columns]! - missing[i]!;
    for (let j = columns - 1; j >= 0; j--) {
      // In front of the first instruction entries are free, in the order read backwards as well.
      const skip = i === 0 && hasBase ? 0 : surplus[j]!;
      backward[i * width + j] = Math.max(
        backward[(i + 1) * width + j + 1]! + scores[i * columns + j]!,
        backward[(i + 1) * width + j]! - missing[i]!,
        backward[i * width + j + 1]! - skip,
      );
    }
  }
  const total = forward[rows * width + columns]!;
  const isAmbiguous = (i: number, j: number): boolean => {
    for (let row = 0; row < rows; row++) {
      if (row === i) continue;
      const other = forward[row * width + j]! + scores[row * columns + j]! + backward[(row + 1) * width + j + 1]!;
      if (other > total - nearlyAsGood) return true;
    }
    for (let row = 0; row <= rows; row++) {
      const skip = row === 0 && hasBase ? 0 : surplus[j]!;
      const other = forward[row * width + j]! - skip + backward[row * width + j + 1]!;
      if (other > total - nearlyAsGood) return true;
    }
    return false;
  };

  const pairs: Pair[] = [];
  let i = rows;
  let j = columns;
  while (i > 0 && j > 0) {
    const here = forward[i * width + j]!;
    const score = scores[(i - 1) * columns + j - 1]!;
    if (score !== impossible && here === forward[(i - 1) * width + j - 1]! + score) {
      i--;
      j--;
      pairs.push({ expected: expected[i]!, at: from + j, score, isAmbiguous: isAmbiguous(i, j) });
    } else if (here === forward[(i - 1) * width + j]! - missing[i - 1]!) i--;
    else j--;
  }
  // What few builders note counts only when it was noted.
  const found = new Set(pairs.map((pair) => pair.expected));
  const counted = expected.filter((each) => found.has(each) || costOfMissing(each, noted) > rarelyNoted).length;
  return { pairs: withTwins(pairs.reverse(), history, from), quality: total / Math.max(1, counted) };
}

/**
 * Marks pairs as ambiguous whose entry reads the same as one that was left alone: of instructions that repeat and were
 * deleted in part, nobody can tell which are left. Base images end with their command mostly; what stands behind it may
 * be an instruction, too.
 */
function withTwins(pairs: readonly Pair[], history: readonly HistoryStep[], from: number): Pair[] {
  const paired = new Set(pairs.map(({ at }) => at));
  const front = history.slice(0, pairs[0]?.at ?? 0);
  const command = front.findLastIndex(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  const left = history.filter((_, at) => at >= from && at > command && !paired.has(at));
  const texts = new Set(left.map(({ entry }) => entry.createdBy));
  return pairs.map((pair) => (texts.has(history[pair.at]!.entry.createdBy) ? { ...pair, isAmbiguous: true } : pair));
}

const rarelyNoted = 0.05;
const neverNoted = 0.005;

/** What the builder notes: everything, or only what leaves files (kaniko). */
type Noted = 'all' | 'work';

const leavesFiles: ReadonlySet<string | undefined> = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR']);

function notedBy(steps: readonly HistoryStep[]): Noted {
  const plain = steps.filter((step) => step.producer === 'plain');
  return plain.length > 0 && plain.every((step) => leavesFiles.has(step.keyword)) ? 'work' : 'all';
}

/** What it costs when an instruction is not in the history. BuildKit never notes ONBUILD, podman may ignore it. */
function costOfMissing({ keyword, isTrigger }: ExpectedStep, noted: Noted): number {
  if (keyword === 'ONBUILD' || isTrigger) return rarelyNoted;
  if (noted === 'work' && !workKeywords.has(keyword)) return neverNoted;
  return leavesFiles.has(keyword) ? 0.7 : 0.4;
}

/** What buildah makes of `--env` and `--label`, in each stage. */
const madeOfOption = /^(?:"[^"]*"="[^"]*"\s*)+/;

/** What it costs when an entry behind the base image has no instruction. `--label` adds one of its own, the last. */
function costOfSurplus({ producer, keyword, text, isEmpty, isLast }: HistoryStep): number {
  if (producer === 'squash') return 0;
  const isOfOption = isEmpty && (keyword === 'LABEL' || keyword === 'ENV') && madeOfOption.test(text);
  if (isOfOption || (isLast && isEmpty && keyword === 'LABEL')) return rarelyNoted;
  return keyword === 'LABEL' ? 0.3 : 0.6;
}
