import assert from 'node:assert/strict';
import { cpuTime } from '../../../test/helpers/cpuTime.ts';
import { trivyReport } from '../../../test/helpers/trivyFixtures.ts';
import { type ReportReading, readReport, readReportValue } from './readReport.ts';
import { countBySeverity, isFixable, type ScanReport } from './report.ts';

function reportOf(reading: ReportReading): ScanReport {
  assert.ok(reading.report, 'a report was expected');
  return reading.report;
}

function vulnerability(fields: Record<string, unknown>): ReportReading {
  return readReportValue({
    SchemaVersion: 2,
    Results: [{ Target: 'x', Vulnerabilities: [{ VulnerabilityID: 'CVE-1', ...fields }] }],
  });
}

const messages = (reading: ReportReading) => reading.problems.map((problem) => problem.message).join('\n');

describe('readReport', () => {
  describe('recorded reports', () => {
    it('reads an image with an operating system past its end of life', () => {
      const reading = readReport(trivyReport('alpine-310'));
      const report = reportOf(reading);
      assert.deepEqual(reading.problems, []);
      assert.equal(report.schemaVersion, 2);
      assert.equal(report.trivyVersion, 'dev');
      assert.equal(report.image.name, 'ghcr.io/aquasecurity/trivy-test-images:alpine-310');
      assert.equal(report.image.id, 'sha256:961769676411f082461f9ef46626dd7a2d1e2b2a38e6a44364bcbecf51e66dd4');
      assert.deepEqual(report.image.os, { family: 'alpine', name: '3.10.2', endOfLife: true });
      assert.equal(report.image.size, 5_843_968);
      assert.equal(report.image.created, '2019-08-20T20:19:55.211423266Z');
      assert.deepEqual(report.image.config.cmd, ['/bin/sh']);
      assert.equal(report.image.layers.length, 1);
      assert.match(report.image.layers[0]?.createdBy ?? '', /ADD file:/);
      const first = report.findings[0];
      assert.equal(first?.id, 'CVE-2019-1549');
      assert.equal(first?.package, 'libcrypto1.1');
      assert.equal(first?.fixedVersion, '1.1.1d-r0');
      assert.equal(first?.status, 'fixed');
      assert.equal(first?.severity, 'medium');
      assert.equal(first?.cvssScore, 5.3);
      assert.equal(first?.url, 'https://avd.aquasec.com/nvd/cve-2019-1549');
      assert.equal(first?.class, 'os-pkgs');
      assert.equal(first?.type, 'alpine');
      assert.equal(first?.layerDiffId, report.image.diffIds[0]);
    });

    it('knows a layer by the digest that a registry has of it', () => {
      const layers = [
        { Digest: 'sha256:packed' },
        { Digest: 'sha256:one' },
        { Digest: 'sha256:other', DiffID: '' },
        {},
      ];
      const reading = readReportValue({
        SchemaVersion: 2,
        Metadata: { DiffIDs: ['sha256:one'], Layers: [{ Digest: 'sha256:packed', DiffID: 'sha256:one' }] },
        Results: [{ Target: 'x', Vulnerabilities: layers.map((Layer) => ({ VulnerabilityID: 'CVE-1', Layer })) }],
      });
      assert.deepEqual(
        reportOf(reading).findings.map(({ layerDiffId }) => layerDiffId),
        ['sha256:one', 'sha256:one', undefined, undefined],
      );
    });

    it('ties findings to the layer that brought them', () => {
      const report = reportOf(readReport(trivyReport('spring4shell-jre8')));
      const finding = report.findings.find((candidate) => candidate.id === 'CVE-2022-22965');
      const layer = report.image.layers.findIndex((candidate) => candidate.diffId === finding?.layerDiffId);
      assert.equal(layer, report.image.layers.length - 1);
      assert.match(report.image.layers[layer]?.createdBy ?? '', /COPY/);
      assert.equal(report.image.history.length, 25);
    });

    it('reads every kind of finding, and nothing of the secret itself', () => {
      const secrets = reportOf(readReport(trivyReport('secrets')));
      assert.deepEqual(
        secrets.findings.map((finding) => [finding.kind, finding.id, finding.severity, finding.line]),
        [
          ['secret', 'aws-access-key-id', 'critical', 3],
          ['secret', 'mysecret', 'high', 7],
        ],
      );
      assert.doesNotMatch(JSON.stringify(secrets), /ghp_|AWS_ACCESS_KEY_ID|\*{5}/);

      const misconfiguration = reportOf(readReport(trivyReport('dockerfile'))).findings[0];
      assert.equal(misconfiguration?.kind, 'misconfiguration');
      assert.equal(misconfiguration?.id, 'DS-0002');
      assert.match(misconfiguration?.resolution ?? '', /USER/);
    });

    it('counts what was suppressed', () => {
      assert.equal(reportOf(readReport(trivyReport('npm-with-suppressed'))).suppressed, 1);
      const modified = (Statement: string | undefined, Source: unknown) => ({
        Type: 'vulnerability',
        Statement,
        Source,
      });
      const entries = [
        modified('never called', '/w/.trivyignore.yaml'),
        modified(undefined, 'C:\\w\\vex.json'),
        modified('never called', '/plimsoll/input/ignoreFile-.trivyignore.yaml'),
        modified('', 7),
        null,
      ];
      const text = JSON.stringify({ SchemaVersion: 2, Results: [{ ExperimentalModifiedFindings: entries }] });
      assert.deepEqual(reportOf(readReport(text)).suppressedFor, [
        { reason: 'never called (.trivyignore.yaml)', count: 2 },
        { reason: 'without a reason', count: 2 },
        { reason: 'without a reason (vex.json)', count: 1 },
      ]);
    });

    it('keeps what the vendor says about a fix', () => {
      const stretch = reportOf(readReport(trivyReport('debian-stretch')));
      assert.ok(stretch.findings.some((finding) => finding.status === 'end_of_life' && !isFixable(finding)));
      const centos = reportOf(readReport(trivyReport('centos-7')));
      assert.ok(centos.findings.some((finding) => finding.status === 'will_not_fix'));
    });

    it('reads an image without an operating system', () => {
      assert.equal(reportOf(readReport(trivyReport('busybox-with-lockfile'))).image.os, undefined);
    });

    it('is plain data', () => {
      for (const name of ['alpine-310', 'ubi-7-comprehensive', 'fluentd-gems']) {
        const report = reportOf(readReport(trivyReport(name)));
        assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
      }
    });
  });

  describe('other shapes', () => {
    it('takes an absent list of results for an empty one', () => {
      for (const results of [undefined, null, []]) {
        const reading = readReportValue({ SchemaVersion: 2, ArtifactName: 'scratch', Results: results });
        assert.deepEqual(reportOf(reading).findings, []);
        assert.deepEqual(reading.problems, []);
      }
    });

    it('takes null for nothing, everywhere', () => {
      const reading = readReportValue({
        SchemaVersion: 2,
        Metadata: {
          OS: null,
          DiffIDs: null,
          RepoTags: null,
          ImageConfig: { history: null, config: null },
          Layers: null,
        },
        Results: [{ Target: 'x', Vulnerabilities: null, Secrets: null, Misconfigurations: null }],
      });
      assert.deepEqual(reading.problems, []);
      assert.deepEqual(reportOf(reading).image.layers, []);
    });

    it('ignores fields it does not know', () => {
      const reading = vulnerability({ Sparkle: { Deep: [1] }, Severity: 'HIGH' });
      assert.equal(reportOf(reading).findings[0]?.severity, 'high');
      assert.deepEqual(reading.problems, []);
    });

    it('derives the status where an old version leaves it out', () => {
      assert.equal(reportOf(vulnerability({ FixedVersion: '2' })).findings[0]?.status, 'fixed');
      assert.equal(reportOf(vulnerability({})).findings[0]?.status, 'affected');
      assert.equal(reportOf(vulnerability({ Status: 'brand_new' })).findings[0]?.status, 'unknown');
    });

    it('reads the bare list that Trivy wrote before 0.20', () => {
      const reading = readReportValue([
        { Target: 'alpine:3', Vulnerabilities: [{ VulnerabilityID: 'CVE-1', Severity: 'LOW' }] },
      ]);
      assert.equal(reportOf(reading).findings.length, 1);
      assert.match(messages(reading), /before 0\.20/);
    });

    it('reads a later schema, and says so', () => {
      const reading = readReportValue({ SchemaVersion: 3, Results: [] });
      assert.equal(reportOf(reading).schemaVersion, 3);
      assert.match(messages(reading), /schema version 3/);
    });

    it('counts entries it cannot read, and keeps the others', () => {
      const reading = readReportValue({
        SchemaVersion: 2,
        Results: [7, { Target: 'x', Vulnerabilities: ['?', { PkgName: 'nameless' }, { VulnerabilityID: 'CVE-2' }] }],
      });
      assert.equal(reportOf(reading).findings.length, 1);
      assert.match(messages(reading), /3 entries/);
    });

    it('gives no instruction to layers when the history has another number of them', () => {
      const reading = readReportValue({
        SchemaVersion: 2,
        Metadata: { DiffIDs: ['sha256:1', 'sha256:2'], ImageConfig: { history: [{ created_by: 'ADD x /' }] } },
      });
      assert.deepEqual(reportOf(reading).image.layers, [{ diffId: 'sha256:1' }, { diffId: 'sha256:2' }]);
      assert.match(messages(reading), /names 1 layers, but it has 2/);
    });

    it('names an image by what it carries rather than by a path or an id', () => {
      const name = (ArtifactName: string, Metadata?: object) =>
        reportOf(readReportValue({ SchemaVersion: 2, ArtifactName, Metadata })).image.name;
      assert.equal(name('shop:1', { RepoTags: ['other:1'] }), 'shop:1');
      assert.equal(name('/tmp/image', { RepoTags: ['shop:1'] }), 'shop:1');
      assert.equal(name('C:\\tmp\\image.tar'), 'image.tar');
      assert.equal(name('0123456789ab', { Reference: 'ghcr.io/a/shop:1', RepoTags: ['shop:1'] }), 'ghcr.io/a/shop:1');
      assert.equal(name('0123456789ab'), '0123456789ab');
    });

    it('leaves out checks that passed, and spells their ids the current way', () => {
      const check = (ID: string, Status?: string) => ({ ID, Status, Severity: 'LOW' });
      const reading = readReportValue({
        SchemaVersion: 2,
        Results: [
          { Target: 'x', Misconfigurations: [check('DS002', 'FAIL'), check('DS003', 'PASS'), check('AVD-DS-0004')] },
        ],
      });
      assert.deepEqual(
        reportOf(reading).findings.map((finding) => finding.id),
        ['DS-0002', 'DS-0004'],
      );
    });
  });

  describe('damaged reports', () => {
    it('says what is wrong with a text that is no report', () => {
      for (const [text, message] of [
        ['', /empty/],
        ['  \n', /empty/],
        ['Segmentation fault', /not JSON/],
        ['\u0000\uFFFD\u0001', /not JSON/],
        ['42', /not a report/],
        ['null', /not a report/],
        ['{"a":1}', /not a report/],
        ['{"version":"2.1.0","runs":[]}', /SARIF/],
      ] as const) {
        const reading = readReport(text);
        assert.equal(reading.report, undefined, text);
        assert.match(messages(reading), message);
      }
    });

    it('reads a report between log lines and behind a byte order mark', () => {
      const text = trivyReport('alpine-310');
      assert.deepEqual(reportOf(readReport(`\uFEFF${text}`)), reportOf(readReport(text)));
      const reading = readReport(`2026-08-21T12:00:00Z\tINFO\tsomething {odd}\n${text}\nbye\n`);
      assert.deepEqual(reportOf(reading), reportOf(readReport(text)));
      assert.match(messages(reading), /other text/);
    });

    it('shows what a truncated report holds, and never half an entry', () => {
      const text = trivyReport('alpine-310');
      const whole = reportOf(readReport(text));
      let most = 0;
      const lengths = Array.from({ length: Math.ceil(text.length / 97) }, (_, index) => index * 97);
      for (const length of [...lengths, text.trimEnd().length - 1]) {
        const reading = readReport(text.slice(0, length));
        if (length > 1) assert.notEqual(reading.problems.length, 0, `at ${length}`);
        const findings = reading.report?.findings ?? [];
        assert.deepEqual(findings, whole.findings.slice(0, findings.length), `at ${length}`);
        most = Math.max(most, findings.length);
      }
      assert.equal(most, whole.findings.length);
    });

    it('never throws, whatever the types', () => {
      const odd: unknown[] = [
        null,
        true,
        -1,
        Number.POSITIVE_INFINITY,
        '',
        '\uD800',
        [],
        {},
        [[]],
        { toString: null },
        [{ a: { b: [null] } }],
      ];
      const keys = ['SchemaVersion', 'Trivy', 'CreatedAt', 'ArtifactName', 'ArtifactType', 'Metadata', 'Results'];
      for (const key of keys) for (const value of odd) readReportValue({ SchemaVersion: 2, [key]: value });
      for (const key of ['OS', 'ImageID', 'DiffIDs', 'RepoTags', 'ImageConfig', 'Layers', 'Size']) {
        for (const value of odd) readReportValue({ SchemaVersion: 2, Metadata: { [key]: value } });
      }
      for (const key of ['Severity', 'CVSS', 'References', 'Layer', 'PrimaryURL', 'PublishedDate', 'SeveritySource']) {
        for (const value of odd) vulnerability({ [key]: value });
      }
      vulnerability(JSON.parse('{"SeveritySource":"__proto__","CVSS":{"constructor":{}}}'));
    });
  });

  describe('hostile content', () => {
    it('keeps only https links', () => {
      const links = [
        'javascript:alert(1)',
        'http://a.example/',
        'data:text/html,x',
        'https://u:p@a.example/',
        '//a.example',
        ' ',
      ];
      for (const link of links) {
        const finding = reportOf(vulnerability({ PrimaryURL: link, References: [link, 'https://b.example/x'] }))
          .findings[0];
        assert.equal(finding?.url, undefined, link);
        assert.deepEqual(finding?.references, ['https://b.example/x']);
      }
    });

    it('takes out what would act instead of being read', () => {
      const name = '\u001B[31mred\u001B[0m\u0007 \u202Egnp\u2066.exe\u0000\uD800';
      const finding = reportOf(
        vulnerability({ PkgName: name, Title: '<img src=x onerror=alert(1)>', Description: 'a\n\tb' }),
      ).findings[0];
      assert.equal(finding?.package, 'red gnp.exe');
      assert.equal(finding?.title, '<img src=x onerror=alert(1)>');
      assert.equal(finding?.description, 'a\n\tb');
    });

    it('bounds the length of a text and the number of references', () => {
      const finding = reportOf(
        vulnerability({
          Description: 'x'.repeat(1_000_000),
          References: Array.from({ length: 1000 }, (_, index) => `https://a.example/${index}`),
        }),
      ).findings[0];
      assert.ok((finding?.description?.length ?? 0) <= 20_001);
      assert.equal(finding?.references.length, 50);
    });
  });

  it('takes time in proportion to the report', function () {
    this.timeout(60_000);
    const report = JSON.parse(trivyReport('debian-stretch'));
    const some = report.Results[0].Vulnerabilities;
    const time = (count: number) => {
      report.Results[0].Vulnerabilities = Array.from({ length: count }, (_, index) => some[index % some.length]);
      const text = JSON.stringify(report);
      return cpuTime(() => {
        const counts = countBySeverity(reportOf(readReport(text)).findings);
        assert.equal(
          Object.values(counts).reduce((a, b) => a + b),
          count,
        );
      });
    };
    time(1000);
    const [few, many] = [time(2000), time(20_000)];
    assert.ok(many < 50 * few + 500, `2,000 findings: ${few} ms, 20,000: ${many} ms`);
  });
});
