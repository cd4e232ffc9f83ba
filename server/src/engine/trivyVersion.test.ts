import assert from 'node:assert/strict';
import { isAtLeast, judgeTrivyVersion, readTrivyVersion } from './trivyVersion.ts';

describe('readTrivyVersion', () => {
  it('reads version and age of the database', () => {
    const stdout = JSON.stringify({
      Version: '0.74.0',
      VulnerabilityDB: {
        Version: 2,
        NextUpdate: '2026-08-22T06:00:00Z',
        UpdatedAt: '2026-08-21T06:00:00Z',
        DownloadedAt: '2026-08-21T09:00:00Z',
      },
      JavaDB: {},
    });
    assert.deepEqual(readTrivyVersion(stdout), {
      version: '0.74.0',
      databaseUpdatedAt: '2026-08-21T06:00:00Z',
      databaseDownloadedAt: '2026-08-21T09:00:00Z',
    });
  });

  it('does without a database', () => {
    assert.deepEqual(readTrivyVersion('{"Version":"0.74.0"}'), { version: '0.74.0' });
    const missing = '{"Version":"v0.74.0","VulnerabilityDB":{"UpdatedAt":"0001-01-01T00:00:00Z"}}';
    assert.deepEqual(readTrivyVersion(missing), { version: '0.74.0' });
  });

  it('takes nothing else for Trivy', () => {
    for (const stdout of ['', 'Docker version 28.2.2', '{', '{}', '{"Version":7}', '[]']) {
      assert.equal(readTrivyVersion(stdout), undefined, stdout);
    }
  });
});

describe('judgeTrivyVersion', () => {
  it('refuses the malicious versions', () => {
    for (const version of ['0.69.4', 'v0.69.4', '0.69.5', '0.69.6', '0.69.4-rc1']) {
      assert.equal(judgeTrivyVersion(version).verdict, 'refused', version);
    }
  });

  it('knows new, old and too old ones', () => {
    for (const [version, verdict] of [
      ['0.74.0', 'fine'],
      ['0.69.3', 'fine'],
      ['0.69.7', 'fine'],
      ['1.0.0', 'fine'],
      ['dev', 'fine'],
      ['0.62.0', 'fine'],
      ['0.61.9', 'old'],
      ['0.50.0', 'old'],
      ['0.36.1', 'refused'],
    ] as const) {
      assert.equal(judgeTrivyVersion(version).verdict, verdict, version);
    }
  });

  it('compares numbers, not texts', () => {
    assert.ok(isAtLeast('0.100.0', 0, 63));
    assert.ok(!isAtLeast('0.9.0', 0, 63));
    assert.ok(isAtLeast('dev', 0, 63));
  });
});
