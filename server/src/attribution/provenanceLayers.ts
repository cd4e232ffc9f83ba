import { buildModel, type Dockerfile } from '../model/dockerfile.ts';
import type { Stage } from '../model/stage.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { diffLines, type Hunk, splitLines } from '../text/diff.ts';
import { linesOf } from './places.ts';
import type { BuildStep, Provenance } from './provenance.ts';
import type { LineSpan } from './types.ts';

/** What the builder's record says of one layer. */
export type RecordedLayer =
  | { readonly kind: 'base' }
  | { readonly kind: 'onbuild' }
  | { readonly kind: 'instruction'; readonly instruction: Instruction; readonly stage: Stage }
  /** The line has changed since the build. */
  | { readonly kind: 'changed' };

export interface RecordedLayers {
  /** In the order of the image's layers; undefined where the record is silent. */
  readonly layers: readonly (RecordedLayer | undefined)[];
  readonly baseLayers: number;
  /** Whether the Dockerfile is still as it was built. */
  readonly isSameText: boolean;
  /** Share of the recorded instructions whose lines are still there, 0 to 1. */
  readonly kept: number;
}

/**
 * Ties layers to instructions by the builder's record. Undefined when the record is of another image: then its layers
 * are neither those of the image nor as many.
 *
 * @param chain the stages whose layers are in the image, the built one first
 */
export function recordedLayers(
  provenance: Provenance,
  diffIds: readonly string[],
  dockerfile: Dockerfile,
  chain: readonly Stage[],
): RecordedLayers | undefined {
  const digests = imageChain(provenance, diffIds);
  if (!digests) return undefined;
  const lines = new LineTranslation(provenance.dockerfile, dockerfile);
  const layers: (RecordedLayer | undefined)[] = [];
  let baseLayers = 0;
  let recorded = 0;
  let kept = 0;
  for (const index of diffIds.keys()) {
    const steps = provenance.steps.filter((step) => step.chains.some((each) => isPrefix(each, digests, index + 1)));
    if (provenance.steps.some((step) => isBaseOf(step, digests, index + 1))) {
      layers.push({ kind: 'base' });
      baseLayers = index + 1;
      continue;
    }
    const places = steps.flatMap((step) => (step.image === undefined ? step.places : []));
    if (places.length === 0) {
      layers.push(undefined);
      continue;
    }
    recorded++;
    const found = findInstruction(places, lines, dockerfile, chain);
    if (found && found.kind !== 'changed') kept++;
    layers.push(found);
  }
  return { layers, baseLayers, isSameText: lines.isSame, kept: recorded === 0 ? 1 : kept / recorded };
}

/**
 * The image's layers as the record names them: by diff id, or by the digest of what was compressed (docker's
 * containerd store); then only the number of layers and their order tie the two together.
 */
function imageChain(provenance: Provenance, diffIds: readonly string[]): readonly string[] | undefined {
  const all = provenance.steps.flatMap((step) => step.chains);
  if (all.some((chain) => isPrefix(chain, diffIds, chain.length))) return diffIds;
  const result = provenance.result;
  if (result) return result.length === diffIds.length ? result : undefined;
  const whole = all.filter((chain) => chain.length === diffIds.length);
  const first = whole[0];
  return first && whole.every((chain) => isPrefix(chain, first, first.length)) ? first : undefined;
}

function isPrefix(chain: readonly string[], of: readonly string[], length: number): boolean {
  return chain.length === length && chain.length <= of.length && chain.every((digest, index) => of[index] === digest);
}

/** Whether the step loads an image whose layers, at least so many, are at the bottom. */
function isBaseOf(step: BuildStep, digests: readonly string[], layers: number): boolean {
  if (step.image === undefined) return false;
  return step.chains.some((chain) => chain.length >= layers && isPrefix(chain, digests, chain.length));
}

/** Instructions that do the same share a step and its places: the one in the image's own stages is meant. */
function findInstruction(
  places: readonly LineSpan[],
  lines: LineTranslation,
  dockerfile: Dockerfile,
  chain: readonly Stage[],
): RecordedLayer | undefined {
  let found: RecordedLayer | undefined;
  for (const place of places) {
    const first = lines.translate(place);
    if (first === undefined) {
      found ??= { kind: 'changed' };
      continue;
    }
    for (const stage of chain) {
      if (linesOf(dockerfile, stage.from)[0] === first) return { kind: 'onbuild' };
      const instruction = stage.instructions.find((each) => linesOf(dockerfile, each)[0] === first);
      if (instruction) return { kind: 'instruction', instruction, stage };
    }
  }
  return found;
}

/** Lines of the Dockerfile as it was built, in the text that is there now. */
class LineTranslation {
  readonly isSame: boolean;
  readonly #hunks: readonly Hunk[];
  readonly #built: Dockerfile | undefined;

  constructor(built: string | undefined, now: Dockerfile) {
    const before = built === undefined ? undefined : splitLines(unified(built));
    const after = splitLines(unified(now.text));
    this.#hunks = before ? diffLines(before, after) : [];
    this.isSame = this.#hunks.length === 0;
    this.#built = built === undefined || this.isSame ? undefined : buildModel(built);
  }

  /** The first line now; undefined when any line of the instruction was changed. 1-based. */
  translate(place: LineSpan): number | undefined {
    if (this.isSame) return place[0];
    const built = this.#built;
    const whole =
      built?.instructions.map((each) => linesOf(built, each)).find((lines) => lines[0] === place[0]) ?? place;
    let shift = 0;
    for (const hunk of this.#hunks) {
      if (hunk.oldStart >= whole[1]) break;
      if (hunk.oldEnd > whole[0] - 1 || (hunk.oldStart === hunk.oldEnd && hunk.oldStart > whole[0] - 1))
        return undefined;
      shift = hunk.newEnd - hunk.oldEnd;
    }
    return whole[0] + shift;
  }
}

/** Line breaks and blanks at the end of the text don't count as changes. */
function unified(text: string): string {
  return `${text
    .replace(/^\uFEFF/, '')
    .replaceAll('\r\n', '\n')
    .trimEnd()}\n`;
}
