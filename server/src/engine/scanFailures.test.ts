import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { FakeTrivyControl } from '../../../test/helpers/fakeTrivy.ts';
import { archive, ScanBench, success, working } from '../../../test/helpers/scanBench.ts';
import type { ScanSettings, ScanSource } from './types.ts';

describe('scans that fail', function () {
  this.timeout(90_000);
  let bench: ScanBench;

  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    bench = new ScanBench();
  });

  afterEach(() => bench?.remove());

  describe('failures of the tools', () => {
    it('says where it looked for Trivy', async () => {
      const failure = await bench.expectFailure({ settings: { trivyPath: '' } }, 'trivy-not-found', /not found/);
      assert.match(failure.details, /\/usr\/local\/bin/);
      assert.ok(failure.remedies.includes('install-trivy'));
    });

    it('gives the malicious Trivy nothing to do', async () => {
      await bench.expectFailure({ trivy: { version: '0.69.4' } }, 'trivy-refused', /CVE-2026-33634/);
      assert.deepEqual(
        bench.trivy.calls().map((call) => call.argv[0]),
        ['version'],
      );
    });

    it('notes that Trivy is old, and scans', async () => {
      const result = success((await bench.scan({ trivy: { version: '0.50.0', database: false } })).outcome);
      assert.match(result.notes.join(), /0\.50\.0 is old/);
      assert.equal(result.trivy.databaseUpdatedAt, undefined);
    });

    it('notes that the database is old', async () => {
      const databaseUpdatedAt = new Date(Date.now() - 30.5 * 24 * 3_600_000).toISOString();
      const old = success(
        (await bench.scan({ trivy: { databaseUpdatedAt }, settings: { skipDatabaseUpdate: true } })).outcome,
      );
      assert.match(old.notes.join(), /database is 30 days old.*Allow database updates/);
    });

    it('knows a program that is not Trivy', async () => {
      writeFileSync(bench.trivy.path, '#!/bin/sh\necho hello\n');
      await bench.expectFailure({}, 'trivy-broken', /doesn't tell its version/);
      chmodSync(bench.trivy.path, 0o644);
      await bench.expectFailure({}, 'unknown', /may not be run/);
    });

    it('tells the failures of engines apart', async () => {
      const source: ScanSource = { kind: 'local', reference: 'shop:1' };
      const version = (stderr: string) => ({ ...working, version: { exitCode: 1, stderr } });
      await bench.expectFailure({ source }, 'engine-not-found', /Neither docker nor podman/);
      await bench.expectFailure({ source, settings: { engine: 'podman' } }, 'engine-not-found', /podman was not found/);
      await bench.expectFailure(
        { source, docker: version('Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?') },
        'engine-not-running',
        /not running/,
      );
      await bench.expectFailure(
        { source, docker: version('permission denied while trying to connect to the Docker daemon socket') },
        'engine-no-permission',
        /may not use/,
      );
      await bench.expectFailure(
        { source, docker: version('unable to resolve docker endpoint: context "gone": context not found') },
        'engine-wrong-context',
        /context/,
      );
      await bench.expectFailure(
        { source, docker: { version: { ending: 'timed-out', exitCode: null } } },
        'timeout',
        /in time/,
      );
      const gone = {
        ...working,
        'image inspect': { exitCode: 1, stderr: 'Error response from daemon: No such image: shop:1' },
      };
      await bench.expectFailure({ source, docker: gone }, 'no-image', /Docker has no image "shop:1"/);
    });

    it('takes podman when docker does not answer', async () => {
      const docker = { version: { exitCode: 1, stderr: 'Cannot connect to the Docker daemon' } };
      const socket = join(bench.folder, 'p.sock');
      const service = createServer().listen(socket);
      await once(service, 'listening');
      const info = JSON.stringify({
        host: { remoteSocket: { path: socket, exists: true } },
        version: { Version: '5.4.2' },
      });
      const podman = { info: { stdout: info }, 'image inspect': working['image inspect'] ?? {} };
      success((await bench.scan({ source: { kind: 'local', reference: 'shop:1' }, docker, podman })).outcome);
      service.close();
      assert.deepEqual(bench.scanCall().argv.slice(-5), ['--image-src', 'podman', '--podman-host', socket, 'shop:1']);
    });

    it('refuses names that are none, before anything runs', async () => {
      for (const reference of ['--output=/etc/passwd', '', 'a b', '$(id)']) {
        await bench.expectFailure(
          { source: { kind: 'reference', reference }, docker: working },
          'bad-reference',
          /not the name/,
        );
      }
      await bench.expectFailure({ source: archive('/nowhere/x.tar') }, 'archive-unreadable', /nowhere/);
      assert.deepEqual(bench.trivy.calls(), []);
    });
  });

  describe('failures of Trivy', () => {
    for (const [mode, kind] of [
      ['db-fail', 'database-download'],
      ['timeout', 'timeout'],
      ['disk-full', 'disk-full'],
      ['java-db', 'java-database'],
      ['bad-archive', 'archive-unreadable'],
      ['exit-7', 'trivy-broken'],
    ] as const) {
      it(mode, () => bench.expectFailure({ trivy: { mode } }, kind, /./).then(() => undefined));
    }

    it('offers the database there is, which then works', async () => {
      const failure = await bench.expectFailure({ trivy: { mode: 'db-fail' } }, 'database-download', /./);
      assert.ok(failure.remedies.includes('skip-database-update'));
      success((await bench.scan({ trivy: { mode: 'db-fail' }, settings: { skipDatabaseUpdate: true } })).outcome);
      await bench.expectFailure(
        { trivy: { mode: 'first-run' }, settings: { skipDatabaseUpdate: true } },
        'database-first-run',
        /no vulnerability database yet/,
      );
    });

    it('waits for another Trivy that uses the cache', async () => {
      const waits = async (release: FakeTrivyControl | undefined, settings: Partial<ScanSettings> = {}) =>
        bench.scan({
          trivy: { mode: 'lock' },
          settings,
          onProgress: ({ message }, cancel) => {
            if (!message.startsWith('Waiting for another Trivy')) return;
            if (release) bench.trivy.set(release);
            else cancel();
          },
        });
      success((await waits({})).outcome);
      assert.equal(bench.trivy.calls().filter(({ argv }) => argv[0] === 'image').length, 2);
      assert.equal((await waits(undefined)).outcome.status, 'cancelled');
      const { outcome } = await waits({ mode: 'lock' }, { timeoutMinutes: 0.01 });
      assert.ok(outcome.status === 'failure' && outcome.failure.kind === 'locked', JSON.stringify(outcome));
    });

    it('no image, no daemon', async () => {
      const source: ScanSource = { kind: 'local', reference: 'shop:1' };
      await bench.expectFailure({ source, docker: working, trivy: { mode: 'no-image' } }, 'no-image', /shop:1/);
      await bench.expectFailure({ source, docker: working, trivy: { mode: 'no-daemon' } }, 'engine-not-running', /./);
    });

    it('reads what it can of a damaged report', async () => {
      const result = success((await bench.scan({ trivy: { mode: 'truncated' } })).outcome);
      assert.ok(result.report.findings.length > 0);
      assert.match(result.notes.join(), /ends too early/);
      const failure = await bench.expectFailure({ trivy: { mode: 'garbage' } }, 'report-unreadable', /can't be read/);
      assert.match(failure.details, /panicked/);
    });

    it('reads 50 MB', async function () {
      this.timeout(60_000);
      const result = success((await bench.scan({ trivy: { mode: 'huge' } })).outcome);
      assert.ok(result.rawJson.length > 50 * 1024 * 1024);
      assert.ok(result.report.findings.length > 10_000);
    });
  });
});
