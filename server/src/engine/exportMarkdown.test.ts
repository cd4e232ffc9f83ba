import assert from 'node:assert/strict';
import { readReport } from '../scan/readReport.ts';
import type { ScanFinding, ScanReport } from '../scan/report.ts';
import { trivyReport } from '../../../test/helpers/trivyFixtures.ts';
import { exportMarkdown } from './exportMarkdown.ts';

const options = {
  scannedAt: new Date('2026-08-21T12:00:00Z'),
  trivyVersion: '0.74.0',
  databaseUpdatedAt: '2026-08-21T06:31:09Z',
};

function report(name: string): ScanReport {
  const reading = readReport(trivyReport(name));
  assert.ok(reading.report);
  return reading.report;
}

describe('exportMarkdown', () => {
  it('tells the facts, then the findings, worst first', () => {
    assert.equal(
      exportMarkdown(report('alpine-310'), { ...options, maximumRows: 3 }),
      `## Scan of \`ghcr.io/aquasecurity/trivy-test-images:alpine-310\`

- Image: \`sha256:961769676411f082461f9ef46626dd7a2d1e2b2a38e6a44364bcbecf51e66dd4\`
- System: alpine 3.10.2, **past its end of support**
- Scanned: 2026-08-21T12:00:00.000Z, Trivy 0.74.0, database of 2026-08-21
- Found: 4 medium (4 with a fixed version)

| Severity | Id | Package | Installed | Fixed in | Where |
| --- | --- | --- | --- | --- | --- |
| medium | [CVE-2019-1549](<https://avd.aquasec.com/nvd/cve-2019-1549>) | libcrypto1.1 | 1.1.1c-r0 | 1.1.1d-r0 | testdata/fixtures/images/alpine-310.tar.gz \\(alpine 3.10.2\\) |
| medium | [CVE-2019-1551](<https://avd.aquasec.com/nvd/cve-2019-1551>) | libcrypto1.1 | 1.1.1c-r0 | 1.1.1d-r2 | testdata/fixtures/images/alpine-310.tar.gz \\(alpine 3.10.2\\) |
| medium | [CVE-2019-1549](<https://avd.aquasec.com/nvd/cve-2019-1549>) | libssl1.1 | 1.1.1c-r0 | 1.1.1d-r0 | testdata/fixtures/images/alpine-310.tar.gz \\(alpine 3.10.2\\) |

… and 1 more.
`,
    );
  });

  it('says when nothing was found, and what was hidden', () => {
    const text = exportMarkdown({ ...report('npm-with-suppressed'), findings: [] }, options);
    assert.match(text, /- Found: nothing\n- Hidden by ignore rules: 1\n$/);
  });

  it('puts a reason where there is no fixed version', () => {
    assert.match(exportMarkdown(report('centos-7'), options), /\| will not fix \|/);
  });

  it('lets no foreign text become markup', () => {
    const finding: ScanFinding = {
      kind: 'vulnerability',
      id: 'CVE-1](javascript:alert)',
      severity: 'high',
      package: '<img src=x onerror=alert(1)> | `a` **b** @team #1 https://x.example',
      installedVersion: 'a\nb',
      url: 'https://a.example/x|y>z',
      references: [],
      target: '![x](https://x.example/y)',
    };
    const text = exportMarkdown({ ...report('alpine-310'), findings: [finding] }, options);
    const line = text.split('\n').find((candidate) => candidate.startsWith('| high'));
    assert.ok(line);
    assert.doesNotMatch(line, /(?<!\\)<img|(?<!\\)`|(?<!\\)\*\*|@t|https:\/\/x/);
    assert.equal(line.split(/(?<!\\)\|/).length, 8);
    assert.match(line, /\(<https:\/\/a\.example\/x%7Cy%3Ez>\)/);
    assert.match(line, /\| a b \|/);
  });
});
