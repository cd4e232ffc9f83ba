import type { Range } from '../../text/range.ts';

/** A place where a stage or a variable is named. */
export interface Occurrence {
  readonly range: Range;
  readonly kind: 'declaration' | 'reference';
  /** A name in another form, as the number of a stage: it can't be written in its place. */
  readonly isIndirect: boolean;
  /** The declaration that it means; undefined when the symbol has a single one. */
  readonly definition?: Range | undefined;
}

/** A stage, or a variable within its scope, with all places that name it, in the order of the text. */
export interface FileSymbol {
  readonly kind: 'stage' | 'variable';
  readonly name: string;
  readonly occurrences: readonly Occurrence[];
  /** Where one goes to from an occurrence. */
  definitionsFor(occurrence: Occurrence): readonly Range[];
  /** Why it can't be renamed with certainty; a sentence. Undefined when it can. */
  readonly refusal: string | undefined;
  /** Why it can't have this name; a sentence. Undefined when it can. */
  refusesName(name: string): string | undefined;
}

export function declaration(range: Range): Occurrence {
  return { range, kind: 'declaration', isIndirect: false };
}

export function reference(range: Range, definition?: Range, isIndirect = false): Occurrence {
  return { range, kind: 'reference', isIndirect, definition };
}
