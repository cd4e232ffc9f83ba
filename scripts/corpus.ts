/**
 * Runs every rule over a folder of Dockerfiles, holds its promises against each of them, and writes a page of samples to
 * read.
 *
 * Usage: npm run corpus -- DIR [--rule ID]… [--samples N] [--seed N] [--out FILE]
 * Ends with exit code 1 when a promise did not hold.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { AnalyseOptions } from '../server/src/lint/analyse.ts';
import { allRules } from '../server/src/rules/index.ts';
import { type Breach, type CheckedText, checkText, timeRules } from './corpus/checkText.ts';
import { samplePage } from './corpus/samplePage.ts';

interface FileResult extends CheckedText {
  readonly file: string;
  readonly text: string;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rule: { type: 'string', multiple: true },
    samples: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'out/corpus.md' },
    today: { type: 'string', default: new Date().toISOString().slice(0, 10) },
  },
});
const [directory] = positionals;
if (directory === undefined) {
  console.error('usage: npm run corpus -- DIR [--rule ID]… [--samples N] [--seed N] [--out FILE]');
  process.exitCode = 2;
} else run(directory);

function run(folder: string): void {
  const rules = values.rule ? allRules.filter((rule) => values.rule!.includes(rule.id)) : allRules;
  // Rules that are off by default are promises all the same.
  const severities = Object.fromEntries(
    rules.filter((rule) => rule.severity === 'off').map((rule) => [rule.id, 'hint' as const]),
  );
  const options: AnalyseOptions = { rules, severities, today: values.today };
  const times = new Map<string, number>();
  const results: FileResult[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const text = readFileSync(join(folder, entry.name), 'utf8');
    results.push({ file: entry.name, text, ...checkText(text, options) });
    timeRules(text, options, times);
  }
  const breaches = results.flatMap((result) => result.breaches.map((breach) => ({ ...breach, file: result.file })));
  printRules(
    results,
    rules.map((rule) => rule.id),
    times,
  );
  printBreaches(breaches);
  writeFileSync(values.out, samplePage(results, Number(values.samples), Number(values.seed)));
  console.log(`\n${results.length} files; samples to read: ${values.out}`);
  if (breaches.length > 0) process.exitCode = 1;
}

function printRules(
  results: readonly FileResult[],
  rules: readonly string[],
  times: ReadonlyMap<string, number>,
): void {
  console.log(['rule', 'files', 'findings', 'safe', 'suggested', 'withheld', 'none', 'ms'].join('\t'));
  for (const rule of rules) {
    const findings = results.flatMap((result) => result.findings.filter((finding) => finding.rule === rule));
    const files = results.filter((result) => result.findings.some((finding) => finding.rule === rule)).length;
    const safe = findings.filter((finding) => finding.fixes.some((fix) => fix.safety === 'safe')).length;
    const suggested = findings.filter((finding) => finding.fixes.length > 0).length - safe;
    const withheld = findings.filter((finding) => finding.fixes.length === 0 && finding.withheld).length;
    const none = findings.length - safe - suggested - withheld;
    console.log(
      [rule, files, findings.length, safe, suggested, withheld, none, Math.round(times.get(rule) ?? 0)].join('\t'),
    );
  }
  const reasons = new Map<string, number>();
  for (const finding of results.flatMap((result) => result.findings)) {
    if (finding.withheld)
      reasons.set(
        `${finding.rule}: ${finding.withheld}`,
        (reasons.get(`${finding.rule}: ${finding.withheld}`) ?? 0) + 1,
      );
  }
  console.log('\nfixes refused, with the reason');
  for (const [reason, count] of [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 40))
    console.log(`${count}\t${reason}`);
}

function printBreaches(breaches: ReadonlyArray<Breach & { readonly file: string }>): void {
  if (breaches.length === 0) {
    console.log('\nevery promise held');
    return;
  }
  console.log(`\n${breaches.length} broken promises`);
  const groups = groupByPromise(breaches);
  for (const [key, list] of groups) {
    console.log(`\n${list.length} × ${key}`);
    for (const { file, detail } of list.slice(0, 5)) console.log(`  ${file}: ${detail}`);
  }
}

function groupByPromise<T extends Breach>(breaches: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const breach of breaches) {
    const key = `${breach.promise}${breach.rule ? ` (${breach.rule})` : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), breach]);
  }
  return groups;
}
