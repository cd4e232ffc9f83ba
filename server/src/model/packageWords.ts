import { type Edit, remove } from '../text/edit.ts';
import type { NamedPackage, PackageUse } from './packages.ts';
import { isEditable } from './scriptEdits.ts';

/**
 * The edit that takes a package off the list of an install command, with its line where it has one of its own;
 * undefined when it is the only one, a comment would lose its place, or the script can't be edited.
 */
export function removePackage(use: PackageUse, named: NamedPackage): Edit | undefined {
  const { command } = use;
  if (command.run.form === 'exec' || !isEditable(command.run)) return undefined;
  if (use.packages.length < 2 && !command.hasUnknownArguments) return undefined;
  const { text } = command.stage.dockerfile;
  const words = command.args.map((word) => word.range);
  const at = words.findIndex((word) => word.start === named.range.start);
  const previous = words[at - 1] ?? command.shell.nameWord?.range;
  if (at < 0 || !previous || previous.end > named.range.start) return undefined;
  if (/^[\s\\`]*$/.test(text.slice(previous.end, named.range.start)))
    return remove({ start: previous.end, end: named.range.end });
  const next = words[at + 1];
  if (!next || !/^[\s\\`]*$/.test(text.slice(named.range.end, next.start))) return undefined;
  return remove({ start: named.range.start, end: next.start });
}
