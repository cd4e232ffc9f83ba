import type { Range } from '../text/range.ts';

/** A word of an instruction's arguments. */
export interface Word {
  /** As written, quotes and escapes included. */
  readonly text: string;
  readonly range: Range;
  /** Quotes and escapes removed, variables left as they are. */
  readonly value: string;
  /** Whether a `$` in it is expanded by BuildKit. */
  readonly hasVariable: boolean;
  /** Whether it runs across a line continuation: no fix may touch it. */
  readonly split: boolean;
}

export interface WordSource {
  /** Same-length text; `base` is its offset in the document. */
  readonly text: string;
  readonly base: number;
  readonly escape: string;
  /** Document offsets of continuations that glue words together. */
  readonly gluedAt: readonly number[];
}

/** Words split at blanks wherever they stand, as BuildKit does for FROM, COPY, ADD, EXPOSE and VOLUME. */
export function splitAtBlanks(source: WordSource): Word[] {
  const words: Word[] = [];
  for (const match of source.text.matchAll(/\S+/g)) addWord(words, source, match.index, match.index + match[0].length);
  return words;
}

/** Words split at blanks outside quotes, as BuildKit does for ENV, ARG and LABEL. */
export function splitOutsideQuotes(source: WordSource): Word[] {
  const { text, escape } = source;
  const words: Word[] = [];
  let start = -1;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote) {
      if (character === quote) quote = '';
      else if (character === escape && quote !== "'") i++;
      continue;
    }
    if (/\s/.test(character)) {
      if (start >= 0) addWord(words, source, start, i);
      start = -1;
      continue;
    }
    if (start < 0) start = i;
    if (character === '"' || character === "'") quote = character;
    else if (character === escape) i++;
  }
  if (start >= 0) addWord(words, source, start, text.length);
  return words;
}

/** The whole text without surrounding blanks as one word, as BuildKit reads USER, WORKDIR and STOPSIGNAL. */
export function wholeWord(source: WordSource): Word[] {
  const words: Word[] = [];
  const start = source.text.search(/\S/);
  if (start >= 0) addWord(words, source, start, source.text.trimEnd().length);
  return words;
}

/**
 * Adds a word. A glued continuation inside it became blanks in the same-length text; the word that stands before such
 * a place and the one behind it are halves of one word.
 */
function addWord(words: Word[], source: WordSource, from: number, to: number): void {
  const { base, escape, gluedAt } = source;
  const text = source.text.slice(from, to);
  const range = { start: base + from, end: base + to };
  const split = gluedAt.some((offset) => offset >= range.start && offset <= range.end) || followsGlue(source, from);
  words.push({ text, range, value: removeQuotes(text, escape), hasVariable: hasVariable(text, escape), split });
}

function followsGlue(source: WordSource, from: number): boolean {
  if (source.gluedAt.length === 0) return false;
  const before = source.text.slice(0, from).trimEnd().length + source.base;
  return source.gluedAt.includes(before);
}

/** Removes quotes and escapes as BuildKit's word processor does; variables stay as written. */
export function removeQuotes(text: string, escape: string): string {
  let result = '';
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote === "'") {
      if (character === "'") quote = '';
      else result += character;
    } else if (character === escape) {
      const next = text[i + 1];
      if (next === undefined) break;
      if (quote === '"' && next !== '"' && next !== '$' && next !== escape) result += character;
      result += next;
      i++;
    } else if (quote === '"' && character === '"') quote = '';
    else if (!quote && (character === '"' || character === "'")) quote = character;
    else result += character;
  }
  return result;
}

function hasVariable(text: string, escape: string): boolean {
  let single = false;
  let double = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (single) {
      if (character === "'") single = false;
    } else if (character === escape) i++;
    else if (character === '"') double = !double;
    else if (character === "'" && !double) single = true;
    else if (character === '$' && /[\w{]/.test(text[i + 1] ?? '')) return true;
  }
  return false;
}
