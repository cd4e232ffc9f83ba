/** A member of a tar archive. */
export interface TarEntry {
  /** Without `./` in front. */
  readonly name: string;
  readonly size: number;
  /** What a link points to, as written; undefined for files and folders. */
  readonly linkName: string | undefined;
  readonly isFile: boolean;
}

/** Gets the content of each member, in order. */
export interface TarSink {
  /** Called at the start of a member; whoever wants its content gives a receiver for the chunks. */
  entry(entry: TarEntry): ((chunk: Uint8Array) => void | Promise<void>) | undefined;
}

const block = 512;

/** Names and attributes in extended headers are short; more is damage. */
const longestHeader = 1_000_000;

/** The file is no tar archive, or it is damaged; the message says so in one sentence. */
export class TarError extends Error {}

/**
 * Reads a tar archive (ustar, pax and GNU names) from start to end, keeping nothing but headers in memory.
 * Throws a TarError.
 */
export async function readTar(chunks: AsyncIterable<Uint8Array>, sink: TarSink): Promise<void> {
  const source = new ByteSource(chunks);
  let nextName: string | undefined;
  let nextLink: string | undefined;
  let nextSize: number | undefined;
  for (let first = true; ; first = false) {
    const header = await source.take(block);
    if (header.length === 0 || isZero(header)) {
      if (first && header.length === 0) throw new TarError('The file is empty.');
      return;
    }
    if (header.length < block) throw new TarError('The archive ends too early.');
    if (!hasChecksum(header)) {
      throw new TarError(first ? 'The file is not a tar archive.' : 'The archive is damaged.');
    }
    const type = String.fromCharCode(header[156]!);
    const size = nextSize ?? octal(header, 124, 12);
    if (type === 'L' || type === 'K' || type === 'x' || type === 'g') {
      if (size > longestHeader) throw new TarError('The archive is damaged.');
      const text = new TextDecoder().decode(await source.take(padded(size))).slice(0, size);
      if (type === 'L') nextName = text.replace(/\0.*$/s, '');
      if (type === 'K') nextLink = text.replace(/\0.*$/s, '');
      if (type === 'x') {
        const records = paxRecords(text);
        nextName = records.get('path') ?? nextName;
        nextLink = records.get('linkpath') ?? nextLink;
        const paxSize = Number(records.get('size'));
        if (Number.isSafeInteger(paxSize) && paxSize > 0) nextSize = paxSize;
      }
      continue;
    }
    const prefix = field(header, 345, 155);
    const shortName = field(header, 0, 100);
    const isUstar = field(header, 257, 5) === 'ustar';
    const name = nextName ?? (isUstar && prefix !== '' ? `${prefix}/${shortName}` : shortName);
    const isLink = type === '1' || type === '2';
    const content = isLink || type === '5' ? 0 : size;
    const receiver = sink.entry({
      name: name.replace(/^(?:\.\/)+/, ''),
      size: content,
      linkName: isLink ? (nextLink ?? field(header, 157, 100)) : undefined,
      isFile: type === '0' || type === '\0' || type === '7',
    });
    nextName = nextLink = nextSize = undefined;
    await source.pass(content, receiver);
    await source.pass(padded(content) - content, undefined);
  }
}

/** Bytes of a stream, in the portions that are asked for. */
class ByteSource {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #rest: Uint8Array = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#iterator = chunks[Symbol.asyncIterator]();
  }

  /** So many bytes; fewer at the end of the stream. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && (await this.#fill())) missing -= push(parts, this.#cut(missing));
    const joined = new Uint8Array(length - missing);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }

  /** Gives so many bytes on. */
  async pass(length: number, receiver: ((chunk: Uint8Array) => void | Promise<void>) | undefined): Promise<void> {
    let missing = length;
    while (missing > 0) {
      if (!(await this.#fill())) throw new TarError('The archive ends too early.');
      const part = this.#cut(missing);
      missing -= part.length;
      await receiver?.(part);
    }
  }

  async #fill(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#iterator.next();
      if (done) return false;
      this.#rest = value;
    }
    return true;
  }

  #cut(length: number): Uint8Array {
    const part = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(part.length);
    return part;
  }
}

function push(parts: Uint8Array[], part: Uint8Array): number {
  parts.push(part);
  return part.length;
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** The sum of the header's bytes, its own field counted as blanks. */
function hasChecksum(header: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < block; at++) sum += at >= 148 && at < 156 ? 32 : header[at]!;
  return sum === octal(header, 148, 8);
}

function field(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** Octal digits, or binary with the highest bit set for sizes from 8 GiB on. */
function octal(header: Uint8Array, start: number, length: number): number {
  if (header[start]! & 0x80) {
    let value = header[start]! & 0x7f;
    for (let at = start + 1; at < start + length; at++) value = value * 256 + header[at]!;
    return Number.isSafeInteger(value) ? value : 0;
  }
  const text = field(header, start, length).trim();
  return /^[0-7]+$/.test(text) ? Number.parseInt(text, 8) : 0;
}

/** `length key=value` lines. */
function paxRecords(text: string): Map<string, string> {
  const records = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^\d+ ([^=]+)=(.*)$/s.exec(line);
    if (match) records.set(match[1]!, match[2]!);
  }
  return records;
}
