import assert from 'node:assert/strict';
import { readReport } from '../../../server/src/scan/readReport.ts';
import type { ScanFinding, ScanReport } from '../../../server/src/scan/report.ts';
import { constructScan } from '../../../test/helpers/constructedScan.ts';
import { atOnce } from '../../../server/src/scan/turns.ts';
import { compareBases, comparisonView, compareWithBefore } from './comparison.ts';
import { defaultQuery, type Difference } from './findings.ts';
import { ResultTables } from './resultTables.ts';

const { report } = readReport(
  JSON.stringify(constructScan([{ createdBy: 'ADD file:1 in /', size: 1, system: [1, 2, 0, 0] }]).report),
);
assert.ok(report);
const [first, second, third] = report.findings as [ScanFinding, ScanFinding, ScanFinding];

function of(findings: readonly ScanFinding[]): ScanReport {
  return { ...report!, findings };
}

function idsOf(tables: ResultTables, difference: Difference): string[] {
  const selection = tables.select({ ...defaultQuery, difference });
  return tables.rows(selection, 0, 100).map(({ id }) => id);
}

describe('a comparison', () => {
  const renewed = { ...second, installedVersion: '9' };
  const after = of([renewed, third]);
  const tables = new ResultTables(after);
  tables.setComparison(atOnce(compareWithBefore(of([first, second]), after, 'x')));

  it('lists what is new, what is gone and what stays', () => {
    assert.deepEqual(idsOf(tables, 'new'), [third.id]);
    assert.deepEqual(idsOf(tables, 'fixed'), [first.id]);
    assert.deepEqual(idsOf(tables, 'stays'), [second.id]);
    assert.equal(tables.select(defaultQuery).findings.length, 2);
  });

  it('says when a report was not read to its end', () => {
    const cut = { ...of([first]), isPartial: true as const };
    for (const [before, now] of [
      [cut, after],
      [after, cut],
    ] as const) {
      const { title } = atOnce(compareWithBefore(before, now, 'Compared with x'));
      assert.equal(title, 'Compared with x, though not all of the reports could be read');
    }
    assert.equal(atOnce(compareWithBefore(after, after, 'x')).title, 'x');
  });

  it('tells the version there was', () => {
    const [row] = tables.rows(tables.select({ ...defaultQuery, difference: 'stays' }), 0, 1);
    assert.match(row!.status, new RegExp(` · was ${second.installedVersion}$`));
  });

  it('has details of what is gone, under a number of its own', () => {
    const [row] = tables.rows(tables.select({ ...defaultQuery, difference: 'fixed' }), 0, 1);
    assert.equal(row!.finding, 2);
    assert.equal(tables.finding(2), first);
    const details = tables.details(2)!;
    assert.deepEqual([details.finding, details.canIgnore, details.hasLine], [2, false, false]);
    assert.equal(tables.shareOf(2), -1);
    assert.equal(tables.finding(3), undefined);
  });

  it('searches and sorts what is gone like everything else', () => {
    const select = (search: string) => tables.select({ ...defaultQuery, difference: 'fixed', search }).findings.length;
    assert.deepEqual([select(first.package!), select('nothing such')], [1, 0]);
  });

  it('counts by severity', () => {
    const { parts } = comparisonView(tables.comparison!, after);
    assert.deepEqual(
      parts.map(({ difference, total, counts }) => [difference, total, counts.critical, counts.high]),
      [
        ['new', 1, 0, 1],
        ['fixed', 1, 1, 0],
        ['stays', 1, 0, 1],
      ],
    );
  });

  it('of base images leaves out what they did not bring', () => {
    const whole = of([first, second, third]);
    const other = of([renewed, { ...third, id: 'CVE-1' }]);
    const bases = new ResultTables(whole);
    bases.setComparison(atOnce(compareBases(whole, [0, 1], other, 'x')));
    assert.deepEqual(idsOf(bases, 'fixed'), [first.id]);
    assert.deepEqual(idsOf(bases, 'new'), ['CVE-1']);
    assert.deepEqual(idsOf(bases, 'stays'), [second.id]);
    assert.match(bases.rows(bases.select({ ...defaultQuery, difference: 'stays' }), 0, 1)[0]!.status, /becomes 9$/);
    bases.setComparison(undefined);
    assert.deepEqual(idsOf(bases, 'fixed'), []);
  });
});
