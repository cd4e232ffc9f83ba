/** Small pieces of English that several views share. */

/** `1 finding`, `2 findings`, `1,200 findings`. */
export function plural(count: number, singular: string, pluralForm = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : pluralForm}`;
}

const steps: readonly (readonly [seconds: number, unit: string])[] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
];

/**
 * How long ago something was, in one word and a half: `just now`, `5 min ago`, `2 h ago`, `3 d ago`.
 *
 * @param then milliseconds since 1970
 * @param now milliseconds since 1970; a clock that went backwards counts as no time at all
 */
export function relativeTime(then: number, now: number): string {
  const seconds = Math.max(0, (now - then) / 1000);
  for (const [size, unit] of steps) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`;
  }
  return 'just now';
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size in decimal units with at most three figures: `512 B`, `1.2 kB`, `48 MB`. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 999.5 would be rounded to four figures.
  while (value >= 999.5 && unit < byteUnits.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${byteUnits[unit]}`;
}

/** Code lenses and lists draw `$(name)` as an icon; names that strangers gave must not become one. */
export function withoutIcons(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}

interface Item {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
}

/** An entry of a list that shows what strangers wrote. */
export function plainItem<T extends Item>(item: T): T {
  const { label, description, detail } = item;
  return {
    ...item,
    label: withoutIcons(label),
    ...(description !== undefined && { description: withoutIcons(description) }),
    ...(detail !== undefined && { detail: withoutIcons(detail) }),
  };
}

/** Messages make `[text](address)` a link, also one that runs a command; names that strangers gave must not become one. */
export function withoutLinks(text: string): string {
  return text.replaceAll('](', ']\u200b(');
}

/** Two pieces of text as sentences; the first may have come from a tool that ends its lines without a full stop. */
export function sentences(first: string, second: string): string {
  const trimmed = first.trimEnd();
  return `${trimmed}${/[.!?:…]$/.test(trimmed) ? '' : '.'} ${second}`;
}
