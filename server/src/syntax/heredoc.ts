import type { Range } from '../text/range.ts';

/** A heredoc of an instruction (`<<EOF`), with its body. */
export interface Heredoc {
  /** The word that ends it, unquoted. */
  readonly name: string;
  /** Whether variables in the body are expanded (the name carries no quotes). */
  readonly expand: boolean;
  /** `<<-`: leading tabs of the body and of the terminator are dropped. */
  readonly stripTabs: boolean;
  /** File descriptor in front of `<<`, as in `3<<EOF`. */
  readonly descriptor: number | undefined;
  /** The whole word that opens it. */
  readonly operatorRange: Range;
  /** From the first character of the body to the first of the terminator line; the last line break is inside. */
  readonly bodyRange: Range;
  /** The terminator without its line break; undefined when the file ends first. */
  readonly terminatorRange: Range | undefined;
}

export interface OpenedHeredoc extends Omit<Heredoc, 'bodyRange' | 'terminatorRange'> {}

const heredocInstruction = /^(?:onbuild\s+)?(?:run|copy|add)\s/i;
const heredocWord = /^(\d*)<<(-?)([^<]+)$/;

/**
 * The heredocs that an instruction opens, in order. Found on the words of the joined line, as BuildKit does:
 * only on RUN, COPY and ADD (also under ONBUILD), not in JSON form, not inside quotes.
 *
 * @param text same-length text of the instruction; @param base its offset in the document
 */
export function findHeredocs(text: string, base: number, escape: string): OpenedHeredoc[] {
  if (!text.includes('<<') || !heredocInstruction.test(text)) return [];
  const args = text.replace(heredocInstruction, '').replace(/^(?:--\S+\s+)*/, '');
  if (args.startsWith('[') && isJson(args)) return [];
  const found: OpenedHeredoc[] = [];
  for (const word of rawWords(text, escape)) {
    const match = heredocWord.exec(text.slice(word.start, word.end));
    if (!match) continue;
    const quoted = match[3]!;
    const name = unquote(quoted, escape);
    if (name === undefined || name === '') continue;
    found.push({
      name,
      expand: name === quoted,
      stripTabs: match[2] === '-',
      descriptor: match[1] ? Number(match[1]) : undefined,
      operatorRange: { start: base + word.start, end: base + word.end },
    });
  }
  return found;
}

interface PhysicalLine {
  readonly start: number;
  readonly end: number;
}

/** Reads the bodies of opened heredocs one after the other from `firstLine` on. */
export function readHeredocBodies(
  text: string,
  lines: readonly PhysicalLine[],
  firstLine: number,
  opened: readonly OpenedHeredoc[],
): { heredocs: Heredoc[]; lastLine: number; end: number } {
  const heredocs: Heredoc[] = [];
  let next = firstLine;
  let end = 0;
  for (const heredoc of opened) {
    const bodyStart = lines[next]?.start ?? text.length;
    let terminatorRange: Range | undefined;
    let bodyEnd = text.length;
    while (next < lines.length) {
      const line = lines[next]!;
      next++;
      let content = text.slice(line.start, line.end);
      if (heredoc.stripTabs) content = content.replace(/^\t+/, '');
      if (content !== heredoc.name) continue;
      bodyEnd = line.start;
      terminatorRange = { start: line.end - heredoc.name.length, end: line.end };
      break;
    }
    end = terminatorRange?.end ?? text.length;
    heredocs.push({ ...heredoc, bodyRange: { start: Math.min(bodyStart, bodyEnd), end: bodyEnd }, terminatorRange });
  }
  return { heredocs, lastLine: Math.max(firstLine, next) - 1, end };
}

/** Words split at blanks outside quotes; quotes and escapes stay in them. */
function* rawWords(text: string, escape: string): Generator<Range> {
  let start = -1;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote) {
      if (character === escape && quote === '"') i++;
      else if (character === quote) quote = '';
      continue;
    }
    if (/\s/.test(character)) {
      if (start >= 0) yield { start, end: i };
      start = -1;
      continue;
    }
    if (start < 0) start = i;
    if (character === escape) i++;
    else if (character === '"' || character === "'") quote = character;
  }
  // A quote that is never closed makes BuildKit's word splitter fail, and then the line has no heredocs.
  if (start >= 0 && !quote) yield { start, end: text.length };
}

function unquote(word: string, escape: string): string | undefined {
  let result = '';
  let quote = '';
  for (let i = 0; i < word.length; i++) {
    const character = word[i]!;
    if (character === escape && quote !== "'") {
      i++;
      if (i < word.length) result += word[i];
    } else if (quote) {
      if (character === quote) quote = '';
      else result += character;
    } else if (character === '"' || character === "'") quote = character;
    else result += character;
  }
  return quote ? undefined : result;
}

function isJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
