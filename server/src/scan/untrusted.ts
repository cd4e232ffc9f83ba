/** Reading values out of JSON that somebody else wrote: the wrong type is the same as nothing. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Longest text kept, in UTF-16 units; descriptions in advisories stay far below. */
const maximumLength = 20_000;

const escape = String.fromCharCode(27);

const bell = String.fromCharCode(7);

/** Colours, links, titles and what else drives a terminal, as a whole. */
const terminalSequence = new RegExp(
  `${escape}(?:\\[[0-9;?]*[ -/]*[@-~]|[\\]PX^_][^${escape}${bell}]*(?:${bell}|${escape}\\\\))`,
  'g',
);

/** What most texts are made of altogether; no need to look closer. */
const plain = /^[\t\n -~]*$/;

/**
 * Control characters but tab and newline, the characters that turn the direction of writing or show nothing, line
 * breaks that are none in most places, and halves of surrogate pairs: the first drive terminals, the next make a name
 * look like another one, the last are no text at all. Joiners stay: some scripts need them.
 */
const unwanted =
  /(?![\t\n])\p{Cc}|[\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E007F}]|\p{Surrogate}/gu;

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** A text with something in it, without characters that act instead of being read, and of bounded length. */
export function asText(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = cleanText(value);
  return text === '' ? undefined : text;
}

export function asTexts(value: unknown): string[] {
  const texts: string[] = [];
  for (const item of asArray(value)) {
    const text = asText(item);
    if (text !== undefined) texts.push(text);
  }
  return texts;
}

export function cleanText(text: string): string {
  const short = text.length > maximumLength ? `${text.slice(0, maximumLength)}…` : text;
  return plain.test(short) ? short : withoutTerminalSequences(short).replace(unwanted, '');
}

export function withoutTerminalSequences(text: string): string {
  return text.includes(escape) ? text.replace(terminalSequence, '') : text;
}

/** Addresses that a URL parser would give back as they are. Most are such, and reports hold very many. */
const plainAddress = /^https:\/\/[a-z]+(?:[.-][a-z]+)*\/(?!\.|\S*\/\.)[\w~:@$&()+,;=/#?.-]*$/;

/** The address when it is an `https:` one without credentials. */
export function httpsUrl(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || text.length > 2000 || !/^https:\/\//i.test(text)) return undefined;
  if (plainAddress.test(text)) return text;
  try {
    const url = new URL(text);
    return url.username === '' && url.password === '' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The same object without properties that are `undefined`, so that "absent" has one form. A new object: one that had
 * properties deleted takes several times the memory.
 */
export function withoutAbsent<T extends object>(value: { [K in keyof T]: T[K] | undefined }): T {
  const present: { [K in keyof T]?: T[K] | undefined } = {};
  for (const key of Object.keys(value) as (keyof T)[]) if (value[key] !== undefined) present[key] = value[key];
  return present as T;
}

/** Go writes a missing date as year 1. */
export function isoDate(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || text.startsWith('0001-') || Number.isNaN(Date.parse(text))) return undefined;
  return text;
}
