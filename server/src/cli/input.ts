import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { isWithin } from '../lsp/contextFiles.ts';
import type { Io } from './command.ts';

/** A Dockerfile to look at. */
export interface Input {
  /** As the user named it, or as found below a named folder. */
  readonly path: string;
  /** Where it is; for standard input the place that `--stdin-filename` names, undefined without. */
  readonly file: string | undefined;
  readonly isStdin: boolean;
}

/** A file or folder that can't be read. */
export interface Unreadable {
  readonly path: string;
  readonly reason: string;
}

/** Folders that hold other people's Dockerfiles. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', 'vendor']);

const dockerfileName = /^(?:(?:dockerfile|containerfile)(?:\..+)?|.+\.(?:dockerfile|containerfile))$/i;

/** Whether a file of that name is taken for a Dockerfile: `Dockerfile`, `Dockerfile.dev`, `app.dockerfile`, `Containerfile`. */
export function isDockerfileName(name: string): boolean {
  return dockerfileName.test(name) && !/\.dockerignore$/i.test(name);
}

/** The files behind the arguments: a file as it is, a folder's Dockerfiles however deep, `-` for standard input. */
export async function findInputs(
  names: readonly string[],
  io: Io,
  stdinName: string | undefined,
): Promise<{ readonly inputs: readonly Input[]; readonly unreadable: readonly Unreadable[] }> {
  const inputs: Input[] = [];
  const unreadable: Unreadable[] = [];
  for (const name of names) {
    if (name === '-') {
      inputs.push({ path: stdinName ?? '-', file: stdinName && resolve(io.cwd, stdinName), isStdin: true });
      continue;
    }
    try {
      const full = resolve(io.cwd, name);
      if (!(await stat(full)).isDirectory()) inputs.push({ path: name, file: full, isStdin: false });
      else await findBelow(name, full, inputs, unreadable);
    } catch (error) {
      unreadable.push({ path: name, reason: reasonOf(error) });
    }
  }
  const seen = new Set<string>();
  return { inputs: inputs.filter(({ file, path }) => !seen.has(file ?? path) && seen.add(file ?? path)), unreadable };
}

async function findBelow(name: string, folder: string, inputs: Input[], unreadable: Unreadable[]): Promise<void> {
  let entries;
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    unreadable.push({ path: name, reason: reasonOf(error) });
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = name === '.' ? entry.name : join(name, entry.name);
    const full = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) await findBelow(path, full, inputs, unreadable);
    } else if (isDockerfileName(entry.name) && (entry.isFile() || (await leadsToFile(full))))
      inputs.push({ path, file: full, isStdin: false });
  }
}

/** Whether it is a symbolic link to a file; links to folders are not followed, they may lead round in circles. */
async function leadsToFile(path: string): Promise<boolean> {
  return stat(path).then(
    (info) => info.isFile(),
    () => false,
  );
}

/** Text of a Dockerfile, its byte order mark included, or why it has none. */
export async function readInput(
  input: Input,
  io: Io,
): Promise<{ readonly text: string } | { readonly reason: string }> {
  try {
    const bytes = await readAll(input.isStdin ? io.stdin : createReadStream(input.file!));
    return bytes ? decode(bytes) : { reason: `it has more than ${mostBytes / 1_000_000} MB` };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Files and streams are read up to here: a device or a pipe may never end. */
const mostBytes = 32_000_000;

/** Undefined when there is more than `mostBytes`. */
async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > mostBytes) return undefined;
  }
  return Buffer.concat(chunks);
}

/** Docker reads UTF-8 and nothing else. */
export function decode(bytes: Uint8Array): { readonly text: string } | { readonly reason: string } {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return { reason: 'it is UTF-16; Docker reads UTF-8 only, so save it as UTF-8' };
  }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    return { reason: `it is not valid UTF-8 (first in line ${invalidLine(bytes)})` };
  }
}

/** 1-based line of the first byte that is no UTF-8. */
function invalidLine(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  for (let at = text.indexOf('\uFFFD'); at >= 0; at = text.indexOf('\uFFFD', at + 1)) {
    const before = encoder.encode(text.slice(0, at));
    // The replacement character may stand in the file itself.
    if (bytes[before.length] !== 0xef || bytes[before.length + 1] !== 0xbf) return text.slice(0, at).split('\n').length;
  }
  return 1;
}

/** How far up from a file to look for its build context and configuration: the current folder when that holds it. */
export function searchLimit(file: string, cwd: string): string {
  return isWithin(cwd, file) ? cwd : dirname(file);
}

export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'reading it is not permitted';
    case 'EISDIR':
      return 'it is a folder';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Last part of a path. */
export function nameOf(path: string): string {
  return basename(path);
}
