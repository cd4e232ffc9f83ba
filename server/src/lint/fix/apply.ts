import { applyEdits } from '../../text/edit.ts';
import type { Finding, Fix, Problem } from '../finding.ts';
import { combineFixes } from './combine.ts';

/** What a pass needs to know of a text: its findings, and how many parse problems it has. */
export interface Analysis {
  readonly findings: readonly Finding[];
  /** Kinds of the parse problems, one each. */
  readonly parseProblems: readonly string[];
}

export interface FixAllOptions {
  readonly analyse: (text: string) => Analysis;
  /** The fix to apply for a finding; undefined leaves it. */
  readonly choose: (finding: Finding) => Fix | undefined;
}

export interface FixAllResult {
  readonly text: string;
  /** Rule ids of the fixes applied, in order. */
  readonly applied: readonly string[];
  readonly passes: number;
  /** A pass that would have broken the file, and rules that did not come to rest. */
  readonly problems: readonly Problem[];
}

export const mostPasses = 10;

/** So often in a row a rule's fixes may leave as many of its findings as there were; then it goes round in circles. */
const mostIdlePasses = 3;

/** A text on the way, with what had been applied. */
interface Stop {
  readonly text: string;
  readonly analysis: Analysis;
  readonly applied: number;
}

/** The fix that fix-all applies: the preferred safe one, else the first safe one. */
export function safeFix(finding: Finding): Fix | undefined {
  const safe = finding.fixes.filter((fix) => fix.safety === 'safe' && fix.kind === 'quickfix');
  return safe.find((fix) => fix.preferred) ?? safe[0];
}

/** Like `safeFix`, but takes a suggestion where there is no safe fix. */
export function anyFix(finding: Finding): Fix | undefined {
  const quick = finding.fixes.filter((fix) => fix.kind === 'quickfix');
  return safeFix(finding) ?? quick.find((fix) => fix.preferred) ?? quick[0];
}

/**
 * Applies fixes until nothing changes, at most ten passes. A pass that adds a parse problem is undone as a whole and the
 * rules in it are tried one by one; the guilty one is named in `problems` and not tried again. The same
 * becomes of a rule whose fixes don't make its findings go away, or undo those of another one.
 */
export function fixAll(text: string, options: FixAllOptions): FixAllResult {
  const applied: string[] = [];
  const problems: Problem[] = [];
  const excluded = new Set<string>();
  const idling = new Map<string, { passes: number; readonly since: Stop }>();
  const seen = new Map<string, Stop>();
  let current = text;
  let analysis = options.analyse(text);
  for (let pass = 1; pass <= mostPasses; pass++) {
    const chosen = new Map<Fix, Finding>();
    for (const finding of analysis.findings) {
      const fix = excluded.has(finding.rule) ? undefined : options.choose(finding);
      if (fix) chosen.set(fix, finding);
    }
    const combined = combineFixes([...chosen.keys()]);
    if (combined.accepted.length === 0) return { text: current, applied, passes: pass - 1, problems };
    const rulesOf = (fixes: readonly Fix[]): string[] => fixes.map((fix) => chosen.get(fix)!.rule);
    const next = applyEdits(current, combined.edits);
    const nextAnalysis = options.analyse(next);
    if (addsProblem(analysis, nextAnalysis)) {
      for (const rule of guiltyRules(current, analysis, combined.accepted, rulesOf(combined.accepted), options)) {
        excluded.add(rule);
        complain('fix-undone', `The fix of ${rule} would have left the file with a new error, so it was not applied.`);
      }
      continue;
    }
    const here: Stop = { text: current, analysis, applied: applied.length };
    seen.set(current, here);
    const rules = new Set(rulesOf(combined.accepted));
    const idle = findIdleRules(rules, nextAnalysis, here);
    const back = idle?.since ?? seen.get(next);
    if (back) {
      for (const rule of idle?.rules ?? rules) {
        excluded.add(rule);
        if (idle) complain('fix-idle', `The fix of ${rule} does not make its finding go away, so it was not applied.`);
        else complain('fix-circular', `The fix of ${rule} undoes that of another rule, so it was not applied.`);
      }
      idling.clear();
      seen.clear();
      applied.length = back.applied;
      current = back.text;
      analysis = back.analysis;
      continue;
    }
    applied.push(...rulesOf(combined.accepted));
    current = next;
    analysis = nextAnalysis;
  }
  const open = analysis.findings.filter((finding) => options.choose(finding) && !excluded.has(finding.rule));
  if (open.length > 0) {
    const rules = [...new Set(open.map((finding) => finding.rule))].join(', ');
    complain('fix-restless', `After ${mostPasses} passes there are still fixes to apply (${rules}).`);
  }
  return { text: current, applied, passes: mostPasses, problems };

  function complain(kind: string, message: string): void {
    problems.push({ kind, message, range: undefined, severity: 'warning' });
  }

  /** Rules that had fixes in this pass and the ones before it, all in vain, and where that began. */
  function findIdleRules(rules: ReadonlySet<string>, after: Analysis, here: Stop) {
    for (const rule of rules) {
      const count = ({ findings }: Analysis): number => findings.filter((finding) => finding.rule === rule).length;
      if (count(after) < count(analysis)) {
        idling.delete(rule);
        continue;
      }
      const idle = idling.get(rule) ?? { passes: 0, since: here };
      idle.passes++;
      idling.set(rule, idle);
      if (idle.passes >= mostIdlePasses) return { rules: [rule], since: idle.since };
    }
    return undefined;
  }
}

function addsProblem(before: Analysis, after: Analysis): boolean {
  const left = [...before.parseProblems];
  return after.parseProblems.some((kind) => {
    const known = left.indexOf(kind);
    if (known >= 0) left.splice(known, 1);
    return known < 0;
  });
}

/** The rules whose fix alone adds a problem; all rules of the pass when only their combination does. */
function guiltyRules(
  text: string,
  analysis: Analysis,
  fixes: readonly Fix[],
  rules: readonly string[],
  options: FixAllOptions,
): ReadonlySet<string> {
  const guilty = rules.filter((_, index) =>
    addsProblem(analysis, options.analyse(applyEdits(text, fixes[index]!.edits))),
  );
  return new Set(guilty.length > 0 ? guilty : rules);
}
