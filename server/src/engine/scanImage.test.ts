import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeTrivy, type FakeTrivyControl, installFakeTrivy } from '../../../test/helpers/fakeTrivy.ts';
import { assertGone } from '../../../test/helpers/processes.ts';
import { type RunOptions, type RunProgram, type RunResult, runProgram } from './process.ts';
import { scanImage } from './scanImage.ts';
import type { ScanFailureKind, ScanOutcome, ScanProgress, ScanSettings, ScanSource, ScanSuccess } from './types.ts';

const id = (digit: string) => `sha256:${digit.repeat(64)}`;
const archive = (path: string): ScanSource => ({ kind: 'archive', path });

/** What the scripted docker answers; programs other than docker and podman are really run. */
type Answer = Partial<RunResult> | ((args: readonly string[], options: RunOptions) => Promise<Partial<RunResult>>);

const dockerVersion = JSON.stringify({ Client: { Version: '28.2.2' }, Server: { Version: '28.2.2', Os: 'linux' } });

const inspected = (digit: string, tags: string[] = []) =>
  JSON.stringify({ Id: id(digit), RepoTags: tags, Created: '2026-01-01T00:00:00Z', Size: 1 });

const working: Record<string, Answer> = {
  version: { stdout: dockerVersion },
  'context inspect': { stdout: 'unix:///var/run/docker.sock\n' },
  'buildx version': { stdout: 'github.com/docker/buildx v0.29.1 abc' },
  'image inspect': { stdout: inspected('a', ['shop:1']) },
  'buildx build': async (args, options) => {
    options.onStderrLine?.('{"vertexes":[{"digest":"sha256:1","name":"[1/2] FROM x","started":"x"}]}');
    writeFileSync(args[args.indexOf('--iidfile') + 1] ?? '', id('b'));
    return {};
  },
  'image save': async (args) => {
    writeFileSync(args[args.indexOf('--output') + 1] ?? '', 'tar');
    return {};
  },
  'image rm': {},
};

interface Scene {
  readonly source?: ScanSource;
  readonly trivy?: FakeTrivyControl;
  readonly settings?: Partial<ScanSettings>;
  readonly docker?: Record<string, Answer>;
  readonly podman?: Record<string, Answer>;
  /** What may still be in the storage folder afterwards. */
  readonly left?: readonly string[];
  /** Called with each progress message; may cancel. */
  readonly onProgress?: (progress: ScanProgress, cancel: () => void) => void;
}

describe('scanImage', function () {
  this.timeout(90_000);
  let folder: string;
  let storage: string;
  let trivy: FakeTrivy;
  let tar: string;
  let dockerfile: string;

  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    storage = join(folder, 'storage');
    trivy = installFakeTrivy(join(folder, 'tools'));
    tar = join(folder, 'image.tar');
    writeFileSync(tar, '');
    mkdirSync(join(folder, 'shop'));
    dockerfile = join(folder, 'shop', 'Dockerfile');
    writeFileSync(dockerfile, 'FROM x\n');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function scan(scene: Scene) {
    trivy.set(scene.trivy ?? {});
    const controller = new AbortController();
    const progress: ScanProgress[] = [];
    const log: string[] = [];
    const calls: string[][] = [];
    const engines: Record<string, Record<string, Answer> | undefined> = { docker: scene.docker, podman: scene.podman };
    const run: RunProgram = async (file, args, options) => {
      const script = engines[file.split('/').pop() ?? ''];
      if (script === undefined) return runProgram(file, args, { graceMs: 500, ...options });
      calls.push([...args]);
      const answer = script[args.slice(0, 2).join(' ')] ??
        script[args[0] ?? ''] ?? { exitCode: 1, stderr: 'unexpected call' };
      const result = typeof answer === 'function' ? await answer(args, options) : answer;
      return { ending: 'exited', exitCode: 0, stdout: '', stderr: '', ...result };
    };
    const outcome = await scanImage(
      {
        source: scene.source ?? archive(tar),
        settings: { engine: 'auto', timeoutMinutes: 10, trivyPath: trivy.path, ...scene.settings },
      },
      {
        run,
        machine: {
          platform: 'linux',
          env: { PATH: process.env.PATH, TRIVY_MINE: 'kept', TRIVY_OUTPUT: '/elsewhere' },
          home: folder,
          isExecutable: async (path) =>
            path === trivy.path ||
            (path === '/usr/bin/docker' && scene.docker !== undefined) ||
            (path === '/usr/bin/podman' && scene.podman !== undefined),
        },
        storageFolder: storage,
        signal: controller.signal,
        now: () => new Date(),
        log: (line) => log.push(line),
        progress: (step) => {
          progress.push(step);
          scene.onProgress?.(step, () => controller.abort());
        },
      },
    );
    // Whatever happened, nothing is left.
    assert.deepEqual(readdirSync(storage), scene.left ?? []);
    return { outcome, progress, log: log.join('\n'), calls };
  }

  function success(outcome: ScanOutcome): ScanSuccess {
    assert.ok(outcome.status === 'success', JSON.stringify(outcome));
    return outcome;
  }

  async function expectFailure(scene: Scene, kind: ScanFailureKind, message: RegExp) {
    const { outcome } = await scan(scene);
    assert.equal(outcome.status, 'failure', JSON.stringify(outcome).slice(0, 500));
    assert.ok(outcome.status === 'failure');
    assert.equal(outcome.failure.kind, kind, JSON.stringify(outcome.failure));
    assert.match(outcome.failure.message, message);
    return outcome.failure;
  }

  const scanCall = () => {
    const call = trivy.calls().find((candidate) => candidate.argv[0] === 'image');
    assert.ok(call, 'trivy image was called');
    return call;
  };

  it('scans an archive without an engine', async () => {
    const databaseUpdatedAt = new Date(Date.now() - 3_600_000).toISOString();
    const { outcome, progress, log } = await scan({ trivy: { databaseUpdatedAt } });
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
    await scan({});
    const call = scanCall();
    assert.ok(call.cwd.startsWith(storage), call.cwd);
    assert.deepEqual(call.argv.slice(-2), ['--input', tar]);
    assert.equal(call.env.TRIVY_MINE, 'kept');
    assert.equal(call.env.TRIVY_OUTPUT, undefined);
    assert.match(call.env.TMPDIR ?? '', /plimsoll-scan-/);
    assert.deepEqual(
      readdirSync(tmpdir()).filter((name) => call.env.TMPDIR?.endsWith(name)),
      [],
    );
  });

  it('removes what a killed editor has left, but nothing that may be in use', async () => {
    const old = join(storage, 'plimsoll-scan-old');
    const young = join(storage, 'plimsoll-scan-young');
    for (const left of [old, young]) mkdirSync(left, { recursive: true });
    const days = Date.now() / 1000 - 3 * 24 * 3600;
    utimesSync(old, days, days);
    try {
      await scan({ left: ['plimsoll-scan-young'] });
    } finally {
      rmSync(young, { recursive: true });
    }
  });

  it('scans a local image through its engine', async () => {
    const { outcome } = await scan({ source: { kind: 'local', reference: id('a') }, docker: working });
    const result = success(outcome);
    assert.deepEqual(scanCall().argv.slice(-3), ['--image-src', 'docker', 'a'.repeat(64)]);
    assert.equal(result.report.image.name, 'shop:1');
    assert.equal(result.engine?.builder, 'buildx');
  });

  it('gives Trivy the address of an engine that is elsewhere', async () => {
    const docker = { ...working, 'context inspect': { stdout: 'unix:///run/user/1000/docker.sock\n' } };
    await scan({ source: { kind: 'local', reference: 'shop:1' }, docker });
    assert.deepEqual(scanCall().argv.slice(-5), [
      '--image-src',
      'docker',
      '--docker-host',
      'unix:///run/user/1000/docker.sock',
      'shop:1',
    ]);
  });

  it('saves the image to a file where Trivy cannot reach the engine', async () => {
    const docker = { ...working, 'context inspect': { stdout: 'ssh://build@host\n' } };
    const { outcome, progress } = await scan({ source: { kind: 'local', reference: 'shop:1' }, docker });
    assert.equal(success(outcome).report.image.name, 'shop:1');
    assert.match(scanCall().argv.at(-1) ?? '', /plimsoll-scan-.*image\.tar$/);
    assert.ok(progress.some((step) => step.phase === 'save'));

    // Podman 5.8 says so even when no service has been started.
    const remoteSocket = { path: join(folder, 'none.sock'), exists: true };
    const podman = {
      info: { stdout: JSON.stringify({ host: { remoteSocket }, version: { Version: '5' } }) },
      'image inspect': working['image inspect'] ?? {},
      'image save': working['image save'] ?? {},
    };
    assert.equal(
      success((await scan({ source: { kind: 'local', reference: 'shop:1' }, podman })).outcome).engine?.kind,
      'podman',
    );
    assert.match(scanCall().argv.at(-1) ?? '', /plimsoll-scan-.*image\.tar$/);
  });

  it('asks the registry for a name that the engine does not have', async () => {
    const docker = {
      ...working,
      'image inspect': { exitCode: 1, stderr: 'Error response from daemon: No such image: shop:2' },
    };
    await scan({ source: { kind: 'reference', reference: 'shop:2' }, docker });
    assert.deepEqual(scanCall().argv.slice(-3), ['--image-src', 'remote', 'shop:2']);
    const source: ScanSource = { kind: 'reference', reference: 'ghcr.io/x/y:1' };
    success((await scan({ source })).outcome);
  });

  describe('builds', () => {
    const build = (): ScanSource => ({
      kind: 'build',
      dockerfile,
      context: join(folder, 'shop'),
      tag: 'plimsoll-scan/shop:1',
      buildArgs: { TOKEN: 's3cret' },
    });

    it('builds, then scans what was built', async () => {
      const { outcome, progress, log, calls } = await scan({ source: build(), docker: working });
      const result = success(outcome);
      assert.equal(result.builtImageId, id('b'));
      assert.equal(result.report.image.name, 'plimsoll-scan/shop:1');
      assert.equal(scanCall().argv.at(-1), 'b'.repeat(64));
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
      const { calls } = await scan({ source: build(), docker });
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
      const failure = await expectFailure({ source: build(), docker }, 'build-failed', /make/);
      assert.match(failure.details, /exit code: 2/);
      assert.ok(!trivy.calls().some((call) => call.argv[0] === 'image'));
      await expectFailure(
        { source: { ...build(), dockerfile: '/nowhere/Dockerfile' } as ScanSource },
        'context-unreadable',
        /nowhere/,
      );
      await expectFailure(
        { source: build(), docker: { ...working, 'buildx build': {} } },
        'build-failed',
        /without an image/,
      );
    });
  });

  describe('failures of the tools', () => {
    it('says where it looked for Trivy', async () => {
      const failure = await expectFailure({ settings: { trivyPath: '' } }, 'trivy-not-found', /not found/);
      assert.match(failure.details, /\/usr\/local\/bin/);
      assert.ok(failure.remedies.includes('install-trivy'));
    });

    it('gives the malicious Trivy nothing to do', async () => {
      await expectFailure({ trivy: { version: '0.69.4' } }, 'trivy-refused', /CVE-2026-33634/);
      assert.deepEqual(
        trivy.calls().map((call) => call.argv[0]),
        ['version'],
      );
    });

    it('notes that Trivy is old, and scans', async () => {
      const result = success((await scan({ trivy: { version: '0.50.0', database: false } })).outcome);
      assert.match(result.notes.join(), /0\.50\.0 is old/);
      assert.equal(result.trivy.databaseUpdatedAt, undefined);
    });

    it('notes that the database is old', async () => {
      const databaseUpdatedAt = new Date(Date.now() - 30.5 * 24 * 3_600_000).toISOString();
      const old = success(
        (await scan({ trivy: { databaseUpdatedAt }, settings: { skipDatabaseUpdate: true } })).outcome,
      );
      assert.match(old.notes.join(), /database is 30 days old.*Allow database updates/);
    });

    it('knows a program that is not Trivy', async () => {
      writeFileSync(trivy.path, '#!/bin/sh\necho hello\n');
      await expectFailure({}, 'trivy-broken', /doesn't tell its version/);
      chmodSync(trivy.path, 0o644);
      await expectFailure({}, 'unknown', /may not be run/);
    });

    it('tells the failures of engines apart', async () => {
      const source: ScanSource = { kind: 'local', reference: 'shop:1' };
      const version = (stderr: string) => ({ ...working, version: { exitCode: 1, stderr } });
      await expectFailure({ source }, 'engine-not-found', /Neither docker nor podman/);
      await expectFailure({ source, settings: { engine: 'podman' } }, 'engine-not-found', /podman was not found/);
      await expectFailure(
        { source, docker: version('Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?') },
        'engine-not-running',
        /not running/,
      );
      await expectFailure(
        { source, docker: version('permission denied while trying to connect to the Docker daemon socket') },
        'engine-no-permission',
        /may not use/,
      );
      await expectFailure(
        { source, docker: version('unable to resolve docker endpoint: context "gone": context not found') },
        'engine-wrong-context',
        /context/,
      );
      await expectFailure(
        { source, docker: { version: { ending: 'timed-out', exitCode: null } } },
        'timeout',
        /in time/,
      );
      const gone = {
        ...working,
        'image inspect': { exitCode: 1, stderr: 'Error response from daemon: No such image: shop:1' },
      };
      await expectFailure({ source, docker: gone }, 'no-image', /Docker has no image "shop:1"/);
    });

    it('takes podman when docker does not answer', async () => {
      const docker = { version: { exitCode: 1, stderr: 'Cannot connect to the Docker daemon' } };
      const socket = join(folder, 'p.sock');
      const service = createServer().listen(socket);
      await once(service, 'listening');
      const info = JSON.stringify({
        host: { remoteSocket: { path: socket, exists: true } },
        version: { Version: '5.4.2' },
      });
      const podman = { info: { stdout: info }, 'image inspect': working['image inspect'] ?? {} };
      success((await scan({ source: { kind: 'local', reference: 'shop:1' }, docker, podman })).outcome);
      service.close();
      assert.deepEqual(scanCall().argv.slice(-5), ['--image-src', 'podman', '--podman-host', socket, 'shop:1']);
    });

    it('refuses names that are none, before anything runs', async () => {
      for (const reference of ['--output=/etc/passwd', '', 'a b', '$(id)']) {
        await expectFailure(
          { source: { kind: 'reference', reference }, docker: working },
          'bad-reference',
          /not the name/,
        );
      }
      await expectFailure({ source: archive('/nowhere/x.tar') }, 'archive-unreadable', /nowhere/);
      assert.deepEqual(trivy.calls(), []);
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
      it(mode, () => expectFailure({ trivy: { mode } }, kind, /./).then(() => undefined));
    }

    it('offers the database there is, which then works', async () => {
      const failure = await expectFailure({ trivy: { mode: 'db-fail' } }, 'database-download', /./);
      assert.ok(failure.remedies.includes('skip-database-update'));
      success((await scan({ trivy: { mode: 'db-fail' }, settings: { skipDatabaseUpdate: true } })).outcome);
      await expectFailure(
        { trivy: { mode: 'first-run' }, settings: { skipDatabaseUpdate: true } },
        'database-first-run',
        /no vulnerability database yet/,
      );
    });

    it('waits for another Trivy that uses the cache', async () => {
      const waits = async (release: FakeTrivyControl | undefined, settings: Partial<ScanSettings> = {}) =>
        scan({
          trivy: { mode: 'lock' },
          settings,
          onProgress: ({ message }, cancel) => {
            if (!message.startsWith('Waiting for another Trivy')) return;
            if (release) trivy.set(release);
            else cancel();
          },
        });
      success((await waits({})).outcome);
      assert.equal(trivy.calls().filter(({ argv }) => argv[0] === 'image').length, 2);
      assert.equal((await waits(undefined)).outcome.status, 'cancelled');
      const { outcome } = await waits({ mode: 'lock' }, { timeoutMinutes: 0.01 });
      assert.ok(outcome.status === 'failure' && outcome.failure.kind === 'locked', JSON.stringify(outcome));
    });

    it('no image, no daemon', async () => {
      const source: ScanSource = { kind: 'local', reference: 'shop:1' };
      await expectFailure({ source, docker: working, trivy: { mode: 'no-image' } }, 'no-image', /shop:1/);
      await expectFailure({ source, docker: working, trivy: { mode: 'no-daemon' } }, 'engine-not-running', /./);
    });

    it('reads what it can of a damaged report', async () => {
      const result = success((await scan({ trivy: { mode: 'truncated' } })).outcome);
      assert.ok(result.report.findings.length > 0);
      assert.match(result.notes.join(), /ends too early/);
      const failure = await expectFailure({ trivy: { mode: 'garbage' } }, 'report-unreadable', /can't be read/);
      assert.match(failure.details, /panicked/);
    });

    it('reads 50 MB', async function () {
      this.timeout(60_000);
      const result = success((await scan({ trivy: { mode: 'huge' } })).outcome);
      assert.ok(result.rawJson.length > 50 * 1024 * 1024);
      assert.ok(result.report.findings.length > 10_000);
    });
  });

  describe('cancelling', () => {
    const cancelAt = (phase: ScanProgress['phase']) => (progress: ScanProgress, cancel: () => void) => {
      if (progress.phase === phase) cancel();
    };

    for (const phase of ['prepare', 'scan', 'read'] as const) {
      it(`while it does "${phase}"`, async () => {
        const { outcome } = await scan({ onProgress: cancelAt(phase) });
        assert.equal(outcome.status, 'cancelled');
      });
    }

    it('while it builds', async () => {
      const docker: Record<string, Answer> = {
        ...working,
        'buildx build': (_, options) =>
          runProgram(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { ...options, graceMs: 500 }),
      };
      const source: ScanSource = { kind: 'build', dockerfile, context: folder, tag: 'x:1' };
      const { outcome } = await scan({
        source,
        docker,
        onProgress: (progress, cancel) => progress.phase === 'build' && setTimeout(cancel, 100),
      });
      assert.equal(outcome.status, 'cancelled');
    });

    for (const mode of ['hang', 'hang-stubborn'] as const) {
      it(`a Trivy that is busy (${mode}), with its children and files`, async () => {
        const { outcome } = await scan({
          trivy: { mode },
          onProgress: (progress, cancel) => {
            if (/layers/.test(progress.message)) setTimeout(cancel, 150);
          },
        });
        assert.equal(outcome.status, 'cancelled');
        const left = trivy.hanging();
        assert.ok(left);
        await assertGone(left.hanging);
        assert.throws(() => readdirSync(left.folder));
      });
    }
  });
});
