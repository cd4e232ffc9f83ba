/**
 * Holds our rules against test cases of other linters, where a rule claims to find what theirs finds (its aliases).
 *
 * Usage: npm run conformance -- DIR [--rule ID]… [--all]; DIR holds hadolint-specs.jsonl, hadolint-probes.jsonl and
 * buildkit-specs.jsonl. Prints how often we agree, per rule, and the cases in which we don't. It judges nothing: where we
 * differ on purpose, the rule's page says so.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lint } from '../server/src/lint/lint.ts';
import type { Rule } from '../server/src/lint/rule.ts';
import { BuildContext, contextReaderOf } from '../server/src/model/context.ts';
import { buildModel } from '../server/src/model/dockerfile.ts';
import { allRules } from '../server/src/rules/index.ts';

interface SpecCase {
  readonly rule: string;
  readonly dockerfile: string;
  readonly expect: 'triggers' | 'clean' | 'parse-error';
  readonly noFrom?: boolean;
  readonly skip?: unknown;
  readonly config?: unknown;
  readonly variant?: string;
  readonly dockerignore?: string;
}

interface Tally {
  agreed: number;
  readonly differing: SpecCase[];
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rule: { type: 'string', multiple: true }, all: { type: 'boolean', default: false } },
});
const [directory] = positionals;
if (directory === undefined) {
  console.error('usage: npm run conformance -- DIR [--rule ID]… [--all]');
  process.exitCode = 2;
} else run(directory);

function run(folder: string): void {
  const suites = [
    ['hadolint', 'hadolint-specs.jsonl'],
    ['hadolint', 'hadolint-probes.jsonl'],
    ['buildkit', 'buildkit-specs.jsonl'],
  ] as const;
  for (const [tool, file] of suites) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const cases = readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as SpecCase);
    report(`${file}`, tool, cases);
  }
}

function report(title: string, tool: string, cases: readonly SpecCase[]): void {
  const tallies = new Map<string, Tally>();
  for (const each of cases) {
    if (each.skip || each.config || each.expect === 'parse-error') continue;
    const rules = allRules.filter((rule) => rule.aliases.includes(`${tool}/${each.rule}`));
    const wanted = values.rule ? rules.filter((rule) => values.rule!.includes(rule.id)) : rules;
    if (wanted.length === 0) continue;
    const key = `${each.rule} = ${rules.map((rule) => rule.id).join(', ')}`;
    const tally = tallies.get(key) ?? { agreed: 0, differing: [] };
    tallies.set(key, tally);
    if (finds(rules, each) === (each.expect === 'triggers')) tally.agreed++;
    else tally.differing.push(each);
  }
  const all = [...tallies.values()];
  const agreed = all.reduce((sum, tally) => sum + tally.agreed, 0);
  const total = all.reduce((sum, tally) => sum + tally.agreed + tally.differing.length, 0);
  console.log(`\n# ${title}: ${agreed} of ${total} agree`);
  for (const [key, tally] of tallies) {
    console.log(`${tally.agreed}/${tally.agreed + tally.differing.length}\t${key}`);
    for (const each of values.all ? tally.differing : tally.differing.slice(0, 4)) {
      console.log(`\t  theirs ${each.expect}: ${JSON.stringify(each.dockerfile).slice(0, 200)}`);
    }
  }
}

function finds(rules: readonly Rule[], each: SpecCase): boolean {
  const text = each.noFrom ? `FROM debian:13\n${each.dockerfile}` : each.dockerfile;
  const files = each.dockerignore === undefined ? undefined : { '.dockerignore': each.dockerignore };
  const context = files && new BuildContext(contextReaderOf(files));
  const severities = Object.fromEntries(rules.map((rule) => [rule.id, 'warning' as const]));
  return lint(buildModel(text, { today: '2026-11-23', context }), rules, { severities }).findings.length > 0;
}
