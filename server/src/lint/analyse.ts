import type { BuildContext } from '../model/context.ts';
import { buildModel, type Dockerfile, type ModelOptions } from '../model/dockerfile.ts';
import type { SyntaxProblem } from '../syntax/problem.ts';
import { LineIndex } from '../text/lineIndex.ts';
import type { Finding, Fix, Problem } from './finding.ts';
import { type FixAllResult, fixAll, safeFix } from './fix/apply.ts';
import { findLoneSurrogate, findPlaceholders, refuseModel, refuseText } from './input.ts';
import { lint, type LintOptions } from './lint.ts';
import type { Rule } from './rule.ts';

export interface AnalyseOptions extends ModelOptions, LintOptions {
  readonly rules: readonly Rule[];
  /** Ids of the only rules to run; all when left out. */
  readonly only?: ReadonlySet<string> | undefined;
}

/** All that is known of one text. */
export interface AnalysedText {
  readonly text: string;
  readonly lines: LineIndex;
  /** Undefined when the text was refused; `problems` then says why. */
  readonly dockerfile: Dockerfile | undefined;
  readonly findings: readonly Finding[];
  /** Findings that a comment hides. */
  readonly suppressed: readonly Finding[];
  /** In the order of the text: what no rule reports of the parser's problems, odd input, rules that failed. */
  readonly problems: readonly Problem[];
}

/** Parses and checks a text. Never throws. */
export function analyse(text: string, options: AnalyseOptions): AnalysedText {
  const lines = new LineIndex(text);
  const refuse = (problem: Problem): AnalysedText => {
    return { text, lines, dockerfile: undefined, findings: [], suppressed: [], problems: [problem] };
  };
  const unreadable = refuseText(text);
  if (unreadable) return refuse(unreadable);
  let dockerfile: Dockerfile;
  try {
    dockerfile = buildModel(text, options);
  } catch (error) {
    return refuse(modelFailed(error));
  }
  const tooLong = refuseModel(dockerfile);
  if (tooLong) return refuse(tooLong);
  const { only } = options;
  const rules = only ? options.rules.filter((rule) => only.has(rule.id)) : options.rules;
  const result = lint(dockerfile, rules, options);
  const covered = new Set(options.rules.flatMap((rule) => rule.covers ?? []));
  const uncovered = dockerfile.problems.filter((problem) => !covered.has(problem.kind)).map(syntaxProblem);
  const surrogate = findLoneSurrogate(text);
  const kept = withoutTemplates(dockerfile, withoutBlindFixes(dockerfile, result.findings), uncovered);
  return {
    text,
    lines,
    dockerfile,
    findings: kept.findings,
    suppressed: result.suppressed,
    problems: [...result.problems, ...kept.problems, ...(surrogate ? [surrogate] : [])].sort(
      (a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0),
    ),
  };
}

/** A build context that reads from a disk, which may turn out to be too large to read. */
export interface OpenedContext {
  readonly context: BuildContext;
  /** More was asked for than may be read in one go: what was answered since is not reliable. */
  isExhausted(): boolean;
}

/** Analyses with the build context, or as if it were not known when there is none or it is too large to read. */
export function analyseIn(
  opened: OpenedContext | undefined,
  text: string,
  options: AnalyseOptions,
): { readonly analysed: AnalysedText; readonly options: AnalyseOptions } {
  if (opened) {
    const within = { ...options, context: opened.context };
    const analysed = analyse(text, within);
    if (!opened.isExhausted()) return { analysed, options: within };
  }
  return { analysed: analyse(text, options), options };
}

/**
 * Applies fixes until nothing changes; `choose` picks the fix of a finding and defaults to the safe one. Nothing happens
 * to a text that is refused.
 */
export function fixText(
  text: string,
  options: AnalyseOptions,
  choose: (finding: Finding) => Fix | undefined = safeFix,
): FixAllResult {
  const analyseAgain = (current: string) => {
    const { dockerfile, findings } = analyse(current, options);
    return { findings, parseProblems: dockerfile?.problems.map((problem) => problem.kind) ?? [] };
  };
  return fixAll(text, { analyse: analyseAgain, choose });
}

/**
 * Behind a heredoc that is never ended everything is its body: nothing can be inserted there, whatever a rule believes.
 * The rules on syntax know what they do.
 */
function withoutBlindFixes(dockerfile: Dockerfile, findings: readonly Finding[]): readonly Finding[] {
  const endless = dockerfile.instructions.find((each) => each.heredocs.some((heredoc) => !heredoc.terminatorRange));
  if (!endless) return findings;
  const isBlind = (fix: Fix): boolean => fix.edits.some((edit) => edit.range.end > endless.headRange.end);
  return findings.map((finding) =>
    finding.practice !== 'syntax' && finding.fixes.some(isBlind)
      ? { ...finding, fixes: finding.fixes.filter((fix) => !isBlind(fix)) }
      : finding,
  );
}

/** The text of a template engine is no Dockerfile yet: nothing is claimed of its syntax and of what will be replaced. */
function withoutTemplates(
  dockerfile: Dockerfile,
  findings: readonly Finding[],
  problems: readonly Problem[],
): { findings: readonly Finding[]; problems: readonly Problem[] } {
  const placeholders = findPlaceholders(dockerfile);
  if (!placeholders) return { findings, problems };
  const unsure = dockerfile.instructions.filter((instruction) => placeholders.isIn(instruction));
  const isSure = ({ range }: Finding): boolean =>
    !unsure.some((instruction) => range.start >= instruction.range.start && range.start <= instruction.range.end);
  const template: Problem = {
    kind: 'input:template',
    message: 'This is a template, not yet a Dockerfile: neither syntax nor instructions with placeholders are checked.',
    range: placeholders.first,
    severity: 'info',
  };
  return {
    findings: findings.filter((finding) => finding.practice !== 'syntax' && isSure(finding)),
    problems: [template],
  };
}

function syntaxProblem(problem: SyntaxProblem): Problem {
  return { ...problem, kind: `syntax:${problem.kind}` };
}

function modelFailed(error: unknown): Problem {
  const text = error instanceof Error ? error.message : String(error);
  return {
    kind: 'input:not-understood',
    message: `Plimsoll could not read this text, which is a fault of Plimsoll: ${text}`,
    range: undefined,
    severity: 'error',
  };
}
