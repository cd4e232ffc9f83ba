import { leaves, type Outcome, type PlayedScript, simulate } from '../../lint/fix/simulate.ts';
import type { Run } from '../../model/run.ts';
import { parseShell, type ShellNode, type ShellStatement } from '../../syntax/shell.ts';
import { type ShellEffects, shellEffects } from '../../syntax/shellEffects.ts';
import { type Edit, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { mergeRuns } from './mergeRuns.ts';

/**
 * Neighbouring RUNs as one heredoc, each command on a line of its own under `set -e`:
 *
 * ```
 * RUN <<EOF
 * set -e
 * apt-get update
 * # a comment stays with its command
 * apt-get install -y curl
 * EOF
 * ```
 *
 * BuildKit hands the body of a lone heredoc to the shell of SHELL as it is, as the argument behind `-c`: variables are
 * the shell's, whether the delimiter is quoted or not, and options such as pipefail stay those of SHELL. What `&&`
 * stopped before is stopped by `set -e` now. That is the same only for commands that the shell looks at one by one, so:
 *
 * - a list of `&&` at the end of a script is taken apart; one in the middle of a script with its own `set -e` stays
 *   whole, since its first command may fail there;
 * - what fails without ending the shell (`! a`, `a && ! b`) or leaves something behind (`cd`) goes into a subshell;
 * - a script whose commands run on after a failure (`a; b`) is refused.
 *
 * Before and after are played through with each command, and each pair, failing.
 */
export function heredocForm(runs: readonly Run[]): readonly Edit[] | undefined {
  const first = runs[0]!;
  const { dockerfile } = first.stage;
  const start = first.instruction.flags.at(-1)?.range.end ?? first.instruction.keywordRange.end;
  // Blanks at the end of the line would belong to the delimiter.
  const { end } = runs.at(-1)!.instruction.headRange;
  const range = { start, end: end + /^[ \t]*/.exec(dockerfile.text.slice(end))![0].length };
  if (!/^(?:\n|$)/.test(dockerfile.text.slice(range.end, range.end + 1))) return undefined;
  // BuildKit leaves the carriage returns of a heredoc to the shell, which takes them for a part of the last word.
  if (dockerfile.slice(range).includes('\r') || dockerfile.lineBreak !== '\n' || mergeRuns(runs).kind === 'refused')
    return undefined;
  const parts = runs.map(readPart);
  if (!parts.every(isSteady)) return undefined;
  const writer = new Writer(parts);
  const body = writer.body();
  if (body === undefined || !playsTheSame(parts, body)) return undefined;
  const delimiter = delimiterFor(body);
  return [replace(range, ` <<${delimiter}\n${body}${delimiter}`)];
}

interface Part {
  readonly run: Run;
  readonly effects: ShellEffects;
  readonly hasErrexit: boolean;
}

function readPart(run: Run): Part {
  const effects = shellEffects(run.script!, run.scriptText);
  return { run, effects, hasErrexit: run.shell.errexit || effects.opening.includes('e') };
}

/** Whether nothing in the script could notice that `set -e` is in force, or that its lines are marked otherwise. */
function isSteady({ run, effects, hasErrexit }: Part): boolean {
  const { scriptText } = run;
  if (effects.changesOptions || (effects.dependsOnErrexit && !hasErrexit)) return false;
  if (/\$-|\$\{-|\$(?:LINENO|\{LINENO)|\w\s*\(\)|\bfunction\s/.test(scriptText)) return false;
  const { continuations, gluedAt } = run.instruction.line;
  return (
    gluedAt.length === 0 && !continuations.some(({ start }) => isQuotedAt(scriptText, start - run.scriptRange.start))
  );
}

/** Whether a place in a script lies inside quotes, or in a comment of the shell. */
function isQuotedAt(text: string, at: number): boolean {
  let quote = '';
  for (let index = 0; index < at; index++) {
    const character = text[index]!;
    if (character === '\\' && quote !== "'") index++;
    else if (quote !== '') quote = character === quote ? '' : quote;
    else if (/["'`]/.test(character)) quote = character;
    else if (character === '#' && (index === 0 || /[\s;&|(]/.test(text[index - 1]!))) return true;
  }
  return quote !== '';
}

/** A command, or what has to stay together, on lines of its own. */
interface Piece {
  readonly range: Range;
  readonly isCompound: boolean;
}

class Writer {
  readonly #parts: readonly Part[];
  readonly #step: string;
  /** Where the text that is not written yet begins. */
  #written: number;

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
    this.#written = parts[0]!.run.instruction.range.start;
    const { instruction, stage } = parts[0]!.run;
    const [continuation] = instruction.line.continuations;
    this.#step = continuation && stage.dockerfile.text[continuation.end] === '\t' ? '\t' : '    ';
  }

  /** The lines of the heredoc; undefined when a comment would be lost. */
  body(): string | undefined {
    const first = this.#parts[0]!;
    const texts = this.#parts.map((part, index) => this.#part(part, this.#parts.slice(index + 1)));
    const { dockerfile } = first.run.stage;
    const end = this.#parts.at(-1)!.run.instruction.headRange.end;
    if (dockerfile.comments.some(({ range }) => range.start >= this.#written && range.end <= end)) return undefined;
    const isSet = first.run.shell.errexit || (first.effects.opening.includes('e') && !texts[0]!.startsWith('('));
    return (isSet ? '' : 'set -e\n') + texts.join('');
  }

  #part(part: Part, later: readonly Part[]): string {
    const pieces = piecesOf(part);
    const staysOpen = later.length > 0 && !pieces.endsShell;
    if (later.length > 0 && (staysOpen || leaksInto(part, later))) {
      const [comments, ...lines] = [
        this.#comments(pieces.list[0]!.range.start, ''),
        ...this.#lines(pieces.list, this.#step),
      ];
      return `${comments}(\n${lines.join('')})\n`;
    }
    return this.#lines(pieces.list, '').join('');
  }

  #lines(pieces: readonly Piece[], indent: string): string[] {
    return pieces.map((piece) => this.#comments(piece.range.end, indent) + this.#piece(piece, indent));
  }

  /** The comments that are not written yet, up to a place. */
  #comments(until: number, indent: string): string {
    const { dockerfile } = this.#parts[0]!.run.stage;
    const found = dockerfile.comments.filter(({ range }) => range.start >= this.#written && range.end <= until);
    this.#written = until;
    return found.map(({ range }) => `${indent}${dockerfile.slice(range)}\n`).join('');
  }

  #piece({ range, isCompound }: Piece, indent: string): string {
    const { dockerfile } = this.#parts[0]!.run.stage;
    const escape = dockerfile.escape === '`' ? /`[ \t]*$/ : /\\[ \t]*$/;
    const rows = dockerfile
      .slice(range)
      .split('\n')
      .map((row, index, all) => (index < all.length - 1 ? row.replace(escape, '').trimEnd() : row))
      .filter((row, index) => index === 0 || !/^\s*(?:#.*)?$/.test(row));
    const margin = Math.min(...rows.slice(1).map((row) => row.length - row.trimStart().length));
    return rows
      .map((row, index) => {
        const isLast = index === rows.length - 1;
        const mark = isLast || /(?:[;&|({]|\b(?:then|do|else|in))$/.test(row) ? '' : ' \\';
        const lead = index === 0 ? indent : indent + (isCompound ? '' : this.#step);
        const text = index === 0 ? row : row.slice(margin);
        // The line break ends a command by itself.
        return `${lead}${isLast ? text : text.replace(/([^;\s]);$/, '$1')}${mark}\n`;
      })
      .join('');
  }
}

interface Pieces {
  readonly list: readonly Piece[];
  /** Whether under `set -e` each failure of the end ends the shell. */
  readonly endsShell: boolean;
}

function piecesOf({ run, effects, hasErrexit }: Part): Pieces {
  const statements = run.script!.statements;
  const last = statements.at(-1)!;
  const whole = statements.slice(0, -1).map(pieceOf);
  const { node } = last;
  const isAndList =
    node.kind === 'and-or' &&
    node.operators.every((operator) => operator === '&&') &&
    node.items.every(isLookedAtAlone) &&
    (!hasErrexit || !run.script!.commands.some((command) => command.within.includes('substitution')));
  if (node.kind === 'and-or' && isAndList) {
    const list = [...whole, ...node.items.map((item) => ({ range: item.range, isCompound: false }))];
    return { list, endsShell: true };
  }
  return { list: [...whole, pieceOf(last)], endsShell: effects.failureEndsShell };
}

function pieceOf({ node }: ShellStatement): Piece {
  return {
    range: node.range,
    isCompound: node.kind !== 'command' && node.kind !== 'and-or' && node.kind !== 'pipeline',
  };
}

/** Whether a member of a list does the same on a line of its own under `set -e`. */
function isLookedAtAlone(node: ShellNode): boolean {
  return (
    (node.kind === 'command' || node.kind === 'subshell' || (node.kind === 'pipeline' && !node.negated)) &&
    holdsNoSequence(node)
  );
}

function holdsNoSequence(node: ShellNode): boolean {
  switch (node.kind) {
    case 'command':
      return !['eval', '.', 'source'].includes(node.command.name);
    case 'pipeline':
    case 'and-or':
      return node.items.every(holdsNoSequence);
    case 'subshell':
    case 'group':
      return node.body.length === 1 && holdsNoSequence(node.body[0]!.node);
    case 'compound':
      return node.keyword === '[[' || node.keyword === '((';
  }
}

/** Whether a later script would notice that this one ran. */
function leaksInto({ effects }: Part, later: readonly Part[]): boolean {
  if (effects.leak) return true;
  return later.some((part) =>
    effects.opening.some((option) => option !== 'e' && !part.effects.opening.includes(option)),
  );
}

function delimiterFor(body: string): string {
  const lines = new Set(body.split('\n').map((line) => line.trim()));
  for (let count = 1; ; count++) {
    const name = count === 1 ? 'EOF' : `EOF${count}`;
    if (!lines.has(name)) return name;
  }
}

/** With that many commands, only single failures are tried, not pairs. */
const mostPairs = 24;

/** Whether the same commands run, see the same state, and fail the build alike, whichever of them fail. */
function playsTheSame(parts: readonly Part[], body: string): boolean {
  const after = parseShell(body, 0);
  if (!after.complete) return false;
  const before: PlayedScript[] = parts.map(({ run }) => ({ script: run.script!, errexit: run.shell.errexit }));
  const written = (node: ShellNode): string => {
    const { run } = parts.find((part) => node.range.start < part.run.instruction.range.end)!;
    return run.scriptText.slice(node.range.start - run.scriptRange.start, node.range.end - run.scriptRange.start);
  };
  const joined = (node: ShellNode): string => body.slice(node.range.start, node.range.end).replaceAll('\\\n', '  ');
  const errexit = parts[0]!.run.shell.errexit;
  const words = (leaf: string): string => leaf.replaceAll(/[\s;]+/g, ' ');
  const expected = leaves(before, written).map(words);
  const all = leaves([{ script: after, errexit }], joined).map(words);
  // The `set -e` in front is the only command more.
  const added = all.length - expected.length;
  if (added < 0 || added > 1 || JSON.stringify(all.slice(added)) !== JSON.stringify(expected)) return false;
  const numbers = expected.map((_, index) => index);
  const pairs =
    numbers.length > mostPairs ? [] : numbers.flatMap((a) => numbers.filter((b) => a < b).map((b) => [a, b]));
  return [[], ...numbers.map((index) => [index]), ...pairs, numbers].every((failing: readonly number[]) => {
    const separate = simulate(before, written, (leaf) => !failing.includes(leaf));
    const together = simulate([{ script: after, errexit }], joined, (leaf) => !failing.includes(leaf - added));
    return told(separate, 0) === told(together, added);
  });
}

/** What came of it, apart from `set -e` itself. */
function told({ steps, succeeded }: Outcome, added: number): string {
  const seen = steps
    .filter(({ leaf }) => leaf >= added)
    .map(({ leaf, state }) => {
      const [, options = '', rest] = /^(?:set ([^;]*);)?([^]*)$/.exec(state)!;
      return [leaf - added, options.split(' ').filter((option) => !['', 'errexit'].includes(option)), rest];
    });
  return JSON.stringify([seen, succeeded]);
}
