import type { Range } from '../text/range.ts';

/** `$NAME` or `${NAME…}` as BuildKit (not the shell of a RUN) expands it. */
export interface VariableReference {
  readonly name: string;
  readonly range: Range;
  readonly nameRange: Range;
  /** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`, `/`, `//`; undefined for a plain reference. */
  readonly operator: string | undefined;
  /** What follows the operator, as written. */
  readonly operand: string | undefined;
}

const operators = ['##', '%%', '//', ':-', ':+', ':?', '-', '+', '?', '#', '%', '/'];

/** All references in the text, in order. Single quotes and escapes keep a `$` from being one. */
export function findVariables(text: string, base: number, escape: string): VariableReference[] {
  const found: VariableReference[] = [];
  let single = false;
  let double = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (single) {
      if (character === "'") single = false;
    } else if (character === escape) i++;
    else if (character === '"') double = !double;
    else if (character === "'" && !double) single = true;
    else if (character === '$') {
      const reference = referenceAt(text, i);
      if (!reference) continue;
      found.push({
        ...reference,
        range: { start: base + reference.range.start, end: base + reference.range.end },
        nameRange: { start: base + reference.nameRange.start, end: base + reference.nameRange.end },
      });
      if (reference.operand !== undefined) {
        const operandStart = reference.range.end - 1 - reference.operand.length;
        found.push(...findVariables(reference.operand, base + operandStart, escape));
      }
      i = reference.range.end - 1;
    }
  }
  return found;
}

function referenceAt(text: string, dollar: number): VariableReference | undefined {
  const plain = /^\$([A-Za-z_]\w*|\d|[@*#?$!-])/.exec(text.slice(dollar, dollar + 300));
  if (plain) {
    const end = dollar + plain[0].length;
    return {
      name: plain[1]!,
      range: { start: dollar, end },
      nameRange: { start: dollar + 1, end },
      operator: undefined,
      operand: undefined,
    };
  }
  if (text[dollar + 1] !== '{') return undefined;
  const nameMatch = /^[A-Za-z_]\w*|^\d+/.exec(text.slice(dollar + 2));
  if (!nameMatch) return undefined;
  const nameRange = { start: dollar + 2, end: dollar + 2 + nameMatch[0].length };
  let depth = 1;
  let close = nameRange.end;
  for (; close < text.length; close++) {
    if (text[close] === '$' && text[close + 1] === '{') depth++;
    if (text[close] === '}' && --depth === 0) break;
  }
  if (close >= text.length) return undefined;
  const rest = text.slice(nameRange.end, close);
  const range = { start: dollar, end: close + 1 };
  if (rest === '') return { name: nameMatch[0], range, nameRange, operator: undefined, operand: undefined };
  const operator = operators.find((candidate) => rest.startsWith(candidate));
  if (!operator) return { name: nameMatch[0], range, nameRange, operator: rest[0], operand: rest.slice(1) };
  return { name: nameMatch[0], range, nameRange, operator, operand: rest.slice(operator.length) };
}

/** Tells the value of a variable; undefined when it is not set; 'unknown' when it can't be known. */
export type VariableLookup = (name: string) => string | undefined | { readonly unknown: true };

export const unknownValue = { unknown: true } as const;

/**
 * The text with variables expanded and quotes removed, as BuildKit's word processor does;
 * undefined when the value of a variable can't be known.
 */
export function expandWord(text: string, escape: string, lookup: VariableLookup): string | undefined {
  let result = '';
  let single = false;
  let double = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (single) {
      if (character === "'") single = false;
      else result += character;
    } else if (character === escape) {
      const next = text[i + 1];
      if (next === undefined) break;
      if (double && next !== '"' && next !== '$' && next !== escape) result += character;
      result += next;
      i++;
    } else if (character === '"') double = !double;
    else if (character === "'" && !double) single = true;
    else if (character === '$') {
      const reference = referenceAt(text, i);
      if (!reference) {
        result += character;
        continue;
      }
      const value = expandReference(reference, escape, lookup);
      if (value === undefined) return undefined;
      result += value;
      i = reference.range.end - 1;
    } else result += character;
  }
  return result;
}

function expandReference(reference: VariableReference, escape: string, lookup: VariableLookup): string | undefined {
  const found = lookup(reference.name);
  if (typeof found === 'object') return undefined;
  const { operator } = reference;
  const operand = (): string | undefined => expandWord(reference.operand ?? '', escape, lookup);
  switch (operator) {
    case undefined:
      return found ?? '';
    case ':-':
      return found ? found : operand();
    case '-':
      return found ?? operand();
    case ':+':
      return found ? operand() : '';
    case '+':
      return found === undefined ? '' : operand();
    case ':?':
    case '?':
      return found;
    case '#':
    case '##':
    case '%':
    case '%%':
      return removePattern(found ?? '', operator, operand());
    case '/':
    case '//':
      return replacePattern(found ?? '', operator, reference.operand ?? '', (text) => expandWord(text, escape, lookup));
    default:
      return undefined;
  }
}

function removePattern(
  value: string,
  operator: '#' | '##' | '%' | '%%',
  pattern: string | undefined,
): string | undefined {
  if (pattern === undefined) return undefined;
  const greedy = operator.length === 2;
  const atStart = operator[0] === '#';
  const expression = new RegExp(`^${globSource(pattern)}$`, 's');
  const lengths = Array.from({ length: value.length + 1 }, (_, length) => (greedy ? value.length - length : length));
  for (const length of lengths) {
    const part = atStart ? value.slice(0, length) : value.slice(value.length - length);
    if (expression.test(part)) return atStart ? value.slice(length) : value.slice(0, value.length - length);
  }
  return value;
}

function replacePattern(
  value: string,
  operator: '/' | '//',
  operand: string,
  expand: (text: string) => string | undefined,
): string | undefined {
  const slash = operand.indexOf('/');
  const pattern = expand(slash < 0 ? operand : operand.slice(0, slash));
  const by = slash < 0 ? '' : expand(operand.slice(slash + 1));
  if (pattern === undefined || by === undefined) return undefined;
  return value.replace(new RegExp(globSource(pattern), operator === '//' ? 'gs' : 's'), () => by);
}

function globSource(pattern: string): string {
  return pattern.replace(/[.+^${}()|[\]\\*?]/g, (character) => {
    if (character === '*') return '.*';
    if (character === '?') return '.';
    return `\\${character}`;
  });
}
