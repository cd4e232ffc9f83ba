import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeTrivy, type FakeTrivyControl, installFakeTrivy } from '../../../test/helpers/fakeTrivy.ts';
import { type RunOptions, type RunProgram, type RunResult, runProgram } from './process.ts';
import { scanImage } from './scanImage.ts';
import { trivyCacheFolder } from './trivyContainer.ts';
import type { ScanOutcome, ScanProgress, ScanSettings, ScanSource } from './types.ts';

const digest = `sha256:${'5'.repeat(64)}`;
const image = `ghcr.io/aquasecurity/trivy:0.74.0@${digest}`;
const reference = `ghcr.io/aquasecurity/trivy@${digest}`;

type Answer = Partial<RunResult> | ((args: readonly string[], options: RunOptions) => Promise<Partial<RunResult>>);

interface Scene {
  readonly source?: ScanSource;
  readonly settings?: Partial<ScanSettings>;
  readonly trivy?: FakeTrivyControl;
  /** Answers of the engine other than those of one that works. */
  readonly engine?: Readonly<Record<string, Answer>>;
  readonly kind?: 'docker' | 'podman';
  readonly present?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly onProgress?: (progress: ScanProgress, cancel: () => void) => void;
}

describe('Trivy in a container', function () {
  this.timeout(90_000);
  let folder: string;
  let storage: string;
  let trivy: FakeTrivy;
  let tar: string;

  beforeEach(function () {
    if (process.platform === 'win32') this.skip();
    folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
    storage = join(folder, 'storage');
    trivy = installFakeTrivy(join(folder, 'tools'));
    tar = join(folder, 'app.tar');
    writeFileSync(tar, '');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** An engine that runs the stand-in for Trivy in place of containers. */
  async function scan(scene: Scene) {
    trivy.set(scene.trivy ?? {});
    const { kind = 'docker' } = scene;
    const controller = new AbortController();
    const containers = new Map<string, readonly string[]>();
    const calls: string[][] = [];
    const caches = join(folder, 'caches/plimsoll');
    const log: string[] = [];
    const progress: ScanProgress[] = [];
    /** What the container could read under its own paths. */
    const seen: Record<string, string[]> = {};
    let isPresent = scene.present ?? true;
    const inspected = (id: string, tags: string[]) => ({
      stdout: JSON.stringify({
        Id: `sha256:${id.repeat(64)}`,
        RepoTags: tags,
        Created: '2026-01-01T00:00:00Z',
        Size: 1,
      }),
    });
    const podmanInfo = { host: { security: { rootless: true } }, version: { Version: '5.4.2' } };
    const working: Readonly<Record<string, Answer>> = {
      version: {
        stdout: JSON.stringify({ Client: { Version: '28.2.2' }, Server: { Version: '28.2.2', Os: 'linux' } }),
      },
      'context inspect': { stdout: 'unix:///var/run/docker.sock\n' },
      'buildx version': { stdout: 'github.com/docker/buildx v0.29.1 abc' },
      info: { stdout: JSON.stringify(kind === 'podman' ? podmanInfo : { SecurityOptions: [] }) },
      'image inspect': async (args) => {
        if (args.at(-1) !== reference) return inspected('a', ['shop:1']);
        return isPresent ? inspected('5', []) : { exitCode: 1, stderr: `Error response from daemon: No such image: x` };
      },
      'image pull': async () => {
        isPresent = true;
        return { stdout: 'Status: Downloaded newer image\n' };
      },
      'image save': async (args) => {
        writeFileSync(args[args.indexOf('--output') + 1] ?? '', 'tar');
        return {};
      },
      'container create': async (args) => {
        containers.set(args[args.indexOf('--name') + 1] ?? '', args);
        return { stdout: 'c0ffee\n' };
      },
      'container start': async (args, options) => {
        const made = containers.get(args.at(-1) ?? '') ?? [];
        for (const mount of made.filter((each) => each.startsWith('--mount='))) {
          const [, source = '', target = ''] = /source=([^,]*),target=([^,]*)/.exec(mount) ?? [];
          seen[target] = existsSync(source) ? (target === '/plimsoll/image' ? ['a file'] : readdirSync(source)) : [];
        }
        const command = made.slice(made.indexOf(reference) + 1);
        const result = await runProgram(trivy.path, command, { ...options, env: process.env, graceMs: 500 });
        containers.delete(args.at(-1) ?? '');
        return result;
      },
      'container rm': async (args) => {
        const isThere = containers.delete(args.at(-1) ?? '');
        return isThere ? {} : { exitCode: 1, stderr: 'Error response from daemon: No such container: x' };
      },
    };
    const run: RunProgram = async (_, args, options) => {
      calls.push([...args]);
      const command = args.slice(0, 2).join(' ');
      const answer = { ...working, ...scene.engine }[command] ??
        { ...working, ...scene.engine }[args[0] ?? ''] ?? { exitCode: 1, stderr: `unexpected call: ${command}` };
      if (options.signal?.aborted) return { ending: 'cancelled', exitCode: null, stdout: '', stderr: '' };
      const result = typeof answer === 'function' ? await answer(args, options) : answer;
      return { ending: 'exited', exitCode: 0, stdout: '', stderr: '', ...result };
    };
    const outcome = await scanImage(
      {
        source: scene.source ?? { kind: 'local', reference: 'shop:1' },
        settings: { engine: kind, timeoutMinutes: 10, trivyContainerImage: image, ...scene.settings },
      },
      {
        run,
        machine: {
          platform: 'linux',
          env: { XDG_CACHE_HOME: join(folder, 'caches'), ...scene.env },
          home: folder,
          user: { uid: 1000, gid: 1001 },
          isExecutable: async (path) => path === `/usr/bin/${kind}`,
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
    assert.deepEqual(readdirSync(storage), []);
    assert.deepEqual(existsSync(caches) ? readdirSync(caches).filter((name) => name !== 'trivy') : [], []);
    assert.deepEqual([...containers.keys()], []);
    const created = calls.filter((args) => args.slice(0, 2).join(' ') === 'container create');
    for (const args of created) {
      const source = args.find((each) => each.includes('target=/tmp'))?.split(/source=|,/)[2];
      assert.ok(source === undefined || !existsSync(source), source);
    }
    return { outcome, calls, created, seen, log: log.join('\n'), messages: progress.map(({ message }) => message) };
  }

  function success(outcome: ScanOutcome) {
    assert.ok(outcome.status === 'success', JSON.stringify(outcome));
    return outcome;
  }

  async function expectFailure(scene: Scene, kind: string, message: RegExp) {
    const { outcome } = await scan(scene);
    assert.ok(outcome.status === 'failure', JSON.stringify(outcome));
    assert.equal(outcome.failure.kind, kind, JSON.stringify(outcome.failure));
    assert.match(outcome.failure.message, message);
    assert.match(outcome.failure.nextStep, /\.$/);
    return outcome.failure;
  }

  it('asks the image for its version without network or files, then scans what was saved', async () => {
    const { outcome, created, seen } = await scan({});
    const result = success(outcome);
    assert.equal(result.report.image.name, 'shop:1');
    assert.equal(JSON.parse(result.rawJson).ArtifactName, 'shop:1');
    assert.deepEqual([result.trivy.path, result.trivy.version], [image, '0.74.0']);
    const [version, work] = created.map((args) => args.join(' '));
    assert.match(version ?? '', /--network=none .*--user=1000:1001 --workdir=\/ .*@sha256:5+ version --format json$/);
    assert.doesNotMatch(version ?? '', /--mount/);
    assert.match(work ?? '', / image --format json .*--cache-dir \/plimsoll\/cache --input \/plimsoll\/image$/);
    assert.doesNotMatch(work ?? '', /--network|docker\.sock/);
    assert.deepEqual(seen['/plimsoll/image'], ['a file']);
    assert.deepEqual(Object.keys(seen).sort(), ['/plimsoll/cache', '/plimsoll/image', '/tmp']);
    assert.ok(existsSync(join(folder, 'caches/plimsoll/trivy')));
  });

  it('pulls the image first where the engine does not have it', async () => {
    const { outcome, calls, messages, log } = await scan({ present: false });
    success(outcome);
    assert.deepEqual(
      calls.filter(([noun, verb]) => noun === 'image' && verb === 'pull'),
      [['image', 'pull', reference]],
    );
    assert.ok(messages.includes('Pulling Trivy from ghcr.io'), messages.join('\n'));
    assert.match(log, /> \/usr\/bin\/docker image pull ghcr\.io/);
  });

  it('takes all settings along', async () => {
    const ignoreFile = join(folder, '.trivyignore.yaml');
    const trivyConfigFile = join(folder, 'trivy.yaml');
    writeFileSync(ignoreFile, 'vulnerabilities: []\n');
    writeFileSync(trivyConfigFile, 'severity: [HIGH]\n');
    mkdirSync(join(folder, 'caches/plimsoll/trivy/db'), { recursive: true });
    writeFileSync(
      join(folder, 'caches/plimsoll/trivy/db/metadata.json'),
      '{"Version":2,"UpdatedAt":"2026-08-01T00:00:00Z","DownloadedAt":"0001-01-01T00:00:00Z"}',
    );
    const { outcome, created, seen } = await scan({
      settings: {
        ...{ ignoreFile, trivyConfigFile, offline: true, timeoutMinutes: 25 },
        extraTrivyArguments: ['--ignore-unfixed', '--db-repository=mirror/db', '-f', 'table'],
      },
      env: { TRIVY_TOKEN: 'hush', HTTPS_PROXY: 'http://proxy' },
    });
    const result = success(outcome);
    const work = created[1]?.join(' ') ?? '';
    for (const part of [
      '--network=none',
      '--env TRIVY_TOKEN ',
      ' image --ignore-unfixed --db-repository=mirror/db --format json',
      '--timeout 25m',
      '--skip-db-update --skip-java-db-update --offline-scan',
      '--config /plimsoll/input/trivyConfigFile-trivy.yaml',
      '--ignorefile /plimsoll/input/ignoreFile-.trivyignore.yaml',
    ]) {
      assert.ok(work.includes(part), `${part} in ${work}`);
    }
    assert.doesNotMatch(work, /hush|HTTPS_PROXY|table/);
    assert.deepEqual(seen['/plimsoll/input'], ['ignoreFile-.trivyignore.yaml', 'trivyConfigFile-trivy.yaml']);
    assert.equal(result.trivy.databaseUpdatedAt, '2026-08-01T00:00:00Z');
    assert.equal(result.trivy.databaseDownloadedAt, undefined);
    assert.match(result.notes.join(), /left out: -f table/);
  });

  it('scans an archive, which needs the engine only for Trivy', async () => {
    const { outcome, created, calls } = await scan({ source: { kind: 'archive', path: tar } });
    assert.equal(JSON.parse(success(outcome).rawJson).ArtifactName, tar);
    assert.ok(created[1]?.includes(`--mount=type=bind,source=${tar},target=/plimsoll/image,readonly`));
    assert.ok(!calls.some((args) => args[1] === 'save'));
  });

  it('asks the registry for a name that the engine does not have, but never offline', async () => {
    const engine = {
      'image inspect': async (args: readonly string[]) =>
        args.at(-1) === reference
          ? { stdout: JSON.stringify({ Id: digest, RepoTags: [], Created: '2026-01-01T00:00:00Z', Size: 1 }) }
          : { exitCode: 1, stderr: 'Error response from daemon: No such image: other:1' },
    };
    const source = { kind: 'reference', reference: 'other:1' } as const;
    const { outcome, created } = await scan({ source, engine });
    success(outcome);
    assert.deepEqual(created[1]?.slice(-3), ['--image-src', 'remote', 'other:1']);
    await expectFailure({ source, engine, settings: { offline: true } }, 'no-image', /no image "other:1".*offline/);
  });

  it('runs as the user of this machine with an engine without root', async () => {
    const { outcome, created } = await scan({ kind: 'podman' });
    assert.equal(success(outcome).engine?.kind, 'podman');
    assert.ok(
      created.every((args) => args.includes('--userns=keep-id') && !args.some((each) => each.startsWith('--user='))),
    );
  });

  it('runs nothing that is not pinned, not here, or known to be malicious', async () => {
    const refused = (name: string) => ({ settings: { trivyContainerImage: name } });
    const failure = await expectFailure(refused('aquasec/trivy:latest'), 'trivy-not-pinned', /digest is needed/);
    assert.deepEqual(failure.remedies, ['run-in-container', 'install-trivy']);
    await expectFailure(refused(`aquasec/trivy:0.69.5@${digest}`), 'trivy-refused', /CVE-2026-33634/);
    const { outcome, created } = await scan({ trivy: { version: '0.69.4' } });
    assert.ok(outcome.status === 'failure' && outcome.failure.kind === 'trivy-refused');
    assert.equal(created.length, 1);
    for (const address of ['ssh://build@host', 'tcp://build:2376', 'tcp://127.example.com:2375']) {
      const engine = { 'context inspect': { stdout: `${address}\n` } };
      await expectFailure({ engine }, 'engine-elsewhere', /another machine/);
    }
    success((await scan({ engine: { 'context inspect': { stdout: 'tcp://localhost:2375\n' } } })).outcome);
    await expectFailure({ present: false, settings: { offline: true } }, 'no-image', /stay offline/);
  });

  it('tells why the image can not be pulled', async () => {
    const pull = (stderr: string): Scene => ({
      present: false,
      engine: { 'image pull': { exitCode: 1, stderr } },
    });
    await expectFailure(
      pull(`Error response from daemon: manifest for ${reference} not found: manifest unknown: manifest unknown`),
      'no-image',
      /ghcr\.io has no image/,
    );
    await expectFailure(
      pull(
        'Error response from daemon: Get "https://ghcr.io/v2/": dial tcp: lookup ghcr.io on 10.0.0.1:53: no such host',
      ),
      'registry-unreachable',
      /ghcr\.io can't be reached/,
    );
    await expectFailure(
      pull(
        "Error response from daemon: pull access denied for x, repository does not exist or may require 'docker login'",
      ),
      'registry-auth',
      /doesn't let you pull/,
    );
    await expectFailure(
      pull('Error: initializing source docker://x: toomanyrequests: You have reached your pull rate limit'),
      'rate-limited',
      /too many requests/,
    );
    await expectFailure(pull('write /var/lib/docker/x: no space left on device'), 'disk-full', /disk/);
  });

  it('tells why the container does not run', async () => {
    const create = (stderr: string): Scene => ({ engine: { 'container create': { exitCode: 1, stderr } } });
    const start = (stderr: string): Scene => ({ engine: { 'container start': { exitCode: 1, stderr } } });
    await expectFailure(
      create(
        'Error response from daemon: invalid mount config for type "bind": bind source path does not exist: /tmp/x',
      ),
      'engine-elsewhere',
      /no access to a folder/,
    );
    await expectFailure(create('Error: statfs /tmp/x: no such file or directory'), 'engine-elsewhere', /no access/);
    for (const text of [
      'Error response from daemon: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "version": executable file not found in $PATH: unknown',
      'Error: OCI runtime error: crun: executable file `version` not found in $PATH: No such file or directory',
      'exec /bin/trivy: exec format error\n',
    ]) {
      await expectFailure(start(text), 'trivy-broken', /does not run Trivy/);
    }
    await expectFailure(
      { engine: { 'container start': { stdout: 'hello\n' } } },
      'trivy-broken',
      /doesn't tell its version as Trivy does/,
    );
  });

  it("tells Trivy's own failures as those of the program", async () => {
    await expectFailure({ trivy: { mode: 'db-fail' } }, 'database-download', /vulnerability database/);
    await expectFailure({ trivy: { mode: 'bad-archive' } }, 'archive-unreadable', /can't be read/);
    await expectFailure({ settings: { ignoreFile: '/gone' } }, 'unknown', /\/gone can't be read/);
  });

  describe('cancelling leaves nothing', () => {
    for (const phase of ['prepare', 'pull', 'save', 'scan', 'read'] as const) {
      it(`while it does "${phase}"`, async () => {
        const { outcome } = await scan({
          present: false,
          onProgress: (progress, cancel) => {
            if (progress.phase === phase) cancel();
          },
        });
        assert.equal(outcome.status, 'cancelled');
      });
    }

    it('when Trivy hangs in the container', async () => {
      const { outcome, calls } = await scan({
        trivy: { mode: 'hang' },
        onProgress: ({ message }, cancel) => {
          if (/layers/.test(message)) setTimeout(cancel, 150);
        },
      });
      assert.equal(outcome.status, 'cancelled');
      const last = calls.at(-1) ?? [];
      assert.deepEqual(last.slice(0, 3), ['container', 'rm', '--force']);
    });

    it('when the engine is removing the container already', async () => {
      let times = 0;
      const { outcome } = await scan({
        engine: {
          'container rm': async () =>
            times++ < 2
              ? { exitCode: 1, stderr: 'Error response from daemon: removal of container x is already in progress' }
              : {},
        },
      });
      success(outcome);
      assert.equal(times, 4);
    });
  });

  it('keeps what the container needs where engines in virtual machines see it', () => {
    const at = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}) =>
      trivyCacheFolder({ platform, env, home: '/home/u', isExecutable: async () => false });
    assert.equal(at('linux'), '/home/u/.cache/plimsoll/trivy');
    assert.equal(at('linux', { XDG_CACHE_HOME: '/c' }), '/c/plimsoll/trivy');
    assert.equal(at('linux', { XDG_CACHE_HOME: 'relative' }), '/home/u/.cache/plimsoll/trivy');
    assert.equal(at('darwin'), '/home/u/Library/Caches/plimsoll/trivy');
    assert.match(at('win32', { LOCALAPPDATA: 'L' }), /^L.plimsoll.trivy$/);
  });

  it('reads no file of the user that is not named', async () => {
    const { created } = await scan({});
    const sources = created.flat().filter((each) => each.startsWith('--mount='));
    for (const mount of sources) assert.match(mount, /source=[^,]*caches\/plimsoll\/(?:plimsoll-scan-|trivy)/);
    assert.equal(readFileSync(tar, 'utf8'), '');
  });
});
