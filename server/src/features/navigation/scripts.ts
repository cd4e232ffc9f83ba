import type { Range } from '../../text/range.ts';

/** What a script does with names of variables. */
export interface ScriptMentions {
  readonly names: ReadonlyMap<string, Mention>;
}

export interface Mention {
  /** `$NAME` and `${NAME…}`: the names alone. */
  readonly references: readonly Range[];
  /** Something else than a reference, which leaves open which variable is meant: assigned, in single quotes, a bare word. */
  readonly doubt: { readonly offset: number; readonly reason: string } | undefined;
}

/**
 * Looks for names in a POSIX shell script. A name that the script itself sets is its own variable from there on; one that
 * stands in single quotes may be another program's.
 *
 * @param text same-length text @param base its offset in the document
 */
export function scriptMentions(text: string, base: number): ScriptMentions {
  const names = new Map<string, { references: Range[]; doubt: Mention['doubt'] }>();
  const entry = (name: string): { references: Range[]; doubt: Mention['doubt'] } => {
    let found = names.get(name);
    if (!found) names.set(name, (found = { references: [], doubt: undefined }));
    return found;
  };
  const quoted = singleQuoted(text);
  let quote = 0;
  for (const match of text.matchAll(/(?<![\w/-])[A-Za-z_]\w*/g)) {
    const name = match[0];
    const start = match.index;
    const isReference = /(?:^|[^\\])(?:\\\\)*\$\{?[#!]?$/.test(text.slice(Math.max(0, start - 20), start));
    while (quote < quoted.length && quoted[quote]!.end < start) quote++;
    const isQuoted = quote < quoted.length && quoted[quote]!.start < start;
    const offset = base + start;
    if (isReference && !isQuoted) entry(name).references.push({ start: offset, end: offset + name.length });
    else if (isReference) entry(name).doubt ??= { offset, reason: 'in single quotes' };
    else if (setsName(text, start, name))
      entry(name).doubt ??= { offset, reason: 'as a variable that the script sets' };
    else if (/[A-Z_]/.test(name) && !/^[\w./-]/.test(text.slice(start + name.length))) {
      entry(name).doubt ??= { offset, reason: 'as a word' };
    }
  }
  return { names };
}

/** Whether a bare name is set or handed on there: `NAME=…`, `export NAME`, `read NAME`, `for NAME in`. */
function setsName(text: string, start: number, name: string): boolean {
  if (/^\+?=/.test(text.slice(start + name.length, start + name.length + 2))) return true;
  const before = text.slice(Math.max(0, start - 40), start);
  return /\b(?:export|unset|read|local|declare|typeset|readonly|for|printenv|getopts)\s+(?:-\w+\s+)*(?:\w+(?:=\S*)?\s+)*$/.test(
    before,
  );
}

function singleQuoted(text: string): Range[] {
  const found: Range[] = [];
  let double = false;
  let start = -1;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (start >= 0) {
      if (character !== "'") continue;
      found.push({ start, end: index });
      start = -1;
    } else if (character === '\\') index++;
    else if (character === '"') double = !double;
    else if (character === "'" && !double) start = index;
  }
  if (start >= 0) found.push({ start, end: text.length });
  return found;
}
