import type { Command } from '../../model/command.ts';
import { isEditable, stopsAtFailure } from '../../model/scriptEdits.ts';
import { type Edit, insertAt } from '../../text/edit.ts';

/** What of a place lets a command in front of it be part of the same `&&` list. */
const harmless: readonly string[] = ['subshell', 'group'];

/**
 * The edit that refreshes the package lists directly in front of an install, by the same program and with the same
 * `sudo`; undefined where the install is not simply a part of a list (`||`, a pipe, a condition).
 */
export function refreshBefore(install: Command): Edit | undefined {
  const { run, shell } = install;
  const program = shell.nameWord?.value;
  if (!program || !isEditable(run) || shell.within.some((construct) => !harmless.includes(construct))) return undefined;
  const sudo = shell.wrappers[0]?.value === 'sudo' ? 'sudo ' : '';
  // Behind `set -e;` a failing member of a list does not stop the script, a command of its own does.
  const isMember = /&&\s*$/.test(run.scriptText.slice(0, install.range.start - run.script!.range.start));
  const joint = stopsAtFailure(run) && !isMember ? '; ' : ' && ';
  return insertAt(install.range.start, `${sudo}${program} update${joint}`);
}
