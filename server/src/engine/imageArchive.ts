import { createReadStream } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { PassThrough, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { LayerFile } from '../attribution/index.ts';
import { type ArchivedImage, archivedImages, type Contents } from './archivedImages.ts';
import { readTar, type TarEntry, TarError } from './tarEntries.ts';

/** What an archive holds, or why it can't be read, in one sentence. */
export type ArchiveReading =
  | (ArchivedImage & {
      /** When there are more images in it. */
      readonly others: readonly ArchivedImage[];
    })
  | { readonly problem: string };

/** Manifests and configurations are far smaller; larger members are layers. */
const largestDocument = 8_000_000;

/** What to do with layers: `list` what is in them, or `skip` them, which is far faster. */
type Layers = 'list' | 'skip';

/**
 * Reads the configuration of an image and the sizes of its layers out of a file that `docker save` or `podman save`
 * wrote (also an OCI layout in a tar, also packed with gzip), or a folder with the same in it. Never throws.
 */
export async function readImageArchive(
  path: string,
  signal?: AbortSignal,
  layers: Layers = 'list',
): Promise<ArchiveReading> {
  return reading(async () => {
    if ((await stat(path)).isDirectory()) return readFolder(path, signal, layers);
    const file = await open(path);
    const packing = await packingOf(file);
    if (packing !== undefined && packing !== 'gzip') {
      await file.close();
      throw new TarError(`The file is packed with ${packing}, which is not read here: unpack it first.`);
    }
    const stream = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 });
    const source = packing === 'gzip' ? stream.pipe(createGunzip()) : stream;
    if (source !== stream) stream.on('error', (error) => source.destroy(error));
    try {
      return await readContents(unless(signal, source as AsyncIterable<Uint8Array>), layers);
    } finally {
      source.destroy();
      stream.destroy();
      await file.close();
    }
  });
}

/** Names of what belongs to an image in a folder: there may be anything else in it. */
const memberNames = /^(?:[^/]+|blobs\/\w+\/[0-9a-f]+|[0-9a-f]{64}\/layer\.tar)$/;

async function readFolder(path: string, signal: AbortSignal | undefined, layers: Layers): Promise<Contents> {
  const contents = new ContentsReader(layers);
  const folders = ['.', ...(await subfolders(path, 'blobs')), ...(await subfolders(path, '.')).filter(isLayerId)];
  for (const folder of folders) {
    for (const entry of await readdir(join(path, folder), { withFileTypes: true })) {
      const name = posix.join(folder, entry.name);
      if (!entry.isFile() || !memberNames.test(name)) continue;
      const { size } = await stat(join(path, name));
      const receive = contents.entry({ name, size, isFile: true });
      const chunks = createReadStream(join(path, name)) as AsyncIterable<Uint8Array>;
      for await (const chunk of unless(signal, chunks)) await receive?.(chunk);
    }
  }
  return contents.finish();
}

async function subfolders(path: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(path, folder), { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map((entry) => posix.join(folder, entry.name));
}

function isLayerId(folder: string): boolean {
  return /^[0-9a-f]{64}$/.test(folder);
}

async function* unless(signal: AbortSignal | undefined, chunks: AsyncIterable<Uint8Array>) {
  for await (const chunk of chunks) {
    if (signal?.aborted === true) throw new Error('Stopped.');
    yield chunk;
  }
}

/** The same out of a stream, which is read to its end. Nothing but names and sizes is kept of the files. Never throws. */
export async function readImageStream(chunks: AsyncIterable<Uint8Array>): Promise<ArchiveReading> {
  const iterator = chunks[Symbol.asyncIterator]();
  const outcome = await reading(() => readContents({ [Symbol.asyncIterator]: () => iterator }, 'list'));
  // Who writes must not find the pipe closed before its end.
  await drain(iterator).catch(() => undefined);
  return outcome;
}

async function drain(iterator: AsyncIterator<Uint8Array>): Promise<void> {
  while ((await iterator.next()).done !== true) continue;
}

async function reading(read: () => Promise<Contents>): Promise<ArchiveReading> {
  try {
    const contents = await read();
    const images = archivedImages(contents);
    if (!images) return { problem: 'There is no image in the archive: it has neither manifest.json nor index.json.' };
    const [first, ...others] = images;
    if (first) return { ...first, others };
    return { problem: 'The configuration of the image is missing or names no layers.' };
  } catch (error) {
    if (error instanceof TarError) return { problem: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { problem: 'There is no such file.' };
    if (code === 'EACCES' || code === 'EPERM') return { problem: 'Reading it is not permitted.' };
    return { problem: code?.startsWith('Z_') ? 'The compressed data is damaged.' : message };
  }
}

async function readContents(chunks: AsyncIterable<Uint8Array>, layers: Layers): Promise<Contents> {
  const contents = new ContentsReader(layers);
  await readTar(chunks, { entry: (entry) => contents.entry(entry) });
  return contents.finish();
}

type Entry = Pick<TarEntry, 'name' | 'size' | 'isFile'> & Partial<Pick<TarEntry, 'linkName'>>;

/** Gathers what there is to know of the members of an archive as they come. */
class ContentsReader {
  readonly #documents = new Map<string, string>();
  readonly #sizes = new Map<string, number | undefined>();
  readonly #files = new Map<string, readonly LayerFile[]>();
  readonly #links = new Map<string, string>();
  readonly #listing: Promise<void>[] = [];
  readonly #layers: Layers;

  constructor(layers: Layers) {
    this.#layers = layers;
  }

  /** Gives what takes the member's content; undefined when there is none to take. */
  entry({ name, size, linkName, isFile }: Entry): ((chunk: Uint8Array) => void | Promise<void>) | undefined {
    if (linkName !== undefined) this.#links.set(name, linkName);
    if (!isFile) return undefined;
    this.#sizes.set(name, size);
    return receiver(
      size,
      (text) => this.#documents.set(name, text),
      (start) => this.#layer(name, start),
    );
  }

  async finish(): Promise<Contents> {
    await Promise.all(this.#listing);
    return { documents: this.#documents, sizes: this.#sizes, files: this.#files, links: this.#links };
  }

  /** Gives what the layer is to be written to; undefined when it is not looked into. */
  #layer(name: string, start: Uint8Array): Transform | undefined {
    const isUnreadable = isZstdStart(start);
    // Unpacked it is larger, nobody knows by how much.
    if (isUnreadable) this.#sizes.set(name, undefined);
    if (isUnreadable || this.#layers === 'skip') return undefined;
    const content = isGzipStart(start) ? createGunzip() : new PassThrough();
    this.#listing.push(this.#list(name, content));
    return content;
  }

  async #list(name: string, content: Transform): Promise<void> {
    const layer = await listLayer(content);
    if (layer.size !== undefined) this.#sizes.set(name, layer.size);
    if (layer.files) this.#files.set(name, layer.files);
  }
}

/** Takes a member as it comes: a JSON text is kept whole, everything else may be a layer, packed or not. */
function receiver(
  size: number,
  onText: (text: string) => void,
  onLayer: (start: Uint8Array) => Transform | undefined,
): (chunk: Uint8Array) => void | Promise<void> {
  const kept: Buffer[] = [];
  let content: Transform | undefined;
  let isText = false;
  let length = 0;
  return (chunk) => {
    if (length === 0) {
      const start = Buffer.from(chunk.subarray(0, 16)).toString('latin1');
      isText = size <= largestDocument && /^\s*[{[]/.test(start);
      if (!isText) content = onLayer(chunk);
    }
    length += chunk.length;
    if (isText) {
      kept.push(Buffer.from(chunk));
      if (length === size) onText(Buffer.concat(kept).toString('utf8'));
      return undefined;
    }
    if (!content || content.destroyed) return undefined;
    const isFull = !content.write(chunk);
    if (length === size) content.end();
    return isFull && length < size ? untilDrained(content) : undefined;
  };
}

/** Resolves when the stream takes more, or will never. */
function untilDrained(stream: Transform): Promise<void> {
  const events = ['drain', 'close', 'error'];
  return new Promise((resolve) => {
    const onEvent = () => {
      for (const event of events) stream.off(event, onEvent);
      resolve();
    };
    for (const event of events) stream.on(event, onEvent);
  });
}

/** Unpacked bytes of a layer and its files; neither when it is damaged, no files when it is something else. */
async function listLayer(
  content: Transform,
): Promise<{ readonly size: number | undefined; readonly files: readonly LayerFile[] | undefined }> {
  let size = 0;
  const counted = (async function* () {
    for await (const chunk of content) {
      size += (chunk as Buffer).length;
      yield chunk as Uint8Array;
    }
  })();
  const files: LayerFile[] = [];
  let isLayer = true;
  try {
    await readTar(counted, {
      entry({ name, size: bytes, isFile, linkName }) {
        if (isFile || linkName !== undefined) files.push({ path: name, size: bytes });
        return undefined;
      },
    }).catch((error: unknown) => {
      if (!(error instanceof TarError)) throw error;
      isLayer = false;
    });
    // What stands behind the end of the archive counts as well.
    for await (const _ of counted) continue;
  } catch {
    return { size: undefined, files: undefined };
  }
  return { size, files: isLayer ? files : undefined };
}

/** How packed files begin, in hexadecimal digits. */
const packings: readonly (readonly [start: string, name: string])[] = [
  ['1f8b', 'gzip'],
  ['28b52ffd', 'zstd'],
  ['fd377a585a00', 'xz'],
  ['425a68', 'bzip2'],
];

async function packingOf(file: FileHandle): Promise<string | undefined> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(6), 0, 6, 0);
  const start = buffer.toString('hex', 0, bytesRead);
  return packings.find(([known]) => start.startsWith(known))?.[1];
}

function isZstdStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}

function isGzipStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
