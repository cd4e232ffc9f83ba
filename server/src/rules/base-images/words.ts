import type { ImageSize } from '../../facts/index.ts';

/** `413 MB`: compressed, decimal, as registries show it. */
export function megabytes(size: ImageSize): string {
  const value = size.bytes / 1e6;
  return `${size.approximate ? 'about ' : ''}${value < 10 ? value.toFixed(1) : Math.round(value)} MB`;
}

/** `git`, `git and make`, `git, make and gcc`. */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
