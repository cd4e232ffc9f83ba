import { createHash } from 'node:crypto';

/** One entry of a tar archive; bytes of files are hashed and dropped. */
export interface ArchiveEntry {
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link' | 'hardlink' | 'device';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a link or hardlink; otherwise empty. */
  readonly target: string;
  /** Hash of a file's bytes; otherwise empty. */
  readonly hash: string;
  /** Extended attributes, `name=value`, sorted. */
  readonly attributes: readonly string[];
}

const block = 512;

/** Reads a tar archive (ustar with pax or GNU extensions) entry by entry. Throws when it is cut off. */
export async function* readArchive(stream: AsyncIterable<Buffer>): AsyncGenerator<ArchiveEntry> {
  const bytes = new Bytes(stream);
  let extension = new Map<string, string>();
  for (;;) {
    const header = await bytes.take(block);
    if (header[0] === 0) return bytes.drain();
    const size = number(header, 124, 12);
    const flag = String.fromCharCode(header[156]!);
    if (flag === 'x' || flag === 'g' || flag === 'L' || flag === 'K') {
      const text = (await bytes.take(padded(size))).toString('utf8', 0, size);
      if (flag === 'x') extension = new Map([...extension, ...paxRecords(text)]);
      else if (flag !== 'g') extension.set(flag === 'L' ? 'path' : 'linkpath', text.replace(/\0.*$/s, ''));
      continue;
    }
    const prefix = string(header, 345, 155);
    const name = string(header, 0, 100);
    const length = Number(extension.get('size') ?? size);
    const sum = createHash('sha1');
    await bytes.pass(padded(length), length, (part) => sum.update(part));
    const type = typeOf(flag);
    yield {
      path: extension.get('path') ?? (prefix ? `${prefix}/${name}` : name),
      type,
      mode: number(header, 100, 8),
      uid: Number(extension.get('uid') ?? number(header, 108, 8)),
      gid: Number(extension.get('gid') ?? number(header, 116, 8)),
      target: type === 'link' || type === 'hardlink' ? (extension.get('linkpath') ?? string(header, 157, 100)) : '',
      hash: type === 'file' ? sum.digest('hex') : '',
      attributes: [...extension]
        .filter(([key]) => key.startsWith('SCHILY.xattr.'))
        .map((pair) => pair.join('='))
        .sort(),
    };
    extension = new Map();
  }
}

function typeOf(flag: string): ArchiveEntry['type'] {
  if (flag === '5') return 'folder';
  if (flag === '2') return 'link';
  if (flag === '1') return 'hardlink';
  return flag === '0' || flag === '\0' || flag === '7' ? 'file' : 'device';
}

function paxRecords(text: string): [string, string][] {
  const records: [string, string][] = [];
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    const blank = rest.indexOf(' ');
    const length = Number(rest.toString('utf8', 0, blank));
    if (!(length > blank)) break;
    const [key = '', ...value] = rest.toString('utf8', blank + 1, length - 1).split('=');
    records.push([key, value.join('=')]);
    rest = rest.subarray(length);
  }
  return records;
}

function padded(size: number): number {
  return Math.ceil(size / block) * block;
}

function string(header: Buffer, start: number, length: number): string {
  return header.toString('utf8', start, start + length).replace(/\0.*$/s, '');
}

/** Octal digits, or base 256 for numbers that need more of them. */
function number(header: Buffer, start: number, length: number): number {
  if (header[start]! & 0x80) return header.readUIntBE(start + length - 6, 6);
  return Number.parseInt(string(header, start, length).trim() || '0', 8);
}

/** Takes a stream apart by numbers of bytes. */
class Bytes {
  readonly #parts: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#parts = stream[Symbol.asyncIterator]();
  }

  async take(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    await this.pass(length, length, (part) => parts.push(part));
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  /** Reads to the end, so that nobody waits to write what follows the archive. */
  async drain(): Promise<void> {
    while (!(await this.#parts.next()).done);
  }

  /** Moves on by `length` bytes and shows the first `wanted` of them. */
  async pass(length: number, wanted: number, see: (part: Buffer) => unknown): Promise<void> {
    let passed = 0;
    while (passed < length) {
      if (this.#rest.length === 0) {
        const next = await this.#parts.next();
        if (next.done) throw new Error('the archive is cut off');
        this.#rest = next.value;
        continue;
      }
      const part = this.#rest.subarray(0, length - passed);
      if (passed < wanted) see(part.subarray(0, wanted - passed));
      this.#rest = this.#rest.subarray(part.length);
      passed += part.length;
    }
  }
}
