/**
 * How often a property is tried. The same cases each time, so that a red run is about the change at hand; with
 * PLIMSOLL_RUNS=5000 that many, and others each time.
 */
export function propertyRuns(usual: number): { numRuns: number; seed?: number } {
  const asked = process.env['PLIMSOLL_RUNS'];
  return asked === undefined ? { numRuns: usual, seed: 1 } : { numRuns: Number(asked) };
}
