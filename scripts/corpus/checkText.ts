import { analyse, type AnalyseOptions, fixText } from '../../server/src/lint/analyse.ts';
import type { Finding, Fix } from '../../server/src/lint/finding.ts';
import { type Change, differences } from '../../server/src/lint/fix/differences.ts';
import type { Rule } from '../../server/src/lint/rule.ts';
import type { Range } from '../../server/src/text/range.ts';
import { applyEdits } from '../../server/src/text/edit.ts';

/** A promise that did not hold on a text. */
export interface Breach {
  readonly promise: string;
  readonly rule: string | undefined;
  readonly detail: string;
}

export interface CheckedFix {
  readonly finding: Finding;
  readonly fix: Fix;
  readonly after: string;
}

export interface CheckedText {
  readonly findings: readonly Finding[];
  readonly fixes: readonly CheckedFix[];
  readonly breaches: readonly Breach[];
}

/**
 * Holds every promise on findings and fixes against one text: ranges lie in it on borders of words, each fix parses with no new problem and
 * takes its finding away, a safe fix changes only what its rule announces and keeps every comment, all safe fixes
 * together come to rest, and the order of the rules does not matter.
 */
export function checkText(text: string, options: AnalyseOptions): CheckedText {
  const breaches: Breach[] = [];
  const fixes: CheckedFix[] = [];
  const breach = (promise: string, rule: string | undefined, detail: string): void => {
    breaches.push({ promise, rule, detail });
  };
  const analysed = analyse(text, options);
  const { findings, dockerfile } = analysed;
  for (const problem of analysed.problems)
    if (problem.kind === 'rule-failed') breach('rules never fail', undefined, problem.message);
  if (!dockerfile) return { findings, fixes, breaches };
  for (const finding of findings) {
    const { start, end } = finding.range;
    if (start < 0 || end < start || end > text.length)
      breach('ranges lie in the text', finding.rule, `${start}..${end}`);
    const cut = cutWord(text, finding.range);
    if (cut !== undefined) breach('findings lie on token borders', finding.rule, cut);
    for (const fix of finding.fixes) {
      const after = applied(text, fix, (detail) => breach('edits fit the text', finding.rule, detail));
      if (after === undefined) continue;
      fixes.push({ finding, fix, after });
      for (const edit of fix.edits) {
        const word = cutWord(text, edit.range);
        if (word !== undefined)
          breach('edits lie on token borders', finding.rule, `${word} → ${edit.newText.slice(0, 60)}`);
      }
      checkFix(finding, fix, after);
    }
  }
  const all = fixText(text, options);
  for (const problem of all.problems) breach('safe fixes come to rest', undefined, problem.message);
  const again = fixText(all.text, options);
  if (again.text !== all.text) breach('a second run changes nothing', undefined, again.applied.join(', '));
  const shuffled = analyse(text, { ...options, rules: [...options.rules].reverse() });
  if (JSON.stringify(shuffled.findings) !== JSON.stringify(findings))
    breach('the order of the rules does not matter', undefined, '');
  return { findings, fixes, breaches };

  function checkFix(finding: Finding, fix: Fix, after: string): void {
    const rule = options.rules.find((each) => each.id === finding.rule)!;
    const result = analyse(after, options);
    if (!result.dockerfile) {
      breach('the text after a fix is read', finding.rule, result.problems.map((problem) => problem.message).join(' '));
      return;
    }
    const known = dockerfile!.problems.map((problem) => problem.kind);
    for (const { kind, severity } of result.dockerfile.problems) {
      // A suggestion may bring to light what the mistake had hidden, as long as the file still builds.
      if (fix.safety === 'suggestion' && severity === 'warning') continue;
      const index = known.indexOf(kind);
      if (index < 0) breach('a fix adds no problem', finding.rule, `${kind} after “${fix.title}”`);
      else known.splice(index, 1);
    }
    const count = (list: readonly Finding[]): number => list.filter((each) => each.rule === finding.rule).length;
    // A suggestion may lead from one state worth a word to another (an older release to a newer one).
    if (fix.safety === 'safe' && count(result.findings) >= count(findings))
      breach('the finding is gone', finding.rule, fix.title);
    if (fix.safety === 'safe') {
      const announced: readonly Change[] = rule.changes ?? [];
      for (const { change, detail } of differences(dockerfile!, result.dockerfile)) {
        if (!announced.includes(change))
          breach('a safe fix changes only what its rule announces', finding.rule, `${change}: ${detail.slice(0, 400)}`);
      }
    }
  }
}

/** The word that a range begins or ends in, with the place of the cut; undefined when it lies on borders of words. */
function cutWord(text: string, range: Range): string | undefined {
  for (const at of [range.start, range.end]) {
    if (at <= 0 || at >= text.length || !/^\w\w$/.test(text.slice(at - 1, at + 1))) continue;
    return `${/\w*$/.exec(text.slice(0, at))![0]}│${/^\w*/.exec(text.slice(at))![0]}`;
  }
  return undefined;
}

function applied(text: string, fix: Fix, complain: (detail: string) => void): string | undefined {
  try {
    const after = applyEdits(text, fix.edits);
    if (after === text) complain(`“${fix.title}” changes nothing`);
    return after === text ? undefined : after;
  } catch (error) {
    complain(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}

/** How long each rule took over a text, in milliseconds. */
export function timeRules(text: string, options: AnalyseOptions, times: Map<string, number>): void {
  for (const rule of options.rules) {
    const start = performance.now();
    analyse(text, { ...options, rules: [rule] as readonly Rule[] });
    times.set(rule.id, (times.get(rule.id) ?? 0) + performance.now() - start);
  }
}
