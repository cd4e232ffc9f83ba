import assert from 'node:assert/strict';
import { attribute } from './attribute.ts';
import { buildModel } from '../model/dockerfile.ts';
import { readReport } from '../scan/readReport.ts';
import { type ConstructedLayer, constructScan } from '../../../test/helpers/constructedScan.ts';
import { changeFirst } from './changeFirst.ts';

const today = '2026-03-01';

function scan(dockerfile: string, layers: readonly ConstructedLayer[]) {
  const { report } = readReport(JSON.stringify(constructScan(layers).report));
  assert.ok(report);
  const built = buildModel(dockerfile, { today });
  const attribution = attribute(report, built);
  return { report, built, attribution, changes: changeFirst(attribution, report, built, today) };
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

describe('changeFirst', () => {
  it('moves an old base to a supported and smaller one', () => {
    const [first, second] = scan(text('node:14'), [base([20, 50, 0, 0]), install, copy]).changes;
    assert.match(first?.title ?? '', /^Move FROM node:14 to \d+-slim$/);
    assert.match(
      first?.detail ?? '',
      /^70 of 85 findings come from the base image\. Node\.js 14 gets no security updates/,
    );
    assert.equal(first?.image, `node:${first?.tag}`);
    // The stage installs curl itself.
    assert.match(
      first?.detail ?? '',
      /Node\.js \d+ may behave differently from Node\.js 14, and \d+-slim has no gcc, make, git, wget or python3: test what is built\.$/,
    );
    assert.equal(second?.title, 'Renew the packages of line 2');
    assert.equal(second?.rebuild, 'no-cache');
  });

  it('puts the line first that weighs more', () => {
    const [first] = scan(text('node:14'), [base([0, 0, 0, 2]), install, copy]).changes;
    assert.equal(first?.title, 'Renew the packages of line 2');
  });

  it('names no tag of an image that is not known, or pinned', () => {
    const first = (from: string) => scan(text(from), [base([20, 50, 0, 0]), install, copy]).changes[0];
    const own = first('example.com/own/base:1');
    assert.deepEqual([own?.title, own?.rebuild], ['Build again on a newer example.com/own/base:1', 'pull']);
    // Pulling brings nothing new where the digest says what is pulled.
    const pinned = first(`node:14@sha256:${'a'.repeat(64)}`);
    assert.deepEqual([pinned?.title, pinned?.tag], ['Give FROM the digest of a newer node:14', undefined]);
    assert.equal(pinned?.rebuild, undefined);
  });

  it('says so when nothing in the base has a fix', () => {
    const layers = [{ ...base([2, 0, 0, 0]), secret: '/etc/key' }, { ...install, system: [0, 0, 0, 0] as const }, copy];
    const { report, built } = scan(text('example.com/own/base:1'), layers);
    const unfixed = { ...report, findings: report.findings.map(({ fixedVersion: _fixed, ...finding }) => finding) };
    assert.deepEqual(
      changeFirst(attribute(unfixed, built), unfixed, built, today).map(({ title }) => title),
      ['Take another base image: this one holds a secret', 'Nothing to change in FROM example.com/own/base:1 yet'],
    );
  });

  it('asks to take a secret out, and to renew packages of the same line', () => {
    const { changes } = scan(text('debian:12'), [base([0, 0, 0, 0]), install, { ...copy, secret: '/app/.env' }]);
    assert.equal(changes[0]?.title, 'Take the secret out of line 3');
    const both = scan(text('debian:12'), [base([0, 0, 0, 0]), { ...install, secret: '/root/.npmrc' }, copy]).changes;
    assert.deepEqual(
      both.map(({ title, share }) => [title, share]),
      [
        ['Take the secret out of line 2', 1],
        ['Renew the packages of line 2', 1],
      ],
    );
    assert.match(both[0]!.detail, /--mount=type=secret/);
  });

  it('leads to the image that files are copied from', () => {
    const dockerfile = 'FROM example.com/own/base:1\nCOPY --from=example.com/tools:2 /app /app\n';
    const layers = [
      base([0, 0, 0, 0]),
      { createdBy: 'COPY /app /app # buildkit', size: 9, npm: [0, 3, 0, 0] as const },
    ];
    assert.equal(
      scan(dockerfile, layers).changes[0]?.title,
      'Move COPY --from of line 2 to a newer example.com/tools:2',
    );
  });

  it('keeps foreign names short', () => {
    const name = '<img onerror=1>'.repeat(1000);
    const { report, built } = scan(text('debian:12'), [base([0, 0, 0, 0]), { ...install, npm: [1, 0, 0, 0] }, copy]);
    const hostile = {
      ...report,
      findings: report.findings.map((finding) => ({ ...finding, package: name, class: 'x' })),
    };
    const changes = changeFirst(attribute(hostile, built), hostile, built, today);
    assert.ok(changes.length > 0 && changes.every(({ title, detail }) => title.length < 200 && detail.length < 500));
  });

  it('leads to the dependencies that the project names', () => {
    const { changes } = scan(text('debian:12'), [
      base([0, 0, 0, 0]),
      { ...install, system: [0, 0, 0, 0] },
      { ...copy, npm: [1, 2, 0, 0] },
    ]);
    assert.match(changes[0]?.title ?? '', /^Update lodash/);
  });

  it('says nothing where nothing is found', () => {
    assert.deepEqual(
      scan(text('debian:12'), [base([0, 0, 0, 0]), { ...install, system: [0, 0, 0, 0] }, copy]).changes,
      [],
    );
  });
});
