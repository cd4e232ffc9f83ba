import { Copy } from '../model/copy.ts';
import type { Stage } from '../model/stage.ts';
import type { Pair } from './align.ts';
import { type Boundary, doubtfulFrom, firstOwnEntry, lastNote, triggersBefore } from './boundary.ts';
import { workKeywords } from './expected.ts';
import { type HistoryStep, isNotBuildahs } from './history.ts';
import type { ImageFacts } from './image.ts';
import { copySourceOf, placeOf, worksOf } from './places.ts';
import type { Confidence, LayerOrigin } from './types.ts';

/** Agreement from which on a line is called matched: of the whole Dockerfile, and of the instruction. */
export const surely = 0.9;

/** Agreement from which on a text is called alike. */
const alike = 0.3;

export interface LayerSources {
  readonly image: ImageFacts;
  readonly steps: readonly HistoryStep[];
  readonly pairs: readonly Pair[];
  readonly quality: number;
  readonly boundary: Boundary;
  /** The stage that the base image is named in. */
  readonly bottom: Stage;
  /** Stages whose work is in the only layer without a trace in the history; the highest first. */
  readonly lost: readonly Stage[];
  /** Entries, by their index, whose layer holds all that a stage does. */
  readonly snapshots: ReadonlyMap<number, Stage>;
}

/** Ties each layer to the instructions that made it. */
export function layerOrigins(sources: LayerSources): LayerOrigin[] {
  const { image, steps, pairs, boundary, bottom } = sources;
  const byEntry = new Map(pairs.map((pair) => [pair.at, pair]));
  const firstPair = pairs[0]?.at ?? steps.length;
  const isFlattened = boundary.layers === 0 && !bottom.base.isScratch;
  const grouping = groupsLayers(sources);
  // What is in front of the first instruction, the base image has brought into the one layer.
  const start = isFlattened && boundary.evidence === 'alignment' ? firstPair : firstOwnEntry(steps, boundary);
  const doubtful = boundary.evidence === 'alignment' ? doubtfulFrom(steps, firstPair) : undefined;
  const triggers = triggerLayers(sources, firstPair);
  const origins: LayerOrigin[] = [];
  let pending: Member[] = [];
  const hasTriggers = steps.slice(0, firstPair).some((step) => step.keyword === 'ONBUILD');
  for (const [at, step] of steps.entries()) {
    const pair = byEntry.get(at);
    const layer = step.layer;
    if (layer === undefined) {
      if ((isWork(step) || pair?.expected.keyword === 'RUN') && at >= start)
        pending.push(pair ?? (at < firstPair && hasTriggers ? 'trigger' : undefined));
      continue;
    }
    const base = layerBase(image, layer, step);
    const flattened = isFlattened && layer === 0;
    const withLost = (origin: Origin): Origin => withWorkOf(sources.lost, origin);
    const collected = pending;
    pending = [];
    if (layer < boundary.layers) {
      const confidence = doubtful !== undefined && layer >= doubtful ? 'likely' : baseConfidence(sources);
      origins.push({ ...base, kind: 'base', confidence, instructions: [placeOf(bottom.from, bottom)] });
    } else if (!pair && triggers.has(layer)) {
      origins.push({ ...base, kind: 'onbuild', confidence: 'likely', instructions: [placeOf(bottom.from, bottom)] });
    } else if (sources.snapshots.has(at)) {
      const announced = steps.slice(0, firstPair).some((each) => each.keyword === 'ONBUILD');
      origins.push({ ...base, ...snapshotOrigin(sources.snapshots.get(at)!, pair, sources, announced), flattened });
    } else if (grouping && step.producer !== 'buildkit') {
      const members = isWork(step) || pair?.expected.keyword === 'RUN' ? [...collected, pair] : collected;
      origins.push({ ...base, ...withLost(groupOrigin(members, pair, sources, flattened)), flattened });
    } else origins.push({ ...base, ...withLost(pairOrigin(pair, sources, flattened)), flattened });
  }
  return origins;
}

/**
 * Layers between the base image and the first instruction. What the base image announces there are its triggers; an
 * image that BuildKit made doesn't tell its triggers, so that all of those layers may be. Else they come from
 * instructions that the Dockerfile no longer has.
 */
function triggerLayers({ steps, boundary, bottom }: LayerSources, firstPair: number): ReadonlySet<number> {
  if (bottom.base.isScratch) return new Set();
  const between = steps.slice(0, firstPair).flatMap(({ layer }) => (layer === undefined ? [] : [layer]));
  const all = between.filter((layer) => layer >= boundary.layers);
  if (boundary.layers > 0 && steps.some((step) => step.layer === boundary.layers - 1 && step.producer === 'buildkit')) {
    return new Set(all);
  }
  for (let at = firstPair; at > 0; at--) {
    if (steps[at - 1]!.layer !== undefined && steps[at - 1]!.layer! < boundary.layers) break;
    const count = triggersBefore(steps, at);
    if (count > 0) return new Set(all.filter((layer) => layer < boundary.layers + count));
  }
  return new Set();
}

/** A layer of which nothing is known. */
export function unknownLayer(image: ImageFacts, layer: number, createdBy?: string): LayerOrigin {
  return {
    index: layer,
    diffId: image.diffIds[layer]!,
    ...(image.sizes[layer] === undefined ? {} : { size: image.sizes[layer] }),
    kind: 'own',
    confidence: 'unknown',
    instructions: [],
    flattened: false,
    ...(createdBy === undefined || createdBy === '' ? {} : { createdBy }),
  };
}

function layerBase(image: ImageFacts, layer: number, step: HistoryStep): LayerOrigin {
  return unknownLayer(image, layer, step.entry.createdBy);
}

/**
 * Whether a layer may hold the work of entries in front of it. Squashing builders and buildah mark entries as empty
 * whose work is in a later layer; for the classic builder and BuildKit an empty RUN changed nothing, and a COPY is
 * never empty.
 */
function groupsLayers({ image, steps, pairs }: LayerSources): boolean {
  const own = steps.slice(pairs[0]?.at ?? steps.length).filter((step) => step.producer !== 'buildkit');
  if (own.some((step) => step.producer === 'squash')) return true;
  if (own.some((step) => step.isEmpty && (step.keyword === 'COPY' || step.keyword === 'ADD'))) return true;
  // A base image may hand buildah's label down, and a build may be told to leave the label out.
  const hasSign =
    image.labels['io.buildah.version'] !== undefined ||
    lastNote(steps, ({ baseReference }) => baseReference !== undefined) >= 0;
  return hasSign && !own.some(isNotBuildahs);
}

function isWork(step: HistoryStep): boolean {
  return step.keyword !== undefined && isWorkKeyword(step.keyword);
}

function isWorkKeyword(keyword: string): boolean {
  return workKeywords.has(keyword);
}

type Origin = Pick<LayerOrigin, 'kind' | 'confidence' | 'instructions' | 'copiedFrom' | 'below'>;

const nothingKnown: Origin = { kind: 'own', confidence: 'unknown', instructions: [] };

/** Work in a layer: an instruction, a trigger of the base image, or what the Dockerfile doesn't have. */
type Member = Pair | 'trigger' | undefined;

function groupOrigin(
  members: readonly Member[],
  pair: Pair | undefined,
  sources: LayerSources,
  flattened: boolean,
): Origin {
  if (members.length === 0) {
    const { bottom } = sources;
    const hasWork = pair?.expected.stage.chain.some((stage) =>
      stage.instructions.some(({ keyword }) => workKeywords.has(keyword)),
    );
    // All that is in the layer is the base image, under the last entry's name.
    if (flattened && hasWork === false)
      return { kind: 'base', confidence: 'likely', instructions: [placeOf(bottom.from, bottom)] };
    return pairOrigin(pair, sources, flattened);
  }
  const [only] = members;
  if (members.length === 1 && only !== 'trigger') return pairOrigin(only, sources, flattened);
  const { bottom } = sources;
  const known = members.filter((each) => each !== undefined);
  const pairs = known.filter((each) => each !== 'trigger');
  const triggers = pairs.length < known.length ? [placeOf(bottom.from, bottom)] : [];
  // Part of the group is not in the Dockerfile: then the lines that are there may not be the ones.
  const confidence = known.length === members.length ? 'group' : 'unknown';
  const instructions = [
    ...triggers,
    ...pairs.map(({ expected }) =>
      placeOf(expected.instruction, expected.stage.dockerfile.stageOf(expected.instruction) ?? expected.stage),
    ),
  ];
  return { kind: pairs.length === 0 ? 'onbuild' : 'own', confidence, instructions };
}

/** All that the stage does, its parent's triggers included, or those that the base image announces. */
function snapshotOrigin(stage: Stage, pair: Pair | undefined, sources: LayerSources, announced: boolean): Origin {
  const triggers = (stage.parent?.instructions ?? []).flatMap(({ trigger }) => trigger ?? []);
  const instructions = [
    ...(announced && !stage.parent ? [placeOf(stage.from, stage)] : []),
    ...triggers.filter(({ keyword }) => isWorkKeyword(keyword)).map((each) => placeOf(each, stage.parent!)),
    ...worksOf(stage).map((each) => placeOf(each, stage)),
  ];
  const [only] = worksOf(stage);
  if (instructions.length > 1) return { kind: 'own', confidence: 'group', instructions };
  // Only the last instruction is noted: there may have been others in front of it.
  const found = only ? instructionOrigin(only, stage, false) : pairOrigin(pair, sources, false);
  return { ...found, confidence: 'likely' };
}

/** What these stages do is in the layer, too. */
function withWorkOf(lost: readonly Stage[], origin: Origin): Origin {
  const below = lost.toReversed().flatMap((stage) => worksOf(stage).map((each) => placeOf(each, stage)));
  if (below.length === 0 || origin.confidence === 'unknown') return origin;
  return { ...origin, confidence: 'group', below };
}

function pairOrigin(pair: Pair | undefined, { quality }: LayerSources, flattened: boolean): Origin {
  if (!pair) return nothingKnown;
  const { expected } = pair;
  const confidence = flattened ? 'group' : pairConfidence(pair, quality);
  return { confidence, ...instructionOrigin(pair.expected.instruction, expected.stage, expected.isTrigger) };
}

/** Kind and lines of a layer that one instruction made. */
export function instructionOrigin(
  instruction: Parameters<typeof placeOf>[0],
  stage: Stage,
  isTrigger: boolean,
): Pick<LayerOrigin, 'kind' | 'instructions' | 'copiedFrom'> {
  // A trigger stands in the stage below, behind its ONBUILD.
  const owner = stage.dockerfile.stageOf(instruction) ?? stage;
  const instructions = [placeOf(instruction, owner)];
  const isCopy = instruction.keyword === 'COPY' || instruction.keyword === 'ADD';
  const copiedFrom = isCopy ? copySourceOf(new Copy(instruction, stage)) : undefined;
  if (isTrigger) return { kind: 'onbuild', instructions };
  return copiedFrom ? { kind: 'copied', instructions, copiedFrom } : { kind: 'own', instructions };
}

export function pairConfidence({ score, isAmbiguous }: Pair, quality: number): Confidence {
  if (score < alike) return 'position';
  return score >= surely && quality >= surely && !isAmbiguous ? 'matched' : 'likely';
}

export function baseConfidence({ boundary, pairs, quality }: LayerSources): Confidence {
  if (boundary.evidence === 'provenance') return 'exact';
  if (boundary.evidence !== 'alignment') return 'matched';
  const first = pairs[0];
  if (!first) return 'likely';
  const confidence = pairConfidence(first, quality);
  return confidence === 'matched' ? 'matched' : 'likely';
}
