import { type FileHandle, open } from 'node:fs/promises';
import { posix } from 'node:path';
import { createGunzip, type Gunzip } from 'node:zlib';
import { type ImageFacts, readImageFacts } from '../attribution/index.ts';
import { asArray, asObject, asText, asTexts, type JsonObject } from '../scan/untrusted.ts';
import { readTar, TarError } from './tarEntries.ts';

/** What an archive holds, or why it can't be read, in one sentence. */
export type ArchiveReading =
  | { readonly image: ImageFacts; readonly name: string | undefined }
  | { readonly problem: string };

/** Manifests and configurations are far smaller; larger members are layers. */
const largestDocument = 8_000_000;

interface Contents {
  /** Members that look like JSON, by name. */
  readonly documents: ReadonlyMap<string, string>;
  /** Uncompressed bytes of all members. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly links: ReadonlyMap<string, string>;
}

/**
 * Reads the configuration of an image and the sizes of its layers out of a file that `docker save` or `podman save`
 * wrote (also an OCI layout in a tar, also packed with gzip). Of several images it takes the first. Never throws.
 */
export async function readImageArchive(path: string): Promise<ArchiveReading> {
  try {
    const contents = await readContents(path);
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

async function readContents(path: string): Promise<Contents> {
  const documents = new Map<string, string>();
  const sizes = new Map<string, number>();
  const links = new Map<string, string>();
  const unpacking: Promise<void>[] = [];
  const file = await open(path);
  const stream = file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 });
  const source = (await isGzip(file)) ? stream.pipe(createGunzip()) : stream;
  if (source !== stream) stream.on('error', (error) => source.destroy(error));
  try {
    await readTar(source as AsyncIterable<Uint8Array>, {
      entry(entry) {
        if (entry.linkName !== undefined) links.set(entry.name, entry.linkName);
        if (!entry.isFile) return undefined;
        sizes.set(entry.name, entry.size);
        return entry.size <= largestDocument
          ? collect((bytes) => {
              if (isGzipStart(bytes))
                unpacking.push(tellSize(unpacked(bytes), (size) => void sizes.set(entry.name, size)));
              else if (/^\s*[{[]/.test(bytes.subarray(0, 16).toString('latin1'))) {
                documents.set(entry.name, bytes.toString('utf8'));
              }
            }, entry.size)
          : measure((size) => void sizes.set(entry.name, size), unpacking, entry.size);
      },
    });
  } finally {
    source.destroy();
    stream.destroy();
    await file.close();
  }
  await Promise.all(unpacking);
  return { documents, sizes, links };
}

function collect(done: (bytes: Buffer) => void, size: number): (chunk: Uint8Array) => void {
  const chunks: Buffer[] = [];
  let length = 0;
  return (chunk) => {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length === size) done(Buffer.concat(chunks));
  };
}

/** Unpacks a large compressed member as it comes, only to count its bytes. */
function measure(
  done: (size: number) => void,
  unpacking: Promise<void>[],
  packedSize: number,
): (chunk: Uint8Array) => void | Promise<void> {
  let gunzip: Gunzip | undefined;
  let length = 0;
  return (chunk) => {
    if (length === 0 && isGzipStart(chunk)) {
      gunzip = createGunzip();
      unpacking.push(tellSize(gunzip, done));
    }
    length += chunk.length;
    if (!gunzip || gunzip.destroyed) return undefined;
    const isFull = !gunzip.write(chunk);
    if (length === packedSize) gunzip.end();
    if (!isFull || length === packedSize) return undefined;
    return untilDrained(gunzip);
  };
}

/** Resolves when the stream takes more, or will never. */
function untilDrained(stream: Gunzip): Promise<void> {
  const events = ['drain', 'close', 'error'];
  return new Promise((resolve) => {
    const onEvent = () => {
      for (const event of events) stream.off(event, onEvent);
      resolve();
    };
    for (const event of events) stream.on(event, onEvent);
  });
}

/** Of damaged data the packed size stays. */
async function tellSize(stream: Gunzip, tell: (size: number) => void): Promise<void> {
  const size = await countOf(stream).catch(() => undefined);
  if (size !== undefined) tell(size);
}

function unpacked(bytes: Uint8Array): Gunzip {
  const gunzip = createGunzip();
  gunzip.end(bytes);
  return gunzip;
}

async function countOf(stream: Gunzip): Promise<number> {
  let size = 0;
  for await (const chunk of stream) size += (chunk as Buffer).length;
  return size;
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
  return { image: { ...image, sizes: layers.map((layer) => sizeOf(contents, layer)) }, name };
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
