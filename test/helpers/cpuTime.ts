/**
 * Milliseconds of processor time that work takes. Unlike the clock's, they are nearly the same on a machine that has
 * other things to do.
 */
export function cpuTime(work: () => void): number {
  const before = process.cpuUsage();
  work();
  return millisecondsSince(before);
}

/** The same for work that is awaited; nothing else may run meanwhile. */
export async function asyncCpuTime(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  return millisecondsSince(before);
}

function millisecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
