import type { Range } from '../text/range.ts';

/** The pieces of an image name such as `docker.io/library/node:24-slim@sha256:…`, as written. */
export interface ImageReference {
  readonly text: string;
  readonly range: Range;
  /** Host (and port) in front of the first slash, when it is one: `ghcr.io`, `localhost:5000`. */
  readonly registry: string | undefined;
  /** Path without registry, tag and digest: `library/node`, `node`. */
  readonly repository: string;
  readonly repositoryRange: Range;
  readonly tag: string | undefined;
  /** Without the colon; undefined when there is no tag. */
  readonly tagRange: Range | undefined;
  /** `sha256:…` without the at sign. */
  readonly digest: string | undefined;
  readonly digestRange: Range | undefined;
  /** Registry and repository, without tag and digest. */
  readonly nameRange: Range;
}

/** Splits an image name into its pieces; any text is accepted. Ranges are `base` plus the offset in the text. */
export function parseImageReference(text: string, base: number): ImageReference {
  const at = text.indexOf('@');
  const beforeDigest = at < 0 ? text : text.slice(0, at);
  const lastSlash = lastSlashOutsideBraces(beforeDigest);
  const colon = colonOutsideBraces(beforeDigest, lastSlash + 1);
  const nameEnd = colon < 0 ? beforeDigest.length : colon;
  const name = beforeDigest.slice(0, nameEnd);
  const firstSlash = name.indexOf('/');
  const host = firstSlash > 0 ? name.slice(0, firstSlash) : '';
  const isHost = host !== '' && (/[.:]/.test(host) || host === 'localhost') && !host.includes('$');
  const repositoryStart = isHost ? firstSlash + 1 : 0;
  const at0 = (start: number, end: number): Range => ({ start: base + start, end: base + end });
  return {
    text,
    range: at0(0, text.length),
    registry: isHost ? host : undefined,
    repository: name.slice(repositoryStart),
    repositoryRange: at0(repositoryStart, nameEnd),
    tag: colon < 0 ? undefined : beforeDigest.slice(colon + 1),
    tagRange: colon < 0 ? undefined : at0(colon + 1, beforeDigest.length),
    digest: at < 0 ? undefined : text.slice(at + 1),
    digestRange: at < 0 ? undefined : at0(at + 1, text.length),
    nameRange: at0(0, nameEnd),
  };
}

function lastSlashOutsideBraces(text: string): number {
  let depth = 0;
  let last = -1;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
    else if (text[i] === '/' && depth === 0) last = i;
  }
  return last;
}

function colonOutsideBraces(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === '{') depth++;
    else if (text[i] === '}') depth--;
    else if (text[i] === ':' && depth === 0) return i;
  }
  return -1;
}
