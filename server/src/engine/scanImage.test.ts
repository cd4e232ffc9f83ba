import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertGone } from '../../../test/helpers/processes.ts';
import { type Answer, id, inspected, ScanBench, success, working } from '../../../test/helpers/scanBench.ts';
import { runProgram } from './process.ts';
import type { ScanProgress, ScanSource } from './types.ts';

describe('scanImage', function () {
  this.timeout(90_000);
  let bench: ScanBench;

  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    bench = new ScanBench();
  });

  afterEach(() => bench?.remove());

  it('scans an archive without an engine', async () => {
    const databaseUpdatedAt = new Date(Date.now() - 3_600_000).toISOString();
    const { outcome, progress, log } = await bench.scan({ trivy: { databaseUpdatedAt } });
    const result = success(outcome);
    assert.equal(result.report.findings.length, 4);
    assert.equal(result.report.image.name, 'ghcr.io/aquasecurity/trivy-test-images:alpine-310');
    assert.equal(result.trivy.version, '0.74.0');
    assert.equal(result.trivy.databaseUpdatedAt, databaseUpdatedAt);
    assert.equal(JSON.parse(result.rawJson).SchemaVersion, 2);
    assert.equal(result.engine, undefined);
    assert.ok(result.durationMs >= 0);
    assert.deepEqual(result.notes, []);
    assert.deepEqual([...new Set(progress.map((step) => step.phase))], ['prepare', 'scan', 'read']);
    assert.ok(progress.some((step) => step.message === 'Downloading the vulnerability database'));
    assert.match(log, /Detected OS/);
  });

  it('runs Trivy in a folder of our own, with the environment of the user', async () => {
    await bench.scan({});
    const call = bench.scanCall();
    assert.ok(call.cwd.startsWith(bench.storage), call.cwd);
    assert.deepEqual(call.argv.slice(-2), ['--input', bench.tar]);
    assert.equal(call.env.TRIVY_MINE, 'kept');
    assert.equal(call.env.TRIVY_OUTPUT, undefined);
    assert.match(call.env.TMPDIR ?? '', /plimsoll-scan-/);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => call.env.TMPDIR?.endsWith(name)),
      [],
    );
  });

  it('removes what a killed editor has left, but nothing that may be in use', async () => {
    const old = join(bench.storage, 'plimsoll-scan-old');
    const young = join(bench.storage, 'plimsoll-scan-young');
    for (const left of [old, young]) mkdirSync(left, { recursive: true });
    const days = Date.now() / 1000 - 3 * 24 * 3600;
    utimesSync(old, days, days);
    try {
      await bench.scan({ left: ['plimsoll-scan-young'] });
    } finally {
      rmSync(young, { recursive: true });
    }
  });

  it('scans a local image through its engine', async () => {
    const { outcome } = await bench.scan({ source: { kind: 'local', reference: id('a') }, docker: working });
    const result = success(outcome);
    assert.deepEqual(bench.scanCall().argv.slice(-3), ['--image-src', 'docker', 'a'.repeat(64)]);
    assert.equal(result.report.image.name, 'shop:1');
    assert.equal(result.engine?.builder, 'buildx');
  });

  it('gives Trivy the address of an engine that is elsewhere', async () => {
    const docker = { ...working, 'context inspect': { stdout: 'unix:///run/user/1000/docker.sock\n' } };
    await bench.scan({ source: { kind: 'local', reference: 'shop:1' }, docker });
    assert.deepEqual(bench.scanCall().argv.slice(-5), [
      '--image-src',
      'docker',
      '--docker-host',
      'unix:///run/user/1000/docker.sock',
      'shop:1',
    ]);
  });

  it('saves the image to a file where Trivy cannot reach the engine', async () => {
    const docker = { ...working, 'context inspect': { stdout: 'ssh://build@host\n' } };
    const { outcome, progress } = await bench.scan({ source: { kind: 'local', reference: 'shop:1' }, docker });
    assert.equal(success(outcome).report.image.name, 'shop:1');
    assert.match(bench.scanCall().argv.at(-1) ?? '', /plimsoll-scan-.*image\.tar$/);
    assert.ok(progress.some((step) => step.phase === 'save'));

    // Podman 5.8 says so even when no service has been started.
    const remoteSocket = { path: join(bench.folder, 'none.sock'), exists: true };
    const podman = {
      info: { stdout: JSON.stringify({ host: { remoteSocket }, version: { Version: '5' } }) },
      'image inspect': working['image inspect'] ?? {},
      'image save': working['image save'] ?? {},
    };
    assert.equal(
      success((await bench.scan({ source: { kind: 'local', reference: 'shop:1' }, podman })).outcome).engine?.kind,
      'podman',
    );
    assert.match(bench.scanCall().argv.at(-1) ?? '', /plimsoll-scan-.*image\.tar$/);
  });

  it('asks the registry for a name that the engine does not have', async () => {
    const docker = {
      ...working,
      'image inspect': { exitCode: 1, stderr: 'Error response from daemon: No such image: shop:2' },
    };
    await bench.scan({ source: { kind: 'reference', reference: 'shop:2' }, docker });
    assert.deepEqual(bench.scanCall().argv.slice(-3), ['--image-src', 'remote', 'shop:2']);
    const source: ScanSource = { kind: 'reference', reference: 'ghcr.io/x/y:1' };
    success((await bench.scan({ source })).outcome);
  });

  describe('builds', () => {
    const build = (): ScanSource => ({
      kind: 'build',
      dockerfile: bench.dockerfile,
      context: join(bench.folder, 'shop'),
      tag: 'plimsoll-scan/shop:1',
      buildArgs: { TOKEN: 's3cret' },
    });

    it('builds, then scans what was built', async () => {
      const { outcome, progress, log, calls } = await bench.scan({ source: build(), docker: working });
      const result = success(outcome);
      assert.equal(result.builtImageId, id('b'));
      assert.equal(result.report.image.name, 'plimsoll-scan/shop:1');
      assert.equal(bench.scanCall().argv.at(-1), 'b'.repeat(64));
      assert.ok(progress.some((step) => step.phase === 'build' && step.message === '[1/2] FROM x'));
      assert.match(log, /--build-arg TOKEN=…/);
      assert.doesNotMatch(log, /s3cret/);
      assert.ok(!calls.some((args) => args[1] === 'rm'), 'an image with a name is kept');
    });

    it('removes the image of the scan before, once its name is gone', async () => {
      let inspections = 0;
      const docker: Record<string, Answer> = {
        ...working,
        'image inspect': async () => ({ stdout: inspected('a', inspections++ === 0 ? ['plimsoll-scan/shop:1'] : []) }),
      };
      const { calls } = await bench.scan({ source: build(), docker });
      assert.deepEqual(
        calls.find((args) => args[1] === 'rm'),
        ['image', 'rm', '--', id('a')],
      );
    });

    it('tells a failed build from a failed scan', async () => {
      const docker: Record<string, Answer> = {
        ...working,
        'buildx build': async (_, options) => {
          options.onStderrLine?.(
            'ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2',
          );
          return { exitCode: 1 };
        },
      };
      const failure = await bench.expectFailure({ source: build(), docker }, 'build-failed', /make/);
      assert.match(failure.details, /exit code: 2/);
      assert.ok(!bench.trivy.calls().some((call) => call.argv[0] === 'image'));
      await bench.expectFailure(
        { source: { ...build(), dockerfile: '/nowhere/Dockerfile' } as ScanSource },
        'context-unreadable',
        /nowhere/,
      );
      await bench.expectFailure(
        { source: build(), docker: { ...working, 'buildx build': {} } },
        'build-failed',
        /without an image/,
      );
    });
  });

  describe('cancelling', () => {
    const cancelAt = (phase: ScanProgress['phase']) => (progress: ScanProgress, cancel: () => void) => {
      if (progress.phase === phase) cancel();
    };

    for (const phase of ['prepare', 'scan', 'read'] as const) {
      it(`while it does "${phase}"`, async () => {
        const { outcome } = await bench.scan({ onProgress: cancelAt(phase) });
        assert.equal(outcome.status, 'cancelled');
      });
    }

    it('while it builds', async () => {
      const docker: Record<string, Answer> = {
        ...working,
        'buildx build': (_, options) =>
          runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { ...options, graceMs: 500 }),
      };
      const source: ScanSource = { kind: 'build', dockerfile: bench.dockerfile, context: bench.folder, tag: 'x:1' };
      const { outcome } = await bench.scan({
        source,
        docker,
        onProgress: (progress, cancel) => progress.phase === 'build' && setTimeout(cancel, 100),
      });
      assert.equal(outcome.status, 'cancelled');
    });

    for (const mode of ['hang', 'hang-stubborn'] as const) {
      it(`a Trivy that is busy (${mode}), with its children and files`, async () => {
        const { outcome } = await bench.scan({
          trivy: { mode },
          onProgress: (progress, cancel) => {
            if (/layers/.test(progress.message)) setTimeout(cancel, 150);
          },
        });
        assert.equal(outcome.status, 'cancelled');
        const left = bench.trivy.hanging();
        assert.ok(left);
        await assertGone(left.hanging);
        assert.throws(() => readdirSync(left.folder));
      });
    }
  });
});
