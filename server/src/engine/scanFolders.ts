import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const prefix = 'plimsoll-scan-';

/** Two days: longer than any scan takes. */
const abandonedMs = 48 * 60 * 60 * 1000;

/** Makes the folder of a scan. Its name tells whose it is, for when this process is killed before it has removed it. */
export function makeScanFolder(parent: string): Promise<string> {
  return mkdtemp(join(parent, `${prefix}${processSpace()}-${process.pid}-`));
}

/** Removes what scans have left whose editor was killed, at once where that is certain, else by its age. */
export async function removeAbandoned(parent: string, now: Date): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((candidate) => candidate.startsWith(prefix))) {
    const folder = join(parent, name);
    if (isOrphan(name) || (await ageOf(folder, now)) > abandonedMs) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isOrphan(name: string): boolean {
  const [, space, pid] = /^([0-9a-f]{12})-(\d+)-/.exec(name.slice(prefix.length)) ?? [];
  return space === processSpace() && !isRunning(Number(pid));
}

async function ageOf(folder: string, now: Date): Promise<number> {
  return stat(folder).then(
    (entry) => now.getTime() - entry.mtimeMs,
    () => 0,
  );
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

let known: string | undefined;

/**
 * Stands for those among whom a process id means the same process: containers and other machines may share the folder,
 * and have numbers of their own.
 */
function processSpace(): string {
  if (known !== undefined) return known;
  const parts = [hostname()];
  try {
    parts.push(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'), readlinkSync('/proc/self/ns/pid'));
  } catch {
    // Not Linux: nothing divides processes there.
  }
  known = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
  return known;
}
