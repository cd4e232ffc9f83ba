import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { PassThrough, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type ImageFacts, type LayerFile, type LayerWaste, readImageFacts, wasteOf } from '../attribution/index.ts';
import { asArray, asObject, asText, asTexts, type JsonObject } from '../scan/untrusted.ts';
import { readTar, TarError } from './tarEntries.ts';

/** What an archive holds, or why it can't be read, in one sentence. */
export type ArchiveReading =
  | {
      readonly image: ImageFacts;
      readonly name: string | undefined;
      /** By layer: what later layers remove or write anew; undefined when a layer can't be looked into. */
      readonly waste: readonly LayerWaste[] | undefined;
    }
  | { readonly problem: string };

/** Manifests and configurations are far smaller; larger members are layers. */
const largestDocument = 8_000_000;

interface Contents {
  /** Members that look like JSON, by name. */
  readonly documents: ReadonlyMap<string, string>;
  /** Uncompressed bytes of all members. */
  readonly sizes: ReadonlyMap<string, number>;
  /** Of members that are layers. */
  readonly files: ReadonlyMap<string, readonly LayerFile[]>;
  readonly links: ReadonlyMap<string, string>;
}

/**
 * Reads the configuration of an image and the sizes of its layers out of a file that `docker save` or `podman save`
 * wrote (also an OCI layout in a tar, also packed with gzip). Of several images it takes the first. Never throws.
 */
export async function readImageArchive(path: string, signal?: AbortSignal): Promise<ArchiveReading> {
  return reading(async () => {
    const file = await open(path);
    const stream = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 });
    const source = (await isGzip(file)) ? stream.pipe(createGunzip()) : stream;
    if (source !== stream) stream.on('error', (error) => source.destroy(error));
    try {
      return await readContents(unless(signal, source as AsyncIterable<Uint8Array>));
    } finally {
      source.destroy();
      stream.destroy();
      await file.close();
    }
  });
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
  const outcome = await reading(() => readContents({ [Symbol.asyncIterator]: () => iterator }));
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
    const image = savedImage(contents) ?? layoutImage(contents);
    return image ?? { problem: 'There is no image in the archive: it has neither manifest.json nor index.json.' };
  } catch (error) {
    if (error instanceof TarError) return { problem: error.message };
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { problem: 'There is no such file.' };
    if (code === 'EISDIR') return { problem: 'It is a folder; a tar archive is needed.' };
    return { problem: code?.startsWith('Z_') ? 'The compressed data is damaged.' : message };
  }
}

async function readContents(chunks: AsyncIterable<Uint8Array>): Promise<Contents> {
  const documents = new Map<string, string>();
  const sizes = new Map<string, number>();
  const files = new Map<string, readonly LayerFile[]>();
  const links = new Map<string, string>();
  const listing: Promise<void>[] = [];
  const list = async (name: string, content: Transform): Promise<void> => {
    const layer = await listLayer(content);
    if (layer.size !== undefined) sizes.set(name, layer.size);
    if (layer.files) files.set(name, layer.files);
  };
  await readTar(chunks, {
    entry({ name, size, linkName, isFile }) {
      if (linkName !== undefined) links.set(name, linkName);
      if (!isFile) return undefined;
      sizes.set(name, size);
      return receiver(
        size,
        (text) => documents.set(name, text),
        (content) => listing.push(list(name, content)),
      );
    },
  });
  await Promise.all(listing);
  return { documents, sizes, files, links };
}

/** Takes a member as it comes: a JSON text is kept whole, everything else may be a layer, packed or not. */
function receiver(
  size: number,
  onText: (text: string) => void,
  onLayer: (content: Transform) => void,
): (chunk: Uint8Array) => void | Promise<void> {
  const kept: Buffer[] = [];
  let content: Transform | undefined;
  let length = 0;
  return (chunk) => {
    if (length === 0) {
      const start = Buffer.from(chunk.subarray(0, 16)).toString('latin1');
      if (size > largestDocument || !/^\s*[{[]/.test(start)) {
        content = isGzipStart(chunk) ? createGunzip() : new PassThrough();
        onLayer(content);
      }
    }
    length += chunk.length;
    if (!content) {
      kept.push(Buffer.from(chunk));
      if (length === size) onText(Buffer.concat(kept).toString('utf8'));
      return undefined;
    }
    if (content.destroyed) return undefined;
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

async function isGzip(file: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && isGzipStart(buffer);
}

function isGzipStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** `docker save`: manifest.json names the configuration and the layers' files. */
function savedImage(contents: Contents): ArchiveReading | undefined {
  const manifest = asObject(asArray(documentOf(contents, 'manifest.json'))[0]);
  const config = asText(manifest?.Config);
  if (!manifest || config === undefined) return undefined;
  return imageOf(contents, config, asTexts(manifest.Layers), asTexts(manifest.RepoTags)[0]);
}

/** OCI layout: index.json leads to a manifest, perhaps by way of an index for several platforms. */
function layoutImage(contents: Contents): ArchiveReading | undefined {
  let document = asObject(documentOf(contents, 'index.json'));
  let name: string | undefined;
  for (let depth = 0; document && depth < 4; depth++) {
    const config = asText(asObject(document.config)?.digest);
    if (config !== undefined) {
      const layers = asArray(document.layers).map((layer) => blobPath(asText(asObject(layer)?.digest)));
      return imageOf(contents, blobPath(config), layers, name);
    }
    const manifests: JsonObject[] = asArray(document.manifests).map((each) => asObject(each) ?? {});
    const chosen = manifests.find((each) => asText(asObject(each.platform)?.os) !== 'unknown');
    name ??= asText(asObject(chosen?.annotations)?.['org.opencontainers.image.ref.name']);
    document = asObject(documentOf(contents, blobPath(asText(chosen?.digest))));
  }
  return undefined;
}

function imageOf(
  contents: Contents,
  config: string,
  layers: readonly string[],
  name: string | undefined,
): ArchiveReading {
  const image = readImageFacts(documentOf(contents, config));
  if (image.diffIds.length === 0) return { problem: 'The configuration of the image is missing or names no layers.' };
  const files = layers.map((layer) => contents.files.get(resolveLink(contents, layer)));
  const waste = files.every((each) => each !== undefined) ? wasteOf(files) : undefined;
  return { image: { ...image, sizes: layers.map((layer) => sizeOf(contents, layer)) }, name, waste };
}

function documentOf(contents: Contents, name: string): unknown {
  const text = contents.documents.get(resolveLink(contents, name));
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function sizeOf(contents: Contents, name: string): number | undefined {
  return contents.sizes.get(resolveLink(contents, name));
}

/** Layers that occur twice are links to each other. */
function resolveLink({ links, sizes }: Contents, name: string): string {
  let at = posix.normalize(name);
  for (let hops = 0; hops < 8 && !sizes.has(at); hops++) {
    const target = links.get(at);
    if (target === undefined) break;
    at = sizes.has(target) ? target : posix.join(posix.dirname(at), target);
  }
  return at;
}

function blobPath(digest: string | undefined): string {
  return digest === undefined ? '' : `blobs/${digest.replace(':', '/')}`;
}
