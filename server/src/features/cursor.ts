import type { Dockerfile } from '../model/dockerfile.ts';
import type { Heredoc } from '../syntax/heredoc.ts';
import type { Instruction } from '../syntax/instruction.ts';
import type { Comment } from '../syntax/logicalLines.ts';
import type { Range } from '../text/range.ts';

/** What an offset of a Dockerfile is in. */
export type CursorPlace =
  /** A line with nothing on it that is not part of an instruction. */
  | { readonly kind: 'blank-line' }
  /** Behind the `#` of a comment or directive, up to its end. */
  | { readonly kind: 'comment'; readonly range: Range; readonly comment: Comment | undefined }
  | { readonly kind: 'heredoc'; readonly instruction: Instruction; readonly heredoc: Heredoc }
  | ({ readonly kind: 'instruction' } & CursorInInstruction)
  /** Where nothing can be written that has a meaning: behind a continuation mark, inside a word of two lines. */
  | { readonly kind: 'nowhere' };

/** A cursor in an instruction; inside ONBUILD, in the instruction that it holds. */
export interface CursorInInstruction {
  readonly instruction: Instruction;
  /** From the keyword to the cursor, of the same length as the document's text there. */
  readonly head: string;
  /** The word before and behind the cursor, as far as it reaches; empty between blanks. */
  readonly word: Range;
}

const nowhere: CursorPlace = { kind: 'nowhere' };

/** Tells what the offset is in. Any text and any offset will do. */
export function placeAt(dockerfile: Dockerfile, offset: number): CursorPlace {
  const { text } = dockerfile;
  const directive = dockerfile.directives.find(({ range }) => isBehindStart(range, offset));
  if (directive) return { kind: 'comment', range: directive.range, comment: undefined };
  const comment = dockerfile.comments.find(({ range }) => isBehindStart(range, offset));
  if (comment) return { kind: 'comment', range: comment.range, comment };
  const instruction = dockerfile.instructions.findLast(({ range }) => range.start <= offset);
  if (!instruction) return blankLine(text, offset);
  const { headRange, heredocs } = instruction;
  const gap = text.slice(headRange.end, offset);
  if (!gap.includes('\n')) return inInstruction(instruction, offset, text);
  const heredoc = heredocs.find(({ bodyRange }) => bodyRange.start <= offset && offset <= bodyRange.end);
  if (heredoc) return isBehindEnd(heredoc, offset) ? nowhere : { kind: 'heredoc', instruction, heredoc };
  if (offset <= instruction.range.end && heredocs.length > 0) return nowhere;
  const isContinued = new RegExp(`^[ \\t]*${instruction.escape === '`' ? '`' : '\\\\'}[ \\t]*\\r?\\n`).test(gap);
  return isContinued && heredocs.length === 0 ? inInstruction(instruction, offset, text) : blankLine(text, offset);
}

function isBehindStart(range: Range, offset: number): boolean {
  return range.start < offset && offset <= range.end;
}

/** At the end of the body is the terminator, unless the heredoc has none yet. */
function isBehindEnd({ bodyRange, terminatorRange }: Heredoc, offset: number): boolean {
  return terminatorRange !== undefined && offset === bodyRange.end;
}

function blankLine(text: string, offset: number): CursorPlace {
  const end = text.indexOf('\n', offset);
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  return text.slice(start, end < 0 ? undefined : end).trim() === '' ? { kind: 'blank-line' } : nowhere;
}

function inInstruction(outer: Instruction, offset: number, text: string): CursorPlace {
  const { trigger, line } = outer;
  const instruction = trigger && offset >= trigger.range.start ? trigger : outer;
  const isOnMark = line.continuations.some(({ start }) => start < offset && !text.slice(start, offset).includes('\n'));
  if (isOnMark || isOnLastMark(outer, offset, text)) return nowhere;
  const base = line.headRange.start;
  const from = instruction.range.start - base;
  const at = offset - base;
  const head = line.text.slice(from, at).padEnd(at - from);
  const before = /\S*$/.exec(head)![0].length;
  const behind = /^\S*/.exec(line.text.slice(at))![0].length;
  const word = { start: offset - before, end: offset + behind };
  const isHalfAWord = line.continuations.some(
    (continuation) =>
      line.gluedAt.includes(continuation.start) && (continuation.end === word.start || continuation.start === word.end),
  );
  return isHalfAWord ? nowhere : { kind: 'instruction', instruction, head, word };
}

/** Behind the mark with which the last line of the file is continued. */
function isOnLastMark({ headRange, escape }: Instruction, offset: number, text: string): boolean {
  const gap = text.slice(headRange.end, offset);
  return gap.includes(escape) && !gap.includes('\n');
}

/** The flags and words of an instruction up to the cursor, and which of them the cursor is in. */
export interface Arguments {
  /** Complete flags before the cursor, as written. */
  readonly flags: readonly string[];
  /** Complete words before the cursor, flags not included. */
  readonly words: readonly string[];
  /** Text of the word up to the cursor. */
  readonly typed: string;
  /** Whether a flag may stand at the cursor. */
  readonly mayBeFlag: boolean;
}

/** Takes the head of an instruction apart; undefined while the keyword is being written. */
export function argumentsOf({ head }: CursorInInstruction): Arguments | undefined {
  const parts = head.split(/\s+/);
  if (parts.length < 2) return undefined;
  const typed = parts.pop()!;
  const rest = parts.slice(1);
  const first = rest.findIndex((part) => !part.startsWith('--') || part === '--');
  const flags = first < 0 ? rest : rest.slice(0, first);
  return { flags, words: rest.slice(flags.length), typed, mayBeFlag: first < 0 };
}
