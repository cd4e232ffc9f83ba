import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { skip } from '../helpers/skip.ts';
import { tar } from '../helpers/tar.ts';
import { Folder, plimsoll } from './run.ts';

const recorded = join(repositoryRoot, 'test/fixtures/image-history/d28-bk-shell');
const report = join(recorded, 'trivy-constructed.json');
const dockerfile = join(recorded, 'Dockerfile');

describe('plimsoll scan', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('lists what each line brought, and what to change first', () => {
    const { code, stdout, stderr } = plimsoll(['scan', '--report', report, '--dockerfile', dockerfile]);
    assert.deepEqual([code, stderr], [1, '']);
    for (const expected of [
      /^case-shell:d28-bk \(debian 12\), 7 found: 2 critical, 2 high \(3 fixable\)$/m,
      /^4 of 7 come from the base image localbase:1 \(line 13\)$/m,
      /^line 22, COPY \(made in stage build, lines 5–11\) {2}1 high \(1 fixable\) · 3\.6 kB\n {2}high {2}CVE-2099-0005 {2}left-pad {2}1\.0\.0 → 1\.0\.1, 1\.1\.0$/m,
      /^without a line {2}1 low$/m,
      /^What to change first\n {2}1\. Take the secret out of line 21\n {5}1 secret in the layer/m,
      /^ {2}2\. Build again on a newer localbase:1\n(?: {5}.*\n)+ {5}Build with --pull, then scan again\.$/m,
    ]) {
      assert.match(stdout, expected);
    }
  });

  it('writes JSON with lines for each finding', () => {
    const { stdout } = plimsoll(['scan', '--report', report, '-f', dockerfile, '--format', 'json']);
    const scan = JSON.parse(stdout);
    assert.equal(scan.dockerfileMatches, true);
    const padding = scan.findings.find((finding: { package?: string }) => finding.package === 'left-pad');
    assert.deepEqual(
      [padding.lines, padding.kind, padding.confidence, padding.copiedFrom.lines],
      [[[22, 22]], 'copied', 'matched', [5, 11]],
    );
    const secret = scan.findings.find((finding: { category?: string }) => finding.category === 'secret');
    assert.deepEqual([secret.kind, padding.category], ['own', 'vulnerability']);
    const alone = JSON.parse(plimsoll(['scan', '--report', report, '--format', 'json']).stdout);
    assert.deepEqual(Object.keys(alone), ['image', 'counts', 'suppressed', 'findings']);
    assert.deepEqual([alone.findings[0].category, alone.findings[0].kind], ['vulnerability', undefined]);
    assert.equal(scan.base.counts.total, 4);
    assert.deepEqual([scan.advice[1].lines, scan.advice[1].rebuild], [[[13, 13]], 'pull']);
    assert.ok(stdout.includes(scan.advice[0].title) && scan.advice[0].detail.includes('--mount=type=secret'));
  });

  it('writes SARIF whose locations are lines of the Dockerfile', () => {
    const { stdout } = plimsoll(['scan', '--report', report, '-f', 'Dockerfile', '--format', 'sarif'], {
      cwd: recorded,
    });
    const { results } = JSON.parse(stdout).runs[0];
    assert.deepEqual(results[0].locations, [
      { physicalLocation: { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 13, endLine: 13 } } },
    ]);
    assert.equal(
      results[4].relatedLocations[0].physicalLocation.artifactLocation.uri,
      'app/node_modules/left-pad/package.json',
    );
    assert.deepEqual(results.at(-1).locations, [{ physicalLocation: { artifactLocation: { uri: 'Dockerfile' } } }]);
    assert.doesNotMatch(stdout, /AKIA/);

    // Elsewhere no path from here leads to it that code scanning would follow.
    const outside = plimsoll(['scan', '--report', report, '-f', dockerfile, '--format', 'sarif'], { cwd: folder.path });
    const [place] = JSON.parse(outside.stdout).runs[0].results[0].locations;
    assert.equal(place.physicalLocation.artifactLocation.uri, pathToFileURL(dockerfile).href);
  });

  it('fails by severity', () => {
    const code = (...args: readonly string[]) => plimsoll(['scan', '--report', report, ...args]).code;
    assert.equal(code(), 1);
    assert.equal(code('--fail-on', 'never'), 0);
    const low = folder.write('low.json', JSON.stringify({ SchemaVersion: 2, ArtifactName: 'x', Results: [] }));
    assert.equal(plimsoll(['scan', '--report', low, '--fail-on', 'unknown']).code, 0);
  });

  it('says when the image was not built from the Dockerfile, and tells no line', () => {
    const other = folder.write('Dockerfile', 'FROM x\nRUN something else\n');
    const { stdout } = plimsoll(['scan', '--report', report, '-f', other]);
    assert.match(stdout, /^This image was not built from this Dockerfile\.$/m);
    assert.doesNotMatch(stdout, /line \d/);
  });

  it('runs Trivy on a saved image, and leaves nothing behind', function () {
    if (process.platform === 'win32') skip(this, 'the stand-in for Trivy is no program on Windows');
    const trivy = installFakeTrivy(join(folder.path, 'bin'), {
      report: '../image-history/d28-bk-shell/trivy-constructed',
    });
    const image = folder.write('image.tar', 'x');
    const temporary = join(folder.path, 'temporary');
    mkdirSync(temporary);
    const env = { TMPDIR: temporary };
    const args = ['--input', image, '-f', dockerfile, '--trivy', trivy.path, '--skip-db-update', '--verbose'];
    const { code, stdout, stderr } = plimsoll(['scan', ...args], { env });
    assert.equal(code, 1);
    assert.match(stdout, /line 13, FROM \(base image\)/);
    assert.match(stderr, /Scanning/);
    const [, call] = trivy.calls();
    assert.ok(call!.argv.includes('--skip-db-update') && call!.argv.includes(image));
    assert.deepEqual(readdirSync(temporary), []);

    assert.equal(plimsoll(['scan', '--input', image, '--trivy', trivy.path, '--offline'], { env }).code, 1);
    assert.ok(trivy.calls().at(-1)!.argv.includes('--offline-scan'));

    trivy.set({ mode: 'db-fail' });
    const failed = plimsoll(['scan', '--input', image, '--trivy', trivy.path], { env });
    assert.equal(failed.code, 2);
    assert.match(failed.stderr, /database/);
    assert.deepEqual(readdirSync(temporary), []);
  });

  it('takes the record of the build out of the archive', function () {
    if (process.platform === 'win32') skip(this, 'the stand-in for Trivy is no program on Windows');
    const trivy = installFakeTrivy(join(folder.path, 'recorded'), {
      report: '../image-history/d28-bk-shell/trivy-constructed',
    });
    const config = readFileSync(join(recorded, 'config.json'), 'utf8');
    const other = JSON.stringify({ rootfs: { diff_ids: ['sha256:0'] }, history: [{ created_by: 'x' }] });
    const record = JSON.stringify({ predicate: JSON.parse(readFileSync(join(recorded, 'provenance.json'), 'utf8')) });
    const blob = (name: string) => `blobs/sha256/${name.repeat(64)}`;
    const digest = (name: string) => `sha256:${name.repeat(64)}`;
    const type = { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' };
    const archive = tar([
      [
        'index.json',
        JSON.stringify({
          manifests: [
            { digest: digest('8') },
            { digest: digest('a') },
            {
              digest: digest('b'),
              platform: { os: 'unknown' },
              annotations: { 'vnd.docker.reference.digest': digest('a') },
            },
          ],
        }),
      ],
      [blob('8'), JSON.stringify({ config: { digest: digest('9') }, layers: [] })],
      [blob('9'), other],
      [blob('a'), JSON.stringify({ config: { digest: digest('c') }, layers: [] })],
      [blob('b'), JSON.stringify({ config: {}, layers: [{ digest: digest('d'), annotations: type }] })],
      [blob('c'), config],
      [blob('d'), record],
    ]);
    const kept = join(folder.path, 'recorded.tar');
    writeFileSync(kept, archive);
    const scanned = (file: string): { instructions: { confidence: string; findings: number[] }[] } => {
      const args = ['--input', file, '-f', dockerfile, '--trivy', trivy.path, '--format', 'json'];
      return JSON.parse(plimsoll(['scan', ...args, '--fail-on', 'never']).stdout);
    };
    const confidences = (file: string) => new Set(scanned(file).instructions.map(({ confidence }) => confidence));
    assert.deepEqual(confidences(kept), new Set(['exact']));
    assert.ok(!confidences(folder.write('image.tar', 'x')).has('exact'));
  });

  it('refuses what makes no sense, with a hint', () => {
    const cases: readonly (readonly [string[], RegExp])[] = [
      [[], /Name one image/],
      [['x', '--report', report], /Name one image/],
      [['--', '--config=evil'], /begins with a letter or a digit/],
      [['x', '--target', 'a'], /go with --dockerfile/],
      [['x', '--timeout', '0'], /--timeout 0/],
      [['x', '--fail-on', 'bad'], /--fail-on bad/],
      [['x', '--dockerfile', 'gone'], /--dockerfile gone/],
      [['--report', 'gone'], /--report gone/],
      [['x', '--trivy-container', 'aquasec/trivy:latest'], /--trivy-container .*digest is needed/],
      [['x', '--trivy-container', `t@sha256:${'5'.repeat(64)}`, '--trivy', '/t'], /not both/],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr, stdout } = plimsoll(['scan', ...args]);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, expected);
    }
    const rubbish = folder.write('rubbish.json', '{"runs": []}');
    const { code, stderr } = plimsoll(['scan', '--report', rubbish]);
    assert.equal(code, 2);
    assert.match(stderr, /SARIF/);
  });
});
