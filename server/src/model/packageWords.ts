import { type Edit, remove } from '../text/edit.ts';
import type { NamedPackage, PackageUse } from './packages.ts';
import { isEditable } from './scriptEdits.ts';

/**
 * The edits that take packages off the list of an install command, with their lines where they have some of their own;
 * undefined when nothing would be left to install, a comment would lose its place, or the script can't be edited.
 */
export function removePackages(use: PackageUse, leaving: readonly NamedPackage[]): readonly Edit[] | undefined {
  const { command } = use;
  if (command.run.form === 'exec' || !isEditable(command.run)) return undefined;
  if (use.packages.length <= leaving.length && !command.hasUnknownArguments) return undefined;
  const { text } = command.stage.dockerfile;
  const words = [...(command.shell.nameWord ? [command.shell.nameWord] : []), ...command.args].map(
    (word) => word.range,
  );
  const leaves = words.map((word) => leaving.some((named) => named.range.start === word.start));
  const isPlain = (from: number, to: number): boolean => from <= to && /^[\s\\`]*$/.test(text.slice(from, to));
  const edits: Edit[] = [];
  for (let first = 1; first < words.length; first++) {
    if (!leaves[first]) continue;
    let last = first;
    while (leaves[last + 1]) {
      if (!isPlain(words[last]!.end, words[last + 1]!.start)) return undefined;
      last++;
    }
    const range = { start: words[first]!.start, end: words[last]!.end };
    const previous = words[first - 1]!;
    const next = words[last + 1];
    const takesFront = isPlain(previous.end, range.start);
    const takesBack = next !== undefined && isPlain(range.end, next.start);
    if (!takesFront && !takesBack) return undefined;
    // At the start of a line that goes on with others, the line stays.
    const startsLine =
      text.slice(previous.end, range.start).includes('\n') &&
      takesBack &&
      !text.slice(range.end, next.start).includes('\n');
    edits.push(
      remove(
        takesFront && !startsLine ? { start: previous.end, end: range.end } : { start: range.start, end: next!.start },
      ),
    );
    first = last;
  }
  return edits.length > 0 ? edits : undefined;
}

/** The same for one package. */
export function removePackage(use: PackageUse, named: NamedPackage): Edit | undefined {
  return removePackages(use, [named])?.[0];
}
