import type { Edit } from './edit.ts';

/** A run of lines that differs: 0-based line numbers, half-open, on both sides. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newStart: number;
  readonly newEnd: number;
}

/** More differences than this in one stretch are shown as one replacement: looking further would take too long. */
const mostDifferences = 1000;

/** Splits into lines that keep their line break; the last one may lack it. An empty text has no lines. */
export function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** The lines that differ, in order: a shortest edit script (Myers 1986), found from the common start and end inwards. */
export function diffLines(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let oldEnd = before.length;
  let newEnd = after.length;
  while (oldEnd > start && newEnd > start && before[oldEnd - 1] === after[newEnd - 1]) {
    oldEnd--;
    newEnd--;
  }
  if (start === oldEnd && start === newEnd) return [];
  const script = editScript(before.slice(start, oldEnd), after.slice(start, newEnd));
  if (!script) return [{ oldStart: start, oldEnd, newStart: start, newEnd }];
  return script.map((hunk) => ({
    oldStart: hunk.oldStart + start,
    oldEnd: hunk.oldEnd + start,
    newStart: hunk.newStart + start,
    newEnd: hunk.newEnd + start,
  }));
}

/** Edits that turn one text into the other: line by line, and of the lines only what lies between the common ends. */
export function lineEdits(before: string, after: string): Edit[] {
  const oldLines = splitLines(before);
  const newLines = splitLines(after);
  const starts = [0];
  for (const line of oldLines) starts.push(starts.at(-1)! + line.length);
  return diffLines(oldLines, newLines).map((hunk) => {
    const range = { start: starts[hunk.oldStart]!, end: starts[hunk.oldEnd]! };
    const newText = newLines.slice(hunk.newStart, hunk.newEnd).join('');
    return narrow(before.slice(range.start, range.end), { range, newText });
  });
}

/** Without what both have in common at their ends; neither a surrogate pair nor a CRLF is torn apart. */
function narrow(oldText: string, { range, newText }: Edit): Edit {
  const most = Math.min(oldText.length, newText.length);
  let start = 0;
  while (start < most && oldText[start] === newText[start]) start++;
  if (isTorn(oldText, start) || isTorn(newText, start)) start--;
  let end = 0;
  while (end < most - start && oldText.at(-1 - end) === newText.at(-1 - end)) end++;
  if (isTorn(oldText, oldText.length - end) || isTorn(newText, newText.length - end)) end--;
  return {
    range: { start: range.start + start, end: range.end - end },
    newText: newText.slice(start, newText.length - end),
  };
}

function isTorn(text: string, at: number): boolean {
  return /^(?:[\ud800-\udbff][\udc00-\udfff]|\r\n)$/.test(text.slice(Math.max(0, at - 1), at + 1));
}

/**
 * A unified diff with three lines of context, as `patch` and `git apply` read it; empty when the texts are the same.
 * Line breaks are kept as they are, so a changed CRLF line ends in CR LF.
 */
export function unifiedDiff(
  before: string,
  after: string,
  names: { readonly old: string; readonly new: string },
): string {
  const oldLines = splitLines(before);
  const newLines = splitLines(after);
  const hunks = diffLines(oldLines, newLines);
  if (hunks.length === 0) return '';
  const context = 3;
  let result = `--- ${names.old}\n+++ ${names.new}\n`;
  for (let index = 0; index < hunks.length; ) {
    let last = index;
    while (last + 1 < hunks.length && hunks[last + 1]!.oldStart - hunks[last]!.oldEnd <= 2 * context) last++;
    const group = hunks.slice(index, last + 1);
    index = last + 1;
    const oldFrom = Math.max(0, group[0]!.oldStart - context);
    const oldTo = Math.min(oldLines.length, group.at(-1)!.oldEnd + context);
    const newFrom = group[0]!.newStart - (group[0]!.oldStart - oldFrom);
    const newTo = group.at(-1)!.newEnd + (oldTo - group.at(-1)!.oldEnd);
    result += `@@ -${span(oldFrom, oldTo)} +${span(newFrom, newTo)} @@\n`;
    let at = oldFrom;
    for (const hunk of group) {
      result += show(' ', oldLines.slice(at, hunk.oldStart));
      result += show('-', oldLines.slice(hunk.oldStart, hunk.oldEnd));
      result += show('+', newLines.slice(hunk.newStart, hunk.newEnd));
      at = hunk.oldEnd;
    }
    result += show(' ', oldLines.slice(at, oldTo));
  }
  return result;
}

/** `first,count` as unified diffs count: from 1, and an empty stretch is named by the line in front of it. */
function span(from: number, to: number): string {
  const count = to - from;
  const first = count === 0 ? from : from + 1;
  return count === 1 ? `${first}` : `${first},${count}`;
}

function show(sign: string, lines: readonly string[]): string {
  return lines.map((line) => sign + (line.endsWith('\n') ? line : `${line}\n\\ No newline at end of file\n`)).join('');
}

function editScript(before: readonly string[], after: readonly string[]): Hunk[] | undefined {
  const most = Math.min(before.length + after.length, mostDifferences);
  const furthest = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let depth = 0; depth <= most; depth++) {
    trace.push(new Map(furthest));
    for (let diagonal = -depth; diagonal <= depth; diagonal += 2) {
      let x = stepFrom(furthest, diagonal, depth);
      while (x < before.length && x - diagonal < after.length && before[x] === after[x - diagonal]) x++;
      furthest.set(diagonal, x);
      if (x >= before.length && x - diagonal >= after.length) return hunksOf(trace, before.length, after.length);
    }
  }
  return undefined;
}

/** Where a path on a diagonal starts after its step: one line down from the diagonal above, or one right from below. */
function stepFrom(furthest: ReadonlyMap<number, number>, diagonal: number, depth: number): number {
  return isDownStep(furthest, diagonal, depth) ? furthest.get(diagonal + 1)! : furthest.get(diagonal - 1)! + 1;
}

function hunksOf(trace: readonly ReadonlyMap<number, number>[], oldLength: number, newLength: number): Hunk[] {
  const steps: Hunk[] = [];
  let x = oldLength;
  let y = newLength;
  for (let depth = trace.length - 1; depth > 0; depth--) {
    const furthest = trace[depth]!;
    const diagonal = x - y;
    const afterStep = stepFrom(furthest, diagonal, depth);
    const isDown = isDownStep(furthest, diagonal, depth);
    const fromX = isDown ? afterStep : afterStep - 1;
    const fromY = isDown ? afterStep - diagonal - 1 : afterStep - diagonal;
    steps.push({ oldStart: fromX, oldEnd: afterStep, newStart: fromY, newEnd: afterStep - diagonal });
    x = fromX;
    y = fromY;
  }
  const hunks: Hunk[] = [];
  for (const step of steps.reverse()) {
    const last = hunks.at(-1);
    if (last && last.oldEnd === step.oldStart && last.newEnd === step.newStart) {
      hunks[hunks.length - 1] = { ...last, oldEnd: step.oldEnd, newEnd: step.newEnd };
    } else hunks.push(step);
  }
  return hunks;
}

function isDownStep(furthest: ReadonlyMap<number, number>, diagonal: number, depth: number): boolean {
  const down = furthest.get(diagonal + 1) ?? -1;
  const right = furthest.get(diagonal - 1) ?? -1;
  return diagonal === -depth || (diagonal !== depth && right < down);
}
