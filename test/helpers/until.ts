import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until something is so, or time is up; whoever asks then asserts it. A minute is generous on purpose: machines
 * that run tests are busy, and nobody waits longer than it takes.
 */
export async function until(isSo: () => boolean | Promise<boolean>, milliseconds = 60_000): Promise<void> {
  for (const end = Date.now() + milliseconds; Date.now() < end && !(await isSo()); ) await delay(100);
}
