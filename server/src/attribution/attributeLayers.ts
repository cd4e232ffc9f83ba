import type { Dockerfile } from '../model/dockerfile.ts';
import type { Stage } from '../model/stage.ts';
import { align, type Alignment } from './align.ts';
import { alignedBoundary, type Boundary, firstOwnEntry, knownBoundary } from './boundary.ts';
import { type EntryOrigin, entryOrigins } from './entries.ts';
import { expectedSteps, targetStage, workKeywords } from './expected.ts';
import { hasGuessedMarks, type ImageHistory, readHistory } from './history.ts';
import type { ImageFacts } from './image.ts';
import { instructionOrigin, layerOrigins, unknownLayer } from './layers.ts';
import { baseEnvironment } from './looseText.ts';
import { placeOf } from './places.ts';
import type { Provenance } from './provenance.ts';
import { type RecordedLayers, recordedLayers } from './provenanceLayers.ts';
import type { ImageMatch, LayerOrigin } from './types.ts';

export interface AttributionOptions {
  /** Name or number of the stage that was built; the final one when absent, or another one that fits. */
  readonly target?: string | undefined;
  readonly provenance?: Provenance | undefined;
  /** Layers of the base image, when it is at hand. */
  readonly baseDiffIds?: readonly string[] | undefined;
}

/** The layers of an image with the lines they come from. */
export interface LayerAttribution {
  readonly match: ImageMatch;
  /** The stage that was built; undefined when the Dockerfile has none. */
  readonly stage: Stage | undefined;
  /** All layers of the image, from the bottom. */
  readonly layers: readonly LayerOrigin[];
  /** One for each entry of the history, also of those that made no layer; none when the Dockerfile is another one. */
  readonly entries: readonly (EntryOrigin | undefined)[];
}

/** Below this the Dockerfile is another one. */
const leastQuality = 0.3;

/** The same where no instruction that leaves files is found again as it is: texts that are alike are common. */
const leastQualityOfLikeness = 0.65;

/** From this on a stage that nobody named is taken for the one that was built, when the wanted one doesn't fit. */
const leastQualityOfOther = 0.6;

/** The same when the wanted one fits, but this one explains more of the image. */
const leastQualityOfBetter = 0.9;

interface Reading {
  readonly stage: Stage;
  readonly chain: readonly Stage[];
  readonly alignment: Alignment;
  readonly boundary: Boundary;
  readonly recorded: RecordedLayers | undefined;
}

/** Ties the layers of an image to the instructions of a Dockerfile. Never throws; what can't be known is `unknown`. */
export function attributeLayers(
  image: ImageFacts,
  dockerfile: Dockerfile,
  options: AttributionOptions = {},
): LayerAttribution {
  const history = readHistory(image);
  const target = options.target ?? options.provenance?.target;
  const stage = targetStage(dockerfile, target);
  if (!stage) {
    const note = target === undefined ? 'The Dockerfile has no FROM.' : `The Dockerfile has no stage "${target}".`;
    return unattributed(image, history, undefined, 0, note);
  }
  const reading = bestReading(image, history, stage, target === undefined, options);
  if (!reading) return unattributed(image, history, stage, 0, 'The history is too long to be compared.');
  const { alignment, recorded } = reading;
  const matches = (recorded !== undefined && recorded.kept >= 0.5) || isMatch(reading, image);
  if (!matches) return unattributed(image, history, reading.stage, alignment.quality, mismatchNote(image, history));

  const notes: string[] = [];
  const quality = alignment.quality;
  if (reading.stage !== stage) notes.push(`The image is not the final stage; it was compared with another stage.`);
  if (recorded && !recorded.isSameText) notes.push('The Dockerfile was changed after the image was built.');
  let layers: readonly LayerOrigin[];
  if (history.fits && !contradictsSquash(history, reading)) {
    const { boundary, chain } = reading;
    const bottom = chain.at(-1)!;
    layers = layerOrigins({ image, steps: history.steps, pairs: alignment.pairs, quality, boundary, bottom });
    if (hasGuessedMarks(image, history, firstOwnEntry(history.steps, boundary))) layers = layers.map(doubted);
  } else {
    const count = history.steps.filter((step) => !step.isEmpty).length;
    notes.push(
      history.fits
        ? "The image was squashed, and its history doesn't tell which layers are left; no line can be named."
        : `The image's history names ${count} layers, but it has ${image.diffIds.length}; no line can be named.`,
    );
    layers = knownBaseOnly(image, reading);
  }
  if (recorded) layers = layers.map((layer) => withRecord(image, layer, recorded, reading));
  const { boundary, chain } = reading;
  const bottom = chain.at(-1)!;
  const entries = entryOrigins({ image, steps: history.steps, pairs: alignment.pairs, quality, boundary, bottom });
  return { match: { matches, quality: rounded(quality), notes }, stage: reading.stage, layers, entries };
}

function doubted(layer: LayerOrigin): LayerOrigin {
  return layer.kind !== 'base' && layer.confidence === 'matched' ? { ...layer, confidence: 'likely' } : layer;
}

/** The reading of the wanted stage, or of the stage that fits when that one doesn't and none was asked for. */
function bestReading(
  image: ImageFacts,
  history: ImageHistory,
  stage: Stage,
  mayBeOther: boolean,
  options: AttributionOptions,
): Reading | undefined {
  const wanted = read(image, history, stage, options);
  if (!mayBeOther || !wanted || wanted.recorded || wanted.alignment.quality >= leastQualityOfBetter) return wanted;
  const isWantedFit = isMatch(wanted, image);
  const least = isWantedFit ? leastQualityOfBetter : leastQualityOfOther;
  let best = wanted;
  for (const other of stage.dockerfile.stages) {
    if (other === stage) continue;
    const reading = read(image, history, other, options);
    if (!reading || reading.alignment.quality < least) continue;
    const found = foundIn(reading);
    if (found > 1 && ((best === wanted && !isWantedFit) || found > foundIn(best))) best = reading;
  }
  return best;
}

/** Instructions found again with a text that is alike. */
function foundIn({ alignment }: Reading): number {
  return alignment.pairs.filter(({ score }) => score > 0).length;
}

function read(
  image: ImageFacts,
  history: ImageHistory,
  stage: Stage,
  options: AttributionOptions,
): Reading | undefined {
  const { steps } = history;
  const env = baseEnvironment(image.env);
  const recorded =
    options.provenance && recordedLayers(options.provenance, image.diffIds, stage.dockerfile, stage.chain);
  const base = stage.rootBase;
  const known = knownBoundary(steps, image.diffIds, base, recorded?.baseLayers, options.baseDiffIds);
  const from = firstOwnEntry(steps, known);
  const compare = (chain: readonly Stage[]): Alignment | undefined =>
    align(expectedSteps(chain, env), steps, { from, hasBase: !base.isScratch });
  let alignment = compare(stage.chain);
  if (!alignment) return undefined;
  // Squashing into one layer drops the history of the stages below.
  if (alignment.quality < leastQuality && image.diffIds.length === 1 && stage.parent) {
    const alone = compare([stage]);
    if (alone && alone.quality > alignment.quality) alignment = alone;
  }
  const boundary = known ?? alignedBoundary(steps, alignment.pairs);
  return { stage, chain: stage.chain, alignment, boundary, recorded };
}

/**
 * Whether the history tells of layers that can't be: squashing puts the work of the stage into one. Where marks of empty
 * entries were not recorded but guessed, by sizes, they may be wrong although their number is right.
 */
function contradictsSquash({ steps }: ImageHistory, { stage, alignment }: Reading): boolean {
  const squashed = steps.findLastIndex((step) => step.producer === 'squash');
  return alignment.pairs.some(({ at, expected }) => at < squashed && expected.stage === stage && !steps[at]!.isEmpty);
}

/** A Dockerfile without instructions behind FROM adds nothing that could be compared: all is the base image's. */
function isMatch({ stage, alignment, chain }: Reading, image: ImageFacts): boolean {
  if (chain.every((each) => each.instructions.length === 0)) {
    return !stage.rootBase.isScratch && image.diffIds.length > 0;
  }
  const isTelling = alignment.pairs.some(({ expected, score }) => score >= 0.9 && workKeywords.has(expected.keyword));
  return alignment.quality >= (isTelling ? leastQuality : leastQualityOfLikeness) && alignment.pairs.length > 0;
}

function withRecord(image: ImageFacts, layer: LayerOrigin, recorded: RecordedLayers, { chain }: Reading): LayerOrigin {
  const record = recorded.layers[layer.index];
  const bottom = chain.at(-1)!;
  const { copiedFrom: _, ...rest } = layer;
  switch (record?.kind) {
    case undefined:
    case 'changed':
      // The lines that the comparison found may be right, but the builder's record is of other ones.
      return layer.confidence === 'exact' ? { ...layer, confidence: 'likely' } : layer;
    case 'elsewhere':
      return unknownLayer(image, layer.index, layer.createdBy);
    case 'base': {
      const instructions = [placeOf(bottom.from, bottom)];
      return { ...rest, kind: 'base', confidence: 'exact', instructions, flattened: false };
    }
    case 'onbuild': {
      const { stage, trigger } = record;
      const confidence = trigger || !stage.parent ? 'exact' : 'likely';
      const { instructions } = trigger
        ? instructionOrigin(trigger, stage, true)
        : { instructions: [placeOf(stage.from, stage)] };
      return { ...rest, kind: 'onbuild', confidence, instructions, flattened: false };
    }
    case 'instruction':
      return {
        ...rest,
        ...instructionOrigin(record.instruction, record.stage, false),
        confidence: 'exact',
        flattened: false,
      };
  }
}

/** Without a history that fits, only a base image that is known otherwise can be told from the rest. */
function knownBaseOnly(image: ImageFacts, { boundary, chain }: Reading): LayerOrigin[] {
  const bottom = chain.at(-1)!;
  const isKnown = boundary.evidence === 'local-image';
  return image.diffIds.map((_, index) => {
    const layer = unknownLayer(image, index);
    if (!isKnown || index >= boundary.layers) return layer;
    return { ...layer, kind: 'base', confidence: 'matched', instructions: [placeOf(bottom.from, bottom)] };
  });
}

function unattributed(
  image: ImageFacts,
  history: ImageHistory,
  stage: Stage | undefined,
  quality: number,
  note: string,
): LayerAttribution {
  const texts = new Map(history.steps.map((step) => [step.layer, step.entry.createdBy]));
  return {
    match: { matches: false, quality: rounded(quality), notes: [note] },
    stage,
    layers: image.diffIds.map((_, index) => unknownLayer(image, index, texts.get(index))),
    entries: [],
  };
}

function mismatchNote(image: ImageFacts, history: ImageHistory): string {
  if (image.diffIds.length === 0) return 'The image has no layers, or its configuration could not be read.';
  if (history.steps.length === 0) return 'The image has no history, so nothing can be compared with the Dockerfile.';
  if (history.steps.every((step) => step.keyword === undefined)) {
    return "The image's history names no instructions, so nothing can be compared with the Dockerfile.";
  }
  return 'This image was not built from this Dockerfile.';
}

function rounded(quality: number): number {
  return Math.round(quality * 100) / 100;
}
