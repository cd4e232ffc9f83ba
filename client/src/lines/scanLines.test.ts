import assert from 'node:assert/strict';
import { attribute, wasteOfShares } from '../../../server/src/attribution/index.ts';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import { readReport } from '../../../server/src/scan/readReport.ts';
import { type ConstructedLayer, constructScan } from '../../../test/helpers/constructedScan.ts';
import { instructionText, lineText, scanLines, wasteRemarks } from './scanLines.ts';

const today = '2026-03-01';

function scan(dockerfile: string, layers: readonly ConstructedLayer[]) {
  const { report } = readReport(JSON.stringify(constructScan(layers).report));
  assert.ok(report);
  const built = buildModel(dockerfile, { today });
  const attribution = attribute(report, built);
  return { report, built, attribution };
}

const base = (system: readonly [number, number, number, number]): ConstructedLayer => ({
  ...{ createdBy: '/bin/sh -c #(nop) ADD file:5a1bc2 in / ', size: 100_000_000, system },
});
const install: ConstructedLayer = {
  ...{ createdBy: 'RUN /bin/sh -c apt-get update && apt-get install -y curl # buildkit', size: 48_000_000 },
  system: [3, 12, 0, 0],
};
const text = (from: string) => `FROM ${from}\nRUN apt-get update && apt-get install -y curl\nCOPY . /app\n`;
const copy: ConstructedLayer = { createdBy: 'COPY . /app # buildkit', size: 1000 };

describe('scanLines', () => {
  const { attribution, built } = scan(text('node:14'), [base([20, 50, 0, 0]), install, copy]);
  const texts = (now: string) =>
    scanLines(attribution, built, buildModel(now)).map((line) => [line.line + 1, lineText(line)] as const);

  it('says in one line what an instruction brought', () => {
    assert.deepEqual(texts(built.text), [
      [1, '20 critical, 50 high (35 fixable) · 100 MB'],
      [2, '3 critical, 12 high (8 fixable) · 48 MB'],
      [3, ''],
    ]);
  });

  it('says what of the bytes later lines waste', () => {
    const none = { layer: 2, removed: 0, files: 1, largest: [] };
    const waste = wasteOfShares(attribution, [
      { bytes: 5_000_000, by: [{ ...none, layer: 1, bytes: 5_000_000 }] },
      {
        bytes: 12_000_000,
        by: [{ ...none, bytes: 12_000_000, removed: 12_000_000, largest: [{ path: '/x', size: 12e6 }] }],
      },
      { bytes: 0, by: [] },
    ]);
    const lines = scanLines(attribution, built, built);
    assert.deepEqual(
      lines.map((line) => lineText(line, { waste })),
      [
        '20 critical, 50 high (35 fixable) · 100 MB · 5.0 MB of it replaced by line 2',
        '3 critical, 12 high (8 fixable) · 48 MB · 12 MB of it removed by line 3',
        '',
      ],
    );
    assert.deepEqual(wasteRemarks(waste[1]), ['The largest of what is removed: /x (12 MB).']);
    assert.deepEqual(wasteRemarks(waste[2]), []);
  });

  it('moves with edits, marks what was changed and drops what is gone', () => {
    const now = built.text.replace('curl', 'curl git').replace('RUN', '\n# tools\nRUN').replace('COPY . /app\n', '');
    assert.deepEqual(texts(now), [
      [1, '20 critical, 50 high (35 fixable) · 100 MB'],
      [4, '3 critical, 12 high (8 fixable) · 48 MB · changed since the scan'],
    ]);
  });

  it('shows names of variables, never their values', () => {
    const dockerfile = buildModel('FROM a\nARG TOKEN=abc\nENV KEY=secret OTHER="more"\n');
    const shown = dockerfile.instructions.map((instruction) =>
      instructionText(dockerfile, {
        keyword: instruction.keyword,
        lines: [1, 1],
        range: instruction.range,
        stage: '0',
      }),
    );
    assert.deepEqual(shown, ['FROM a', 'ARG TOKEN', 'ENV KEY OTHER']);
  });
});
