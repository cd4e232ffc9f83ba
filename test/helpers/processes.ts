import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** True while the process runs; a dead one that its parent has not collected yet doesn't count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Fails when one of the processes still runs after two seconds. */
export async function assertGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 40 && pids.some(isAlive); tries++) await new Promise((wake) => setTimeout(wake, 50));
  assert.deepEqual(pids.filter(isAlive), [], 'processes left behind');
}
