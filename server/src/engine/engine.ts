import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { BuildOutput } from './buildOutput.ts';
import {
  buildCommand,
  dockerInspectArguments,
  dockerListArguments,
  masked,
  podmanInspectArguments,
  podmanListArguments,
  readBuildxVersion,
  readDockerVersions,
  readImages,
  readPodmanInfo,
  saveArguments,
} from './engineCommands.ts';
import { type LeftBehind, Leftovers } from './leftovers.ts';
import { buildFailure, engineCommandFailure, type EngineKind, engineName } from './engineFailure.ts';
import type { RunOptions, RunResult } from './process.ts';
import { cancelled, done, failed, type Step } from './step.ts';
import { locate, type Program, runTool, type ScanTools } from './tools.ts';
import type { TrivyInput } from './trivyArguments.ts';
import type { BuildSource, EngineInfo, LocalImage, ScanFailure, ScanSettings } from './types.ts';

/** What a build made. */
export interface BuiltImage {
  readonly id: string;
  /** BuildKit's own account of the build as JSON text, where it gives one. Build arguments are in it: never to be shown. */
  readonly metadata?: string;
}

/** A container engine that answers. */
export interface Engine {
  readonly info: EngineInfo;
  /** How Trivy gets at an image of this engine; `undefined` when only through a saved file. */
  trivyInput(reference: string): TrivyInput | undefined;
  /** Newest first. */
  images(): Promise<Step<LocalImage[]>>;
  /** The image of that name or id, if the engine has it. */
  image(reference: string): Promise<Step<LocalImage | undefined>>;
  /** Builds the image. `onStep` gets each step of the Dockerfile as it begins. */
  build(source: BuildSource, settings: ScanSettings, onStep: (step: string) => void): Promise<Step<BuiltImage>>;
  /** Writes the image into a file. */
  save(reference: string, file: string): Promise<Step<undefined>>;
  /**
   * Gives the same out as it is made, without a file of ours.
   *
   * @param temporaryFolder where the engine's own program may put what it needs meanwhile
   */
  stream(
    reference: string,
    read: (chunks: AsyncIterable<Uint8Array>) => Promise<void>,
    temporaryFolder: string,
  ): Promise<Step<undefined>>;
  /** Removes an image when no name is left to it; fails silently, because containers may use it. */
  removeUnnamed(id: string): Promise<void>;
}

/** How long an engine may take to say that it is there. */
const probeMs = 20_000;

/** How long it may take to tell of its images, of which there may be thousands. */
const queryMs = 120_000;

/** How long it may take to write a large image to a slow disk. */
const saveMs = 60 * 60_000;

/**
 * Finds the engine to use. `auto` takes docker when it answers, then podman; when neither does, the failure is that
 * of the engine that is installed. A docker whose address somebody has set is never passed over: it is the one meant.
 */
export async function findEngine(settings: ScanSettings, tools: ScanTools): Promise<Step<Engine>> {
  if (settings.engine === 'docker') return openDocker(settings, tools);
  if (settings.engine === 'podman') return openPodman(settings, tools);
  const docker = await openDocker(settings, tools);
  if (docker.status !== 'failure' || isChosen(docker.failure, tools)) return docker;
  const isThere = docker.failure.kind !== 'engine-not-found';
  const podman = await openPodman(settings, tools, isThere ? docker.failure.message : undefined);
  if (podman.status !== 'failure') return podman;
  if (isThere) return docker;
  if (podman.failure.kind !== 'engine-not-found') return podman;
  return failed({
    kind: 'engine-not-found',
    message: 'Neither docker nor podman was found on this machine.',
    nextStep: 'Install one of them, set its path in the settings, or scan an image saved as a tar archive.',
    remedies: ['install-engine', 'choose-engine', 'scan-archive'],
    details: docker.failure.details,
  });
}

/** Whether a docker that fails so is one that the user has chosen. */
function isChosen({ kind }: ScanFailure, { machine }: ScanTools): boolean {
  if (kind === 'engine-wrong-context') return true;
  return kind !== 'engine-not-found' && [machine.env.DOCKER_HOST, machine.env.DOCKER_CONTEXT].some(Boolean);
}

async function openDocker(settings: ScanSettings, tools: ScanTools): Promise<Step<Engine>> {
  const path = await locate(engineProgram('docker', settings.dockerPath), tools);
  if (path.status !== 'done') return path;
  const run = runner('docker', path.value, tools);

  const version = await run(['version', '--format', '{{json .}}'], { timeoutMs: probeMs });
  if (version.status !== 'done') return version;
  const versions = readDockerVersions(version.value.stdout);
  if (versions === undefined) {
    // The package podman-docker installs podman under docker's name.
    const podman = await podmanAt(path.value, tools);
    return podman.status === 'failure' ? notAnEngine('docker', path.value, version.value) : podman;
  }
  const address = await run(['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'], { timeoutMs: probeMs });
  if (address.status === 'cancelled') return address;
  const host = address.status === 'done' ? address.value.stdout.trim() : '';

  const builder = await dockerBuilder(versions, run, tools);
  if (builder === undefined) return cancelled;
  const info: EngineInfo = {
    kind: 'docker',
    path: path.value,
    clientVersion: versions.client,
    serverVersion: versions.server,
    ...builder,
    ...(host === '' ? {} : { host }),
  };
  tools.log(`Docker ${versions.client} (${path.value}), engine ${versions.server}, builder ${info.builder}`);
  return done(makeEngine(info, tools));
}

export type Run = ReturnType<typeof runner>;

async function dockerBuilder(
  versions: { client: string; isPodman: boolean; isWindows: boolean },
  run: Run,
  tools: ScanTools,
): Promise<Pick<EngineInfo, 'builder' | 'progress'> | undefined> {
  // Podman's socket knows only the interface of the legacy builder, and Windows containers have no other one.
  const legacyOnly = versions.isPodman || versions.isWindows || tools.machine.env.DOCKER_BUILDKIT === '0';
  if (legacyOnly) return { builder: 'legacy' };
  const buildx = await run(['buildx', 'version'], { timeoutMs: probeMs });
  if (buildx.status === 'cancelled') return undefined;
  const number = buildx.status === 'done' ? readBuildxVersion(buildx.value.stdout) : undefined;
  if (number !== undefined) {
    const [major, minor] = number;
    return { builder: 'buildx', progress: major > 0 || minor >= 13 ? 'rawjson' : 'plain' };
  }
  // Clients before 23 speak to BuildKit themselves, and have done so since 18.09.
  return { builder: Number.parseInt(versions.client, 10) < 23 ? 'buildkit' : 'legacy' };
}

async function openPodman(settings: ScanSettings, tools: ScanTools, insteadOf?: string): Promise<Step<Engine>> {
  const path = await locate(engineProgram('podman', settings.podmanPath), tools);
  return path.status === 'done' ? podmanAt(path.value, tools, insteadOf) : path;
}

async function podmanAt(path: string, tools: ScanTools, insteadOf?: string): Promise<Step<Engine>> {
  const answer = await runner('podman', path, tools)(['info', '--format', 'json'], { timeoutMs: probeMs });
  if (answer.status !== 'done') return answer;
  const podman = readPodmanInfo(answer.value.stdout);
  if (podman === undefined) return notAnEngine('podman', path, answer.value);
  // Podman 5.8 says that its socket exists wherever it would be.
  const hasSocket = podman.socket !== undefined && (await isSocket(podman.socket));
  const info: EngineInfo = {
    kind: 'podman',
    path,
    clientVersion: podman.version,
    serverVersion: podman.version,
    builder: 'buildah',
    ...(hasSocket ? { host: podman.socket } : {}),
    ...(insteadOf === undefined ? {} : { insteadOf }),
  };
  tools.log(`Podman ${podman.version} (${path})${insteadOf === undefined ? '' : ` is used: ${insteadOf}`}`);
  return done(makeEngine(info, tools));
}

function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (entry) => entry.isSocket(),
    () => false,
  );
}

function makeEngine(info: EngineInfo, tools: ScanTools): Engine {
  const run = engineRunner(info, tools);
  const isPodman = info.kind === 'podman';
  return {
    info,
    trivyInput: (reference) => trivyInput(info, reference, tools),
    images: async () => {
      if (isPodman) return mapStep(await run(podmanListArguments), (result) => readImages(result.stdout));
      const list = await run(dockerListArguments);
      if (list.status !== 'done') return list;
      const ids = [...new Set(list.value.stdout.split('\n').filter((line) => line !== ''))];
      return inspectAll(ids, run);
    },
    image: async (reference) => {
      const args = isPodman ? podmanInspectArguments(reference) : dockerInspectArguments([reference]);
      const answer = await run(args);
      if (answer.status === 'failure' && answer.failure.kind === 'no-image') return done(undefined);
      return mapStep(answer, (result) => readImages(result.stdout)[0]);
    },
    build: (source, settings, onStep) => build(info, source, settings, onStep, tools),
    save: async (reference, file) => {
      const args = saveArguments(info.kind, reference, file);
      // Podman puts copies of the layers there first, and forgets them when the disk is full.
      const folder = dirname(file);
      const saved = await run(args, { timeoutMs: saveMs, addedEnv: { TMPDIR: folder } });
      if (saved.status !== 'failure' || saved.failure.kind !== 'disk-full') return mapStep(saved, () => undefined);
      const nextStep = 'Make room on that disk, then try again.';
      return failed({ ...saved.failure, message: `There is no room for a copy of the image in ${folder}.`, nextStep });
    },
    stream: async (reference, read, temporaryFolder) => {
      const args = saveArguments(info.kind, reference);
      const options = { timeoutMs: saveMs, readStdout: read, addedEnv: { TMPDIR: temporaryFolder } };
      return mapStep(await run(args, options), () => undefined);
    },
    removeUnnamed: async (id) => {
      const tidy = tidier(info, tools);
      const args = isPodman ? podmanInspectArguments(id) : dockerInspectArguments([id]);
      const answer = await tidy(args, { timeoutMs: probeMs });
      const image = answer.status === 'done' ? readImages(answer.value.stdout)[0] : undefined;
      if (image?.tags.length === 0) await tidy(['image', 'rm', '--', id], { timeoutMs: probeMs });
    },
  };
}

/**
 * Trivy speaks to sockets of this machine. A context with certificates or over ssh it can't use, and podman without a
 * service has no socket at all: there the image is saved to a file first.
 */
function trivyInput(info: EngineInfo, reference: string, tools: ScanTools): TrivyInput | undefined {
  const { kind, host } = info;
  // Trivy knows an id only without its prefix.
  const name = reference.replace(/^sha256:/, '');
  if (host === undefined) return kind === 'docker' ? { kind: 'engine', engine: kind, reference: name } : undefined;
  if (kind === 'podman') return { kind: 'engine', engine: kind, host, reference: name };
  const usual = host === 'unix:///var/run/docker.sock' || host === 'npipe:////./pipe/docker_engine';
  if (usual) return { kind: 'engine', engine: kind, reference: name };
  const usable = /^(?:unix|npipe):/.test(host) || host === tools.machine.env.DOCKER_HOST;
  return usable && !host.startsWith('ssh:') ? { kind: 'engine', engine: kind, host, reference: name } : undefined;
}

async function build(
  info: EngineInfo,
  source: BuildSource,
  settings: ScanSettings,
  onStep: (step: string) => void,
  tools: ScanTools,
): Promise<Step<BuiltImage>> {
  const folder = await mkdtemp(join(tools.storageFolder, 'build-'));
  try {
    const files = { id: join(folder, 'image-id'), metadata: join(folder, 'metadata.json') };
    const command = buildCommand(info, source, files, settings.extraBuildArguments);
    tools.log(`> ${info.path} ${masked(command.args)}`);
    const output = new BuildOutput(info.progress === 'rawjson');
    const lastLines: string[] = [];
    const leftovers = new Leftovers();
    const onLine = (line: string) => {
      if (leftovers.push(line) && info.builder === 'buildah') return;
      const news = output.push(line);
      for (const text of news.log) {
        tools.log(text);
        lastLines.push(text);
        if (lastLines.length > 200) lastLines.shift();
      }
      if (news.step !== undefined) onStep(news.step);
    };
    const result = await runTool(engineName(info.kind), info.path, command.args, tools, {
      addedEnv: command.env,
      onStdoutLine: onLine,
      onStderrLine: onLine,
    });
    if (result.status === 'cancelled' && (info.builder === 'legacy' || info.builder === 'buildah'))
      await removeAll(leftovers.all, info, tools);
    // What the builder noted for us has values of build arguments in it.
    if (result.status === 'failure' && lastLines.length > 0)
      return failed({ ...result.failure, details: lastLines.join('\n') });
    if (result.status !== 'done') return result;
    if (result.value.exitCode !== 0) {
      return failed(buildFailure(info.kind, result.value.exitCode, lastLines.join('\n')));
    }
    const id = await readFile(files.id, 'utf8').catch(() => '');
    if (!/^(?:sha256:)?[0-9a-f]{64}$/.test(id.trim())) {
      return failed({
        kind: 'build-failed',
        message: 'The build ended without an image.',
        nextStep: 'A builder or an additional build argument may write it elsewhere; the log shows the build.',
        remedies: ['show-log', 'retry'],
      });
    }
    const metadata = await readFile(files.metadata, 'utf8').catch(() => undefined);
    return done({
      id: id.trim().replace(/^(?:sha256:)?/, 'sha256:'),
      ...(metadata === undefined ? {} : { metadata }),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A runner for tidying up, which is done after a cancellation, too. */
export function tidier(info: EngineInfo, tools: ScanTools): Run {
  return runner(info.kind, info.path, { ...tools, signal: new AbortController().signal });
}

/** Removes what a cancelled build has left; images that have a name or somebody else's container by now stay. */
async function removeAll(
  { images, containers, folders }: LeftBehind,
  info: EngineInfo,
  tools: ScanTools,
): Promise<void> {
  const tidy = tidier(info, tools);
  if (containers.length > 0) await tidy(['container', 'rm', '--force', '--', ...containers], { timeoutMs: probeMs });
  for (const folder of folders) await removeUnmounted(folder);
  // Docker would take parents along that were there before.
  const command = ['image', 'rm', ...(info.kind === 'docker' ? ['--no-prune'] : []), '--'];
  for (const id of images) {
    // The daemon removes the container of the step that was interrupted in its own time.
    for (let tries = 0; tries < 10; tries++) {
      const removed = await tidy([...command, id], { timeoutMs: probeMs });
      if (removed.status !== 'failure' || removed.failure.kind === 'no-image') break;
      await new Promise((wake) => setTimeout(wake, 300));
    }
  }
}

/** Removes a folder of this machine, unless something is mounted in it: that would be emptied as well. */
async function removeUnmounted(folder: string): Promise<void> {
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => undefined);
  const points = mounts?.split('\n').map((line) => line.split(' ')[4] ?? '');
  if (!points || points.some((point) => point === folder || point.startsWith(`${folder}/`))) return;
  await rm(folder, { recursive: true, force: true }).catch(() => undefined);
}

/** Images may vanish between the list and this; the others are still told. */
async function inspectAll(ids: readonly string[], run: Run): Promise<Step<LocalImage[]>> {
  const answers: string[] = [];
  for (let start = 0; start < ids.length; start += 100) {
    const answer = await run(dockerInspectArguments(ids.slice(start, start + 100)), { tolerate: 'no-image' });
    if (answer.status !== 'done') return answer;
    answers.push(answer.value.stdout);
  }
  return done(readImages(answers.join('\n')));
}

interface RunToolOptions {
  readonly timeoutMs?: number;
  readonly readStdout?: NonNullable<RunOptions['readStdout']>;
  readonly addedEnv?: NodeJS.ProcessEnv;
  /** A failure that still has a result. */
  readonly tolerate?: 'no-image';
}

/** Runs a command of the engine whose exit code is its verdict. */
export function runner(kind: EngineKind, path: string, tools: ScanTools) {
  return async (args: readonly string[], options: RunToolOptions = {}): Promise<Step<RunResult>> => {
    const { tolerate, ...others } = options;
    const step = await runTool(engineName(kind), path, args, tools, { timeoutMs: queryMs, ...others });
    if (step.status !== 'done' || step.value.exitCode === 0) return step;
    const failure = engineCommandFailure(kind, step.value.exitCode, step.value.stderr);
    return failure.kind === tolerate ? step : failed(failure);
  };
}

/** As `runner`; where an image is missing it also says which engine was not asked. */
export function engineRunner({ kind, path, insteadOf }: EngineInfo, tools: ScanTools): Run {
  const run = runner(kind, path, tools);
  return async (args, options) => {
    const step = await run(args, options);
    if (insteadOf === undefined || step.status !== 'failure' || step.failure.kind !== 'no-image') return step;
    return failed({ ...step.failure, message: `${step.failure.message} ${insteadOf}` });
  };
}

function engineProgram(kind: EngineKind, setting: string | undefined): Program {
  const other = kind === 'docker' ? 'podman' : 'docker';
  return {
    name: kind,
    title: engineName(kind),
    setting,
    notFound: {
      kind: 'engine-not-found',
      nextStep: `Install ${engineName(kind)}, set its path in the settings, use ${other}, or scan an image saved as a tar archive.`,
      remedies: ['install-engine', 'choose-engine', 'scan-archive'],
    },
  };
}

function notAnEngine(kind: EngineKind, path: string, result: RunResult): Step<Engine> {
  return failed({
    kind: 'unknown',
    message: `${path} doesn't answer as ${engineName(kind)} does.`,
    nextStep: 'Check the path in the settings.',
    remedies: ['choose-engine', 'show-log'],
    details: `${result.stdout.slice(0, 2000)}\n${result.stderr}`.trim(),
  });
}

function mapStep<A, B>(step: Step<A>, change: (value: A) => B): Step<B> {
  return step.status === 'done' ? done(change(step.value)) : step;
}
