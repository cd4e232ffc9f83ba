import type { Range } from '../text/range.ts';

/** Arguments in JSON form: `["nginx", "-g", "daemon off;"]`. */
export interface JsonForm {
  readonly range: Range;
  readonly items: readonly JsonItem[];
}

export interface JsonItem {
  readonly value: string;
  /** With its quotes. */
  readonly range: Range;
}

export type JsonReading =
  | { readonly kind: 'json'; readonly form: JsonForm }
  /** Looks like JSON form (starts with `[`) but is not; BuildKit then takes it as shell form or plain words. */
  | { readonly kind: 'malformed'; readonly range: Range }
  /** Valid JSON, but with something else than strings in it: a build error. */
  | { readonly kind: 'not-strings'; readonly range: Range }
  | { readonly kind: 'none' };

/** Reads the JSON form as BuildKit does: the whole text must be one JSON array of strings. */
export function readJsonForm(text: string, base: number): JsonReading {
  const start = text.search(/\S/);
  if (start < 0 || text[start] !== '[') return { kind: 'none' };
  const end = text.trimEnd().length;
  const range = { start: base + start, end: base + end };
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.slice(start, end));
  } catch {
    return { kind: 'malformed', range };
  }
  if (!Array.isArray(parsed) || !parsed.every((item) => typeof item === 'string'))
    return { kind: 'not-strings', range };
  const items: JsonItem[] = [];
  // Every string of a valid array of strings is found by its quotes: nothing else in it can hold one.
  for (const match of text.slice(start, end).matchAll(/"(?:[^"\\]|\\.)*"/g)) {
    const itemStart = base + start + match.index;
    items.push({
      value: JSON.parse(match[0]) as string,
      range: { start: itemStart, end: itemStart + match[0].length },
    });
  }
  return { kind: 'json', form: { range, items } };
}
