/** The parts of a TextMate grammar's JSON that are used here. */
export interface Rule {
  readonly comment?: string;
  readonly include?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly whileCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

export type Captures = Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;

export interface Grammar {
  readonly information_for_contributors: readonly string[];
  readonly name: string;
  readonly scopeName: string;
  readonly injectionSelector?: string;
  readonly injections?: Readonly<Record<string, { readonly patterns: readonly Rule[] }>>;
  readonly patterns: readonly Rule[];
  readonly repository?: Readonly<Record<string, Rule>>;
}

/** A new logical line begins; see scripts/grammar.ts. */
export const instructionEnd = '^(?!\\G)';
export const never = '(?!)';

export const include = (...names: readonly string[]): Rule[] => names.map((name) => ({ include: `#${name}` }));
