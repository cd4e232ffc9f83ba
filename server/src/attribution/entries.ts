import type { Pair } from './align.ts';
import { firstOwnEntry } from './boundary.ts';
import { baseConfidence, instructionOrigin, type LayerSources, pairConfidence } from './layers.ts';
import { placeOf } from './places.ts';
import type { LayerOrigin } from './types.ts';

/** Where an entry of the history comes from, whether it made a layer or changed the configuration alone. */
export type EntryOrigin = Pick<LayerOrigin, 'kind' | 'confidence' | 'instructions' | 'copiedFrom'>;

/** One for each entry of the history; undefined where nothing can be said. */
export function entryOrigins(sources: LayerSources): (EntryOrigin | undefined)[] {
  const { steps, pairs, quality, boundary, bottom } = sources;
  const byEntry = new Map<number, Pair>(pairs.map((pair) => [pair.at, pair]));
  const own = firstOwnEntry(steps, boundary);
  const first = pairs[0]?.at ?? steps.length;
  const hasBase = !bottom.base.isScratch;
  return steps.map((_, at) => {
    const pair = byEntry.get(at);
    if (pair) {
      const { instruction, stage, isTrigger } = pair.expected;
      return { confidence: pairConfidence(pair, quality), ...instructionOrigin(instruction, stage, isTrigger) };
    }
    if (at >= first || !hasBase) return undefined;
    // What base images end with makes no layer; nor does much of what a Dockerfile may have had and lost.
    const confidence = at < own ? baseConfidence(sources) : 'likely';
    return { kind: 'base', confidence, instructions: [placeOf(bottom.from, bottom)] };
  });
}
