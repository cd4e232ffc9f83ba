import { rmSync } from 'node:fs';
import { access, constants, mkdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { readingReport } from '../scan/readReport.ts';
import { withPauses } from '../scan/turns.ts';
import { withoutAbsent } from '../scan/untrusted.ts';
import { archivedRecord, buildMetadata } from './buildRecord.ts';
import { type BuiltImage, type Engine, findEngine } from './engine.ts';
import { engineName } from './engineFailure.ts';
import { checkImageReference } from './imageReference.ts';
import { makeScanFolder, removeAbandoned } from './scanFolders.ts';
import { done, failed, type Step } from './step.ts';
import type { ScanTools } from './tools.ts';
import { findTrivy, runTrivy, type Trivy } from './trivy.ts';
import { openTrivyContainer, trivyCacheFolder } from './trivyContainer.ts';
import type { TrivyInput } from './trivyArguments.ts';
import type {
  EngineInfo,
  ScanOutcome,
  ScanProgress,
  ScanRequest,
  ScanSource,
  ScanSuccess,
  TrivyInfo,
} from './types.ts';

/** The surroundings of a scan. */
export interface ScanHost extends ScanTools {
  now(): Date;
  progress(progress: ScanProgress): void;
}

/**
 * Scans an image: finds the tools, builds when asked to, runs Trivy, reads its report. Never rejects; whatever happens
 * is the outcome. Its temporary files are gone when it ends, and so is every process it has started.
 */
export async function scanImage(request: ScanRequest, host: ScanHost): Promise<ScanOutcome> {
  const startedAt = host.now();
  const folders: string[] = [];
  const makeFolder = async (parent: string) => {
    const folder = await makeScanFolder(parent);
    folders.push(folder);
    return folder;
  };
  // Should this process be told to end at once.
  const removeAll = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  };
  process.on('exit', removeAll);
  try {
    // Engines in virtual machines often see the user's folder only, and what is in a container's way must be seen there.
    const isContained = request.settings.trivyContainerImage !== undefined;
    const large = isContained ? dirname(trivyCacheFolder(host.machine)) : tmpdir();
    await Promise.all([host.storageFolder, large].map((folder) => mkdir(folder, { recursive: true })));
    await Promise.all([host.storageFolder, large].map((folder) => removeAbandoned(folder, host.now())));
    const storage = await makeFolder(host.storageFolder);
    const temporary = await makeFolder(large);
    const step = await scan(request, workplace(host, storage, temporary));
    if (host.signal.aborted || step.status === 'cancelled') return { status: 'cancelled' };
    if (step.status === 'failure') return step;
    const durationMs = host.now().getTime() - startedAt.getTime();
    return { status: 'success', startedAt, durationMs, ...step.value };
  } catch (error) {
    if (host.signal.aborted) return { status: 'cancelled' };
    return failed(unexpected(error));
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    process.off('exit', removeAll);
  }
}

/** The surroundings with the folders of this one scan. */
interface Workplace extends ScanHost {
  /** For large files: where the system wants them, or where a container can get at them. */
  readonly temporaryFolder: string;
}

function workplace(host: ScanHost, storageFolder: string, temporaryFolder: string): Workplace {
  const { machine, run, signal } = host;
  return {
    run,
    machine,
    signal,
    storageFolder,
    temporaryFolder,
    log: (line) => host.log(line),
    progress: (progress) => host.progress(progress),
    now: () => host.now(),
  };
}

type ScanResult = Omit<ScanSuccess, 'status' | 'startedAt' | 'durationMs'>;

async function scan(request: ScanRequest, host: Workplace): Promise<Step<ScanResult>> {
  const { settings } = request;
  host.progress({ phase: 'prepare', message: 'Looking for Trivy' });
  const checked = await checkSource(request.source);
  if (checked.status !== 'done') return checked;
  const trivy = await makeTrivy(settings, host);
  if (trivy.status !== 'done') return trivy;
  const image = await makeAvailable(request, trivy.value.needsFile, host);
  if (image.status !== 'done') return image;

  const { input, name, engine, built, metadata } = image.value;
  const reportedAs = request.source.kind === 'archive' ? request.source.path : name;
  host.progress({ phase: 'scan', message: `Scanning ${name}` });
  const onPhase = (message: string, phase: 'scan' | 'wait') => host.progress({ phase, message });
  const scanned = await runTrivy(
    trivy.value,
    { input, name, reportedAs, settings, temporaryFolder: host.temporaryFolder },
    host,
    onPhase,
  );
  if (scanned.status !== 'done') return scanned;

  host.progress({ phase: 'read', message: 'Reading the report' });
  const mayRenew = settings.skipDatabaseUpdate !== true && settings.offline !== true;
  const [reading, info] = await Promise.all([
    withPauses(readingReport(scanned.value.rawJson), setImmediate),
    mayRenew ? trivy.value.renewed() : trivy.value.info,
  ]);
  const problems = reading.problems.map((problem) => problem.message);
  for (const problem of problems) host.log(`Report: ${problem}`);
  if (reading.report === undefined) {
    return failed({
      kind: 'report-unreadable',
      message: `Trivy's report can't be read: ${problems.join(' ')}`,
      nextStep: 'Scan again; if that does not help, update Trivy.',
      remedies: ['retry', 'show-log'],
      details: scanned.value.rawJson.slice(0, 2000),
    });
  }
  const { report } = reading;
  const { source } = request;
  const ofArchive =
    source.kind === 'archive' ? await archivedRecord(source.path, report.image.diffIds, host) : undefined;
  const record = metadata ?? ofArchive;
  return done({
    // Trivy was given an id, or a file of ours; the user knows the image by its name.
    report: source.kind === 'archive' ? report : { ...report, image: { ...report.image, name } },
    rawJson: scanned.value.rawJson,
    notes: [
      ...(engine?.insteadOf === undefined ? [] : [`${engineName(engine.kind)} was used: ${engine.insteadOf}`]),
      ...trivy.value.notes,
      ...ageNote(info, host.now()),
      ...scanned.value.notes,
      ...problems,
    ],
    trivy: info,
    ...(engine === undefined ? {} : { engine }),
    ...(built === undefined ? {} : { builtImageId: built.id }),
    ...(record === undefined ? {} : { buildMetadata: record }),
  });
}

/** Vulnerabilities become known every day. */
function ageNote({ databaseUpdatedAt }: TrivyInfo, now: Date): string[] {
  const days = Math.floor((now.getTime() - Date.parse(databaseUpdatedAt ?? '')) / 86_400_000);
  // Compared so that no date is no age.
  if (!(days >= 7)) return [];
  return [
    `The vulnerability database is ${days} days old; what became known since then is missing. Allow database updates, or renew it otherwise.`,
  ];
}

async function makeTrivy(settings: ScanRequest['settings'], host: Workplace): Promise<Step<Trivy>> {
  const image = settings.trivyContainerImage;
  if (image === undefined) return findTrivy(settings, host);
  const engine = await findEngine(settings, host);
  if (engine.status !== 'done') return engine;
  return openTrivyContainer(engine.value, image, settings, host, (message) =>
    host.progress({ phase: 'pull', message }),
  );
}

async function checkSource(source: ScanSource): Promise<Step<undefined>> {
  if (source.kind === 'build') {
    const readable = await access(source.dockerfile, constants.R_OK).then(
      () => true,
      () => false,
    );
    if (!readable) {
      return failed({
        kind: 'context-unreadable',
        message: `${source.dockerfile} can't be read.`,
        nextStep: 'Save the Dockerfile, then scan again.',
        remedies: ['retry'],
      });
    }
    return checkReference(source.tag);
  }
  if (source.kind !== 'archive') return checkReference(source.reference);
  const found = await stat(source.path)
    .then(async (entry) => {
      await access(source.path, constants.R_OK);
      return entry.isFile() || entry.isDirectory();
    })
    .catch(() => false);
  if (found) return done(undefined);
  return failed({
    kind: 'archive-unreadable',
    message: `${source.path} is not there or can't be read.`,
    nextStep: 'Choose a file written by "docker save" or "podman save".',
    remedies: ['retry'],
  });
}

function checkReference(text: string): Step<undefined> {
  const check = checkImageReference(text);
  if (check.ok) return done(undefined);
  return failed({
    kind: 'bad-reference',
    message: `"${text.slice(0, 200)}" is not the name of an image. ${check.message}`,
    nextStep: 'Name it as [registry/]name[:tag].',
    remedies: ['retry'],
  });
}

interface AvailableImage {
  readonly input: TrivyInput;
  /** For the user. */
  readonly name: string;
  readonly engine?: EngineInfo;
  readonly built?: BuiltImage;
  /** What the builder tells of the build of the image, whoever started it. */
  readonly metadata?: string;
}

/** @param asFile whether Trivy can read nothing but a file */
async function makeAvailable(
  { source, settings }: ScanRequest,
  asFile: boolean,
  host: Workplace,
): Promise<Step<AvailableImage>> {
  if (source.kind === 'archive') {
    return done({ input: { kind: 'archive', path: source.path }, name: basename(source.path) });
  }
  host.progress({ phase: 'prepare', message: 'Looking for Docker or Podman' });
  const found = await findEngine(settings, host);
  if (found.status === 'cancelled') return found;
  if (source.kind === 'reference') return fromEngineOrRegistry(source.reference, found, { settings, asFile }, host);
  if (found.status === 'failure') return found;
  const engine = found.value;
  if (source.kind === 'local') {
    const image = await engine.image(source.reference);
    if (image.status !== 'done') return image;
    if (image.value === undefined) return missing(engine.info, source.reference);
    const name = /^(?:sha256:)?[0-9a-f]{64}$/.test(source.reference)
      ? (image.value.tags[0] ?? shortId(image.value.id))
      : source.reference;
    return fromEngine(engine, source.reference, name, { asFile }, host);
  }

  const before = await engine.image(source.tag);
  if (before.status !== 'done') return before;
  host.progress({ phase: 'build', message: `Building ${basename(source.dockerfile)}` });
  const built = await engine.build(source, settings, (step) => host.progress({ phase: 'build', message: step }));
  if (built.status !== 'done') return built;
  // The image of the scan before has just lost its name.
  if (before.value !== undefined && before.value.id !== built.value.id) await engine.removeUnnamed(before.value.id);
  return fromEngine(engine, built.value.id, source.tag, { asFile, built: built.value }, host);
}

/** A name somebody typed: without an engine, or where the engine doesn't have it, the registry is asked. */
async function fromEngineOrRegistry(
  reference: string,
  found: Step<Engine>,
  { settings, asFile }: { readonly settings: ScanRequest['settings']; readonly asFile: boolean },
  host: Workplace,
): Promise<Step<AvailableImage>> {
  if (found.status === 'done') {
    const image = await found.value.image(reference);
    if (image.status === 'cancelled') return image;
    if (image.status === 'done' && image.value !== undefined)
      return fromEngine(found.value, reference, reference, { asFile }, host);
    if (settings.offline === true) return offlineMissing(found.value.info, reference);
    host.log(`${found.value.info.kind} does not have ${reference}; asking the registry.`);
  } else if (found.status === 'failure') {
    if (settings.offline === true) return found;
    host.log(`${found.failure.message} Asking the registry.`);
  }
  return done({ input: { kind: 'registry', reference }, name: reference });
}

async function fromEngine(
  engine: Engine,
  reference: string,
  name: string,
  { asFile, built }: { readonly asFile: boolean; readonly built?: BuiltImage },
  host: Workplace,
): Promise<Step<AvailableImage>> {
  const metadata = await buildMetadata(engine, reference, built, host);
  const image = withoutAbsent<Omit<AvailableImage, 'input'>>({ name, engine: engine.info, built, metadata });
  const direct = asFile ? undefined : engine.trivyInput(reference);
  if (direct !== undefined) return done({ ...image, input: direct });
  host.progress({ phase: 'save', message: `Saving ${name} to a file for Trivy` });
  const path = join(host.temporaryFolder, 'image.tar');
  const saved = await engine.save(reference, path);
  if (saved.status !== 'done') return saved;
  return done({ ...image, input: { kind: 'archive', path } });
}

function missing(engine: EngineInfo, reference: string): Step<never> {
  return failed({
    kind: 'no-image',
    message: [`${engineName(engine.kind)} has no image "${reference}".`, engine.insteadOf].filter(Boolean).join(' '),
    nextStep: 'Build or pull it first, or choose one from the list.',
    remedies: ['retry', 'show-log'],
  });
}

function offlineMissing(engine: EngineInfo, reference: string): Step<never> {
  return failed({
    kind: 'no-image',
    message: `${engineName(engine.kind)} has no image "${reference}", and the settings say to stay offline.${engine.insteadOf === undefined ? '' : ` ${engine.insteadOf}`}`,
    nextStep: `Pull it ("${engine.kind} pull ${reference}"), or allow network requests.`,
    remedies: ['retry', 'show-log'],
  });
}

function shortId(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

function unexpected(error: unknown): Parameters<typeof failed>[0] {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return {
      kind: 'disk-full',
      message: 'The disk is full.',
      nextStep: 'Make room, then scan again.',
      remedies: ['retry', 'show-log'],
      details: message,
    };
  }
  return {
    kind: 'unknown',
    message: `The scan stopped unexpectedly: ${message}`,
    nextStep: 'The log shows how far it came.',
    remedies: ['retry', 'show-log'],
    details: String(error instanceof Error ? error.stack : error),
  };
}
