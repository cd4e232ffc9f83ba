import assert from 'node:assert/strict';
import type { ScanFinding, Severity } from '../../../server/src/scan/report.ts';
import { cpuTime } from '../../../test/helpers/cpuTime.ts';
import { type Column, defaultQuery, FindingsTable, type Query, statusOf, subjectOf } from './findings.ts';

const finding = (id: string, severity: Severity, more: Partial<ScanFinding> = {}): ScanFinding => ({
  kind: 'vulnerability',
  id,
  severity,
  references: [],
  target: 'debian 12',
  package: 'zlib1g',
  installedVersion: '1.2.13',
  status: 'affected',
  ...more,
});

const fixed = { status: 'fixed', fixedVersion: '3.0.13' } as const;

const findings: ScanFinding[] = [
  finding('CVE-2024-10000', 'low', { package: 'tar' }),
  finding('CVE-2024-999', 'critical', {
    package: 'openssl',
    title: 'Use after free',
    ...fixed,
    layerDiffId: 'sha256:b',
  }),
  finding('CVE-2023-1', 'critical', { package: 'Curl', layerDiffId: 'sha256:a' }),
  finding('aws-key', 'high', { kind: 'secret', path: '/app/.env', line: 3, target: '/app/.env' }),
];

const image = {
  name: 'shop',
  tags: [],
  digests: [],
  diffIds: ['sha256:a', 'sha256:b'],
  layers: [{ diffId: 'sha256:b', createdBy: 'RUN /bin/sh -c apt-get install openssl # buildkit' }],
  history: [],
  config: { env: [], entrypoint: [], cmd: [], labels: {} },
};

const table = () => {
  // A secret has no package.
  const { package: _package, installedVersion: _installed, ...secret } = findings[3]!;
  return new FindingsTable({ findings: [...findings.slice(0, 3), secret], image });
};

const query = (part: Partial<Query>): Query => ({ ...defaultQuery, ...part });
const select = (part: Partial<Query>) => [...table().select(query(part)).findings];
const sorted = (column: Column, descending = false) => select({ sort: { column, descending } });

describe('the table of findings', () => {
  it('starts with the worst, and among those with what can be fixed', () => {
    assert.deepEqual(sorted('severity'), [1, 2, 3, 0]);
    assert.deepEqual(sorted('severity', true), [0, 3, 2, 1]);
  });

  it('sorts numbers in ids by value', () => {
    assert.deepEqual(sorted('id'), [3, 2, 1, 0]);
  });

  it('sorts packages without regard to case, secrets by their file', () => {
    assert.deepEqual(sorted('package'), [3, 2, 1, 0]);
  });

  it('sorts by versions with fixable findings first', () => {
    assert.equal(sorted('versions')[0], 1);
  });

  it('sorts by layer in the order of the image, findings without one last', () => {
    assert.deepEqual(sorted('layer'), [2, 1, 3, 0]);
  });

  it('filters by severity and still counts what is hidden', () => {
    const { findings: shown, counts } = table().select(query({ severities: ['low'] }));
    assert.deepEqual([...shown], [0]);
    assert.deepEqual(counts, { critical: 2, high: 1, medium: 0, low: 1, unknown: 0 });
  });

  it('counts only what the search and the fixable switch let through', () => {
    const { counts } = table().select(query({ fixableOnly: true }));
    assert.deepEqual(counts, { critical: 1, high: 0, medium: 0, low: 0, unknown: 0 });
  });

  it('finds all words, in any field and any case', () => {
    assert.deepEqual(select({ search: 'OPENSSL free' }), [1]);
    assert.deepEqual(select({ search: '.env' }), [3]);
    assert.deepEqual(select({ search: 'no fix yet' }), [2, 0]);
    assert.deepEqual(select({ search: 'openssl tar' }), []);
    assert.deepEqual(select({ search: '   ' }), [1, 2, 3, 0]);
  });

  it('hands out rows in parts', () => {
    const view = table();
    const selection = view.select(defaultQuery);
    const rows = (offset: number, count: number) =>
      [...selection.findings.subarray(offset, offset + count)].map((position) => view.row(position));
    assert.deepEqual(rows(0, 1), [
      {
        finding: 1,
        severity: 'critical',
        id: 'CVE-2024-999',
        subject: 'openssl',
        installed: '1.2.13',
        fixed: '3.0.13',
        status: 'fixed',
        layer: '2 · RUN apt-get install openssl',
      },
    ]);
    assert.deepEqual(
      rows(3, 100).map(({ id }) => id),
      ['CVE-2024-10000'],
    );
    assert.deepEqual(rows(99, 100), []);
  });

  it('answers about 100,000 findings at once', () => {
    const many = Array.from({ length: 100_000 }, (_, index) => finding(`CVE-2024-${index}`, 'medium'));
    const large = new FindingsTable({ findings: many, image });
    const asked = query({ search: 'cve-2024-99999', sort: { column: 'id', descending: true } });
    const spent = cpuTime(() => assert.deepEqual([...large.select(asked).findings], [99_999]));
    assert.ok(spent < 5000, `${spent} ms`);
  });
});

describe('a finding in words', () => {
  it('names the line of a secret', () => {
    assert.equal(subjectOf(table().finding(3)!), '/app/.env:3');
  });

  it('says what it is when it is no vulnerability', () => {
    assert.equal(statusOf(findings[3]!), 'secret');
    assert.equal(statusOf(findings[0]!), 'no fix yet');
  });
});
