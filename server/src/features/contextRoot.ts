import { cleanPath } from '../model/context.ts';
import type { Dockerfile } from '../model/dockerfile.ts';

/**
 * Picks the folder that the build context most likely is: the one that has the most of what COPY and ADD name. A file
 * does not say from where it is built; often it is the folder above.
 *
 * @param exists whether candidate number `index` has that path (no globs, `/` between the parts)
 * @returns the number of the candidate (the first one of equals); undefined when none has at least half of what is named
 */
export function chooseContextRoot(
  dockerfile: Dockerfile,
  candidates: number,
  exists: (index: number, path: string) => boolean,
): number | undefined {
  const named = namedPaths(dockerfile);
  if (named.length === 0) return candidates > 0 ? 0 : undefined;
  let best: number | undefined;
  let bestCount = 0;
  for (let index = 0; index < candidates; index++) {
    const count = named.filter((path) => exists(index, path)).length;
    if (count > bestCount) {
      best = index;
      bestCount = count;
    }
  }
  // A folder that lacks most of it is not the one: files would be told missing that are elsewhere.
  return bestCount * 2 < named.length ? undefined : best;
}

/** Paths that the file copies from its context and that name one file or folder. */
function namedPaths(dockerfile: Dockerfile): string[] {
  const found = new Set<string>();
  for (const copy of dockerfile.copies) {
    if (copy.from !== undefined) continue;
    for (const { value } of copy.sources) {
      if (value === undefined || /[*?[\]\\]|^\w+:\/\/|^git@/.test(value)) continue;
      const path = cleanPath(value);
      if (path) found.add(path);
    }
  }
  return [...found];
}
