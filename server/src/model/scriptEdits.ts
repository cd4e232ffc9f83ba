import type { Instruction } from '../syntax/instruction.ts';
import type { ShellCommand, ShellNode, ShellStatement, ShellWord } from '../syntax/shell.ts';
import { type Edit, insertAt, remove } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import type { Command } from './command.ts';
import type { Run } from './run.ts';

/**
 * Whether edits of the RUN's script can be right: it is a POSIX shell's, understood as a whole, none of its words runs
 * across lines, and it is no ONBUILD trigger.
 */
export function isEditable(run: Run): boolean {
  const { instruction, script, form } = run;
  if (!script?.complete || instruction.line.gluedAt.length > 0) return false;
  if (form === 'shell') return instruction.heredocs.length === 0;
  return form === 'heredoc' && run.scriptRange !== instruction.argsRange;
}

/** Whether the script ends at the first command that fails: `set -e` at its start, or its shell was told so. */
export function stopsAtFailure(run: Run): boolean {
  const { script, instruction } = run;
  if (!script) return false;
  const settings = script.commands.filter((command) => command.name === 'set' && command.unconditional);
  const words = settings.flatMap((command) => command.args.map((word) => word.text));
  if (words.some((word) => /^\+[a-z]*e/.test(word) || word === '+o')) return false;
  const first = firstCommand(script.statements[0]?.node);
  const atStart = settings[0] !== undefined && settings[0] === first;
  if (atStart && first.args.some((word) => /^-[a-z]*e/.test(word.text) || word.text === 'errexit')) return true;
  // `RUN bash -e <<EOF` has its own options; SHELL counts for everything else.
  if (run.form === 'heredoc' && instruction.words.length > 1)
    return instruction.words.some((word) => /^-[a-z]*e/.test(word.text));
  return run.shell.errexit;
}

/**
 * The edit that lets the script run `text` at its end, when all before succeeded, in the layout of the script;
 * undefined where that can't be right (a list with `||`, a background command, `exit`, a comment behind it, …).
 * The exit code of the script stays what it was as long as `text` succeeds.
 */
export function appendToScript(run: Run, text: string): Edit | undefined {
  const { script } = run;
  if (!script || !isEditable(run)) return undefined;
  const last = script.statements.at(-1);
  if (!last || last.background || !endsPlainly(last.node)) return undefined;
  if (!/^[\s;]*$/.test(run.scriptText.slice(last.node.range.end - script.range.start))) return undefined;
  const place = { statements: script.statements, statement: script.statements.length - 1, list: listOf(last.node) };
  return join(run, place, place.list.length - 1, text);
}

/**
 * The edit that lets the script run `text` directly behind a command that succeeded; undefined where the command's
 * exit code is used for more than going on (`||`, `if`, a pipe, …).
 */
export function insertBehind(command: Command, text: string): Edit | undefined {
  const place = placeOf(command);
  if (!place) return undefined;
  const { run } = command;
  const end = place.list[place.item]!.range.end;
  // A comment in the same line of a heredoc would change its place.
  const lineRest = /^[^\r\n]*/.exec(run.stage.dockerfile.text.slice(end))![0];
  if (place.item === place.list.length - 1 && /#/.test(lineRest)) return undefined;
  return join(run, place, place.item, text);
}

/** The edit that gives a command one more word, behind the given one; undefined where the script can't be edited. */
export function insertWord(command: Command, behind: Range, word: string): Edit | undefined {
  if (command.run.form === 'exec') return insertAt(behind.end, `, ${JSON.stringify(word)}`);
  return isEditable(command.run) ? insertAt(behind.end, ` ${word}`) : undefined;
}

/** The edit that takes an argument away, with its line where it has one of its own; undefined where that can't be right. */
export function removeWord(command: Command, word: ShellWord): Edit | undefined {
  if (command.run.form === 'exec' || !isEditable(command.run)) return undefined;
  const { text } = command.stage.dockerfile;
  const words = [...(command.shell.nameWord ? [command.shell.nameWord] : []), ...command.args];
  const at = words.indexOf(word);
  const isPlain = (from: number, to: number): boolean => from <= to && /^[\s\\`]*$/.test(text.slice(from, to));
  if (at > 0 && isPlain(words[at - 1]!.range.end, word.range.start))
    return remove({ start: words[at - 1]!.range.end, end: word.range.end });
  const next = words[at + 1];
  return at > 0 && next && isPlain(word.range.end, next.range.start)
    ? remove({ start: word.range.start, end: next.range.start })
    : undefined;
}

/** The edit that takes a command out of its list, with the separator; undefined where it is needed or comments would go. */
export function removeFromScript(command: Command): Edit | undefined {
  const place = placeOf(command);
  if (!place) return undefined;
  const { dockerfile } = command.stage;
  const { list, item, statements, statement } = place;
  const own = list[item]!.range;
  const next = list[item + 1] ?? (list.length === 1 ? statements[statement + 1]?.node : undefined);
  const previous = list[item - 1];
  const range = next
    ? { start: own.start, end: next.range.start }
    : previous && { start: previous.range.end, end: own.end };
  if (!range) return undefined;
  const gap = next ? { start: own.end, end: range.end } : { start: range.start, end: own.start };
  const raw = dockerfile.slice(gap);
  return /^[\s;&\\`]*$/.test(raw) ? remove(range) : undefined;
}

interface Place {
  readonly statements: readonly ShellStatement[];
  /** Index of the statement that the list is. */
  readonly statement: number;
  /** The members of its `&&` list; a statement that is no such list is its only member. */
  readonly list: readonly ShellNode[];
}

function placeOf(command: Command): (Place & { readonly item: number }) | undefined {
  const { run } = command;
  if (!run.script || !isEditable(run)) return undefined;
  const harmless = ['subshell', 'group'];
  if (command.shell.within.some((construct) => !harmless.includes(construct))) return undefined;
  if (command.shell.redirects.some((redirect) => /^<<-?$/.test(redirect.operator))) return undefined;
  return search(run.script.statements, command.range);
}

function search(statements: readonly ShellStatement[], wanted: Range): (Place & { readonly item: number }) | undefined {
  for (const [statement, { node, background }] of statements.entries()) {
    if (wanted.start < node.range.start || wanted.end > node.range.end || background) continue;
    if (node.kind === 'and-or' && node.operators.includes('||')) return undefined;
    const list = listOf(node);
    const item = list.findIndex((each) => each.range.start <= wanted.start && wanted.end <= each.range.end);
    const found = list[item];
    if (found?.kind === 'command') return { statements, statement, list, item };
    if (found?.kind === 'subshell' || found?.kind === 'group') return search(found.body, wanted);
  }
  return undefined;
}

function listOf(node: ShellNode): readonly ShellNode[] {
  return node.kind === 'and-or' ? node.items : [node];
}

function firstCommand(node: ShellNode | undefined): ShellCommand | undefined {
  if (node?.kind === 'command') return node.command;
  return node?.kind === 'and-or' ? firstCommand(node.items[0]) : undefined;
}

const endings: readonly string[] = ['exit', 'return', 'true', 'false', ':', 'break', 'continue'];

function endsPlainly(node: ShellNode): boolean {
  switch (node.kind) {
    case 'and-or':
      return !node.operators.includes('||') && node.items.every(endsPlainly);
    case 'command': {
      const { command } = node;
      const replacesShell = command.wrappers.some((word) => word.value === 'exec');
      return (
        !replacesShell &&
        !endings.includes(command.name) &&
        !command.redirects.some((each) => /^<<-?$/.test(each.operator))
      );
    }
    case 'pipeline':
      return node.items.every(endsPlainly);
    case 'subshell':
    case 'group':
      return true;
    case 'compound':
      return node.keyword !== 'function' && node.keyword !== 'coproc';
  }
}

/** Writes `text` behind a member of a list, with the separator and the line layout that its neighbours have. */
function join(run: Run, place: Place, item: number, text: string): Edit {
  const { dockerfile } = run.stage;
  const { list, statements, statement } = place;
  const own = list[item]!;
  const at = own.range.end;
  const next = (mark: string, indent: string, rest: string): Edit =>
    insertAt(at, mark + dockerfile.lineBreak + indent + rest);
  const mark = run.form === 'heredoc' ? '' : ` ${dockerfile.escape}`;
  if (list.length === 1 && stopsAtFailure(run)) {
    const previous = statements[statement - 1] ?? statements[statement];
    const start = statements[statement]!.range.start;
    if (run.form === 'heredoc') return next('', indentation(dockerfile, start), text);
    const gap = dockerfile.slice({ start: previous!.range.end, end: Math.max(start, previous!.range.end) });
    if (statements.length > 1)
      return gap.includes('\n') ? next(`;${mark}`, indentation(dockerfile, start), text) : insertAt(at, `; ${text}`);
  }
  const gaps = list.slice(1).map((node, index) => ({ start: list[index]!.range.end, end: node.range.start }));
  const nearest = [gaps[item], ...gaps.slice(0, item).reverse(), ...gaps.slice(item + 1)];
  const broken = nearest.find((gap) => gap !== undefined && dockerfile.slice(gap).includes('\n'));
  if (broken) {
    const raw = dockerfile.slice(broken);
    const operator = raw.indexOf('&&');
    const isLeading = raw.lastIndexOf('\n', operator) >= 0;
    const indent = indentation(dockerfile, broken.end);
    if (isLeading) return next(mark, indent, `&&${/^[ \t]*/.exec(raw.slice(operator + 2))![0] || ' '}${text}`);
    return next(`${/^\s*/.exec(raw)![0] === '' ? '' : ' '}&&${mark}`, indent, text);
  }
  const written = dockerfile.slice(own.range);
  if (!written.includes('\n')) return insertAt(at, ` && ${text}`);
  if (run.form === 'heredoc') return next(' &&', indentation(dockerfile, own.range.start), text);
  return next(mark, indentation(dockerfile, continuationIn(run.instruction, own.range) ?? at), `&& ${text}`);
}

/** Where the first line behind a continuation inside the range starts with a word. */
function continuationIn(instruction: Instruction, range: Range): number | undefined {
  return instruction.line.continuations.find((each) => range.start < each.start && each.end < range.end)?.end;
}

/** The blanks in front of the line that holds the offset. */
function indentation(dockerfile: { readonly text: string }, offset: number): string {
  const start = dockerfile.text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(dockerfile.text.slice(start))![0];
}
