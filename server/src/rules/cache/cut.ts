import type { Command } from '../../model/command.ts';
import { resolvePath } from '../../model/copy.ts';
import { dependencyInstall, inOneLine, type InstallNeeds } from '../../model/installs/index.ts';
import type { Run } from '../../model/run.ts';
import { isEditable } from '../../model/scriptEdits.ts';
import { isSourceFree } from '../../model/sourceFree.ts';
import type { ShellCommand } from '../../syntax/shell.ts';
import type { Range } from '../../text/range.ts';
import { isBelow, type LateInstall } from './sourceCopies.ts';

/** Where a RUN is cut in two. */
export interface Cut {
  readonly gap: Range;
  /** What the second RUN has to begin with: `set -ex && `. */
  readonly opening: string;
  /** Whether the second part removes what the first one brought. */
  readonly growsImage: boolean;
}

/** Where the RUN has to be cut; undefined when all of it can run without the source; a reason when it can't be cut. */
export function cutOf(late: LateInstall, needed: InstallNeeds): Cut | string | undefined {
  const { run } = late;
  const manifests = manifestPaths(late, needed);
  const isFree = (command: Command): boolean =>
    isInstall(command, late) || isChange(command, late) || isSourceFree(command, late.imageFolder, manifests);
  const first = run.commands.find((command) => !isFree(command));
  if (!first) return run.script?.complete === false ? 'the script of the RUN could not be read' : undefined;
  const written = run.stage.dockerfile.slice(first.range).split('\n')[0]!.trim();
  if (first.range.start < late.install.command.range.start)
    return `${written}, in front of the install, may need the source`;
  return cutBefore(run, first) ?? `the same RUN goes on with the source (${written})`;
}

/** The cut directly in front of the install, when what stands in front of it needs no source. */
export function cutAt(late: LateInstall, needed: InstallNeeds): Cut | undefined {
  const { run, install } = late;
  const manifests = manifestPaths(late, needed);
  const before = run.commands.filter((command) => command.range.end <= install.command.range.start);
  if (before.every((command) => command.name === 'set' || command.name === 'cd')) return undefined;
  return before.every((command) => isChange(command, late) || isSourceFree(command, late.imageFolder, manifests))
    ? cutBefore(run, install.command)
    : undefined;
}

/** The cut in front of the member of the RUN's `&&` list that holds the command; undefined where that would change it. */
function cutBefore(run: Run, command: Command): Cut | undefined {
  const statement = run.script?.statements[0];
  if (
    !isEditable(run) ||
    run.form !== 'shell' ||
    run.script!.statements.length !== 1 ||
    statement?.node.kind !== 'and-or' ||
    statement.background
  )
    return undefined;
  const { items, operators } = statement.node;
  const index = items.findIndex(
    (item) => item.range.start <= command.range.start && command.range.end <= item.range.end,
  );
  if (index < 1 || operators.includes('||')) return undefined;
  const opening: ShellCommand[] = [];
  for (const item of items.slice(0, index)) {
    if (
      item.kind !== 'command' ||
      !['set', 'cd'].includes(item.command.name) ||
      item.command.args.some((word) => word.value === undefined)
    )
      break;
    opening.push(item.command);
  }
  const head = run.commands.filter((each) => each.range.end <= items[index - 1]!.range.end);
  if (head.some((each) => !opening.includes(each.shell) && leaks(each))) return undefined;
  const tail = run.commands.filter((each) => each.range.start >= items[index]!.range.start);
  return {
    gap: { start: items[index - 1]!.range.end, end: items[index]!.range.start },
    opening: opening.map((each) => `${inOneLine(each)} && `).join(''),
    growsImage:
      run.stage.isShipped &&
      tail.some((each) => removals.some((word) => each.name === word || each.subcommand === word)),
  };
}

const removals: readonly string[] = ['rm', 'prune', 'purge', 'clean', 'remove', 'del', 'autoremove'];

function leaks(command: Command): boolean {
  if (command.shell.within.some((construct) => ['subshell', 'pipeline', 'substitution'].includes(construct)))
    return false;
  if (command.name === '' || command.shell.wrappers.some((word) => word.value === 'exec')) return true;
  const changes = [
    'cd',
    'pushd',
    'export',
    'set',
    'unset',
    'umask',
    '.',
    'source',
    'eval',
    'trap',
    'shopt',
    'read',
    'alias',
  ];
  return changes.includes(command.name);
}

function isInstall(command: Command, late: LateInstall): boolean {
  if (command.range.start === late.install.command.range.start) return true;
  const other = dependencyInstall(command);
  if (!other || other.isBuild) return false;
  if (other.family.startsWith('pip ') && late.install.family.startsWith('pip '))
    return late.answer.kind === 'needs' && other.mainFiles.every((file) => isNeeded(late, file));
  return other.family === late.install.family && other.mainFiles.every((file) => late.install.mainFiles.includes(file));
}

function isNeeded(late: LateInstall, file: string): boolean {
  const path = resolvePath(late.run.stage.workdirAt(late.run.instruction) ?? '/?', file);
  return late.answer.kind === 'needs' && manifestPaths(late, late.answer).includes(path ?? '');
}

/** `cd` into the project's folder, which the manifests make. */
function isChange(command: Command, late: LateInstall): boolean {
  const target =
    command.name === 'cd'
      ? resolvePath(command.stage.workdirAt(command.run.instruction) ?? '/?', command.args[0]?.value ?? '?')
      : undefined;
  return target !== undefined && isBelow(late.imageFolder, target.replace(/(.)\/$/, '$1'));
}

export function manifestPaths(late: LateInstall, needed: InstallNeeds): string[] {
  const base = late.imageFolder === '/' ? '' : late.imageFolder;
  return needed.files.filter((file) => !file.endsWith('/')).map((file) => `${base}/${file}`);
}
