import type { Dockerfile } from '../model/dockerfile.ts';
import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import type { Change } from './fix/differences.ts';
import type { Practice, RelatedInformation, Safety, Severity } from './finding.ts';

/** One rule: what it finds, why that matters, how it is repaired. */
export interface Rule {
  /** Names the pattern found, thing first, so that it reads after "allow": `root-user`, `latest-tag`. */
  readonly id: string;
  readonly practice: Practice;
  /** One sentence: what happens. Markdown. */
  readonly summary: string;
  /** Why it matters, and what to do. Markdown, for hover and the rule's page. */
  readonly why: string;
  /** Default severity; `off` for rules that one has to ask for. */
  readonly severity: Severity | 'off';
  /** The best fix it offers; a single fix may promise less, never more. */
  readonly fix: Safety | 'none';
  /** Names under which others know it, as `hadolint/DL3014`, `buildkit/StageNameCasing`, `trivy/DS-0002`. */
  readonly aliases: readonly string[];
  /** Shown on the rule's page and executed by its test. */
  readonly examples: readonly RuleExample[];
  /** Kinds of the parser's problems that this rule turns into findings; every other kind is shown as a problem. */
  readonly covers?: readonly string[];
  /**
   * What its safe fixes change in the build, in the terms of an independent comparison of before and after; nothing when
   * left out. Tests and the corpus command hold every safe fix to it.
   */
  readonly changes?: readonly Change[];
  check(run: RuleRun): void;
}

export interface RuleExample {
  readonly before: string;
  /** The text after the first fix; undefined when the rule has no fix. */
  readonly after?: string;
  /** Files of the build context, path → text, when the rule looks at them. */
  readonly context?: Readonly<Record<string, string>>;
}

export interface RuleRun {
  readonly dockerfile: Dockerfile;
  readonly report: (report: Report) => void;
}

export interface Report {
  /** The narrowest range that shows it: the package, not the line. */
  readonly range: Range;
  /** One sentence: what happens, then what to do. */
  readonly message: string;
  /** Alternatives, the best one first. */
  readonly fixes?: readonly FixProposal[];
  readonly related?: readonly RelatedInformation[];
  readonly tags?: readonly ('unnecessary' | 'deprecated')[];
  /** Instead of the rule's default severity. */
  readonly severity?: Severity;
  /** Why no fix, or no safe one, is offered. */
  readonly withheld?: string;
}

export interface FixProposal {
  readonly title: string;
  readonly edits: readonly Edit[];
  /** The rule's `fix` when left out; never better than it. */
  readonly safety?: Safety;
  /** Defaults to true for the only safe fix of a finding. */
  readonly preferred?: boolean;
  readonly kind?: 'quickfix' | 'rewrite';
}

/** Gives a rule its type. */
export function defineRule(rule: Rule): Rule {
  return rule;
}
