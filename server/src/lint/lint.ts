import type { Dockerfile } from '../model/dockerfile.ts';
import type { Finding, Fix, Problem, Severity } from './finding.ts';
import type { FixProposal, Report, Rule } from './rule.ts';
import { findSuppressions } from './suppress.ts';

export interface LintOptions {
  /** Severity per rule id; a rule that is not named keeps its default. */
  readonly severities?: Readonly<Record<string, Severity | 'off'>> | undefined;
}

export interface LintResult {
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /** Findings that a comment hides. */
  readonly suppressed: readonly Finding[];
  readonly problems: readonly Problem[];
}

/**
 * Runs the rules over a model. Never throws: a rule that fails becomes a problem, and what the others (and it, before)
 * found stays.
 */
export function lint(dockerfile: Dockerfile, rules: readonly Rule[], options: LintOptions = {}): LintResult {
  const findings: Finding[] = [];
  const problems: Problem[] = [];
  for (const rule of rules) {
    const severity = options.severities?.[rule.id] ?? rule.severity;
    if (severity === 'off') continue;
    const chosen = options.severities?.[rule.id] as Severity | undefined;
    try {
      rule.check({
        dockerfile,
        report: (report) => findings.push(toFinding(dockerfile, rule, report, chosen ?? report.severity ?? severity)),
      });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      problems.push({
        kind: 'rule-failed',
        message: `Rule ${rule.id} failed and may have missed something: ${text}`,
        range: undefined,
        severity: 'error',
      });
    }
  }
  const suppressions = findSuppressions(dockerfile);
  const isHidden = (finding: Finding): boolean => suppressions.some((suppression) => suppression.hides(finding));
  const sorted = findings.sort(byPlace);
  return {
    findings: sorted.filter((finding) => !isHidden(finding)),
    suppressed: sorted.filter(isHidden),
    problems,
  };
}

const ranks: Record<Severity, number> = { error: 0, warning: 1, info: 2, hint: 3 };

/** In the order of the text; at one place the worst comes first, and so does its fix. */
function byPlace(a: Finding, b: Finding): number {
  return (
    a.range.start - b.range.start ||
    a.range.end - b.range.end ||
    ranks[a.severity] - ranks[b.severity] ||
    (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0)
  );
}

function toFinding(dockerfile: Dockerfile, rule: Rule, report: Report, severity: Severity): Finding {
  const proposals = report.fixes ?? [];
  return {
    rule: rule.id,
    practice: rule.practice,
    severity,
    message: report.message,
    range: report.range,
    aliases: rule.aliases,
    fixes: proposals.map((proposal) => outsideTriggers(dockerfile, toFix(rule, proposal, proposals))),
    related: report.related ?? [],
    tags: report.tags ?? [],
    withheld: report.withheld,
  };
}

function toFix(rule: Rule, proposal: FixProposal, all: readonly FixProposal[]): Fix {
  const safetyOf = (each: FixProposal): 'safe' | 'suggestion' =>
    each.safety ?? (rule.fix === 'safe' ? 'safe' : 'suggestion');
  const safety = safetyOf(proposal);
  const onlySafe = safety === 'safe' && all.filter((each) => safetyOf(each) === 'safe').length === 1;
  return {
    title: proposal.title,
    safety,
    preferred: proposal.preferred ?? (onlySafe && !all.some((each) => each.preferred)),
    kind: proposal.kind ?? 'quickfix',
    edits: proposal.edits,
  };
}

/**
 * A fix inside ONBUILD is a suggestion, whatever its rule promises of it: the trigger runs in builds of other files, on
 * what those bring.
 */
function outsideTriggers(dockerfile: Dockerfile, fix: Fix): Fix {
  if (fix.safety === 'suggestion') return fix;
  const triggers = dockerfile.instructions.flatMap(({ trigger }) =>
    trigger?.keyword === 'RUN' ? [trigger.argsRange] : [],
  );
  const isInside = fix.edits.some(({ range }) =>
    triggers.some((trigger) => range.start >= trigger.start && range.end <= trigger.end),
  );
  return isInside ? { ...fix, safety: 'suggestion', preferred: false } : fix;
}
