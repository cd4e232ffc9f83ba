import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import type { Instruction } from '../../../server/src/syntax/instruction.ts';

/** Where an instruction of an earlier text is now. */
export interface MovedInstruction {
  readonly instruction: Instruction;
  /** True when the instruction no longer says the same. Comments and line breaks inside it don't count. */
  readonly isChanged: boolean;
}

/** Longer than any Dockerfile; beyond it only what is the same at both ends is found again. */
const mostComparisons = 4_000_000;

/**
 * Finds the instructions of an earlier text in the text of now: equal ones in the same order first, then, in the gaps
 * between them, those of the same keyword as changed ones. Works on the two texts alone, so that it doesn't matter how
 * the one became the other. Keys are the earlier instructions' offsets; what is gone is left out.
 */
export function alignInstructions(before: Dockerfile, now: Dockerfile): ReadonlyMap<number, MovedInstruction> {
  const old = before.instructions.map((each) => ({ each, text: contentOf(each, before) }));
  const present = now.instructions.map((each) => ({ each, text: contentOf(each, now) }));
  const pairs = longestCommon(
    old.map(({ text }) => text),
    present.map(({ text }) => text),
  );
  const moved = new Map<number, MovedInstruction>();
  let fromOld = 0;
  let fromNow = 0;
  for (const [oldEnd, nowEnd] of [...pairs, [old.length, present.length] as const]) {
    let next = fromNow;
    for (let index = fromOld; index < oldEnd; index++) {
      const { keyword } = old[index]!.each;
      const found = present.slice(next, nowEnd).findIndex(({ each }) => each.keyword === keyword);
      if (found < 0) continue;
      const instruction = present[next + found]!.each;
      moved.set(old[index]!.each.range.start, { instruction, isChanged: true });
      next += found + 1;
    }
    const same = present[nowEnd];
    if (same && old[oldEnd]) moved.set(old[oldEnd].each.range.start, { instruction: same.each, isChanged: false });
    fromOld = oldEnd + 1;
    fromNow = nowEnd + 1;
  }
  return moved;
}

/** What is built of an instruction. */
function contentOf({ keyword, flags, argsText, heredocs }: Instruction, dockerfile: Dockerfile): string {
  const options = flags.map(({ name, value }) => `--${name}=${value ?? ''}`);
  const bodies = heredocs.map((heredoc) => dockerfile.slice(heredoc.bodyRange).replaceAll('\r\n', '\n'));
  return [keyword, ...options, argsText.replace(/\s+/g, ' ').trim(), ...bodies].join(' ');
}

/** Positions of a longest common subsequence. */
function longestCommon(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a.at(-1 - tail) === b.at(-1 - tail)) tail++;
  const middle =
    (a.length - head - tail) * (b.length - head - tail) > mostComparisons
      ? []
      : commonBetween(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  return [
    ...Array.from({ length: head }, (_, index) => [index, index] as const),
    ...middle.map(([i, j]) => [i + head, j + head] as const),
    ...Array.from({ length: tail }, (_, index) => [a.length - tail + index, b.length - tail + index] as const),
  ];
}

function commonBetween(a: readonly string[], b: readonly string[]): (readonly [number, number])[] {
  const width = b.length + 1;
  const lengths = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      lengths[i * width + j] =
        a[i] === b[j]
          ? lengths[(i + 1) * width + j + 1]! + 1
          : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}
