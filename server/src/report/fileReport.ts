import type { Finding, Problem, Severity } from '../lint/finding.ts';
import type { Rule } from '../lint/rule.ts';
import type { LineIndex, Position } from '../text/lineIndex.ts';
import type { Range } from '../text/range.ts';

/** What is known of one file after checking it. */
export interface FileReport {
  /** As the user named it. */
  readonly path: string;
  /** Undefined when it could not be read; ranges then are undefined too. */
  readonly text: string | undefined;
  readonly lines: LineIndex | undefined;
  readonly findings: readonly Finding[];
  readonly problems: readonly Problem[];
}

/** What a report may need beyond the files. */
export interface ReportOptions {
  readonly rules: readonly Rule[];
  readonly version: string;
  /** Wraps a text for the terminal; the identity when colours are off. */
  readonly style: (kind: TextStyle, text: string) => string;
}

export type TextStyle = Severity | 'path' | 'faint' | 'strong';

/** Makes the text of a report. */
export type Reporter = (files: readonly FileReport[], options: ReportOptions) => string;

/** Both ends of a range as lines and characters (0-based, UTF-16). */
export function positionsOf(file: FileReport, range: Range): { start: Position; end: Position } {
  const at = (offset: number): Position => file.lines?.positionAt(offset) ?? { line: 0, character: 0 };
  return { start: at(range.start), end: at(range.end) };
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
