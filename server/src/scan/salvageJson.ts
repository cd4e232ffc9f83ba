/** JSON that could not be parsed as it stood, made readable. */
export interface Salvaged {
  readonly value: unknown;
  /** True when the end was missing; false when there was only other text around it. */
  readonly truncated: boolean;
}

/**
 * Reads JSON with text before or behind it (log lines, for one), or with its end missing. Of the latter everything
 * up to the last complete object in a list is kept: half an entry would be taken for a whole one.
 *
 * Gives `undefined` where no object or list can be had. Takes time linear in the text.
 */
export function salvageJson(text: string): Salvaged | undefined {
  const start = text.search(/^[\t ]*[{[]/m);
  if (start < 0) return undefined;
  const extent = measure(text, start);
  if (extent.end !== undefined) return parsed(text.slice(start, extent.end), false);
  if (extent.lastWhole === undefined) return undefined;
  const closers = extent.lastWhole.open.map((bracket) => (bracket === '{' ? '}' : ']')).reverse();
  return parsed(text.slice(start, extent.lastWhole.end) + closers.join(''), true);
}

interface Extent {
  /** Offset behind the outermost closing bracket. */
  end?: number;
  /** Offset behind the last complete object in a list, and the brackets open there. */
  lastWhole?: { end: number; open: string[] };
}

function measure(text: string, start: number): Extent {
  const open: string[] = [];
  let wholeEnd = -1;
  let wholeDepth = 0;
  for (let index = start; index < text.length; index++) {
    const char = text[index];
    if (char === '"') {
      index = endOfString(text, index);
    } else if (char === '{' || char === '[') {
      open.push(char);
    } else if (char === '}' || char === ']') {
      open.pop();
      if (open.length === 0) return { end: index + 1 };
      // Behind an object in a list, or where the list that held the last one ends.
      if ((char === '}' && open.at(-1) === '[') || open.length < wholeDepth) {
        wholeEnd = index + 1;
        wholeDepth = open.length;
      }
    }
  }
  return wholeEnd < 0 ? {} : { lastWhole: { end: wholeEnd, open: open.slice(0, wholeDepth) } };
}

function endOfString(text: string, quote: number): number {
  for (let index = quote + 1; index < text.length; index++) {
    const char = text[index];
    if (char === '\\') index++;
    else if (char === '"') return index;
  }
  return text.length;
}

function parsed(text: string, truncated: boolean): Salvaged | undefined {
  try {
    return { value: JSON.parse(text), truncated };
  } catch {
    return undefined;
  }
}
