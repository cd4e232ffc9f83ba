import type { CodeActionKind, Position, Range as LspRange } from 'vscode-languageserver';
import type { LineIndex } from '../text/lineIndex.ts';
import type { Range } from '../text/range.ts';

export function fromPosition(lines: LineIndex, position: Position): number {
  return lines.offsetAt(position);
}

export function fromRange(lines: LineIndex, range: LspRange): Range {
  return { start: lines.offsetAt(range.start), end: lines.offsetAt(range.end) };
}

/** Whether a client that asks for `only` these kinds wants that one: `refactor` includes `refactor.rewrite`. */
export function wantsKind(only: readonly CodeActionKind[] | undefined, kind: CodeActionKind): boolean {
  return only === undefined || only.some((wanted) => wanted === '' || kind === wanted || kind.startsWith(`${wanted}.`));
}
