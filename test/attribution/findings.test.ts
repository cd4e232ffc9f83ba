import assert from 'node:assert/strict';
import {
  attribute,
  baseLine,
  changeFirst,
  confidenceWords,
  countsText,
  describeLayer,
  describeLines,
  formatBytes,
  summaryLine,
  topFindings,
} from '../../server/src/attribution/index.ts';
import { buildModel } from '../../server/src/model/dockerfile.ts';
import { readReport, readReportValue } from '../../server/src/scan/readReport.ts';
import type { ScanFinding, ScanReport } from '../../server/src/scan/report.ts';
import { cpuTime } from '../helpers/cpuTime.ts';
import { linesOf, recordedImage, recordedText } from './images.ts';

function scanOf(name: string): ScanReport {
  return readReport(recordedText(name, 'trivy-constructed.json')).report!;
}

function placesOf(report: ScanReport, text: string): string[] {
  const { findings } = attribute(report, buildModel(text));
  return findings.map(({ kind, confidence, instructions, copiedFrom }, index) => {
    const lines = instructions.length === 0 ? 'nowhere' : describeLines(instructions.map((each) => each.lines));
    const from = copiedFrom ? ` from ${copiedFrom.name}` : '';
    const { id, package: name } = report.findings[index]!;
    return `${name ?? id}: ${kind ?? ''} ${lines} ${confidence}${from}`;
  });
}

describe('findings by line', () => {
  it('follow their layer, through a COPY --from to its stage', () => {
    assert.deepEqual(placesOf(scanOf('d28-bk-shell'), recordedImage('d28-bk-shell').text), [
      'libc6: base line 13 matched',
      'bash: base line 13 matched',
      'tar: base line 13 matched',
      'fake-node: base line 13 matched',
      'left-pad: copied line 22 matched from build',
      'aws-access-key-id: own line 21 matched',
      'DS-0026:  nowhere unknown',
    ]);
  });

  it('are narrowed by their file in a layer of several instructions', () => {
    assert.deepEqual(placesOf(scanOf('buildah143-shell'), recordedImage('buildah143-shell').text).slice(4, 6), [
      'left-pad: copied line 22 likely from build',
      'aws-access-key-id: own line 21 likely',
    ]);
  });

  const group =
    'FROM x\nRUN apt-get update && apt-get install -y curl\nRUN make\nCOPY package.json ./\nCOPY . /app/\nRUN npm ci\n';

  it('are narrowed by their package to the RUN that names it, else to those that install', () => {
    const report = groupReport([
      finding({ package: 'curl', class: 'os-pkgs' }),
      finding({ package: 'libssl3', class: 'os-pkgs' }),
      finding({ package: 'a', class: 'lang-pkgs', target: 'Node.js', path: 'opt/x/lib.jar' }),
      finding({ package: 'b', class: 'lang-pkgs', target: 'Node.js', path: 'app/src/lib.jar' }),
      finding({ package: 'c', class: 'lang-pkgs', target: 'Node.js', path: 'app/node_modules/c/package.json' }),
      finding({ package: 'd' }),
    ]);
    assert.deepEqual(placesOf(report, group), [
      'curl: own line 2 likely',
      'libssl3: own lines 2, 6 group',
      'a: own lines 2, 3, 6 group',
      'b: own line 5 likely',
      'c: own lines 2, 3, 5, 6 group',
      'd: own lines 2, 3, 4, 5, 6 group',
    ]);
  });

  it('are not given to a COPY of unknown content when a RUN speaks of their file', () => {
    const report = groupReport([
      finding({ package: 'a', path: 'srv/made.jar' }),
      finding({ package: 'b', path: 'srv/other.jar' }),
      finding({ package: 'c', path: 'srv/tool' }),
    ]);
    const text =
      'FROM x\nRUN apt-get update && apt-get install -y curl\nRUN make\nCOPY tool extra /srv/\nRUN one > /srv/made.jar\n';
    const history = report.image.history.map((entry) => ({
      ...entry,
      createdBy: entry.createdBy.replace(' in ./', ' in /srv/').replace('npm ci', 'one > /srv/made.jar'),
    }));
    const steps = history.filter((entry) => !entry.createdBy.includes('/app/'));
    assert.deepEqual(placesOf({ ...report, image: { ...report.image, history: steps } }, text), [
      'a: own lines 4, 5 group',
      'b: own line 4 likely',
      'c: own line 4 likely',
    ]);
  });

  it('may come from a stage below whose history squashing has dropped', () => {
    const text = (base: string) =>
      `FROM ${base} AS below\nRUN early\nCOPY tool.jar /opt/tool.jar\nFROM below\nRUN apt-get update && apt-get install -y curl\nRUN make\nCOPY a ./\nCOPY . /app/\nRUN npm ci\n`;
    const report = groupReport([finding({ package: 'a', path: 'opt/tool.jar' }), finding({ package: 'b' })], false);
    const { layers } = attribute(report, buildModel(text('x')));
    assert.deepEqual(
      layers[0]!.below?.map(({ lines }) => lines[0]),
      [2, 3],
    );
    assert.deepEqual(
      layers.flatMap(linesOf).map(([line]) => line),
      [5, 6, 7, 8, 9],
    );
    assert.match(describeLayer(layers[0]!), /with the work of stages below in it: lines 2, 3; squashed/);
    assert.deepEqual(placesOf(report, text('x')), ['a:  nowhere unknown', 'b:  nowhere unknown']);
    assert.deepEqual(placesOf(report, text('scratch')), [
      'a: own lines 3, 7 group',
      'b: own lines 2, 3, 5, 6, 7, 8, 9 group',
    ]);
  });

  it('come from a heredoc that a COPY writes, or an earlier COPY that names their file', () => {
    const report = groupReport([
      finding({ package: 'a', path: 'etc/app.conf' }),
      finding({ package: 'b', path: 'conf/two' }),
      finding({ package: 'c', path: 'app/tool.jar' }),
      finding({ package: 'd', path: 'app/src/x.jar' }),
    ]);
    const text =
      'FROM x\nRUN make\nCOPY <<EOF /etc/app.conf\na\nEOF\nCOPY <<one <<two /conf/\n1\none\n2\ntwo\nCOPY tool.jar /app/\nCOPY . /app/\n';
    const copied = (what: string) => `/bin/sh -c #(nop) COPY ${what}:${'1'.repeat(64)} in `;
    const own = [
      '/bin/sh -c make',
      `${copied('file')}/etc/app.conf`,
      `${copied('multi')}/conf/`,
      `${copied('file')}/app/`,
      `${copied('dir')}/app/`,
    ];
    const history = [
      ...report.image.history.slice(0, 2),
      ...own.map((createdBy, index) => ({ createdBy, emptyLayer: index < own.length - 1 })),
    ];
    assert.deepEqual(placesOf({ ...report, image: { ...report.image, history } }, text), [
      'a: own lines 3–5 likely',
      'b: own lines 6–10 likely',
      'c: own lines 11, 12 group',
      'd: own line 12 likely',
    ]);
  });

  it('may come from triggers of the base image in the same layer', () => {
    const report = groupReport([finding({ path: 'srv/made' }), finding({ package: 'a', class: 'os-pkgs' })]);
    const [bottom, command, ...own] = report.image.history;
    const onbuild = { ...own[1]!, createdBy: '/bin/sh -c #(nop) ONBUILD RUN make' };
    const history = [bottom!, onbuild, command!, own[1]!, { ...own[4]!, createdBy: '/bin/sh -c apt-get upgrade -y' }];
    assert.deepEqual(placesOf({ ...report, image: { ...report.image, history } }, 'FROM x\nRUN apt-get upgrade -y\n'), [
      'CVE-1: own lines 1, 2 group',
      'a: own lines 1, 2 group',
    ]);
  });

  it('have no line in an image squashed with its base, unless a COPY names their file', () => {
    const report = groupReport(
      [finding({ package: 'libc6', class: 'os-pkgs' }), finding({ package: 'b', path: 'app/src/lib.jar' })],
      false,
    );
    assert.deepEqual(placesOf(report, group), ['libc6:  nowhere unknown', 'b: own line 5 likely']);
    const { unplaced, layers } = attribute(report, buildModel(group));
    assert.deepEqual(unplaced, [0]);
    assert.match(describeLayer(layers[0]!), /squashed, with the base image inside/);
  });

  it('name all instructions that have left the same layer', () => {
    const { report } = readReportValue({
      SchemaVersion: 2,
      Metadata: {
        DiffIDs: ['sha256:base', 'sha256:same', 'sha256:b', 'sha256:same', 'sha256:empty', 'sha256:empty'],
        ImageConfig: {
          history: [
            { created_by: 'ADD rootfs.tar / # buildkit' },
            { created_by: 'CMD ["x"]', empty_layer: true },
            { created_by: 'COPY a.jar /a.jar # buildkit' },
            { created_by: 'RUN /bin/sh -c rm /a.jar # buildkit' },
            { created_by: 'COPY a.jar /a.jar # buildkit' },
            { created_by: 'RUN /bin/sh -c true # buildkit' },
            { created_by: 'RUN /bin/sh -c : # buildkit' },
          ],
        },
      },
    });
    const findings = [finding({ path: 'a.jar', package: 'a', layerDiffId: 'sha256:same' })];
    const text = 'FROM x\nCOPY a.jar /a.jar\nRUN rm /a.jar\nCOPY a.jar /a.jar\nRUN true\nRUN :\n';
    assert.deepEqual(placesOf({ ...report!, findings }, text), ['a: own line 4 likely']);
    const others = [finding({ package: 'a', layerDiffId: 'sha256:same' })];
    assert.deepEqual(placesOf({ ...report!, findings: others }, text), ['a: own lines 2, 4 group']);
  });

  it('have none when the image is of another Dockerfile', () => {
    const { findings, shares, base, unplaced } = attribute(scanOf('d28-bk-shell'), buildModel('FROM x\nRUN other\n'));
    assert.ok(findings.every(({ instructions }) => instructions.length === 0));
    assert.deepEqual([shares, base, unplaced.length], [[], undefined, findings.length]);
  });

  it('are plain data', () => {
    const attribution = attribute(scanOf('d28-bk-shell'), buildModel(recordedImage('d28-bk-shell').text));
    assert.deepEqual(structuredClone(attribution), attribution);
  });

  it('take little time, a hundred thousand of them', function () {
    this.timeout(60_000);
    const few = groupReport([
      finding({ package: 'curl', class: 'os-pkgs' }),
      finding({ package: 'a', path: 'app/node_modules/a/package.json' }),
    ]);
    const many = {
      ...few,
      findings: Array.from({ length: 100_000 }, (_, index) => ({ ...few.findings[index % 2]!, id: `CVE-${index}` })),
    };
    const spent = cpuTime(() => assert.equal(attribute(many, buildModel(group)).counts.total, 100_000));
    assert.ok(spent < 20_000, `${spent} ms`);
  });
});

describe('summaries of a scan', () => {
  const report = scanOf('d28-bk-shell');
  const attribution = attribute(report, buildModel(recordedImage('d28-bk-shell').text));

  it('tell in one line what an instruction brought', () => {
    assert.deepEqual(
      attribution.shares.map((share) => `${share.instructions[0]!.lines[0]}: ${summaryLine(share)}`).slice(0, 4),
      [
        '13: 1 critical, 1 high (2 fixable) · 134 MB',
        '19: 1.5 kB',
        '21: 1 critical · 2.6 kB',
        '22: 1 high (1 fixable) · 3.6 kB',
      ],
    );
    assert.equal(
      baseLine(attribution.base!, attribution.counts),
      '4 of 7 come from the base image localbase:1 (line 13)',
    );
  });

  it('count what is less severe only where nothing is worse', () => {
    const none = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
    const counts = {
      bySeverity: { ...none, medium: 4, low: 2, unknown: 9 },
      fixableBySeverity: { ...none, low: 1 },
      total: 15,
      fixable: 1,
    };
    assert.equal(countsText(counts), '4 medium, 2 low (1 fixable)');
    assert.equal(countsText({ ...counts, bySeverity: none }), '');
  });

  it('list the worst findings once, in bounded texts', () => {
    const share = attribution.shares[0]!;
    assert.deepEqual(
      topFindings(share, report, 2).map(({ id, name, fixedVersion }) => [id, name, fixedVersion]),
      [
        ['CVE-2099-0001', 'libc6', '2.36-9+deb12u14'],
        ['CVE-2099-0004', 'fake-node', '20.11.2'],
      ],
    );
    const hostile = {
      ...report,
      findings: [finding({ id: 'x'.repeat(10_000), package: '<img onerror=1>'.repeat(1000) })],
    };
    const [top] = topFindings({ ...share, findings: [0] }, hostile);
    assert.ok(top!.id.length <= 80 && top!.name.length <= 80);
  });

  it('say what to change first', () => {
    assert.deepEqual(
      changeFirst(attribution, report, buildModel(recordedImage('d28-bk-shell').text), '2026-01-01').map(
        ({ title }) => title,
      ),
      ['Take the secret out of line 21', 'Build again on a newer localbase:1', 'Update left-pad'],
    );
  });

  it('are worded for people', () => {
    assert.equal(describeLines([[4, 4]]), 'line 4');
    assert.equal(describeLines([[4, 7]]), 'lines 4–7');
    assert.equal(
      describeLines([
        [4, 4],
        [6, 9],
      ]),
      'lines 4, 6–9',
    );
    assert.deepEqual([0, 999, 1000, 3_149_824, 48_400_000, 999_600, 2e15].map(formatBytes), [
      '0 B',
      '999 B',
      '1.0 kB',
      '3.1 MB',
      '48 MB',
      '1.0 MB',
      '2000 TB',
    ]);
    assert.deepEqual(
      attribution.layers
        .slice(0, 7)
        .map((layer) => [linesOf(layer).length, describeLayer(layer)])
        .filter((_, index) => index === 0 || index > 4),
      [
        [1, 'base image, line 13, FROM'],
        [1, 'line 21, RUN'],
        [1, 'line 22, COPY (made in stage build, lines 5–11)'],
      ],
    );
    assert.equal(confidenceWords.likely, 'probably');
  });
});

function finding(some: Partial<ScanFinding>): ScanFinding {
  return {
    kind: 'vulnerability',
    id: 'CVE-1',
    severity: 'high',
    references: [],
    target: 'x',
    layerDiffId: 'sha256:top',
    ...some,
  };
}

/** A scan of an image whose own work is in one layer, as buildah makes it, with or without its base image apart. */
function groupReport(findings: readonly ScanFinding[], hasBase = true): ScanReport {
  const entries: { created_by: string; empty_layer?: boolean }[] = [
    { created_by: '/bin/sh -c apt-get update && apt-get install -y curl', empty_layer: true },
    { created_by: '/bin/sh -c make', empty_layer: true },
    { created_by: `/bin/sh -c #(nop) COPY file:${'1'.repeat(64)} in ./      `, empty_layer: true },
    { created_by: `/bin/sh -c #(nop) COPY dir:${'1'.repeat(64)} in /app/      `, empty_layer: true },
    { created_by: '/bin/sh -c npm ci' },
  ];
  const bottom = [
    { created_by: '/bin/sh -c #(nop) ADD file:x in /' },
    { created_by: '/bin/sh -c #(nop) CMD ["x"]', empty_layer: true },
  ];
  const { report } = readReportValue({
    SchemaVersion: 2,
    ArtifactName: 'x',
    Metadata: {
      DiffIDs: hasBase ? ['sha256:base', 'sha256:top'] : ['sha256:top'],
      ImageConfig: {
        history: hasBase ? [...bottom, ...entries] : entries,
        config: { Labels: { 'io.buildah.version': '1.43' } },
      },
    },
  });
  return { ...report!, findings };
}
