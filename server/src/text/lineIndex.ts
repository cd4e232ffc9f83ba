import type { Range } from './range.ts';

/** A place in a text as editors name it: 0-based line, 0-based UTF-16 character in it. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Translates between offsets and positions of one text. Lines end with LF, CRLF or CR, as in the language server protocol. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 13 && text.charCodeAt(i + 1) === 10) i++;
      if (code === 10 || code === 13) starts.push(i + 1);
    }
    this.#starts = starts;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** 0-based line that holds the offset; offsets outside the text count as its nearest end. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle]! > offset) high = middle;
      else low = middle + 1;
    }
    return Math.max(0, low - 1);
  }

  /** Offset of the first character of the line. */
  lineStart(line: number): number {
    if (line <= 0) return 0;
    return this.#starts[line] ?? this.#text.length;
  }

  /** Offset behind the last character of the line, its line break not included. */
  lineEnd(line: number): number {
    const next = this.#starts[line + 1];
    let end = next ?? this.#text.length;
    while (end > this.lineStart(line) && (this.#text[end - 1] === '\n' || this.#text[end - 1] === '\r')) end--;
    return end;
  }

  /** The whole line with its line break. */
  fullLine(line: number): Range {
    return { start: this.lineStart(line), end: this.#starts[line + 1] ?? this.#text.length };
  }

  positionAt(offset: number): Position {
    const clamped = Math.min(Math.max(0, offset), this.#text.length);
    const line = this.lineAt(clamped);
    return { line, character: clamped - this.lineStart(line) };
  }

  /** Positions behind the end of a line count as its end, before its line break. */
  offsetAt(position: Position): number {
    if (position.line < 0) return 0;
    if (position.line >= this.#starts.length) return this.#text.length;
    return Math.min(this.lineStart(position.line) + Math.max(0, position.character), this.lineEnd(position.line));
  }
}
