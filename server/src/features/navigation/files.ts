import { cleanPath } from '../../model/context.ts';
import { isRemote } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';

/**
 * The file of the build context that COPY or ADD names at an offset, relative to the root of the context, with `/`.
 * Undefined for folders and patterns, and where it is not there.
 *
 * It is a definition and no link, because editors underline links, and what is underlined here is wrong.
 */
export function copiedFileAt({ context, copies }: Dockerfile, offset: number): string | undefined {
  if (!context) return undefined;
  const sources = copies.flatMap((copy) => (copy.from === undefined ? copy.sources : []));
  const source = sources.find(({ range }) => range.start <= offset && offset <= range.end);
  if (source?.value === undefined || /[*?[\\]/.test(source.value) || isRemote(source.value)) return undefined;
  const path = cleanPath(source.value);
  return path && context.existsOnDisk(path) && !context.isDirectory(path) ? path : undefined;
}
