import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attributeLayers, type LayerOrigin, readImageFacts, readProvenance } from '../server/src/attribution/index.ts';
import { buildModel } from '../server/src/model/dockerfile.ts';

const usage = `Usage: npm run check:attribution -- DIR

Compares the attribution of layers with what is known of recorded images. DIR holds one folder per image with its
Dockerfile, config.json (the image's configuration), expected.json (the right answer), and perhaps inspect.json and
provenance.json. Each image is read from its configuration alone, with the engine's inspection, and with the builder's
record. Exit code 1 when less than 99 % of the layers are right.
`;

interface Expected {
  readonly target: string | null;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly layers: readonly { diffId: string; kind: string; lines: readonly (readonly [number, number])[] }[];
}

/** Layers that the expected answers name otherwise, and why ours stands. The lines are the same. */
const explained: readonly { readonly kind: string; readonly ours: string; readonly why: string }[] = [
  {
    kind: 'onbuild-trigger',
    ours: 'base',
    why: "BuildKit notes neither ONBUILD nor where triggers begin, so without its record or the base image at hand they can't be told from it; in podman's own format triggers don't exist, and the layer is the base's",
  },
];

interface Tally {
  layers: number;
  wrongLines: number;
  wrongKind: number;
}

const folder = process.argv[2];
if (folder === undefined || folder.startsWith('-')) {
  process.stdout.write(usage);
  process.exit(folder === undefined ? 2 : 0);
}

const tallies = new Map<string, Tally>();
let differences = '';
for (const name of readdirSync(folder).sort()) {
  const path = join(folder, name);
  if (!existsSync(join(path, 'expected.json'))) continue;
  const config = readJson(path, 'config.json');
  const inspect = existsSync(join(path, 'inspect.json')) ? readJson(path, 'inspect.json') : undefined;
  const provenance = existsSync(join(path, 'provenance.json')) ? readJson(path, 'provenance.json') : undefined;
  const results = [checkCase(path, name, 'configuration', [config])];
  if (inspect !== undefined) results.push(checkCase(path, name, 'inspection', [config, inspect]));
  if (provenance !== undefined) results.push(checkCase(path, name, 'record', [config], provenance));
  console.log(`${name.padEnd(24)} ${results.join('  ')}`);
}

console.log(differences === '' ? '' : `\nDifferences\n${differences}`);
let code = 0;
for (const [source, { layers, wrongLines, wrongKind }] of tallies) {
  const share = (100 * (layers - wrongLines)) / layers;
  console.log(
    `${source.padEnd(14)} ${layers - wrongLines} of ${layers} layers have the right lines (${share.toFixed(1)} %), ${wrongKind} another kind`,
  );
  if (share < 99) code = 1;
}
process.exitCode = tallies.size === 0 ? 2 : code;

function checkCase(
  path: string,
  name: string,
  source: string,
  documents: readonly unknown[],
  record?: unknown,
): string {
  const expected = readJson(path, 'expected.json') as Expected;
  const text = readFileSync(join(path, 'Dockerfile'), 'utf8');
  const dockerfile = buildModel(text, { buildArgs: expected.buildArgs });
  const { layers, match } = attributeLayers(readImageFacts(...documents), dockerfile, {
    target: expected.target ?? undefined,
    provenance: record === undefined ? undefined : readProvenance(record),
  });
  const tally = tallies.get(source) ?? { layers: 0, wrongLines: 0, wrongKind: 0 };
  tallies.set(source, tally);
  if (!match.matches) differences += `  ${name} (${source}): taken for another Dockerfile, quality ${match.quality}\n`;
  let right = 0;
  for (const [index, wanted] of expected.layers.entries()) {
    const ours = layers[index];
    tally.layers++;
    const hasLines = JSON.stringify(linesOf(ours)) === JSON.stringify(wanted.lines);
    const hasKind = ours !== undefined && kindsOf(wanted.kind).includes(ours.kind);
    if (hasLines) right++;
    else tally.wrongLines++;
    if (hasLines && !hasKind) tally.wrongKind++;
    if (hasLines && hasKind) continue;
    const reason = explained.find((each) => hasLines && each.kind === wanted.kind && each.ours === ours?.kind)?.why;
    differences += `  ${name} (${source}) layer ${index}: ${ours?.kind} ${JSON.stringify(linesOf(ours))} ${ours?.confidence}, `;
    differences += `expected ${wanted.kind} ${JSON.stringify(wanted.lines)}${reason === undefined ? '' : `: ${reason}`}\n`;
  }
  return `${source} ${right}/${expected.layers.length}`;
}

function linesOf(layer: LayerOrigin | undefined): (readonly [number, number])[] {
  return layer?.instructions.map((each) => each.lines) ?? [];
}

/** Kinds that mean the same as the one of the expected answer. */
function kindsOf(kind: string): string[] {
  if (kind === 'base') return ['base'];
  if (kind === 'onbuild-trigger') return ['onbuild'];
  return ['own', 'copied'];
}

function readJson(folder: string, name: string): unknown {
  return JSON.parse(readFileSync(join(folder, name), 'utf8'));
}
