import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { until } from './until.ts';

/** True while the process runs; a dead one that its parent has not collected yet doesn't count. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Fails when one of the processes still runs after some seconds: whoever is killed ends when the machine has time. */
export async function assertGone(pids: readonly number[]): Promise<void> {
  await until(() => !pids.some(isAlive), 10_000);
  assert.deepEqual(pids.filter(isAlive), [], 'processes left behind');
}
