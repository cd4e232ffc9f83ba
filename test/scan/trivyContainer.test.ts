import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisMachine } from '../../server/src/engine/findExecutable.ts';
import { runProgram } from '../../server/src/engine/process.ts';
import { scanImage } from '../../server/src/engine/scanImage.ts';
import type { ScanPhase, ScanSettings, ScanSource } from '../../server/src/engine/types.ts';
import { type ContainerEngine, startContainerEngine } from '../helpers/containerEngine.ts';
import { type ImageRegistry, startImageRegistry } from '../helpers/imageRegistry.ts';
import { skip } from '../helpers/skip.ts';
import { trivyReports } from '../helpers/trivyFixtures.ts';

/** Stands for Trivy in the container, and tells what it can do there. */
const script = `#!/bin/busybox sh
if [ "$1" = version ]; then echo '{"Version":"0.74.0"}'; exit; fi
say() { echo "2026-01-01T00:00:00Z	INFO	probe: $*" >&2; }
say "uid $(busybox id -u)"
say "capabilities $(busybox sed -n 's/CapEff:\\t//p' /proc/self/status)"
say "own files $(busybox touch /x 2>&1 && echo written)"
say "image $(busybox wc -c < /plimsoll/image) bytes, $( (echo > /plimsoll/image) 2>&1 && echo written)"
say "temporary $(busybox touch /tmp/x && echo written), cache $(busybox touch /plimsoll/cache/x && echo written)"
say "ignored $(busybox cat /plimsoll/input/ignoreFile-.trivyignore)"
say "networks $(busybox ls /sys/class/net | busybox tr '\\n' ' ')"
say "sockets $(busybox find / -xdev -type s 2>/dev/null | busybox wc -l)"
say "arguments $*"
echo "2026-01-01T00:00:00Z	INFO	[vuln] Vulnerability scanning is enabled" >&2
[ "$TRIVY_TEST" = hang ] && exec busybox sleep 97543
busybox cat /report.json
`;

for (const kind of ['docker', 'podman'] as const) {
  describe(`Trivy in a container of a real ${kind}`, function () {
    this.timeout(120_000);
    let engine: ContainerEngine;
    let registry: ImageRegistry;
    let folder: string;
    let env: NodeJS.ProcessEnv;
    let client: string;

    before(async function () {
      this.timeout(400_000);
      const started = await startContainerEngine({ kind });
      if ('missing' in started) skip(this, started.missing);
      engine = started;
      folder = mkdtempSync(join(tmpdir(), 'plimsoll-container-test-'));
      // What busybox:local is made of.
      const root = join(folder, 'root');
      mkdirSync(join(root, 'bin'), { recursive: true });
      const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
      if (busybox === undefined) skip(this, 'there is no busybox');
      copyFileSync(busybox, join(root, 'bin/busybox'));
      writeFileSync(join(root, 'bin/trivy'), script);
      chmodSync(join(root, 'bin/trivy'), 0o755);
      copyFileSync(join(trivyReports, 'alpine-310.json'), join(root, 'report.json'));
      registry = await startImageRegistry(root, ['/bin/trivy']);
      const registries = join(folder, 'registries.conf');
      writeFileSync(registries, `[[registry]]\nlocation = "${registry.address}"\ninsecure = true\n`);
      writeFileSync(join(folder, '.trivyignore'), 'CVE-2000-0001\n');
      env = {
        ...process.env,
        ...engine.env,
        CONTAINERS_REGISTRIES_CONF: registries,
        XDG_CACHE_HOME: join(folder, 'caches'),
      };
      client = engine.path;
      let problem = await runs(kind, client, env);
      if (problem !== undefined && kind === 'podman') {
        client = withoutUnifiedGroups(folder, client);
        problem = await runs(kind, client, env);
      }
      if (problem !== undefined) skip(this, `${kind} runs no containers here: ${problem}`);
    });

    after(async () => {
      registry?.stop();
      await engine?.stop();
      if (folder) rmSync(folder, { recursive: true, force: true });
    });

    async function scan(
      more: Partial<ScanSettings> = {},
      options: { cancelAt?: ScanPhase; cancelOn?: RegExp; env?: NodeJS.ProcessEnv; source?: ScanSource } = {},
    ) {
      const controller = new AbortController();
      const log: string[] = [];
      const storage = join(folder, 'storage');
      const outcome = await scanImage(
        {
          source: options.source ?? { kind: 'local', reference: 'busybox:local' },
          settings: {
            ...{ engine: kind, timeoutMinutes: 1, trivyContainerImage: registry.image },
            [kind === 'docker' ? 'dockerPath' : 'podmanPath']: client,
            ignoreFile: join(folder, '.trivyignore'),
            ...more,
          },
        },
        {
          run: runProgram,
          machine: { ...thisMachine, env: { ...env, ...options.env } },
          storageFolder: storage,
          signal: controller.signal,
          now: () => new Date(),
          log: (line) => {
            log.push(line);
            if (options.cancelOn?.test(line)) setTimeout(() => controller.abort(), 200);
          },
          progress: ({ phase }) => {
            if (phase === options.cancelAt) setTimeout(() => controller.abort(), 30);
          },
        },
      );
      // Containers, processes and files: nothing is left.
      assert.equal((await engine.run('ps', '--all', '--quiet')).trim(), '');
      assert.equal((await engine.run('volume', 'ls', '--quiet')).trim(), '');
      assert.ok(!sleeping());
      assert.deepEqual(readdirSync(storage), []);
      assert.deepEqual(
        readdirSync(join(folder, 'caches/plimsoll')).filter((name) => name !== 'trivy'),
        [],
      );
      return { outcome, log: log.join('\n') };
    }

    it('pulls by digest, and scans what it saved with no more rights than that takes', async () => {
      const { outcome, log } = await scan();
      assert.ok(outcome.status === 'success', JSON.stringify(outcome));
      assert.equal(outcome.report.image.name, 'busybox:local');
      assert.equal(outcome.trivy.version, '0.74.0');
      assert.match(log, /image pull 127\.0\.0\.1/);
      for (const expected of [
        new RegExp(`probe: uid ${process.getuid?.()}\\b`),
        /probe: capabilities 0000000000000000/,
        /probe: own files .*Read-only file system/,
        /probe: image \d{6,} bytes, .*(?:Read-only file system|Permission denied)/,
        /probe: temporary written, cache written/,
        /probe: ignored CVE-2000-0001/,
        /probe: sockets 0/,
        /probe: arguments image .*--cache-dir \/plimsoll\/cache .*--input \/plimsoll\/image/,
      ]) {
        assert.match(log, expected);
      }
      assert.ok(existsSync(join(folder, 'caches/plimsoll/trivy/x')));
    });

    it('has no network offline, and scans an archive', async () => {
      const tar = join(folder, 'with, comma.tar');
      await engine.run('image', 'save', '--output', tar, 'busybox:local');
      const { outcome, log } = await scan({ offline: true }, { source: { kind: 'archive', path: tar } });
      assert.ok(outcome.status === 'success', JSON.stringify(outcome));
      assert.match(log, /probe: networks lo *$/m);
      assert.match(log, /--offline-scan/);
      assert.ok(readFileSync(tar).length > 100_000);
    });

    it('tells what is not to be had', async () => {
      const { outcome } = await scan({ trivyContainerImage: registry.missing });
      assert.ok(outcome.status === 'failure' && outcome.failure.kind === 'no-image', JSON.stringify(outcome));
      const name = kind === 'docker' ? 'busybox' : 'localhost/busybox';
      const unpinned = await scan({ trivyContainerImage: `${name}:local` });
      assert.ok(unpinned.outcome.status === 'failure' && unpinned.outcome.failure.kind === 'trivy-not-pinned');
    });

    for (const phase of ['pull', 'save', 'scan'] as const) {
      it(`leaves nothing when it is cancelled while it does "${phase}"`, async () => {
        if (phase === 'pull') await engine.run('image', 'rm', '--force', registry.image);
        const { outcome } = await scan({}, { cancelAt: phase });
        assert.equal(outcome.status, 'cancelled', JSON.stringify(outcome).slice(0, 300));
      });
    }

    it('ends a Trivy that takes no notice', async () => {
      const { outcome } = await scan({}, { cancelOn: /scanning is enabled/, env: { TRIVY_TEST: 'hang' } });
      assert.equal(outcome.status, 'cancelled');
    });
  });
}

/** Why an engine can't run a container on this machine; undefined when it can. */
async function runs(kind: string, client: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const name = kind === 'docker' ? 'busybox:local' : 'localhost/busybox:local';
  const args = ['run', '--rm', '--network=none', name, 'true'];
  const { exitCode, stderr } = await runProgram(client, args, { cwd: tmpdir(), env, timeoutMs: 60_000 });
  return exitCode === 0 ? undefined : (stderr.trim().split('\n').pop() ?? 'no reason is given');
}

/** A client that doesn't see the new kind of control groups: with both kinds at once crun runs nothing. */
function withoutUnifiedGroups(folder: string, client: string): string {
  const path = join(folder, 'podman');
  const inner = 'umount /sys/fs/cgroup/unified; program=$1; shift; exec "$program" "$@"';
  writeFileSync(path, `#!/bin/sh\nexec unshare --mount sh -c '${inner}' sh '${client}' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

/** Looks for the stand-in that hangs among all processes. */
function sleeping(): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('sleep\u000097543');
      } catch {
        return false;
      }
    });
}
