import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunOptions, type RunProgram, type RunResult, runProgram } from '../../server/src/engine/process.ts';
import { scanImage } from '../../server/src/engine/scanImage.ts';
import type {
  ScanFailure,
  ScanFailureKind,
  ScanOutcome,
  ScanProgress,
  ScanSettings,
  ScanSource,
  ScanSuccess,
} from '../../server/src/engine/types.ts';
import { type FakeTrivy, type FakeTrivyControl, installFakeTrivy } from './fakeTrivy.ts';

export const id = (digit: string) => `sha256:${digit.repeat(64)}`;
export const archive = (path: string): ScanSource => ({ kind: 'archive', path });

/** What the scripted docker answers; programs other than docker and podman are really run. */
export type Answer =
  | Partial<RunResult>
  | ((args: readonly string[], options: RunOptions) => Promise<Partial<RunResult>>);

const dockerVersion = JSON.stringify({ Client: { Version: '28.2.2' }, Server: { Version: '28.2.2', Os: 'linux' } });

export const inspected = (digit: string, tags: string[] = []) =>
  JSON.stringify({ Id: id(digit), RepoTags: tags, Created: '2026-01-01T00:00:00Z', Size: 1 });

export const working: Record<string, Answer> = {
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

export interface Scene {
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

/** The outcome of a scan that has to succeed. */
export function success(outcome: ScanOutcome): ScanSuccess {
  assert.ok(outcome.status === 'success', JSON.stringify(outcome));
  return outcome;
}

/** A folder, a stand-in for Trivy and a saved image, for scans whose engines are scripted. POSIX only. */
export class ScanBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'plimsoll-test-'));
  readonly storage = join(this.folder, 'storage');
  readonly trivy: FakeTrivy = installFakeTrivy(join(this.folder, 'tools'));
  readonly tar = join(this.folder, 'image.tar');
  readonly dockerfile = join(this.folder, 'shop', 'Dockerfile');

  constructor() {
    writeFileSync(this.tar, '');
    mkdirSync(join(this.folder, 'shop'));
    writeFileSync(this.dockerfile, 'FROM x\n');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Scans, and asserts that nothing is left. */
  async scan(scene: Scene) {
    this.trivy.set(scene.trivy ?? {});
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
        source: scene.source ?? archive(this.tar),
        settings: { engine: 'auto', timeoutMinutes: 10, trivyPath: this.trivy.path, ...scene.settings },
      },
      {
        run,
        machine: {
          platform: 'linux',
          env: { PATH: process.env.PATH, TRIVY_MINE: 'kept', TRIVY_OUTPUT: '/elsewhere' },
          home: this.folder,
          isExecutable: async (path) =>
            path === this.trivy.path ||
            (path === '/usr/bin/docker' && scene.docker !== undefined) ||
            (path === '/usr/bin/podman' && scene.podman !== undefined),
        },
        storageFolder: this.storage,
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
    assert.deepEqual(readdirSync(this.storage), scene.left ?? []);
    return { outcome, progress, log: log.join('\n'), calls };
  }

  async expectFailure(scene: Scene, kind: ScanFailureKind, message: RegExp): Promise<ScanFailure> {
    const { outcome } = await this.scan(scene);
    assert.equal(outcome.status, 'failure', JSON.stringify(outcome).slice(0, 500));
    assert.ok(outcome.status === 'failure');
    assert.equal(outcome.failure.kind, kind, JSON.stringify(outcome.failure));
    assert.match(outcome.failure.message, message);
    return outcome.failure;
  }

  /** How Trivy was called for the scan. */
  scanCall() {
    const call = this.trivy.calls().find((candidate) => candidate.argv[0] === 'image');
    assert.ok(call, 'trivy image was called');
    return call;
  }
}
