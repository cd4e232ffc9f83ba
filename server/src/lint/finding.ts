import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/**
 * `safe`: the image built afterwards does the same, and the change is exactly what the title names.
 * `suggestion`: probably wanted, but it may change the result; the title says what.
 */
export type Safety = 'safe' | 'suggestion';

/** A change of the analysed text that makes the finding go away: all of its edits or none. */
export interface Fix {
  /** Verb phrase, shown in the editor's menu. */
  readonly title: string;
  readonly safety: Safety;
  /** Whether it is the one right answer; at most one fix of a finding is. */
  readonly preferred: boolean;
  /** `rewrite`: a larger refactoring that an editor lists apart from quick fixes. */
  readonly kind: 'quickfix' | 'rewrite';
  readonly edits: readonly Edit[];
}

export interface RelatedInformation {
  readonly range: Range;
  readonly message: string;
}

/** What a rule found. */
export interface Finding {
  readonly rule: string;
  readonly practice: Practice;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly aliases: readonly string[];
  readonly fixes: readonly Fix[];
  readonly related: readonly RelatedInformation[];
  readonly tags: readonly ('unnecessary' | 'deprecated')[];
  /** Why no (safe) fix is offered, when there is something to say. */
  readonly withheld: string | undefined;
}

export const practices = [
  'users',
  'base-images',
  'layers',
  'cache',
  'stages',
  'packages',
  'secrets',
  'shell',
  'syntax',
  'metadata',
  'context',
] as const;

export type Practice = (typeof practices)[number];

/** A complaint about the input or a rule, not about the Dockerfile's quality. */
export interface Problem {
  /** Stable: `syntax:…`, `input:…`, `config:…`, `rule-failed`. */
  readonly kind: string;
  readonly message: string;
  readonly range: Range | undefined;
  readonly severity: 'error' | 'warning' | 'info';
}
