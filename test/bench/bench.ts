/**
 * Speed, as ratios measured side by side in one run; machines differ, ratios hardly do.
 *
 * Usage: npm run bench [-- DIR]; DIR is a folder of Dockerfiles, examples/ when left out.
 *        npm run bench -- --panel [DIR]; DIR is a folder of Trivy's reports, which are multiplied for the panel. Needs the
 *        real editor, as the tests with the workbench do.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../scripts/root.ts';
import { analyse, type AnalyseOptions, fixText } from '../../server/src/lint/analyse.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { allRules } from '../../server/src/rules/index.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';
import { benchPanel } from './panel.ts';
import { dockerfileAst } from './peer.ts';

const usage = 'usage: npm run bench [-- DIR | --panel [DIR]]';
const [what, folder] = process.argv.slice(2);
if (what === '--panel') {
  await benchPanel(folder ?? trivyReports);
  process.exit();
}
if (what?.startsWith('-')) {
  console.error(usage);
  process.exit(2);
}

const options: AnalyseOptions = { rules: allRules, today: '2026-01-01' };
const rounds = 7;

const texts = dockerfiles(what ?? join(root, 'examples'));
const bytes = texts.reduce((sum, text) => sum + text.length, 0);
console.log(`${texts.length} Dockerfiles, ${bytes} characters; medians of ${rounds} rounds in turn\n`);

const parse = (): void => texts.forEach((text) => void dockerfileAst(text));
compare('model, against dockerfile-ast’s parse', () => texts.forEach((text) => void buildModel(text)), parse);
compare(
  `all ${allRules.length} rules, against dockerfile-ast’s parse`,
  () => texts.forEach((text) => void analyse(text, options)),
  parse,
);
compare(
  'all safe fixes, against one analysis',
  () => texts.forEach((text) => void fixText(text, options)),
  () => texts.forEach((text) => void analyse(text, options)),
);

console.log('\nten times the text, time against the tenth (10 is linear)');
for (const [name, line] of Object.entries({
  'RUN lines': 'RUN apt-get update && apt-get install -y curl\nCOPY a b\n',
  'ENV lines': 'ENV A_NAME=value\n',
  'one RUN': '  && echo "word" \\\n',
  stages: 'FROM debian:13 AS s\nRUN true\n',
})) {
  const make = (count: number): string =>
    name === 'one RUN'
      ? `FROM debian:13\nRUN true \\\n${line.repeat(count)}  && true\n`
      : `FROM debian:13\n${line.repeat(count)}`;
  const small = make(80);
  const large = make(800);
  const [a, b] = medians(
    () => void analyse(large, options),
    () => void analyse(small, options),
    3,
  );
  console.log(`${name.padEnd(12)} ${(a / b).toFixed(1)}   (${large.split('\n').length} lines: ${a.toFixed(0)} ms)`);
}

function compare(title: string, ours: () => void, theirs: () => void): void {
  const [a, b] = medians(ours, theirs, rounds);
  console.log(`${title}: ${(a / b).toFixed(2)} × (${a.toFixed(1)} ms, ${b.toFixed(1)} ms)`);
}

/** Medians in milliseconds of both, run in turn so that a slow moment hits both; one round before is not counted. */
function medians(first: () => void, second: () => void, count: number): readonly [number, number] {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= count; round++) {
    [first, second].forEach((work, index) => {
      const start = performance.now();
      work();
      if (round > 0) times[index]!.push(performance.now() - start);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(count / 2)]!) as [number, number];
}

function dockerfiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(?:^|\/)(?:Dockerfile|Containerfile)(?:\.\w+)?$|\.Dockerfile$/i.test(path))
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'utf8'));
}
