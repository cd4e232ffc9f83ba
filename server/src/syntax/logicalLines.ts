import type { Range } from '../text/range.ts';
import { findHeredocs, type Heredoc, readHeredocBodies } from './heredoc.ts';
import type { SyntaxProblem } from './problem.ts';

/** A comment line: `range` starts at `#` and ends before the line break; `text` is what follows `#`, trimmed. */
export interface Comment {
  readonly range: Range;
  readonly text: string;
  /** Whether it stands between the lines of an instruction. */
  readonly inside: boolean;
}

/** `# name=value` at the top of the file. */
export interface Directive {
  readonly name: 'escape' | 'syntax' | 'check';
  readonly value: string;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range;
}

/** One instruction with its continuation lines and heredoc bodies, not yet looked into. */
export interface LogicalLine {
  /** From the first character that is not blank to the last one, heredoc bodies and their terminators included. */
  readonly range: Range;
  /** The same without heredoc bodies. */
  readonly headRange: Range;
  /**
   * The text of `headRange`, of the same length: continuation marks, comments and line breaks have become blanks,
   * so that an offset in it, plus `headRange.start`, is an offset in the document.
   */
  readonly text: string;
  readonly comments: readonly Comment[];
  /** Where a line goes on in the next one: from the escape character to the first character of the next content line. */
  readonly continuations: readonly Range[];
  /** The continuations (their start) where no blank stands between both lines: BuildKit glues the words together. */
  readonly gluedAt: readonly number[];
  /** Blank lines between the lines of the instruction. */
  readonly emptyContinuations: readonly Range[];
  readonly heredocs: readonly Heredoc[];
}

export interface SplitText {
  readonly lines: readonly LogicalLine[];
  readonly directives: readonly Directive[];
  /** All comments of the file in order; directives are none. */
  readonly comments: readonly Comment[];
  readonly escape: '\\' | '`';
  readonly lineBreak: '\n' | '\r\n';
  readonly problems: readonly SyntaxProblem[];
}

/** BuildKit reads a file line by line with this buffer and fails on a longer line. */
const longestLine = 65_535;

interface PhysicalLine {
  /** Offset of the first character and of the end before the line break. */
  readonly start: number;
  readonly end: number;
}

/**
 * Splits a Dockerfile into instructions, comments and directives as BuildKit's parser does.
 * Never throws; what is wrong is told in `problems`.
 */
export function splitLogicalLines(text: string): SplitText {
  const physical = physicalLines(text);
  const directives: Directive[] = [];
  const comments: Comment[] = [];
  const problems: SyntaxProblem[] = [];
  const lines: LogicalLine[] = [];
  let escape: '\\' | '`' = '\\';
  let directivesDone = false;

  for (let index = 0; index < physical.length; index++) {
    const line = physical[index]!;
    if (line.end - line.start > longestLine) {
      problems.push({
        kind: 'line-too-long',
        message: 'This line is longer than 65,535 characters and the build refuses it; split it.',
        range: { start: line.start, end: line.end },
        severity: 'error',
      });
    }
    if (!directivesDone) {
      const directive = readDirective(text, line);
      if (!directive) directivesDone = true;
      else {
        if (directives.some((earlier) => earlier.name === directive.name)) {
          problems.push({
            kind: 'directive-repeated',
            message: `Only one ${directive.name} directive may be used; remove this one.`,
            range: directive.range,
            severity: 'error',
          });
        } else if (directive.name === 'escape') {
          if (directive.value === '\\' || directive.value === '`') escape = directive.value;
          else {
            problems.push({
              kind: 'directive-escape-invalid',
              message: 'The escape character must be \\ or `.',
              range: directive.valueRange,
              severity: 'error',
            });
          }
        }
        directives.push(directive);
        continue;
      }
    }
    const first = skipBlanks(text, line.start, line.end);
    if (first === line.end) continue;
    if (text[first] === '#') {
      comments.push(commentAt(text, first, line.end, false));
      continue;
    }
    index = readInstruction(index);
  }
  return { lines, directives, comments, escape, lineBreak: usualLineBreak(text), problems };

  /** Reads the instruction that starts on the given line; returns the index of its last line. */
  function readInstruction(firstLine: number): number {
    const start = skipBlanks(text, physical[firstLine]!.start, physical[firstLine]!.end);
    const own: Comment[] = [];
    const continuations: Range[] = [];
    const gluedAt: number[] = [];
    const emptyContinuations: Range[] = [];
    let blanked = '';
    let contentStart = start;
    let lastLine = firstLine;
    let lastContentEnd = start;
    let next = firstLine;
    let pendingEscape: number | undefined;
    for (;;) {
      const line = physical[next]!;
      if (pendingEscape !== undefined) {
        continuations.push({ start: pendingEscape, end: contentStart });
        if (isWordCharacter(text[pendingEscape - 1]) && isWordCharacter(text[contentStart]))
          gluedAt.push(pendingEscape);
        blanked += ' '.repeat(contentStart - pendingEscape);
      }
      lastLine = next;
      const mark = continuationMark(text, contentStart, line.end, escape);
      if (mark === undefined) {
        blanked += text.slice(contentStart, line.end);
        lastContentEnd = line.end;
        break;
      }
      blanked += text.slice(contentStart, mark);
      lastContentEnd = mark;
      pendingEscape = mark;
      // Comments and blank lines inside an instruction vanish; the next content line is what it goes on with.
      let found = -1;
      for (let candidate = next + 1; candidate < physical.length; candidate++) {
        const { start: from, end } = physical[candidate]!;
        const first = skipBlanks(text, from, end);
        if (first === end) emptyContinuations.push({ start: from, end });
        else if (text[first] === '#') {
          const comment = commentAt(text, first, end, true);
          own.push(comment);
          comments.push(comment);
        } else {
          found = candidate;
          break;
        }
      }
      if (found < 0) {
        // The file ends inside the instruction: BuildKit ignores the dangling mark, and blank lines there are no fault.
        emptyContinuations.length = 0;
        break;
      }
      next = found;
      contentStart = physical[found]!.start;
    }
    const kept = blanked.trimEnd().length;
    const headEnd = Math.min(start + kept, lastContentEnd);
    const head = { start, end: headEnd };
    const headText = blanked.slice(0, headEnd - start);
    const opened = findHeredocs(headText, start, escape);
    const bodyStart = lastLine + 1;
    const bodies = readHeredocBodies(text, physical, bodyStart, opened);
    for (const heredoc of bodies.heredocs) {
      if (heredoc.terminatorRange) continue;
      problems.push({
        kind: 'heredoc-unterminated',
        message: `The heredoc is never ended; add a line with ${heredoc.name} alone.`,
        range: heredoc.operatorRange,
        severity: 'error',
      });
    }
    const end = bodies.heredocs.length > 0 ? Math.max(headEnd, bodies.end) : headEnd;
    lines.push({
      range: { start, end },
      headRange: head,
      text: headText,
      comments: own,
      continuations,
      gluedAt,
      emptyContinuations,
      heredocs: bodies.heredocs,
    });
    return bodies.heredocs.length > 0 ? bodies.lastLine : lastLine;
  }
}

function physicalLines(text: string): PhysicalLine[] {
  const lines: PhysicalLine[] = [];
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let i = start; i <= text.length; i++) {
    if (i < text.length && text.charCodeAt(i) !== 10) continue;
    const end = i > start && text.charCodeAt(i - 1) === 13 ? i - 1 : i;
    lines.push({ start, end });
    start = i + 1;
  }
  return lines;
}

function usualLineBreak(text: string): '\n' | '\r\n' {
  const first = text.indexOf('\n');
  return first > 0 && text[first - 1] === '\r' ? '\r\n' : '\n';
}

function skipBlanks(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /\s/.test(text[at]!)) at++;
  return at;
}

function isWordCharacter(character: string | undefined): boolean {
  return character !== undefined && !/[\s;&|()<>]/.test(character);
}

function commentAt(text: string, start: number, end: number, inside: boolean): Comment {
  return { range: { start, end }, text: text.slice(start + 1, end).trim(), inside };
}

/** Offset of the escape character that continues the line, if there is one: a single one, blanks after it allowed. */
function continuationMark(text: string, start: number, end: number, escape: string): number | undefined {
  let at = end - 1;
  while (at >= start && (text[at] === ' ' || text[at] === '\t')) at--;
  if (at < start || text[at] !== escape) return undefined;
  if (at > start && text[at - 1] === escape) return undefined;
  return at;
}

const directivePattern = /^(#\s*)([a-zA-Z][a-zA-Z0-9]*)(\s*=\s*)(.+?)\s*$/;

function readDirective(text: string, line: PhysicalLine): Directive | undefined {
  const match = directivePattern.exec(text.slice(line.start, line.end));
  if (!match) return undefined;
  const name = match[2]!.toLowerCase();
  if (name !== 'escape' && name !== 'syntax' && name !== 'check') return undefined;
  const nameStart = line.start + match[1]!.length;
  const valueStart = nameStart + match[2]!.length + match[3]!.length;
  return {
    name,
    value: match[4]!,
    range: { start: line.start, end: valueStart + match[4]!.length },
    nameRange: { start: nameStart, end: nameStart + match[2]!.length },
    valueRange: { start: valueStart, end: valueStart + match[4]!.length },
  };
}
