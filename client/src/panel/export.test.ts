import assert from 'node:assert/strict';
import type { ScanFinding, ScanReport } from '../../../server/src/scan/report.ts';
import { countsInWords, toMarkdown, toSarif } from './export.ts';

const openssl: ScanFinding = {
  kind: 'vulnerability',
  id: 'CVE-2024-1',
  severity: 'critical',
  package: 'openssl',
  installedVersion: '3.0.11',
  fixedVersion: '3.0.13',
  status: 'fixed',
  title: 'Use after free',
  url: 'https://avd.aquasec.com/nvd/cve-2024-1',
  references: [],
  target: 'debian 12',
  cvssScore: 9.8,
};

const hostile: ScanFinding = {
  kind: 'secret',
  id: 'key|<b>',
  severity: 'high',
  title: 'A [key](javascript:alert(1))',
  references: [],
  target: 'a|b\n`c`',
  path: 'a|b\n`c`',
  line: 2,
};

const report: ScanReport = {
  schemaVersion: 2,
  trivyVersion: '0.74.0',
  image: {
    name: 'shop:1',
    id: 'sha256:0123456789abcdef',
    tags: [],
    digests: [],
    size: 142_000_000,
    os: { family: 'debian', name: '12.5', endOfLife: false },
    diffIds: [],
    layers: [],
    history: [],
    config: { env: [], entrypoint: [], cmd: [], labels: {} },
  },
  findings: [openssl, hostile],
  suppressed: 0,
};

const when = new Date('2026-08-21T12:34:56Z');

describe('counts in words', () => {
  it('name what there is', () => {
    assert.equal(countsInWords({ critical: 3, high: 0, medium: 0, low: 1, unknown: 0 }), '3 critical, 1 low');
    assert.equal(countsInWords({ critical: 0, high: 0, medium: 0, low: 0, unknown: 0 }), 'no findings');
  });
});

describe('Markdown', () => {
  it('has a summary and a table', () => {
    assert.equal(
      toMarkdown(report, [openssl], when),
      `## shop:1

id \`sha256:0123456789ab\` · debian 12.5 · 142 MB uncompressed · scanned 2026-08-21 12:34 UTC · Trivy 0.74.0

**1 critical, 1 high** (1 fixable)

Showing 1 finding.

| Severity | Id | Package | Installed | Fixed in | Status |
| --- | --- | --- | --- | --- | --- |
| critical | [CVE-2024-1](https://avd.aquasec.com/nvd/cve-2024-1) | openssl | 3.0.11 | 3.0.13 | fixed |
`,
    );
  });

  it('lets no foreign text become markup', () => {
    const row = toMarkdown(report, [hostile], when).trimEnd().split('\n').at(-1);
    assert.equal(row, String.raw`| high | key\|\<b\> | a\|b \`c\`:2 |  |  | secret |`);
  });

  it('keeps a link from ending early', () => {
    const tricky = { ...openssl, url: 'https://example.com/a)b(c' };
    assert.match(toMarkdown(report, [tricky], when), /\(https:\/\/example\.com\/a%29b%28c\)/);
  });

  it('stops at a thousand rows and says so', () => {
    const text = toMarkdown(
      report,
      Array.from({ length: 1200 }, () => openssl),
      when,
    );
    assert.equal(text.match(/^\| critical/gm)?.length, 1000);
    assert.match(text, /… and 200 more findings\.\n$/);
  });
});

describe('SARIF', () => {
  it('points at the Dockerfile and lists each rule once', () => {
    const { runs, version } = JSON.parse(
      toSarif({ ...report, findings: [openssl, openssl, hostile] }, 'my shop/Dockerfile', 5),
    );
    assert.equal(version, '2.1.0');
    const [run] = runs;
    assert.deepEqual(
      run.tool.driver.rules.map(({ id }: { id: string }) => id),
      ['CVE-2024-1', 'key|<b>'],
    );
    assert.equal(run.tool.driver.rules[0].properties['security-severity'], '9.8');
    assert.equal(run.results.length, 3);
    const [result] = run.results;
    assert.equal(result.ruleIndex, 0);
    assert.equal(result.level, 'error');
    assert.equal(result.message.text, 'openssl 3.0.11: Use after free (fixed in 3.0.13)');
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.equal(artifactLocation.uri, 'my%20shop/Dockerfile');
    assert.equal(region.startLine, 5);
  });
});
