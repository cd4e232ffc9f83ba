import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entriesOfRows, type ImageFacts, readHistoryRows, readImageFacts } from '../attribution/index.ts';
import { type Engine, engineRunner } from './engine.ts';
import { type ArchiveReading, readImageArchive, readImageStream } from './imageArchive.ts';
import { cancelled, done, failed, type Step } from './step.ts';
import type { ScanTools } from './tools.ts';

/**
 * Asks the engine for what the attribution of layers needs to know of an image. Sizes are uncompressed bytes as the
 * engine counts them.
 *
 * @param reference checked before: it is given to the engine as it is
 */
export async function localImageFacts(engine: Engine, reference: string, tools: ScanTools): Promise<Step<ImageFacts>> {
  const run = engineRunner(engine.info, tools);
  const inspected = await run(['image', 'inspect', '--', reference]);
  if (inspected.status !== 'done') return inspected;
  const image = readImageFacts(parse(inspected.value.stdout));
  if (image.diffIds.length === 0) {
    return failed({
      kind: 'report-unreadable',
      message: `What ${engine.info.kind} says of ${reference} can't be read.`,
      nextStep: 'Save the image to a file and use that.',
      remedies: ['show-log'],
      details: inspected.value.stdout.slice(0, 2000),
    });
  }
  const isPodman = engine.info.kind === 'podman';
  const human = isPodman ? [] : ['--human=false'];
  const format = isPodman ? 'json' : '{{json .}}';
  const answer = await run(['image', 'history', '--no-trunc', ...human, '--format', format, '--', reference]);
  if (answer.status !== 'done') return answer;
  const rows = readHistoryRows(answer.value.stdout);
  // Podman's inspection has the history with the marks of empty entries; docker tells none.
  const history = image.history.length > 0 ? image.history : entriesOfRows(rows, image.diffIds.length);
  const makers = history.flatMap((entry, index) => (entry.emptyLayer ? [] : [rows[index]?.size]));
  if (makers.length === image.diffIds.length) {
    return done({ ...image, history, sizes: rows.length === history.length ? makers : [] });
  }
  return savedImageFacts(engine, reference);
}

/** The saved image has all marks; writing it takes a few seconds. */
async function savedImageFacts(engine: Engine, reference: string): Promise<Step<ImageFacts>> {
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-image-'));
  try {
    const file = join(folder, 'image.tar');
    const saved = await engine.save(reference, file);
    if (saved.status !== 'done') return saved;
    const reading = await lookIntoArchive(file);
    return reading.status === 'done' ? done(reading.value.image) : reading;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An image and what later layers waste of each of its layers. */
export type LookedInto = Exclude<ArchiveReading, { readonly problem: string }>;

/**
 * Looks into the layers of an image that an engine has: it is saved and read as it comes, so that no file is written by
 * us. That takes as long as reading the image from disk, a few seconds for a gigabyte and more on slow machines.
 *
 * @param reference checked before: it is given to the engine as it is
 * @param onBytes gets how many bytes were read until now, a few times a second
 */
export async function lookIntoImage(
  engine: Engine,
  reference: string,
  onBytes: (bytes: number) => void,
): Promise<Step<LookedInto>> {
  // Named as the folders of scans, which are removed later should this process be killed.
  const folder = await mkdtemp(join(tmpdir(), 'plimsoll-scan-save-'));
  try {
    let reading: ArchiveReading | undefined;
    const saved = await engine.stream(
      reference,
      async (chunks) => {
        reading = await readImageStream(counted(chunks, onBytes));
      },
      folder,
    );
    if (saved.status !== 'done') return saved;
    return lookedInto(reading ?? { problem: 'The engine has written nothing.' });
  } finally {
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** The same for a file of `docker save` or `podman save`. */
export async function lookIntoArchive(path: string, signal?: AbortSignal): Promise<Step<LookedInto>> {
  const reading = await readImageArchive(path, signal);
  return signal?.aborted === true ? cancelled : lookedInto(reading);
}

function lookedInto(reading: ArchiveReading): Step<LookedInto> {
  if ('image' in reading) return done(reading);
  return failed({
    kind: 'archive-unreadable',
    message: `The saved image can't be read: ${reading.problem}`,
    nextStep: 'Try again, or save the image yourself and use the file.',
    remedies: ['retry', 'show-log'],
  });
}

const tellEveryMs = 250;

async function* counted(chunks: AsyncIterable<Uint8Array>, onBytes: (bytes: number) => void) {
  let bytes = 0;
  let told = Date.now();
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (Date.now() - told >= tellEveryMs) {
      told = Date.now();
      onBytes(bytes);
    }
    yield chunk;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
