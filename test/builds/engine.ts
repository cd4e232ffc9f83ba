import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ContainerEngine } from '../helpers/containerEngine.ts';
import { type FileSystem, type HashCache, readFileSystem } from './fileSystem.ts';
import { type ImageConfig, readConfig } from './imageConfig.ts';

const run = promisify(execFile);

export interface BuildOptions {
  readonly tag: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
}

export interface Build {
  readonly isDone: boolean;
  /** Exit code of the step that failed, as the engine tells it. */
  readonly exitCode: number | undefined;
  /** Text of each step, and whether it came from the cache. */
  readonly steps: readonly Step[];
  readonly log: string;
}

export interface Step {
  readonly text: string;
  readonly cached: boolean;
}

export interface Image {
  readonly config: ImageConfig;
  readonly layers: number;
  readonly bytes: number;
}

export interface Result {
  readonly exit: number;
  readonly output: string;
}

/** Longest time for one command of the engine, in milliseconds. */
const commandLimit = 120_000;

/** What the proofs ask of a container engine. */
export class Engine {
  readonly #container: ContainerEngine;
  readonly #env: NodeJS.ProcessEnv;
  readonly #hashes: HashCache = new Map();

  constructor(container: ContainerEngine) {
    this.#container = container;
    const buildkit = container.builders.some((builder) => builder === 'buildkit' || builder === 'buildx') ? '1' : '0';
    this.#env = { ...process.env, DOCKER_BUILDKIT: buildkit, BUILDKIT_PROGRESS: 'plain', ...container.env };
  }

  get description(): string {
    return this.#container.description;
  }

  can(ability: 'heredoc' | 'buildkit' | 'amd64'): boolean {
    if (ability === 'amd64') return process.arch === 'x64';
    const { builders } = this.#container;
    // BuildKit inside docker 20.10 reads Dockerfiles of version 1.2; heredocs came with 1.4, in podman with version 4.9.
    if (ability === 'heredoc') return builders.includes('buildx');
    return !builders.every((builder) => builder === 'legacy');
  }

  async build({ tag, dockerfile, context, buildArgs = {} }: BuildOptions): Promise<Build> {
    const given = Object.entries(buildArgs).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
    const { exit, output } = await this.#command([
      ...['build', ...this.#container.buildArguments, ...given],
      ...['--tag', tag, '--file', withOwnFrontend(dockerfile), context],
    ]);
    const code = [...output.matchAll(/exit code: (\d+)|returned a non-zero code: (\d+)|exit status (\d+)/g)].at(-1);
    const exitCode = code && Number(code[1] ?? code[2] ?? code[3]);
    return { isDone: exit === 0, exitCode, steps: readSteps(output), log: output };
  }

  async inspect(tag: string): Promise<Image> {
    const [image] = JSON.parse(await this.#container.run('image', 'inspect', tag)) as [
      { Config: Record<string, unknown>; RootFS: { Layers: string[] }; Size: number },
    ];
    return { config: readConfig(image.Config), layers: image.RootFS.Layers.length, bytes: image.Size };
  }

  async files(tag: string): Promise<FileSystem> {
    const root = mkdtempSync(join(tmpdir(), 'plimsoll-files-'));
    const isMounted = await this.#mount(tag, root).then(
      () => true,
      () => false,
    );
    try {
      if (!isMounted) await this.#unpack(tag, root);
      // Inodes of unpacked files are used again by others.
      return readFileSystem(root, isMounted ? this.#hashes : new Map());
    } finally {
      if (isMounted) await run('umount', [root]);
      rmSync(root, { recursive: true, force: true });
    }
  }

  /** Puts the layers over each other as the engine does, which copies nothing. Throws where it keeps them otherwise. */
  async #mount(tag: string, root: string): Promise<void> {
    const format = '{{.GraphDriver.Data.UpperDir}}:{{.GraphDriver.Data.LowerDir}}';
    const layers = (await this.#container.run('image', 'inspect', '--format', format, tag)).trim();
    const only = /^(.*):<no value>$/.exec(layers)?.[1];
    if (only !== undefined) await run('mount', ['--bind', only, root]);
    else await run('mount', ['-t', 'overlay', 'overlay', '-o', `ro,lowerdir=${layers}`, root]);
  }

  async #unpack(tag: string, root: string): Promise<void> {
    // An image without CMD needs some command to make a container of; it is never started.
    const id = (await this.#container.run('create', '--network', 'none', tag, 'nothing')).trim();
    try {
      const archive = join(root, '.archive');
      await this.#container.run('export', '--output', archive, id);
      await run('tar', ['--directory', root, '--numeric-owner', '--same-permissions', '--extract', '--file', archive]);
      rmSync(archive);
    } finally {
      await this.#container.run('rm', id);
    }
  }

  /** Starts a container and waits for its end. */
  async start(tag: string, options: readonly string[], args: readonly string[]): Promise<Result> {
    return this.#command(['run', '--rm', '--network', 'none', ...options, tag, ...args]);
  }

  /** Starts a container in the background, asks it by a command inside until that succeeds, and ends it. */
  async ask(tag: string, request: readonly string[]): Promise<Result> {
    const id = (await this.#container.run('run', '--detach', '--network', 'none', tag)).trim();
    try {
      for (let tries = 0; ; tries++) {
        const answer = await this.#command(['exec', id, ...request]);
        if (answer.exit === 0 || tries === 20) return answer;
        await new Promise((wake) => setTimeout(wake, 150));
      }
    } finally {
      await this.#container.run('rm', '--force', id);
    }
  }

  async remove(tags: readonly string[]): Promise<void> {
    await this.#command(['image', 'rm', '--force', ...tags]);
  }

  #command(args: readonly string[]): Promise<Result> {
    return new Promise((resolve) => {
      const options = { env: this.#env, timeout: commandLimit, maxBuffer: 64 * 1024 * 1024 };
      const child = execFile(this.#container.path, args, options, (error, stdout, stderr) => {
        const exit = error ? (typeof error.code === 'number' ? error.code : 255) : 0;
        resolve({ exit, output: stdout + stderr + (error?.killed ? '\n(stopped: it took too long)' : '') });
      });
      child.stdin?.end();
    });
  }
}

/**
 * The Dockerfile without its `# syntax=docker/dockerfile:1`, where it has one. BuildKit would fetch that frontend from
 * a registry, although every engine that is asked for it here has the same one built in.
 */
function withOwnFrontend(dockerfile: string): string {
  const text = readFileSync(dockerfile, 'utf8');
  const changed = text.replace(/^# syntax=docker\/dockerfile:1$/m, '# the frontend that is built in');
  if (changed === text) return dockerfile;
  const file = `${dockerfile}.built-in`;
  writeFileSync(file, changed);
  return file;
}

/** Reads the steps out of the log of BuildKit (plain), docker's older builder, or buildah. */
function readSteps(log: string): Step[] {
  const steps = new Map<string, { text: string; cached: boolean }>();
  let last = '';
  for (const line of log.split('\n')) {
    const modern = /^#(\d+) \[.*?\d+\/\d+\] (.*)$/.exec(line);
    const older = /^STEP (\d+(?:\/\d+)?) ?: (.*)$/i.exec(line);
    const [, id, text] = modern ?? older ?? [];
    if (id !== undefined && text !== undefined) {
      last = id;
      if (!steps.has(id)) steps.set(id, { text, cached: false });
    }
    const cached = /^#(\d+) CACHED/.exec(line)?.[1] ?? (/Using cache/.test(line) ? last : undefined);
    const step = cached === undefined ? undefined : steps.get(cached);
    if (step) step.cached = true;
  }
  return [...steps.values()];
}
