import { buildModel, type Dockerfile } from '../model/dockerfile.ts';
import type { Stage } from '../model/stage.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { diffLines, type Hunk, splitLines } from '../text/diff.ts';
import { workKeywords } from './expected.ts';
import { linesOf } from './places.ts';
import type { BuildStep, Provenance } from './provenance.ts';
import type { LineSpan } from './types.ts';

/** What the builder's record says of one layer. */
export type RecordedLayer =
  | { readonly kind: 'base' }
  /** A trigger that ran in this stage, at its FROM; which one is known when the stage below is in the same file. */
  | { readonly kind: 'onbuild'; readonly stage: Stage; readonly trigger?: Instruction }
  | { readonly kind: 'instruction'; readonly instruction: Instruction; readonly stage: Stage }
  /** The line has changed since the build. */
  | { readonly kind: 'changed' }
  /** Made by another Dockerfile that took part in the build, on top of instructions of this one. */
  | { readonly kind: 'elsewhere' };

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
  const source = sourceOf(provenance, dockerfile);
  if (!source) return undefined;
  const lines = new LineTranslation(source.text, dockerfile);
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
    const own = places.filter((place) => place.source === source.index).map((place) => place.lines);
    if (own.length === 0) {
      // What another Dockerfile made below the first instruction is the base image that it gave.
      const isBase = places.length > 0 && recorded === 0 && baseLayers === index;
      layers.push(isBase ? { kind: 'base' } : places.length > 0 ? { kind: 'elsewhere' } : undefined);
      if (isBase) baseLayers = index + 1;
      continue;
    }
    recorded++;
    const found = findInstruction(own, lines, dockerfile, chain);
    if (found && found.kind !== 'changed') kept++;
    layers.push(found);
  }
  if (lines.isSame) nameTriggers(layers);
  return { layers, baseLayers, isSameText: lines.isSame, kept: recorded === 0 ? 1 : kept / recorded };
}

/**
 * Which of the Dockerfiles of the build this one is, or was: the same text, else the one that most lines are left of.
 * Undefined when the record has no text: its line numbers alone tell nothing.
 */
function sourceOf(
  { dockerfiles }: Provenance,
  dockerfile: Dockerfile,
): { readonly index: number; readonly text: string } | undefined {
  const now = unified(dockerfile.text);
  const lines = new Set(splitLines(now));
  let best: { readonly index: number; readonly text: string } | undefined;
  let most = -1;
  for (const [index, text] of dockerfiles.entries()) {
    if (text === undefined) continue;
    const built = splitLines(unified(text));
    const left = unified(text) === now ? 1 : built.filter((line) => lines.has(line)).length / (built.length + 1);
    if (left >= most) {
      best = { index, text };
      most = left;
    }
  }
  return best;
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
      if (linesOf(dockerfile, stage.from)[0] === first) return { kind: 'onbuild', stage };
      const instruction = stage.instructions.find((each) => linesOf(dockerfile, each)[0] === first);
      if (instruction) return { kind: 'instruction', instruction, stage };
    }
  }
  return found;
}

/** Builders run the triggers of the stage below in order, and each that writes files makes a layer. */
function nameTriggers(layers: (RecordedLayer | undefined)[]): void {
  const stages = new Set(layers.flatMap((each) => (each?.kind === 'onbuild' ? [each.stage] : [])));
  for (const stage of stages) {
    const at = [...layers.keys()].filter((index) => {
      const layer = layers[index];
      return layer?.kind === 'onbuild' && layer.stage === stage;
    });
    const triggers = (stage.parent?.instructions ?? []).flatMap(({ trigger }) =>
      trigger && (workKeywords.has(trigger.keyword) || trigger.keyword === 'WORKDIR') ? [trigger] : [],
    );
    if (triggers.length !== at.length) continue;
    for (const [order, index] of at.entries()) layers[index] = { kind: 'onbuild', stage, trigger: triggers[order]! };
  }
}

/** Lines of the Dockerfile as it was built, in the text that is there now. */
class LineTranslation {
  readonly isSame: boolean;
  readonly #hunks: readonly Hunk[];
  readonly #built: Dockerfile | undefined;

  constructor(built: string, now: Dockerfile) {
    this.#hunks = diffLines(splitLines(unified(built)), splitLines(unified(now.text)));
    this.isSame = this.#hunks.length === 0;
    this.#built = this.isSame ? undefined : buildModel(built);
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
