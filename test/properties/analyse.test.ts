import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type AnalyseOptions, analyse, fixText } from '../../server/src/lint/analyse.ts';
import { anyFix, safeFix } from '../../server/src/lint/fix/apply.ts';
import { BuildContext, contextReaderOf } from '../../server/src/model/context.ts';
import { allRules } from '../../server/src/rules/index.ts';
import { applyEdits } from '../../server/src/text/edit.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';

/** More runs, and other texts each time, with PLIMSOLL_RUNS=5000. */
const runs = Number(process.env.PLIMSOLL_RUNS ?? 250);
const parameters = process.env.PLIMSOLL_RUNS ? { numRuns: runs } : { numRuns: runs, seed: 1 };

const context = new BuildContext(
  contextReaderOf({ 'package.json': '{}', 'package-lock.json': '{}', 'src/main.js': '' }),
);
const options: AnalyseOptions = { rules: allRules, today: '2026-11-23', context };

describe('analysing any text', function () {
  this.timeout(120_000);

  it('never fails, and stays inside the text', () => {
    fc.assert(
      fc.property(brokenDockerfiles(), (text) => {
        const { findings, problems } = analyse(text, options);
        const failed = problems.filter(({ kind }) => kind === 'rule-failed' || kind === 'input:not-understood');
        assert.deepEqual(failed, []);
        for (const { range } of problems) if (range) assertInside(text, range);
        for (const finding of findings) {
          assertInside(text, finding.range);
          for (const related of finding.related) assertInside(text, related.range);
          assert.ok(finding.fixes.filter((fix) => fix.preferred).length <= 1, `${finding.rule}: two preferred fixes`);
          for (const fix of finding.fixes) {
            assert.notEqual(applyEdits(text, fix.edits), text, `${finding.rule}: "${fix.title}" changes nothing`);
          }
        }
      }),
      parameters,
    );
  });

  it('finds the same each time', () => {
    fc.assert(
      fc.property(brokenDockerfiles(), (text) =>
        assert.deepEqual(analyse(text, options).findings, analyse(text, options).findings),
      ),
      { ...parameters, numRuns: runs / 5 },
    );
  });

  it('finds the same with CRLF', () => {
    fc.assert(
      fc.property(brokenDockerfiles(), (text) => {
        fc.pre(!text.includes('\r'));
        assert.deepEqual(summary(text.replaceAll('\n', '\r\n')), summary(text));
      }),
      { ...parameters, numRuns: runs / 2 },
    );
  });

  it('repairs until nothing is left to repair, without adding an error', () => {
    for (const choose of [safeFix, anyFix]) {
      fc.assert(
        fc.property(brokenDockerfiles(), (text) => {
          const once = fixText(text, options, choose);
          // A suggestion may bring to light what was hidden (a misspelt CMD, bad JSON); then it is taken back.
          const allowed = choose === anyFix ? ['fix-undone', 'fix-circular'] : [];
          assert.deepEqual(
            once.problems.filter(({ kind }) => !allowed.includes(kind)),
            [],
          );
          assert.equal(fixText(once.text, options, choose).text, once.text);
        }),
        { ...parameters, numRuns: runs / 2 },
      );
    }
  });
});

/** What is found and where, in lines and characters. */
function summary(text: string): string[] {
  const { findings, lines } = analyse(text, options);
  return findings.map(({ rule, range }) => {
    const { line, character } = lines.positionAt(range.start);
    return `${line}:${character} ${rule}`;
  });
}

function assertInside(text: string, { start, end }: { readonly start: number; readonly end: number }): void {
  assert.ok(0 <= start && start <= end && end <= text.length, `${start}..${end} of ${text.length}`);
}

/** Real Dockerfiles after a few accidents. */
function brokenDockerfiles(): fc.Arbitrary<string> {
  const texts = [...examples(), ...allRules.flatMap((rule) => rule.examples.map((example) => example.before))];
  const accident = fc.record({
    kind: fc.constantFrom('cut', 'drop line', 'double line', 'swap lines', 'insert'),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 12 }),
    piece: fc.constantFrom(...pieces),
  });
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(accident, { maxLength: 5 }))
    .map(([text, accidents]) => accidents.reduce((current, each) => happen(current, each), text));
}

const pieces = [
  '\\',
  '\\\n',
  '\n',
  ' ',
  '"',
  "'",
  '$',
  '${X',
  '`',
  '(',
  ')',
  '$(',
  '&&',
  '||',
  ';',
  '|',
  '#',
  '# c\n',
  '<<EOF',
  '\nEOF\n',
  '[',
  ']',
  '["a"]',
  '{{ x }}',
  '\t',
  '\r',
  '\uFEFF',
  '😀',
  '\ud83d',
  '\u0085',
  '\u00a0',
  '--from=',
  '--mount=type=cache,target=/x ',
  'FROM ',
  '\nFROM x AS y\n',
  '\nUSER root\n',
  '\nSHELL ["cmd"]\n',
  '\nSHELL ["/bin/bash", "-c"]\n',
  '\nONBUILD RUN x\n',
  '\nRUN ',
  '\nRUN cd /x && make\n',
  '\nRUN set -e; x\n',
  '\nENV A b c\n',
  '\nARG B\n',
  'if x; then y; fi',
  'export A=1 && ',
];

function happen(text: string, accident: { kind: string; at: number; length: number; piece: string }): string {
  const at = Math.floor(accident.at * text.length);
  const lines = text.split('\n');
  const line = Math.floor(accident.at * (lines.length - 1));
  switch (accident.kind) {
    case 'cut':
      return text.slice(0, at) + text.slice(at + accident.length);
    case 'drop line':
      return lines.toSpliced(line, 1).join('\n');
    case 'double line':
      return lines.toSpliced(line, 0, lines[line]!).join('\n');
    case 'swap lines':
      return lines.toSpliced(line, 2, ...lines.slice(line, line + 2).toReversed()).join('\n');
    default:
      return text.slice(0, at) + accident.piece + text.slice(at);
  }
}

function examples(): string[] {
  const folder = join(repositoryRoot, 'examples');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('Dockerfile'),
  );
  return names.sort().map((name) => readFileSync(join(folder, name), 'utf8'));
}
