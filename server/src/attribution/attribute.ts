import type { Dockerfile } from '../model/dockerfile.ts';
import type { ScanReport, Severity } from '../scan/report.ts';
import { countBySeverity, isFixable, type ScanFinding } from '../scan/report.ts';
import { attributeLayers, type AttributionOptions } from './attributeLayers.ts';
import { type ImageFacts, imageOfScan } from './image.ts';
import { Narrower } from './narrow.ts';
import type { Confidence, CopySource, ImageMatch, InstructionPlace, LayerKind, LayerOrigin } from './types.ts';

/** Where one finding comes from. */
export interface FindingOrigin {
  /**
   * Index of the layer; undefined when the report names none, or one that the image doesn't have, and for what stands in
   * the image's configuration.
   */
  readonly layer: number | undefined;
  readonly kind: LayerKind | undefined;
  readonly confidence: Confidence;
  /** One, or all that may have brought it; none when not known. */
  readonly instructions: readonly InstructionPlace[];
  /** For files out of another stage: what made them. */
  readonly copiedFrom?: CopySource;
}

/** Counts of a set of findings. */
export interface FindingCounts {
  readonly bySeverity: Readonly<Record<Severity, number>>;
  readonly total: number;
  /** How many of them a fixed version exists for, in all and by severity. */
  readonly fixable: number;
  readonly fixableBySeverity: Readonly<Record<Severity, number>>;
}

/** What an instruction, or several that can't be divided, brought into the image. */
export interface InstructionShare {
  /** More than one when the share can't be divided. */
  readonly instructions: readonly InstructionPlace[];
  readonly kind: LayerKind;
  readonly confidence: Confidence;
  readonly counts: FindingCounts;
  /** Indexes in the report's findings, the worst first. */
  readonly findings: readonly number[];
  /** Indexes of layers, from the bottom. */
  readonly layers: readonly number[];
  /** Uncompressed bytes of its layers; undefined when one of them is not known or the share has no layer of its own. */
  readonly size: number | undefined;
  readonly copiedFrom?: CopySource;
}

/** What the base image brought. */
export interface BaseShare {
  /** The image that FROM names, variables replaced. */
  readonly name: string;
  readonly from: InstructionPlace;
  readonly counts: FindingCounts;
  readonly layers: number;
  readonly size: number | undefined;
}

/** A scan, line by line. Plain data: it survives JSON and `postMessage`. */
export interface Attribution {
  readonly match: ImageMatch;
  readonly layers: readonly LayerOrigin[];
  /** One for each finding of the report, in its order. */
  readonly findings: readonly FindingOrigin[];
  /** In the order of the file. */
  readonly shares: readonly InstructionShare[];
  /** Undefined for an image built from nothing, and when the Dockerfile is another one. */
  readonly base: BaseShare | undefined;
  readonly counts: FindingCounts;
  /** Findings without a line: indexes in the report's findings. */
  readonly unplaced: readonly number[];
}

/**
 * Ties each finding of a scan to the instructions of the Dockerfile.
 *
 * @param image what is known of the image; the report's own account when absent
 */
export function attribute(
  report: ScanReport,
  dockerfile: Dockerfile,
  options: AttributionOptions & { readonly image?: ImageFacts | undefined } = {},
): Attribution {
  const image = options.image ?? imageOfScan(report.image);
  const { match, layers, stage, entries } = attributeLayers(image, dockerfile, options);
  const isSameHistory = image.history.length === report.image.history.length;
  const byDiffId = layersByDiffId(layers);
  const narrower = new Narrower(dockerfile);
  const findings = report.findings.map((finding): FindingOrigin => {
    if (finding.historyIndex === undefined) return findingOrigin(finding, byDiffId, narrower);
    const entry = isSameHistory ? entries[finding.historyIndex] : undefined;
    return entry ? { layer: undefined, ...entry } : nowhere;
  });
  const shares = sharesOf(report.findings, findings, layers);
  const placed = new Set(shares.flatMap((share) => share.findings));
  const baseShare = shares.find((share) => share.kind === 'base');
  const baseLayers = layers.filter((layer) => layer.kind === 'base');
  const from = baseShare?.instructions[0] ?? baseLayers[0]?.instructions[0];
  return {
    match,
    layers,
    findings,
    shares,
    base: from && {
      name: stage?.rootBase.name ?? '',
      from,
      counts: baseShare?.counts ?? countsOf([]),
      layers: baseLayers.length,
      size: sizeOf(baseLayers),
    },
    counts: countsOf(report.findings),
    unplaced: report.findings.flatMap((_, index) => (placed.has(index) ? [] : [index])),
  };
}

export function countsOf(findings: readonly ScanFinding[]): FindingCounts {
  const fixable = findings.filter(isFixable);
  return {
    bySeverity: countBySeverity(findings),
    total: findings.length,
    fixable: fixable.length,
    fixableBySeverity: countBySeverity(fixable),
  };
}

/**
 * Layers by the id that findings name them by. Instructions that do the same may leave the same layer twice; which of
 * them is meant can't be told then.
 */
function layersByDiffId(layers: readonly LayerOrigin[]): ReadonlyMap<string, LayerOrigin> {
  const found = new Map<string, LayerOrigin>();
  for (const layer of layers) {
    const other = found.get(layer.diffId);
    found.set(layer.diffId, other ? eitherOf(other, layer) : layer);
  }
  return found;
}

function eitherOf(first: LayerOrigin, second: LayerOrigin): LayerOrigin {
  const known = new Set(first.instructions.map(({ range }) => range.start));
  const more = second.instructions.filter(({ range }) => !known.has(range.start));
  if (more.length === 0 && second.instructions.length > 0) return first;
  const { copiedFrom: _, ...rest } = first;
  const isKnown = first.instructions.length > 0 && second.instructions.length > 0;
  return {
    ...rest,
    kind: first.kind === second.kind ? first.kind : 'own',
    confidence: isKnown ? 'group' : 'unknown',
    instructions: isKnown ? [...first.instructions, ...more] : [],
    flattened: first.flattened || second.flattened,
  };
}

const nowhere: FindingOrigin = { layer: undefined, kind: undefined, confidence: 'unknown', instructions: [] };

function findingOrigin(
  finding: ScanFinding,
  byDiffId: ReadonlyMap<string, LayerOrigin>,
  narrower: Narrower,
): FindingOrigin {
  const layer = finding.layerDiffId === undefined ? undefined : byDiffId.get(finding.layerDiffId);
  if (!layer) return nowhere;
  const { kind, confidence, copiedFrom } = layer;
  const instructions = placesIn(layer);
  const origin = { layer: layer.index, kind, confidence, instructions, ...(copiedFrom ? { copiedFrom } : {}) };
  if (layer.flattened) return flattenedOrigin(finding, origin, narrower);
  const narrowed = narrower.narrow(instructions, finding);
  return narrowed.length === 1 && instructions.length > 1
    ? onlyOne(narrowed[0]!, origin, narrower)
    : { ...origin, instructions: narrowed };
}

/** All whose work is in the layer, from the top of the Dockerfile. */
function placesIn({
  below = [],
  instructions,
}: Pick<LayerOrigin, 'below' | 'instructions'>): readonly InstructionPlace[] {
  return below.length === 0 ? instructions : [...below, ...instructions];
}

/** A group in which everything but one instruction is out of the question. */
function onlyOne(place: InstructionPlace, origin: FindingOrigin, narrower: Narrower): FindingOrigin {
  const copiedFrom = narrower.copySource(place);
  // What else is in the layer may have brought it as well, unless it is a file that a COPY names.
  const confidence = origin.confidence === 'unknown' && place.keyword === 'RUN' ? 'unknown' : 'likely';
  const found: FindingOrigin = { ...origin, confidence, instructions: [place] };
  return copiedFrom ? { ...found, kind: 'copied', copiedFrom } : found;
}

/** The base image is in the same layer: only a file that a COPY of the Dockerfile puts there can be told from it. */
function flattenedOrigin(finding: ScanFinding, origin: FindingOrigin, narrower: Narrower): FindingOrigin {
  const narrowed = narrower.narrow(origin.instructions, finding);
  const [only] = narrowed;
  if (narrowed.length === 1 && origin.instructions.length > 1 && only!.keyword !== 'RUN') {
    return onlyOne(only!, origin, narrower);
  }
  return { ...nowhere, layer: origin.layer };
}

interface Draft {
  readonly place: Pick<InstructionShare, 'instructions' | 'kind' | 'copiedFrom'>;
  confidence: Confidence;
  readonly findings: number[];
  readonly layers: LayerOrigin[];
}

const confidences: readonly Confidence[] = ['exact', 'matched', 'likely', 'position', 'group', 'unknown'];

/** Everything that stands at the same instructions, together. */
function sharesOf(
  all: readonly ScanFinding[],
  origins: readonly FindingOrigin[],
  layers: readonly LayerOrigin[],
): InstructionShare[] {
  const drafts = new Map<string, Draft>();
  const draftAt = (origin: FindingOrigin | LayerOrigin): Draft | undefined => {
    const { kind, confidence, copiedFrom } = origin;
    const instructions = 'below' in origin ? placesIn(origin) : origin.instructions;
    if (instructions.length === 0 || kind === undefined) return undefined;
    const key = `${kind} ${instructions.map((each) => each.range.start).join(' ')}`;
    let draft = drafts.get(key);
    if (!draft) {
      const place = { instructions, kind, ...(copiedFrom ? { copiedFrom } : {}) };
      drafts.set(key, (draft = { place, confidence, findings: [], layers: [] }));
    }
    if (confidences.indexOf(confidence) > confidences.indexOf(draft.confidence)) draft.confidence = confidence;
    return draft;
  };
  for (const layer of layers) draftAt(layer)?.layers.push(layer);
  for (const [index, origin] of origins.entries()) draftAt(origin)?.findings.push(index);
  return [...drafts.values()]
    .map(
      (draft): InstructionShare => ({
        ...draft.place,
        confidence: draft.confidence,
        counts: countsOf(draft.findings.map((index) => all[index]!)),
        findings: worstFirst(draft.findings, all),
        layers: draft.layers.map((layer) => layer.index),
        size: sizeOf(draft.layers),
      }),
    )
    .sort((a, b) => a.instructions.at(-1)!.range.start - b.instructions.at(-1)!.range.start);
}

/** Sorted by numbers made once for each, as there may be very many. */
function worstFirst(positions: readonly number[], all: readonly ScanFinding[]): number[] {
  const keys = Float64Array.from(positions, (position) => keyOf(all[position]!));
  const order = Uint32Array.from(positions.keys()).sort((a, b) => keys[a]! - keys[b]! || a - b);
  return Array.from(order, (at) => positions[at]!);
}

/** By severity, then by whether it can be repaired, then by the score, which is between 0 and 10. */
function keyOf(finding: ScanFinding): number {
  return ranks[finding.severity] * 100 + (isFixable(finding) ? 0 : 50) + (10 - (finding.cvssScore ?? 0));
}

const ranks: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, unknown: 4 };

/** The worst first, those that can be repaired in front of others. */
export function compareFindings(a: ScanFinding, b: ScanFinding): number {
  return keyOf(a) - keyOf(b);
}

function sizeOf(layers: readonly LayerOrigin[]): number | undefined {
  let size = 0;
  for (const layer of layers) {
    if (layer.size === undefined) return undefined;
    size += layer.size;
  }
  return layers.length === 0 ? undefined : size;
}
