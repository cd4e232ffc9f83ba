import assert from 'node:assert/strict';
import { attribute, wasteOfShares } from '../../../server/src/attribution/index.ts';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import { readReport } from '../../../server/src/scan/readReport.ts';
import { constructScan } from '../../../test/helpers/constructedScan.ts';
import { defaultQuery, FindingsTable } from './findings.ts';
import { layersView, placementOf } from './lines.ts';

const { report } = readReport(
  JSON.stringify(
    constructScan([
      { createdBy: '/bin/sh -c #(nop) ADD file:5a1bc2 in / ', size: 100, system: [1, 2, 0, 0] },
      { createdBy: '|1 TOKEN=hush /usr/bin/thing', size: 50 },
      { createdBy: 'RUN |1 TOKEN=hush /bin/sh -c npm ci # buildkit', size: 40, npm: [0, 0, 2, 0] },
      { createdBy: 'COPY . /app # buildkit', size: 3, secret: '/app/.env' },
    ]).report,
  ),
);
assert.ok(report);
const built = buildModel('FROM node:22\nARG TOKEN\nRUN npm ci\nCOPY . /app\n');
const lines = { attribution: attribute(report, built), built };

describe('the lines of a report', () => {
  it('gathers the base image in one row, and counts by line', () => {
    const { rows, problem } = layersView(report, lines, new Set([1]));
    assert.equal(problem, undefined);
    assert.deepEqual(
      rows.map((row) => [row.lines, row.text, row.size, row.total, row.secrets, row.changed]),
      [
        ['1', 'Base image node:22', 150, 3, 0, false],
        ['3', 'RUN npm ci', 40, 2, 0, true],
        ['4', 'COPY . /app', 3, 1, 1, false],
      ],
    );
    assert.equal(rows[0]?.base?.length, 2);
  });

  it('says what later lines waste once somebody has looked, and before that what looking costs', () => {
    assert.deepEqual(
      [layersView(report, lines, new Set()).wasteCost, layersView(report, lines, new Set()).waste],
      [193, undefined],
    );
    const by = (layer: number, bytes: number) => ({
      layer,
      bytes,
      removed: bytes,
      files: 1,
      largest: [{ path: '/x', size: bytes }],
    });
    const waste = wasteOfShares(lines.attribution, [
      { bytes: 700_000, by: [by(1, 300_000), by(3, 400_000)] },
      { bytes: 0, by: [] },
      { bytes: 90_000, by: [by(3, 90_000)] },
      { bytes: 0, by: [] },
    ]);
    const view = layersView(report, { ...lines, waste }, new Set());
    assert.equal(view.wasteCost, undefined);
    assert.match(view.waste ?? '', /^790 kB of 193 B .* are in the image for nothing/);
    assert.deepEqual(
      view.rows.map((row) => [row.waste, row.wastedFiles]),
      [
        ['400 kB of it removed by line 4 · 300 kB wasted inside the base image', '/x (400 kB)'],
        ['', ''],
        ['', ''],
      ],
    );
  });

  it('sends no value of a build argument to the page', () => {
    assert.doesNotMatch(JSON.stringify(layersView(report, lines, new Set())), /hush/);
  });

  it('says so when the image is of another Dockerfile', () => {
    const other = buildModel('FROM alpine\nRUN apk add vim git make\nCOPY --chown=1 x /y\nRUN make world\n');
    const view = layersView(report, { attribution: attribute(report, other), built: other }, new Set());
    assert.match(view.problem ?? '', /not built from this Dockerfile/);
    assert.equal(view.rows.length, 4);
    assert.doesNotMatch(JSON.stringify(view), /hush/);
  });

  it('filters, sorts and labels findings by line', () => {
    const table = new FindingsTable(report, placementOf(lines));
    const select = (query: object) => [...table.select({ ...defaultQuery, ...query }).findings];
    assert.equal(select({ group: { by: 'line', key: '1' } }).length, 2);
    assert.equal(select({ group: { by: 'package', key: 'lodash' } }).length, 1);
    assert.equal(table.whereOf(select({ group: { by: 'line', key: '1' } })[0]!), 'line 3 · RUN npm ci');
    const byLine = select({ sort: { column: 'layer', descending: false } });
    assert.deepEqual(
      byLine.map((position) => table.shareOf(position)),
      [0, 0, 0, 1, 1, 2],
    );
    table.setDifference(new Map([[byLine[5]!, 'new']]), new Map());
    assert.deepEqual(select({ difference: 'new' }), [byLine[5]]);
  });

  it('puts the package with the worst findings first', () => {
    const groups = new FindingsTable(report).groups('package');
    assert.deepEqual(
      groups.map(({ label, total }) => [label, total]),
      [
        ['openssl', 2],
        ['/app/.env:1', 1],
        ['glibc', 1],
        ['lodash', 1],
        ['minimist', 1],
      ],
    );
  });
});
