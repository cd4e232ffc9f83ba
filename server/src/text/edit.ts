import type { Range } from './range.ts';

/** Replaces the characters of `range` by `newText`; an empty range inserts. */
export interface Edit {
  readonly range: Range;
  readonly newText: string;
}

export function replace(range: Range, newText: string): Edit {
  return { range, newText };
}

export function insertAt(offset: number, newText: string): Edit {
  return { range: { start: offset, end: offset }, newText };
}

export function insertBefore(range: Range, newText: string): Edit {
  return insertAt(range.start, newText);
}

export function insertAfter(range: Range, newText: string): Edit {
  return insertAt(range.end, newText);
}

export function remove(range: Range): Edit {
  return { range, newText: '' };
}

/**
 * The text after all edits, which refer to the text as it was before any of them.
 *
 * Throws a RangeError when edits overlap or leave the text: that is a programming error, never a matter of input.
 * Insertions at one offset keep the order in which they are given.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  sorted.sort(
    (a, b) => a.edit.range.start - b.edit.range.start || a.edit.range.end - b.edit.range.end || a.order - b.order,
  );
  let result = '';
  let done = 0;
  for (const { edit } of sorted) {
    const { start, end } = edit.range;
    if (start < done || end < start || end > text.length) {
      throw new RangeError(
        `edit ${start}..${end} overlaps another edit or leaves the text (${text.length} characters)`,
      );
    }
    result += text.slice(done, start) + edit.newText;
    done = end;
  }
  return result + text.slice(done);
}
