import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { basename, join, posix } from 'node:path';
import { type Engine, type Run, runner, tidier } from './engine.ts';
import { engineCommandFailure, engineName } from './engineFailure.ts';
import type { Machine } from './findExecutable.ts';
import { cancelled, done, failed, type Step } from './step.ts';
import { runTool, type ScanTools } from './tools.ts';
import { checkVersion, type LaunchOptions, seenAs, type Trivy, type TrivyLaunch, type TrivyTask } from './trivy.ts';
import { type TrivyInput, trivyImageArguments, trivyVersionArguments } from './trivyArguments.ts';
import {
  checkPinnedImage,
  type ContainerTask,
  type ContainerUser,
  containerPaths,
  containerUser,
  createArguments,
  engineInfoArguments,
  killArguments,
  type Mount,
  passedEnvironment,
  type PinnedImage,
  pullArguments,
  removeArguments,
  startArguments,
} from './trivyContainerArguments.ts';
import { containerFailure, notPinned, pullFailure } from './trivyContainerFailure.ts';
import { type DatabaseDates, databaseDates, judgeTrivyVersion } from './trivyVersion.ts';
import type { ScanSettings, TrivyInfo } from './types.ts';

/** How long an engine may take to make or remove a container; the first one of an image has to be unpacked. */
const containerMs = 120_000;

/** How long a pull may take; the image has some 60 MB, but networks differ. */
const pullMs = 60 * 60_000;

type Pinned = Extract<PinnedImage, { readonly ok: true }>;

/**
 * Makes Trivy ready that an engine runs out of an image: the image is pulled when the engine doesn't have it, and asked
 * for its version without network or files before it gets anything to do. Containers are gone when their work is done,
 * cancelled or failed.
 *
 * @param onPhase gets each phase in words as it begins
 */
export async function openTrivyContainer(
  engine: Engine,
  name: string,
  settings: ScanSettings,
  tools: ScanTools,
  onPhase: (message: string) => void,
): Promise<Step<Trivy>> {
  const image = checkPinnedImage(name);
  if (!image.ok) return failed(notPinned(name, image.message));
  const byTag = image.tag === undefined ? undefined : judgeTrivyVersion(image.tag);
  if (byTag?.verdict === 'refused') {
    const { message, nextStep } = byTag;
    return failed({ kind: 'trivy-refused', message, nextStep, remedies: ['run-in-container', 'install-trivy'] });
  }
  const { kind, host = '' } = engine.info;
  // An address of this machine may lead elsewhere, too, but then the engine says that it finds no such folder.
  if (kind === 'docker' && /^(?:ssh|https?):|^tcp:\/\/(?!(?:localhost|127\.[\d.]+|\[::1\])(?::|$))/.test(host)) {
    return failed({
      kind: 'engine-elsewhere',
      message: 'Docker runs on another machine, where a container has no access to files of this one.',
      nextStep: 'Choose an engine on this machine, or install Trivy.',
      remedies: ['install-trivy', 'choose-engine', 'show-log'],
    });
  }
  const run = runner(kind, engine.info.path, tools);
  const info = await run(engineInfoArguments, { timeoutMs: containerMs });
  if (info.status !== 'done') return info;
  const user = containerUser(kind, info.value.stdout, tools.machine.user);

  const present = await makePresent(engine, image, settings, tools, onPhase);
  if (present.status !== 'done') return present;

  const answer = await runContainer(
    engine,
    {
      ...{ image: image.reference, command: trivyVersionArguments, mounts: [], network: false, environment: [] },
      user,
    },
    tools,
    { timeoutMs: containerMs, onStderrLine: () => undefined },
  );
  if (answer.status !== 'done') return answer;
  const checked = checkVersion(answer.value, image.name, {
    nextStep: 'Name an image whose program is Trivy, for this kind of machine.',
    remedies: ['run-in-container', 'install-trivy', 'show-log'],
  });
  if (checked.status !== 'done') return checked;

  const cache = trivyCacheFolder(tools.machine);
  await mkdir(cache, { recursive: true });
  const known = { path: image.name, version: checked.value.info.version };
  const trivy: TrivyInfo = { ...known, ...(await datesIn(cache)) };
  const database = trivy.databaseUpdatedAt ?? 'not downloaded yet';
  tools.log(`Trivy ${trivy.version} (${image.name} with ${engineName(kind)}), database ${database}`);
  return done({
    info: trivy,
    notes: checked.value.notes,
    needsFile: true,
    removal: `the folder ${join(cache, 'db')}`,
    launch: (task, options) => launch(engine, image, { trivy, user, cache }, task, tools, options),
    renewed: async () => ({ ...known, ...(await datesIn(cache)) }),
  });
}

/** Where the databases stay between scans, for all projects. */
export function trivyCacheFolder({ platform, env, home }: Machine): string {
  if (platform === 'win32') return join(env.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'plimsoll', 'trivy');
  const wanted = env.XDG_CACHE_HOME;
  const usual = posix.join(home, platform === 'darwin' ? 'Library/Caches' : '.cache');
  const caches = wanted !== undefined && posix.isAbsolute(wanted) ? wanted : usual;
  return posix.join(caches, 'plimsoll', 'trivy');
}

/** What Trivy keeps beside its databases. */
async function datesIn(cache: string): Promise<DatabaseDates> {
  return databaseDates(
    await readJson(join(cache, 'db', 'metadata.json')),
    await readJson(join(cache, 'java-db', 'metadata.json')),
  );
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch(() => '');
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function makePresent(
  engine: Engine,
  { name, reference, registry }: Pinned,
  { offline }: ScanSettings,
  tools: ScanTools,
  onPhase: (message: string) => void,
): Promise<Step<undefined>> {
  const { kind, path } = engine.info;
  const found = await engine.image(reference);
  if (found.status !== 'done') return found;
  if (found.value !== undefined) return done(undefined);
  if (offline === true) {
    return failed({
      kind: 'no-image',
      message: `${engineName(kind)} doesn't have the image of Trivy, ${name}, and the settings say to stay offline.`,
      nextStep: `Pull it once with a network connection ("${kind} pull ${reference}"), then scan again.`,
      remedies: ['retry', 'run-in-container', 'show-log'],
    });
  }
  onPhase(`Pulling Trivy from ${registry}`);
  const args = pullArguments(reference);
  tools.log(`> ${path} ${args.join(' ')}`);
  const log = (line: string) => tools.log(line);
  const pulled = await runTool(engineName(kind), path, args, tools, {
    timeoutMs: pullMs,
    onStdoutLine: log,
    onStderrLine: log,
  });
  if (pulled.status !== 'done') return pulled;
  const { exitCode, stderr } = pulled.value;
  return exitCode === 0 ? done(undefined) : failed(pullFailure(kind, name, registry, exitCode, stderr));
}

async function launch(
  engine: Engine,
  image: Pinned,
  { trivy, user, cache }: { readonly trivy: TrivyInfo; readonly user: ContainerUser; readonly cache: string },
  { input, settings, temporaryFolder }: TrivyTask,
  tools: ScanTools,
  options: LaunchOptions,
): Promise<Step<TrivyLaunch>> {
  const given = join(temporaryFolder, 'input');
  const temporary = join(temporaryFolder, 'container');
  await Promise.all([given, temporary].map((folder) => mkdir(folder, { recursive: true })));
  const copies = await copyFiles(settings, given);
  if (copies.status !== 'done') return copies;
  const mounts: Mount[] = [
    { source: cache, target: containerPaths.cache, isWritable: true },
    { source: temporary, target: containerPaths.temporary, isWritable: true },
  ];
  if (Object.keys(copies.value).length > 0) {
    mounts.push({ source: given, target: containerPaths.input, isWritable: false });
  }
  if (input.kind === 'archive') mounts.push({ source: input.path, target: containerPaths.image, isWritable: false });
  const network = settings.offline !== true;
  const inside: TrivyInput = input.kind === 'archive' ? { kind: 'archive', path: containerPaths.image } : input;
  const { args, refused } = trivyImageArguments(
    inside,
    { ...settings, ...copies.value },
    trivy.version,
    containerPaths.cache,
  );
  const environment = passedEnvironment(tools.machine.env, network);
  const run = await runContainer(
    engine,
    { image: image.reference, command: args, mounts, network, environment, user },
    tools,
    options,
  );
  return run.status === 'done' ? done({ result: run.value, refused, seenAs: seenAs(inside) }) : run;
}

/** Copies the files that settings name to where the container can read them; answers with their names there. */
async function copyFiles(
  { ignoreFile, trivyConfigFile }: ScanSettings,
  folder: string,
): Promise<Step<Pick<ScanSettings, 'ignoreFile' | 'trivyConfigFile'>>> {
  const copied: { ignoreFile?: string; trivyConfigFile?: string } = {};
  for (const [setting, path] of Object.entries({ ignoreFile, trivyConfigFile })) {
    if (path === undefined) continue;
    // Trivy tells formats by the name.
    const name = `${setting}-${basename(path)}`;
    try {
      await copyFile(path, join(folder, name));
    } catch (error) {
      return failed({
        kind: 'unknown',
        message: `${path} can't be read.`,
        nextStep: 'Correct the path in the settings.',
        remedies: ['show-log'],
        details: String(error),
      });
    }
    copied[setting as keyof typeof copied] = `${containerPaths.input}/${name}`;
  }
  return done(copied);
}

/** Runs a container to its end. Whatever happens, it is gone afterwards. */
async function runContainer(
  engine: Engine,
  work: Omit<ContainerTask, 'name'>,
  tools: ScanTools,
  options: LaunchOptions,
): Promise<Step<TrivyLaunch['result']>> {
  const { kind, path } = engine.info;
  const task = { ...work, name: `plimsoll-trivy-${randomBytes(6).toString('hex')}` };
  const args = createArguments(kind, task);
  tools.log(`> ${path} ${args.join(' ')}`);
  // Should this process be told to end at once. The program outlives it by the moment that it takes.
  const onExit = () => {
    spawn(path, removeArguments(task.name), { env: tools.machine.env, detached: true, stdio: 'ignore' })
      .on('error', () => undefined)
      .unref();
  };
  process.on('exit', onExit);
  const tidy = tidier(engine.info, tools);
  let hasEnded = false;
  try {
    // Not to be interrupted: of half an answer nobody knows whether there is a container.
    const created = await tidy(args, { timeoutMs: containerMs });
    if (created.status === 'failure') return failed(containerFailure(kind, work.image, created.failure));
    if (created.status !== 'done' || tools.signal.aborted) return cancelled;
    const ran = await runTool('Trivy', path, startArguments(task.name), tools, options);
    if (ran.status !== 'done') return ran;
    hasEnded = true;
    const { exitCode, stderr } = ran.value;
    // The engine's own words, not those of a program in the container.
    const isStarted =
      exitCode === 0 || !/^(?:Error response from daemon: |Error: .*OCI runtime|exec \S+: )/m.test(stderr);
    return isStarted ? ran : failed(containerFailure(kind, work.image, engineCommandFailure(kind, exitCode, stderr)));
  } finally {
    // Podman would ask it to end first, and wait for ten seconds.
    if (!hasEnded && kind === 'podman') await tidy(killArguments(task.name), { timeoutMs: containerMs });
    await remove(task.name, tidy);
    process.off('exit', onExit);
  }
}

async function remove(name: string, tidy: Run): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    const removed = await tidy(removeArguments(name), { timeoutMs: containerMs });
    // The engine may be at it already, since the container ended.
    if (removed.status !== 'failure' || !/already in progress/i.test(removed.failure.details)) return;
    await new Promise((wake) => setTimeout(wake, 200));
  }
}
