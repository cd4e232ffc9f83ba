import type { Range } from '../text/range.ts';

/**
 * What the parser knows is wrong. BuildKit refuses a file with an `error` and only warns about a `warning`.
 * `kind` is stable and is what the syntax rules select on.
 */
export interface SyntaxProblem {
  readonly kind: string;
  readonly message: string;
  readonly range: Range;
  readonly severity: 'error' | 'warning';
}
