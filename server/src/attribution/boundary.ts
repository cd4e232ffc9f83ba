import type { BaseImage } from '../model/image.ts';
import { type HistoryStep, isNotBuildahs } from './history.ts';
import type { Pair } from './align.ts';
import { compact } from './looseText.ts';

/** How many layers, counted from the bottom, the base image has, and how that is known. */
export interface Boundary {
  readonly layers: number;
  readonly evidence: 'provenance' | 'local-image' | 'comment' | 'alignment' | 'scratch';
}

/** The boundary that is known before history and Dockerfile are compared; the best evidence wins. */
export function knownBoundary(
  steps: readonly HistoryStep[],
  diffIds: readonly string[],
  base: BaseImage,
  provenance: number | undefined,
  baseDiffIds: readonly string[] | undefined,
): Boundary | undefined {
  if (base.isScratch) return { layers: 0, evidence: 'scratch' };
  if (provenance !== undefined) return { layers: provenance, evidence: 'provenance' };
  if (baseDiffIds && baseDiffIds.length > 0 && baseDiffIds.every((id, index) => diffIds[index] === id)) {
    return { layers: baseDiffIds.length, evidence: 'local-image' };
  }
  // Buildah notes the base on the first entry of a stage, or on the one that made its layer.
  const at = lastNote(steps, ({ baseReference }) => baseReference !== undefined && isNameOf(baseReference, base));
  return at < 0 ? undefined : { layers: layersBefore(steps, at), evidence: 'comment' };
}

/** The boundary as the comparison shows it: the first entry that is an instruction of the Dockerfile. */
export function alignedBoundary(steps: readonly HistoryStep[], pairs: readonly Pair[], base: BaseImage): Boundary {
  const first = pairs[0]?.at ?? steps.length;
  const layers = layersBefore(steps, first);
  // A note of the base under a name that the Dockerfile doesn't use: by its digest, or through a variable.
  // Any other name is of the image that the base image was built from.
  const mayBeAnother = base.hasVariable || base.resolved === undefined || base.resolved.digest !== undefined;
  const isNote = ({ baseReference }: HistoryStep): boolean =>
    baseReference !== undefined && (mayBeAnother || baseReference.includes('@'));
  const noted = lastNote(steps, (step, at) => isNote(step) && layersBefore(steps, at) <= layers);
  if (noted >= 0) return { layers: layersBefore(steps, noted), evidence: 'comment' };
  return { layers: layers - triggersBefore(steps, first), evidence: 'alignment' };
}

/** Index of buildah's last note of a base image; -1 when another builder came later, for then it is the base's own. */
export function lastNote(steps: readonly HistoryStep[], isWanted: (step: HistoryStep, at: number) => boolean): number {
  const at = steps.findLastIndex(isWanted);
  return steps.slice(at + 1).some(isNotBuildahs) ? -1 : at;
}

/** Base images older than this when the first instruction ran are taken for finished before the build began. */
const surelyOlderMs = 60 * 60 * 1000;

/**
 * Layers in front of the first instruction that were found but may be its work all the same: of an instruction that
 * the Dockerfile no longer has, or of a trigger. They stand behind the command that ends most base images and are not
 * much older than the first instruction's own layer. Gives the lowest such layer; undefined when there is none.
 */
export function doubtfulFrom(steps: readonly HistoryStep[], first: number): number | undefined {
  const command = steps
    .slice(0, first)
    .findLastIndex((step) => step.keyword === 'CMD' || step.keyword === 'ENTRYPOINT');
  const start = Date.parse(steps[first]?.entry.created ?? '');
  let lowest: number | undefined;
  for (let at = first - 1; at > command; at--) {
    const step = steps[at]!;
    const age = start - Date.parse(step.entry.created ?? '');
    // The lowest layer is the base image's for certain, and so is what no instruction of a Dockerfile made.
    if (age > surelyOlderMs || step.layer === 0 || step.keyword === undefined) break;
    if (step.layer !== undefined) lowest = step.layer;
  }
  return lowest;
}

/** Index of the first entry that may be an instruction of the Dockerfile. */
export function firstOwnEntry(steps: readonly HistoryStep[], boundary: Boundary | undefined): number {
  if (!boundary || boundary.layers === 0) return 0;
  const last = steps.findIndex((step) => step.layer === boundary.layers - 1);
  return last + 1;
}

function layersBefore(steps: readonly HistoryStep[], at: number): number {
  return steps.slice(0, at).filter((step) => step.layer !== undefined).length;
}

/** `localhost/base:1` is what `base:1` is looked up as. */
function isNameOf(reference: string, base: BaseImage): boolean {
  const name = base.name.replace(/^docker\.io\/(?:library\/)?/, '');
  if (name === '') return false;
  const withTag = base.resolved && !base.resolved.tag && !base.resolved.digest ? `${name}:latest` : name;
  return [name, withTag].some((each) => reference === each || reference.endsWith(`/${each}`));
}

/**
 * Layers directly in front of an entry that are the work of triggers: the base image's history lists its ONBUILD
 * instructions, and the last of them were run, in order, before the Dockerfile's own.
 */
export function triggersBefore(steps: readonly HistoryStep[], at: number): number {
  const announced = steps.slice(0, at).filter((step) => step.keyword === 'ONBUILD');
  for (let count = Math.min(announced.length, at); count > 0; count--) {
    const run = steps.slice(at - count, at);
    const triggers = announced.slice(-count);
    if (run.every((step, index) => isWorkOf(step, triggers[index]!))) {
      return run.filter((step) => step.layer !== undefined).length;
    }
  }
  return 0;
}

function isWorkOf(step: HistoryStep, trigger: HistoryStep): boolean {
  const match = /^([A-Z]+)\s+(.*)$/s.exec(trigger.text);
  if (!match || step.keyword !== match[1]) return false;
  const wanted = compact(match[2]!);
  const there = compact(step.text);
  if (step.keyword !== 'COPY' && step.keyword !== 'ADD') return there.endsWith(wanted);
  const destination = /\s+in\s+(\S+)\s*$/.exec(step.text)?.[1];
  return there === wanted || (destination !== undefined && wanted.endsWith(destination));
}
