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
import { placeOf, stageLabel } from './places.ts';
import type { Provenance } from './provenance.ts';
import { type RecordedLayers, recordedLayers } from './provenanceLayers.ts';
import { alignSnapshots } from './snapshots.ts';
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
  /** Stages below, when squashing has dropped their history. */
  readonly lost: readonly Stage[];
  readonly snapshots: ReadonlyMap<number, Stage>;
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
  if (!matches) {
    const built = target === undefined ? undefined : bestReading(image, history, stage, true, options);
    const note =
      built && built.stage !== stage && isMatch(built, image)
        ? `The image is not the stage "${target}" of this Dockerfile; it looks like "${stageLabel(built.stage)}".`
        : mismatchNote(image, history);
    return unattributed(image, history, reading.stage, alignment.quality, note);
  }

  const notes: string[] = [];
  const quality = alignment.quality;
  if (reading.stage !== stage) notes.push(`The image is not the final stage; it was compared with another stage.`);
  if (recorded && !recorded.isSameText) notes.push('The Dockerfile was changed after the image was built.');
  const { boundary, chain, lost, snapshots } = reading;
  const bottom = chain.at(-1)!;
  const sources = { image, steps: history.steps, pairs: alignment.pairs, quality, boundary, bottom, lost, snapshots };
  let layers: readonly LayerOrigin[];
  const problem = marksProblem(image, history, reading);
  if (problem === undefined) {
    layers = layerOrigins(sources);
    if (hasGuessedMarks(image, history, firstOwnEntry(history.steps, boundary))) layers = layers.map(doubted);
    if (history.isRepaired) {
      notes.push("The image's history marks wrong entries as layers; they were told from the instructions.");
      layers = layers.map((layer) => (layer.confidence === 'matched' ? { ...layer, confidence: 'likely' } : layer));
    }
  } else {
    notes.push(`${problem}; no line can be named.`);
    layers = knownBaseOnly(image, reading);
  }
  if (recorded) layers = layers.map((layer) => withRecord(image, layer, recorded, reading));
  // Entries that another tool has gathered in one are none of the image's own.
  const entries = history.steps.length === image.history.length ? entryOrigins(sources) : [];
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
  let lost: readonly Stage[] = [];
  if (image.diffIds.length === 1 && stage.parent) {
    const alone = compare([stage]);
    const mayBe = alignment.quality < leastQuality || alone?.pairs[0]?.at === 0;
    if (alone && mayBe && alone.quality > alignment.quality) {
      alignment = alone;
      lost = stage.chain.slice(1);
    }
  }
  const snapshots = alignment.quality < leastQualityOfBetter && alignSnapshots(stage.chain, steps, env, alignment);
  if (snapshots) alignment = snapshots;
  const isKnown = known?.evidence === 'provenance' || known?.evidence === 'local-image';
  const boundary: Boundary =
    !isKnown && addsNothing(stage)
      ? { layers: image.diffIds.length, evidence: 'alignment' }
      : (known ?? alignedBoundary(steps, alignment.pairs, base));
  return {
    stage,
    chain: stage.chain,
    alignment,
    lost,
    snapshots: snapshots ? snapshots.stages : new Map(),
    boundary,
    recorded,
  };
}

/** Why the history can't tell which of its entries made which layer. */
function marksProblem(image: ImageFacts, history: ImageHistory, reading: Reading): string | undefined {
  const count = history.steps.filter((step) => !step.isEmpty).length;
  const { length } = image.diffIds;
  if (!history.fits && count !== length) return `The image's history names ${count} layers, but it has ${length}`;
  if (contradictsSquash(history, reading))
    return "The image was squashed, and its history doesn't tell which layers are left";
  return history.fits && !contradictsStages(history, reading)
    ? undefined
    : "The image's history marks wrong entries as layers";
}

/** Buildah gives a layer to what only configures at the end of a stage, when all its work is in there. */
function contradictsStages({ steps }: ImageHistory, { alignment: { pairs } }: Reading): boolean {
  return pairs.some(({ at, expected: { keyword, stage } }, index) => {
    const { producer, isEmpty } = steps[at]!;
    if (producer !== 'classic' || isEmpty || workKeywords.has(keyword) || keyword === 'WORKDIR') return false;
    return pairs[index + 1]?.expected.stage === stage;
  });
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
function addsNothing({ chain, rootBase }: Stage): boolean {
  return !rootBase.isScratch && chain.every((each) => each.instructions.length === 0);
}

function isMatch({ stage, alignment }: Reading, image: ImageFacts): boolean {
  if (addsNothing(stage)) return image.diffIds.length > 0;
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
