import assert from 'node:assert/strict';
import { readReport } from '../scan/readReport.ts';
import type { ScanReport } from '../scan/report.ts';
import { trivyReport } from '../../../test/helpers/trivyFixtures.ts';
import { exportSarif, sarifPieces } from './exportSarif.ts';

const options = { scannedAt: new Date('2026-08-21T12:00:00Z'), trivyVersion: '0.74.0', version: '1.2.3' };

function report(name: string): ScanReport {
  const reading = readReport(trivyReport(name));
  assert.ok(reading.report);
  return reading.report;
}

const sarifOf = (name: string) => JSON.parse(exportSarif(report(name), options)).runs[0];

describe('exportSarif', () => {
  it('has a result for each finding and a rule for each id', () => {
    const sarif = JSON.parse(exportSarif(report('alpine-310'), options));
    assert.equal(sarif.version, '2.1.0');
    const [run] = sarif.runs;
    assert.equal(run.results.length, 4);
    const ids = run.tool.driver.rules.map((rule: { id: string }) => rule.id);
    assert.deepEqual(ids, [...new Set(ids)]);
    for (const result of run.results) assert.equal(ids[result.ruleIndex], result.ruleId);
    const [first] = run.results;
    assert.equal(first.ruleId, 'CVE-2019-1549');
    assert.equal(first.level, 'warning');
    assert.match(first.message.text, /^libcrypto1\.1 1\.1\.1c-r0: .*; fixed in 1\.1\.1d-r0\.$/);
    assert.equal(run.tool.driver.rules[0].properties['security-severity'], '5.3');
    assert.equal(first.locations[0].message.text, 'Layer 1 of 1');
    assert.equal(run.tool.extensions[0].version, '0.74.0');
    assert.equal(run.invocations[0].endTimeUtc, '2026-08-21T12:00:00.000Z');
  });

  it('is whole JSON in pieces, whatever the texts say', () => {
    const [finding] = report('alpine-310').findings;
    const hostile = '\n          "rules": []\n      "results": []';
    const many = Array.from({ length: 2500 }, (_, at) => ({ ...finding!, id: `CVE-${at % 1200}`, title: hostile }));
    const image = { ...report('alpine-310').image, name: hostile };
    const pieces = [
      ...sarifPieces({ ...report('alpine-310'), image, findings: many }, { ...options, version: hostile }),
    ];
    assert.ok(pieces.length > 5);
    const [run] = JSON.parse(pieces.join('')).runs;
    assert.deepEqual([run.results.length, run.tool.driver.rules.length], [2500, 1200]);
    assert.equal(run.results[2499].ruleIndex, 99);
    assert.equal(run.properties.image, hostile);
    assert.deepEqual(JSON.parse(exportSarif({ ...report('alpine-310'), findings: [] }, options)).runs[0].results, []);
  });

  it('points at files in the image, never outside', () => {
    const uris = (name: string) => sarifOf(name).results.map((result: Located) => uriOf(result));
    assert.deepEqual(
      new Set(uris('spring4shell-jre8')),
      new Set(['usr/local/tomcat/webapps/helloworld.war/WEB-INF/lib/spring-beans-5.3.15.jar']),
    );
    assert.equal(uris('alpine-310')[0], 'ghcr.io/aquasecurity/trivy-test-images%3Aalpine-310');
    const base = report('secrets');
    const [secret] = base.findings;
    assert.ok(secret);
    const hostile = { ...base, findings: [{ ...secret, path: '../../a b/%2e\\c:d?x#y' }] };
    const [result] = JSON.parse(exportSarif(hostile, options)).runs[0].results;
    assert.equal(uriOf(result), 'a%20b/%252e/c%3Ad%3Fx%23y');
    assert.equal(result.locations[0].physicalLocation.region.startLine, 3);
  });

  it('tells results apart, and again in the next scan of an image with another tag', () => {
    const fingerprints = (name: string, tag: string) => {
      const text = trivyReport(name).replaceAll(/cs:buildkit|trivy-test-images:alpine-310/g, (old) => `${old}-${tag}`);
      const { report: read } = readReport(text);
      const { results } = JSON.parse(exportSarif(read!, options)).runs[0];
      return results.map((result: { partialFingerprints: object }) => Object.values(result.partialFingerprints)[0]);
    };
    for (const name of ['alpine-310', 'config-secrets-buildkit']) {
      const first: string[] = fingerprints(name, 'a1');
      assert.deepEqual(fingerprints(name, 'b2'), first);
      assert.equal(new Set(first).size, first.length);
      assert.doesNotMatch(first.join(), /a1/);
    }
  });

  it('gives what code scanning wants of a rule', () => {
    for (const rule of sarifOf('config-secrets-buildkit').tool.driver.rules) {
      assert.ok(rule.shortDescription.text && rule.fullDescription.text && rule.help.text, rule.id);
      assert.match(rule.properties['security-severity'], /^\d+\.\d$/);
    }
    assert.match(sarifOf('alpine-310').tool.driver.rules[0].help.text, /\n\nhttps:\/\/\S+$/);
  });

  it('takes the worst of too many findings, in their order', () => {
    const [finding] = report('alpine-310').findings;
    const findings = (['low', 'high', 'low', 'critical', 'high'] as const).map((severity, index) => ({
      ...finding!,
      severity,
      id: `CVE-${index}`,
    }));
    const places: number[] = [];
    const placeOf = (index: number) => void places.push(index);
    const sarif = exportSarif({ ...report('alpine-310'), findings }, { ...options, most: 4, placeOf });
    const [run] = JSON.parse(sarif).runs;
    const ids = run.results.map(({ ruleId }: { ruleId: string }) => ruleId);
    assert.deepEqual(ids, ['CVE-0', 'CVE-1', 'CVE-3', 'CVE-4']);
    assert.deepEqual(places, [0, 1, 3, 4]);
    assert.equal(run.tool.driver.rules.length, 4);
  });

  it('shows nothing of a secret', () => {
    assert.doesNotMatch(exportSarif(report('secrets'), options), /ghp_|AWS_ACCESS_KEY_ID=/);
  });

  it('writes an empty report as an empty run', () => {
    const run = JSON.parse(exportSarif({ ...report('alpine-310'), findings: [] }, options)).runs[0];
    assert.deepEqual(run.results, []);
    assert.deepEqual(run.tool.driver.rules, []);
  });
});

interface Located {
  readonly locations: readonly { readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } } }[];
}

function uriOf(result: Located): string | undefined {
  return result.locations[0]?.physicalLocation.artifactLocation.uri;
}
