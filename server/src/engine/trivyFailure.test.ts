import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../../../test/helpers/repositoryRoot.ts';
import { type TrivyRun, trivyFailure } from './trivyFailure.ts';
import type { ScanFailureKind } from './types.ts';

function failureOf(text: string, run: Partial<TrivyRun> = {}) {
  const stderr = readFileSync(join(repositoryRoot, 'test/fixtures/trivy-stderr', `${text}.txt`), 'utf8');
  const image = run.image ?? 'shop:1';
  const whole: TrivyRun = { exitCode: 1, image, source: 'docker', timeoutMinutes: 10, stderr: '', ...run };
  return trivyFailure({ ...whole, stderr: stderr.replaceAll('{image}', image) });
}

describe('trivyFailure', () => {
  const expected: readonly [string, TrivyRun['source'], ScanFailureKind, RegExp][] = [
    ['no-image', 'docker', 'no-image', /Docker has no image "shop:1"/],
    ['no-image-anywhere', 'docker', 'no-image', /Docker has no image/],
    ['no-image-anywhere', 'remote', 'no-image', /registry has no image/],
    ['no-image-anywhere', 'podman', 'engine-not-running', /socket/],
    ['no-image-podman', 'podman', 'no-image', /Podman has no image/],
    ['no-podman-socket', 'podman', 'engine-not-running', /socket/],
    ['no-daemon', 'docker', 'engine-not-running', /Docker is not running/],
    ['no-permission', 'docker', 'engine-no-permission', /may not use Docker/],
    ['wrong-context', 'docker', 'engine-wrong-context', /context/],
    ['manifest-unknown', 'remote', 'no-image', /registry has no image/],
    ['registry-auth', 'remote', 'registry-auth', /doesn't let you/],
    ['registry-unauthorized', 'remote', 'registry-auth', /doesn't let you/],
    ['registry-down', 'remote', 'registry-unreachable', /can't be reached/],
    ['bad-reference', 'docker', 'bad-reference', /not the name/],
    ['db-fail', 'docker', 'database-download', /couldn't download its vulnerability database/],
    ['db-rate', 'docker', 'database-download', /too many requests/],
    ['first-run', 'docker', 'database-first-run', /no vulnerability database yet/],
    ['old-schema', 'docker', 'database-old', /doesn't fit/],
    ['new-schema', 'docker', 'database-old', /doesn't fit/],
    ['broken-db', 'docker', 'database-damaged', /is damaged/],
    ['crash-db', 'docker', 'database-damaged', /is damaged/],
    ['cache-read-only', 'docker', 'cache-unwritable', /mkdir \/home\/user\/\.cache\/trivy\/db: read-only/],
    ['disk-full-cache', 'docker', 'disk-full', /was writing \/home\/user\/\.cache\/trivy\/fanal\/fanal\.db/],
    ['java-first-run', 'docker', 'database-first-run', /no database of Java archives yet/],
    ['timeout-engine', 'docker', 'timeout', /within 10 minutes/],
    ['bad-ignore-file', 'docker', 'trivy-settings', /settings: \/home\/user\/bad\.yaml/],
    ['no-ignore-file', 'docker', 'trivy-settings', /settings: ignore file not found: \/home\/user\/none\.yaml\.$/],
    ['bad-config', 'docker', 'trivy-settings', /settings: config file "\/home\/user\/trivybad\.yaml"/],
    ['bad-setting', 'docker', 'trivy-settings', /settings: invalid argument "\[nonsense\]" for "--severity"/],
    ['bad-repository', 'docker', 'trivy-settings', /settings: invalid DB repository/],
    ['java-db', 'docker', 'java-database', /Java/],
    ['timeout', 'docker', 'timeout', /within 10 minutes/],
    ['lock', 'docker', 'locked', /Another Trivy/],
    ['lock-new', 'docker', 'locked', /Another Trivy/],
    ['disk-full', 'docker', 'disk-full', /disk is full/],
    ['maven', 'docker', 'rate-limited', /too many requests/],
    ['bad-archive', 'archive', 'archive-unreadable', /can't be read as an image/],
    ['unknown-flag', 'docker', 'trivy-broken', /--no-such-flag/],
    ['exit-7', 'docker', 'trivy-broken', /crashed: panic: .*index out of range/],
  ];
  for (const [text, source, kind, message] of expected) {
    it(`${text} (${source}): ${kind}`, () => {
      const failure = failureOf(text, { source });
      assert.equal(failure.kind, kind);
      assert.match(failure.message, message);
      assert.match(failure.nextStep, /\.$/);
      assert.notEqual(failure.details, '');
      assert.ok(failure.remedies.length > 0);
    });
  }

  it('offers the scan with the old database only where that can help', () => {
    assert.ok(failureOf('db-fail').remedies.includes('skip-database-update'));
    assert.ok(!failureOf('first-run').remedies.includes('skip-database-update'));
  });

  it('offers a scan without a download only where there is a database', () => {
    const remedies = (text: string, run: Partial<TrivyRun>) => failureOf(text, run).remedies.join();
    assert.doesNotMatch(remedies('db-fail', { hasDatabase: false }), /skip/);
    assert.match(remedies('db-fail', { hasDatabase: true, hasJavaDatabase: false }), /skip/);
    assert.doesNotMatch(remedies('java-db', { hasDatabase: true, hasJavaDatabase: false }), /skip/);
    assert.doesNotMatch(failureOf('db-fail', { hasDatabase: false }).nextStep, /database you have/);
    assert.match(failureOf('java-db', { hasJavaDatabase: false }).nextStep, /--skip-files/);
  });

  it('tells a file that may not be read from one that is no image', () => {
    const stderr =
      '2026-11-23T08:00:00Z\tFATAL\tFatal error\trun error: image scan error: unable to initialize archive image: 2 errors occurred:\n\t* unable to open /plimsoll/image as a Docker image: unable to open the file: open /plimsoll/image: permission denied\n';
    const failure = trivyFailure({ exitCode: 1, stderr, image: 'app.tar', source: 'archive', timeoutMinutes: 5 });
    assert.deepEqual([failure.kind, failure.message], ['archive-unreadable', 'Trivy may not read "app.tar".']);
  });

  it('knows whose option it is that Trivy does not know', () => {
    assert.match(failureOf('unknown-flag', { extraArguments: ['--no-such-flag=1'] }).nextStep, /^Take it out/);
    assert.match(failureOf('unknown-flag', { extraArguments: ['--other'] }).nextStep, /^Plimsoll gives it/);
  });

  it('says how a damaged database is removed', () => {
    assert.match(failureOf('broken-db').nextStep, /"trivy clean --vuln-db"/);
    assert.match(failureOf('broken-db', { removal: 'the folder /c/db' }).nextStep, /\(the folder \/c\/db\)/);
  });

  it('reads coloured output with Windows line ends', () => {
    const stderr =
      '2026-08-21T12:00:00Z\t\u001B[31mFATAL\u001B[0m\tFatal error\trun error: x: no space left on device\r\n';
    const failure = trivyFailure({ exitCode: 1, stderr, image: 'x', source: 'docker', timeoutMinutes: 5 });
    assert.equal(failure.kind, 'disk-full');
    assert.equal(failure.details, 'run error: x: no space left on device');
  });

  it('believes the last words, not a note before them', () => {
    const stderr =
      '2026-08-21T12:00:00Z\tERROR\t[javadb] something about the Java DB\n2026-08-21T12:00:01Z\tFATAL\tError\tno space left on device\n';
    const failure = trivyFailure({ exitCode: 1, stderr, image: 'x', source: 'docker', timeoutMinutes: 5 });
    assert.equal(failure.kind, 'disk-full');
  });

  it('shows what it does not know in the words of the tool', () => {
    const run = { image: 'x', source: 'docker', timeoutMinutes: 5 } as const;
    assert.match(trivyFailure({ ...run, exitCode: 7, stderr: 'boom\u001B[2J\n' }).message, /code 7: boom$/);
    assert.match(trivyFailure({ ...run, exitCode: 1, stderr: '' }).message, /without saying why/);
    for (const exitCode of [null, 137]) {
      const killed = trivyFailure({ ...run, exitCode, stderr: '2026-08-21T12:00:00Z\tINFO\tDetected OS\n' });
      assert.deepEqual([killed.kind, /memory/.test(killed.message)], ['killed', true]);
    }
    const crash =
      'panic: runtime error: index out of range [3]\n\ngoroutine 1 [running]:\nmain.main()\n\tmain.go:19 +0x1f\n';
    assert.match(trivyFailure({ ...run, exitCode: 2, stderr: crash }).message, /^Trivy crashed: panic: .*\[3\]$/);
    const long = trivyFailure({ ...run, exitCode: 1, stderr: `start ${'x'.repeat(50_000)} end` });
    assert.ok(long.message.length < 400);
  });
});
