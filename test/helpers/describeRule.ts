import assert from 'node:assert/strict';
import type { Finding, Fix } from '../../server/src/lint/finding.ts';
import { differences } from '../../server/src/lint/fix/differences.ts';
import { lint } from '../../server/src/lint/lint.ts';
import type { Rule } from '../../server/src/lint/rule.ts';
import { BuildContext, contextReaderOf } from '../../server/src/model/context.ts';
import { buildModel, type Dockerfile } from '../../server/src/model/dockerfile.ts';
import { applyEdits } from '../../server/src/text/edit.ts';

/** A Dockerfile of a case, alone or with what else the rule needs to know. Without FROM it gets `FROM debian:13`. */
export type CaseText = string | CaseInput;

export interface CaseInput {
  readonly text: string;
  /** Files of the build context, path → text; without it the context is not known. */
  readonly context?: Readonly<Record<string, string>>;
  readonly today?: string;
}

export interface FixExpectation {
  /** Text after the fix. */
  readonly text: string;
  /** The fix to apply; the first one when left out. A part of the title suffices. */
  readonly title?: string;
  readonly safety?: 'safe' | 'suggestion';
  /** Set when the finding stays after this fix, or other findings of the rule stay. */
  readonly remains?: number;
}

export interface RuleCases {
  /** Nothing is found. */
  readonly accepts?: Readonly<Record<string, CaseText>>;
  /** Found where `⟦ ⟧` stand, and no fix is offered. */
  readonly reports?: Readonly<Record<string, CaseText>>;
  /** Found where `⟦ ⟧` stand; the (first or named) fix gives the second text. */
  readonly fixes?: Readonly<Record<string, readonly [CaseText, string | FixExpectation]>>;
}

export const testToday = '2026-11-23';
const defaultFrom = 'FROM debian:13\n';

/** Registered cases, for the registry test: which fix levels of which rules were exercised. */
export const exercised = new Map<string, Set<string>>();

/**
 * Tests one rule on marked Dockerfiles. Each fix is also tried with CRLF, with a blank line on top, and with the
 * backtick as escape character; after it the finding must be gone, no parse problem may be new, and fixing again must
 * change nothing.
 */
export function describeRule(rule: Rule, cases: RuleCases): void {
  describe(`rule ${rule.id}`, () => {
    for (const [name, input] of Object.entries(cases.accepts ?? {})) {
      it(`accepts: ${name}`, () => {
        const { text, options } = prepare(input);
        const findings = run(rule, text, options);
        assert.deepEqual(
          findings.map((finding) => show(text, finding)),
          [],
          text,
        );
      });
    }
    for (const [name, input] of Object.entries(cases.reports ?? {})) {
      it(`reports: ${name}`, () => {
        const { text, marked, options } = prepare(input);
        const findings = run(rule, text, options);
        assert.equal(mark(text, findings), marked);
        for (const finding of findings) {
          assert.deepEqual(
            finding.fixes.map((fix) => fix.title),
            [],
            'a case under `reports` offers no fix',
          );
        }
        note(rule.id, 'none');
      });
    }
    for (const [name, [input, expectation]] of Object.entries(cases.fixes ?? {})) {
      const expected: FixExpectation = typeof expectation === 'string' ? { text: expectation } : expectation;
      it(`fixes: ${name}`, () => {
        const { text, marked, options, added } = prepare(input);
        const findings = run(rule, text, options);
        assert.equal(mark(text, findings), marked);
        checkFix(rule, text, added + expected.text, expected, options);
      });
      for (const [variant, change] of Object.entries(variants)) {
        const { text, options, added } = prepare(input);
        const before = change(text);
        const after = change(added + expected.text);
        if (before === undefined || after === undefined) continue;
        it(`fixes: ${name} (${variant})`, () => checkFix(rule, before, after, expected, options));
      }
    }
    if (rule.examples.length > 0) {
      it('has true examples', () => {
        for (const example of rule.examples) {
          const options = optionsOf({ text: example.before, ...(example.context ? { context: example.context } : {}) });
          const findings = run(rule, example.before, options);
          assert.ok(findings.length > 0, `nothing found in the example:\n${example.before}`);
          if (example.after === undefined) continue;
          const fix = findings[0]!.fixes[0];
          assert.ok(fix, 'the example shows a fix, but none is offered');
          assert.equal(fixEvery(rule, example.before, fix.title, options), example.after);
        }
      });
    }
  });
}

type Options = NonNullable<Parameters<typeof buildModel>[1]>;

const variants: Readonly<Record<string, (text: string) => string | undefined>> = {
  CRLF: (text) => text.replaceAll('\n', '\r\n'),
  'blank line on top': (text) => (/^#\s*\w+\s*=/.test(text) ? undefined : `\n${text}`),
  'backtick escape': (text) => {
    const rest = text.replaceAll(/\\([ \t]*)$/gm, '`$1');
    const isLinux = /^FROM (?:--\S+ )?(?:debian|alpine|ubuntu|node|python|golang)\b/im.test(text);
    return rest.includes('\\') || /^#\s*\w+\s*=/.test(text) || text.includes('`') || !isLinux
      ? undefined
      : `# escape=\`\n${rest}`;
  },
};

function prepare(input: CaseText): { text: string; marked: string; options: Options; added: string } {
  const full: CaseInput = typeof input === 'string' ? { text: input } : input;
  const added = /^\s*FROM\s/im.test(full.text) ? '' : defaultFrom;
  const marked = added + full.text;
  return { text: marked.replaceAll(/[⟦⟧]/g, ''), marked, options: optionsOf(full), added };
}

function optionsOf(input: CaseInput): Options {
  return {
    today: input.today ?? testToday,
    context: input.context && new BuildContext(contextReaderOf(input.context)),
  };
}

function run(rule: Rule, text: string, options: Options): readonly Finding[] {
  const result = lint(buildModel(text, options), [rule], { severities: { [rule.id]: 'warning' } });
  assert.deepEqual(result.problems, []);
  for (const finding of result.findings) assertFits(finding);
  return result.findings;
}

/** Longest texts, in characters: a message is read under a squiggle, a title in a menu. */
const longest = { message: 160, title: 120 };

function assertFits({ message, fixes }: Finding): void {
  assert.ok(message.length <= longest.message, `a message of ${message.length} characters: ${message}`);
  for (const { title } of fixes)
    assert.ok(title.length <= longest.title, `a title of ${title.length} characters: ${title}`);
}

function checkFix(rule: Rule, text: string, after: string, expected: FixExpectation, options: Options): void {
  const findings = run(rule, text, options);
  const fix = findings.map((finding) => choose(finding, expected.title)).find((found) => found !== undefined);
  assert.ok(
    fix,
    `no such fix; offered: ${findings.flatMap((finding) => finding.fixes.map((each) => each.title)).join(' | ')}`,
  );
  note(rule.id, fix.safety);
  assert.ok(rule.fix === 'safe' || fix.safety === 'suggestion', 'a fix may not promise more than its rule declares');
  if (expected.safety) assert.equal(fix.safety, expected.safety);
  const fixed = fixEvery(rule, text, expected.title, options);
  assert.equal(fixed, after);
  const before = buildModel(text, options);
  const model = buildModel(fixed, options);
  assertNoNewProblem(before, model);
  const again = run(rule, fixed, options);
  assert.equal(
    again.length,
    expected.remains ?? 0,
    `still found after the fix:\n${again.map((finding) => show(fixed, finding)).join('\n')}`,
  );
  if (!expected.remains)
    assert.equal(fixEvery(rule, fixed, expected.title, options), fixed, 'fixing again changes nothing');
  if (fix.safety !== 'safe') return;
  assertKeepsComments(before, model);
  // What the model says of before and after, told by code that knows nothing of the fix.
  const announced = rule.changes ?? [];
  const unannounced = differences(before, model).filter(({ change }) => !announced.includes(change));
  assert.deepEqual(unannounced, [], 'a safe fix changes only what its rule announces');
}

/** Applies the named (or first) fix of every finding, one after the other, as long as there is one. */
function fixEvery(rule: Rule, text: string, title: string | undefined, options: Options): string {
  let current = text;
  for (let round = 0; round < 20; round++) {
    const fix = run(rule, current, options)
      .map((finding) => choose(finding, title))
      .find((found) => found !== undefined);
    if (!fix) break;
    const next = applyEdits(current, fix.edits);
    assert.notEqual(next, current, 'a fix changes the text');
    current = next;
  }
  return current;
}

function choose(finding: Finding, title: string | undefined): Fix | undefined {
  return title === undefined ? finding.fixes[0] : finding.fixes.find((fix) => fix.title.includes(title));
}

function assertNoNewProblem(before: Dockerfile, after: Dockerfile): void {
  const kinds = (model: Dockerfile): string[] => model.problems.map((problem) => problem.kind).sort();
  const known = kinds(before);
  for (const kind of kinds(after)) {
    const index = known.indexOf(kind);
    assert.ok(index >= 0, `the fix adds a problem: ${kind}`);
    known.splice(index, 1);
  }
}

function assertKeepsComments(before: Dockerfile, after: Dockerfile): void {
  const left = after.comments.map((comment) => comment.text);
  for (const comment of before.comments)
    assert.ok(left.includes(comment.text), `a safe fix loses the comment "${comment.text}"`);
}

/** The text with its findings' ranges marked. */
function mark(text: string, findings: readonly Finding[]): string {
  const marks = findings.flatMap(({ range }) =>
    range.start === range.end
      ? [{ at: range.start, sign: '⟦⟧' }]
      : [
          { at: range.start, sign: '⟦' },
          { at: range.end, sign: '⟧' },
        ],
  );
  marks.sort((a, b) => b.at - a.at || (a.sign === '⟦' ? -1 : 1));
  let result = text;
  for (const { at, sign } of marks) result = result.slice(0, at) + sign + result.slice(at);
  return result;
}

function show(text: string, finding: Finding): string {
  return `${finding.rule}: "${text.slice(finding.range.start, finding.range.end)}" ${finding.message}`;
}

function note(rule: string, level: string): void {
  if (!exercised.has(rule)) exercised.set(rule, new Set());
  exercised.get(rule)!.add(level);
}
