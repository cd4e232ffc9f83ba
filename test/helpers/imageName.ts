import type { ImageName } from '../../server/src/facts/index.ts';

/** The pieces of an image name, for tests: splits at the registry, the tag and the digest. */
export function image(text: string): ImageName {
  const [name = '', digest] = text.split('@');
  const match = /^(?:([^/]*[.:][^/]*)\/)?([^:]+)(?::(.+))?$/.exec(name)!;
  return { registry: match[1], repository: match[2]!, tag: match[3], digest };
}

/** The day on which tests ask. */
export const today = '2026-11-23';
