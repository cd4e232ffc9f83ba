import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installFakeTrivy } from '../helpers/fakeTrivy.ts';
import { assertGone } from '../helpers/processes.ts';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';
import { skip } from '../helpers/skip.ts';
import { until } from '../helpers/until.ts';
import { Folder, plimsoll, startPlimsoll } from './run.ts';

const recorded = join(repositoryRoot, 'test/fixtures/image-history/d28-bk-shell');
const dockerfile = join(recorded, 'Dockerfile');
const alpine = readFileSync(join(repositoryRoot, 'test/fixtures/trivy-reports/alpine-310.json'), 'utf8');

/** Texts that drive a terminal, turn or hide writing, or are markup somewhere. */
const hostile = [
  '\u001B[31mred\u001B[0m',
  '\u001B]0;title\u0007after',
  '\u001B]8;;https://evil.example\u001B\\click\u001B]8;;\u001B\\',
  '\u009B31mC1',
  'a\u0000b\u007F',
  'x\u202Egpj.exe\u2066\u061C',
  'zero\u200Bwidth\uFEFF\u{E0041}',
  'line\nbreak\r\rreturn\u2028separator',
  '[click](javascript:alert(1))',
  '--option $(id) `id`',
  'x'.repeat(10_000),
];

const dangerous =
  /(?!\n)[\p{Cc}\p{Zl}\p{Zp}]|[\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF]|[\u{E0000}-\u{E007F}]/u;

function hostileReport(): string {
  const Vulnerabilities = hostile.map((text) => ({
    ...{ VulnerabilityID: text, PkgName: text, InstalledVersion: text, FixedVersion: text, Title: text },
    ...{ Severity: 'LOW', PkgPath: text, PrimaryURL: 'javascript:alert(1)', Layer: { DiffID: text } },
  }));
  return JSON.stringify({
    SchemaVersion: 2,
    ArtifactName: hostile.join(' '),
    Metadata: { OS: { Family: hostile[0], Name: hostile[1] }, RepoTags: hostile },
    Results: [{ Target: hostile[0], Class: 'lang-pkgs', Vulnerabilities }],
  });
}

/** The texts of a SARIF file in which links are live. */
function textsOf(sarif: string): unknown[] {
  const [{ tool, results }] = JSON.parse(sarif).runs;
  return [...results, ...tool.driver.rules].map(({ message, shortDescription, fullDescription }) => [
    message,
    shortDescription,
    fullDescription,
  ]);
}

describe('plimsoll scan, when things are not as they should be', function () {
  this.timeout(120_000);
  let folder: Folder;
  beforeEach(() => {
    folder = new Folder();
  });
  afterEach(() => folder.remove());

  it('prints nothing that drives a terminal', () => {
    const report = folder.write('report.json', hostileReport());
    const own = folder.write('Dockerfile', `FROM ${hostile[0]} AS a\nRUN ${hostile[1]}\n`);
    for (const args of [['--all'], ['--all', '-f', own], ['--format', 'sarif']]) {
      const { stdout, stderr } = plimsoll(['scan', '--report', report, ...args]);
      assert.doesNotMatch(stdout + stderr, dangerous);
      if (args[0] === '--all') assert.ok(Math.max(...stdout.split('\n').map((line) => line.length)) < 1200);
      else assert.doesNotMatch(JSON.stringify(textsOf(stdout)), /\]\(/);
    }
    const config = folder.write('config.json', JSON.stringify({ history: [{ created_by: hostile.join(' ') }] }));
    assert.doesNotMatch(plimsoll(['layers', '--config', config, '-f', own]).stdout, dangerous);
    assert.doesNotMatch(plimsoll(['scan', '\u001B[31mx']).stderr, dangerous);
  });

  it('never calls a report clean that it could read in part only', () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      [alpine.slice(0, 3000), /ends too early/],
      ['{"SchemaVersion":2,"Results":"x"}', /not a list/],
      ['{"SchemaVersion":2,"Results":[{"Target":"x","Vulnerabilities":{"a":1}}]}', /1 entry .* could not be read/],
      ['{"SchemaVersion":2,"Results":[{"Target":"x","Vulnerabilities":[5]}]}', /1 entry .* could not be read/],
    ];
    for (const [text, expected] of cases) {
      const report = folder.write('report.json', text);
      const { code, stderr } = plimsoll(['scan', '--report', report]);
      assert.equal(code, 2, text);
      assert.match(stderr, expected);
      assert.equal(plimsoll(['scan', '--report', report, '--fail-on', 'never']).code, 0);
    }
    // What was found is worse than what is missing.
    const bad = '{"SchemaVersion":2,"Results":[{"Vulnerabilities":[5,{"VulnerabilityID":"CVE-1","Severity":"HIGH"}]}]}';
    assert.equal(plimsoll(['scan', '--report', folder.write('report.json', bad)]).code, 1);
  });

  it('says what is wrong with a report, and reads what another program made of it', () => {
    const cases: readonly (readonly [string | Uint8Array, number, RegExp])[] = [
      ['', 2, /The report is empty/],
      [new Uint8Array([0, 1, 2, 200]), 2, /not JSON/],
      ['['.repeat(200_000), 2, /not JSON/],
      ['{"bomFormat":"CycloneDX"}', 2, /not a report of Trivy/],
      ['{"SchemaVersion":99,"Results":[]}', 0, /schema version 99/],
      [`2026-01-01\tINFO\tscanning\n${alpine}`, 0, /other text around/],
      [Buffer.from(`\uFEFF${alpine}`, 'utf16le'), 0, /^$/],
    ];
    for (const [content, expectedCode, expected] of cases) {
      const { code, stderr } = plimsoll(['scan', '--report', folder.write('report.json', content)]);
      assert.equal(code, expectedCode, stderr);
      assert.match(stderr, expected);
    }
  });

  it('lists more findings than a call takes arguments', () => {
    const Vulnerabilities = Array.from({ length: 150_000 }, (_, index) => ({ VulnerabilityID: `CVE-${index}` }));
    const report = folder.write('report.json', JSON.stringify({ SchemaVersion: 2, Results: [{ Vulnerabilities }] }));
    const { code, stdout } = plimsoll(['scan', '--report', report, '--all']);
    assert.equal(code, 0);
    assert.match(stdout, /CVE-149999/);

    const sarif = plimsoll(['scan', '--report', report, '--format', 'sarif']);
    assert.equal(JSON.parse(sarif.stdout).runs[0].results.length, 25_000);
    assert.match(sarif.stderr, /takes 25,000 results; of 150,000 findings the worst are written/);
  });

  it('keeps its verdict when nobody reads on', async () => {
    const one = (index: number) => ({ VulnerabilityID: `CVE-${index}`, Severity: 'HIGH' });
    const Vulnerabilities = Array.from({ length: 20_000 }, (_, index) => one(index));
    const report = folder.write('report.json', JSON.stringify({ SchemaVersion: 2, Results: [{ Vulnerabilities }] }));
    const child = startPlimsoll(['scan', '--report', report, '--all'], {}, 'pipe');
    const ended = once(child, 'exit');
    child.stdout!.once('data', () => child.stdout!.destroy());
    assert.deepEqual(await ended, [1, null]);
  });

  it('gives advice for the command line, not that of the editor', () => {
    const tar = folder.write('image.tar', 'x');
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['--trivy', join(folder.path, 'gone')], /gone is no program .*--trivy FILE/],
      [['--trivy', process.execPath], /doesn't tell its version .*another one with --trivy\./],
      [['--timeout', '99999999999'], /1440 at the most/],
    ];
    for (const [args, expected] of cases) {
      const { code, stderr } = plimsoll(['scan', '--input', tar, ...args]);
      assert.equal(code, 2);
      assert.match(stderr, expected);
      assert.doesNotMatch(stderr, /setting/);
    }
    assert.match(plimsoll(['scan', '--input', '-']).stderr, /not from standard input/);
  });

  it('tells that there is no room for files', () => {
    const { code, stderr } = plimsoll(['scan', 'x', '--engine', 'docker'], {
      env: { TMPDIR: join(folder.path, 'gone'), TEMP: join(folder.path, 'gone'), TMP: join(folder.path, 'gone') },
    });
    assert.equal(code, 2);
    assert.match(stderr, /No file can be written to the temporary folder .*gone.* set TMPDIR/);
    assert.doesNotMatch(stderr, / at /);
  });

  for (const [signals, expectedCode] of [
    [['SIGINT'], 130],
    [['SIGTERM'], 143],
    [['SIGHUP'], 129],
    [['SIGINT', 'SIGINT'], 130],
  ] as const) {
    it(`ends all it has started on ${signals.join(' and ')}`, async function () {
      if (process.platform === 'win32') skip(this, 'Windows has no such signals');
      const trivy = installFakeTrivy(join(folder.path, 'bin'), { mode: signals.length > 1 ? 'hang-stubborn' : 'hang' });
      const temporary = join(folder.path, 'temporary');
      mkdirSync(temporary);
      const tar = folder.write('image.tar', 'x');
      const child = startPlimsoll(['scan', '--input', tar, '--trivy', trivy.path], { TMPDIR: temporary });
      const ended = once(child, 'exit');
      await until(() => trivy.hanging() !== undefined);
      const { hanging } = trivy.hanging()!;
      for (const signal of signals) {
        child.kill(signal);
        await new Promise((wake) => setTimeout(wake, 200));
      }
      assert.deepEqual(await ended, [expectedCode, null]);
      await assertGone(hanging);
      assert.deepEqual(readdirSync(temporary), []);
    });
  }

  it('leaves nothing, whenever it is stopped', async function () {
    if (process.platform === 'win32') skip(this, 'Windows has no such signals');
    const trivy = installFakeTrivy(join(folder.path, 'bin'), { delayMs: 50 });
    const temporary = join(folder.path, 'temporary');
    mkdirSync(temporary);
    const args = ['scan', '--input', folder.write('image.tar', 'x'), '--trivy', trivy.path];
    const moments = Array.from({ length: 20 }, (_, index) => 25 * (index + 1));
    for (const moment of moments) {
      const child = startPlimsoll(args, { TMPDIR: temporary });
      const ended = once(child, 'exit');
      setTimeout(() => child.kill('SIGTERM'), moment);
      await ended;
      assert.deepEqual(readdirSync(temporary), [], `after ${moment} ms`);
    }
    await assertGone(trivy.calls().map(({ pid }) => pid));
  });

  it('scans twice at once', async function () {
    if (process.platform === 'win32') skip(this, 'the stand-in for Trivy is no program on Windows');
    const trivy = installFakeTrivy(join(folder.path, 'bin'), { delayMs: 50 });
    const temporary = join(folder.path, 'temporary');
    mkdirSync(temporary);
    const tar = folder.write('image.tar', 'x');
    const args = ['scan', '--input', tar, '--trivy', trivy.path, '--fail-on', 'medium', '-f', dockerfile];
    const children = [1, 2].map(() => startPlimsoll(args, { TMPDIR: temporary }));
    assert.deepEqual(
      (await Promise.all(children.map((child) => once(child, 'exit')))).map(([code]) => code),
      [1, 1],
    );
    assert.deepEqual(readdirSync(temporary), []);

    // Trivy gives up after some seconds; the scan that came later does not.
    trivy.set({ mode: 'lock' });
    const before = trivy.calls().length;
    const late = startPlimsoll(args, { TMPDIR: temporary });
    const ended = once(late, 'exit');
    await until(() => trivy.calls().length >= before + 2);
    trivy.set({});
    assert.deepEqual(await ended, [1, null]);
    assert.deepEqual(readdirSync(temporary), []);
  });
});
