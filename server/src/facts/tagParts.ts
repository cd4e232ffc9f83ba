import { distributionInTag } from './distribution.ts';

/** Names of Node.js's long-term lines, which its tags may use instead of the number. */
export const nodeNames: Readonly<Record<string, string>> = {
  argon: '4',
  boron: '6',
  carbon: '8',
  dubnium: '10',
  erbium: '12',
  fermium: '14',
  gallium: '16',
  hydrogen: '18',
  iron: '20',
  jod: '22',
  krypton: '24',
};

/** A tag taken apart: `3.12.4-slim-bookworm` is version `3.12.4`, words `slim`, system word `bookworm`. */
interface TagParts {
  /** Leading version or code name, as written; empty when the tag starts with a variant word. */
  readonly version: string;
  /** The other words in order, without those that name an operating system's release. */
  readonly words: readonly string[];
  /** All words after the version, as written. */
  readonly suffix: string;
}

/** Takes a tag apart; any text is accepted. */
export function tagParts(tag: string): TagParts {
  const match = /^(v?\d[\w.]*(?:-b\d+)?|[a-z]+-\d{8}(?:\.\d+)?)?-?(.*)$/i.exec(tag)!;
  const suffix = match[2]!;
  return { version: match[1] ?? '', words: variantWords(suffix), suffix };
}

/**
 * The words of a tag that tell its variant, whatever the version and the release of the operating system:
 * `24-bookworm-slim` and `26-slim` both give `slim`; `3.12-alpine3.20` gives `alpine`.
 */
export function variantKey(tag: string): string {
  return tagParts(tag).words.join('-');
}

function variantWords(suffix: string): string[] {
  const words = suffix.replace(/alpine-(\d)/, 'alpine$1').split('-');
  return words.flatMap((word) => {
    if (/^alpine\d/.test(word)) return ['alpine'];
    if (
      word === '' ||
      Object.hasOwn(nodeNames, word) ||
      /^\d{8}/.test(word) ||
      /^(?:latest|lts|current|mainline|stable)$/.test(word)
    )
      return [];
    return word !== 'alpine' && !/windows|nanoserver/.test(word) && distributionInTag(word) ? [] : [word];
  });
}
