import { isDeepStrictEqual } from 'node:util';
import { readProvenance } from '../attribution/index.ts';
import { asArray, asObject, asText } from '../scan/untrusted.ts';
import type { ArchivedImage } from './archivedImages.ts';
import { type BuiltImage, type Engine, runner } from './engine.ts';
import { readImageArchive } from './imageArchive.ts';
import type { ScanTools } from './tools.ts';

/** A build that ended within this time of the making of an image may well have made it. */
const closeMs = 60_000;

/** Records that are looked into, of the likely ones and of the newest; each takes a quarter of a second. */
const mostClose = 14;
const mostNewest = 6;

const limitMs = 20_000;

/** A finished build, as the list of builds has it. */
export interface BuildRecord {
  readonly ref: string;
  /** Milliseconds since 1970. */
  readonly completed: number;
}

/**
 * Looks for BuildKit's own record of the build that made an image, whoever started it: provenance as JSON text, with
 * all build arguments, which may be confidential. Undefined when there is none (any more), or the builder keeps none.
 * Never fails: the record only makes sure what can be compared without it.
 *
 * @param reference checked before: it is given to the engine as it is
 */
export async function findBuildRecord(
  engine: Engine,
  reference: string,
  tools: ScanTools,
): Promise<string | undefined> {
  if (engine.info.builder !== 'buildx') return undefined;
  const run = runner(engine.info.kind, engine.info.path, tools);
  const history = async (...args: string[]): Promise<string | undefined> => {
    const answer = await run(['buildx', 'history', ...args], { timeoutMs: limitMs });
    return answer.status === 'done' ? answer.value.stdout : undefined;
  };
  const found = await engine.image(reference);
  const image = found.status === 'done' ? found.value : undefined;
  const list = image && (await history('ls', '--no-trunc', '--format', 'json'));
  if (!image || list === undefined) return undefined;
  for (const { ref } of likelyRecords(readBuildRecords(list), image.created)) {
    if (tools.signal.aborted) return undefined;
    const details = await history('inspect', '--format', 'json', ref);
    if (details === undefined || !hasMade(details, image.id)) continue;
    const record = await history('inspect', 'attachment', '--type', 'provenance', ref);
    if (record !== undefined) tools.log(`The builder has a record of this build (${ref}).`);
    return record;
  }
  return undefined;
}

/** The builder's own account of a build of ours, else what it has on record of the image. */
export async function buildMetadata(
  engine: Engine,
  reference: string,
  built: BuiltImage | undefined,
  tools: ScanTools,
): Promise<string | undefined> {
  const isTelling = built?.metadata !== undefined && readProvenance(parse(built.metadata)) !== undefined;
  return isTelling ? built.metadata : findBuildRecord(engine, reference, tools);
}

/**
 * The record that was saved with an image, as JSON text: BuildKit puts it into OCI archives. Never fails.
 *
 * @param diffIds the image's layers, for there may be several images in the archive
 */
export async function archivedRecord(
  path: string,
  diffIds: readonly string[],
  { signal }: ScanTools,
): Promise<string | undefined> {
  const reading = await readImageArchive(path, signal, 'skip');
  if ('problem' in reading) return undefined;
  const isWanted = ({ image }: ArchivedImage): boolean => isDeepStrictEqual(image.diffIds, diffIds);
  const { provenance } = [reading, ...reading.others].find(isWanted) ?? {};
  return provenance === undefined ? undefined : JSON.stringify(provenance);
}

/** Reads `docker buildx history ls --format json`: an object a line. Builds that run or failed are left out. */
export function readBuildRecords(stdout: string): BuildRecord[] {
  return stdout.split('\n').flatMap((line): BuildRecord[] => {
    const row = asObject(parse(line));
    // The list says which builder and node it belongs to; other commands take the last part alone.
    const ref = asText(row?.ref)?.split('/').at(-1);
    const completed = Date.parse(asText(row?.completed_at) ?? '');
    const isDone = asText(row?.status)?.toLowerCase() === 'completed';
    return ref !== undefined && /^[a-z0-9]+$/.test(ref) && isDone && !Number.isNaN(completed)
      ? [{ ref, completed }]
      : [];
  });
}

/**
 * The records that may be of an image, the likeliest first: in turn those that ended when it was made, and the newest,
 * for an image that comes out of the cache is as old as the build that filled it, and others bear a date that was given.
 */
export function likelyRecords(records: readonly BuildRecord[], created: Date): BuildRecord[] {
  const distance = ({ completed }: BuildRecord): number => Math.abs(completed - created.getTime());
  const close = records.filter((each) => distance(each) < closeMs).sort((a, b) => distance(a) - distance(b));
  const newest = records.toSorted((a, b) => b.completed - a.completed).slice(0, mostNewest);
  const both = close.slice(0, mostClose).flatMap((each, index) => [each, ...newest.slice(index, index + 1)]);
  return [...new Set([...both, ...newest])];
}

/** Whether the image is among what the build has left: its configuration, its manifest or its index. */
export function hasMade(details: string, id: string): boolean {
  const attachments = asArray(asObject(parse(details))?.Attachments).map((each) => asObject(each) ?? {});
  return attachments.some((each) => asText(each.Digest) === id);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
