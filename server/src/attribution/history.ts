import type { HistoryEntry } from '../scan/report.ts';
import { keywords } from '../syntax/instruction.ts';
import type { ImageFacts } from './image.ts';

/**
 * Which program wrote an entry, as far as it shows. The classic builder of docker and buildah (also inside podman)
 * write alike; what tells them apart is in the rest of the image.
 */
export type Producer = 'buildkit' | 'classic' | 'plain' | 'squash' | 'other';

/** An entry of the image's history, read. */
export interface HistoryStep {
  readonly producer: Producer;
  /** Upper-case keyword of the Dockerfile; undefined when the entry was not made by a Dockerfile instruction. */
  readonly keyword: string | undefined;
  /** What follows the keyword; of a RUN with the shell in front, as far as it was written. */
  readonly text: string;
  /** Index of its layer; undefined for an entry that made none, and for all when the history doesn't fit the layers. */
  readonly layer: number | undefined;
  readonly isEmpty: boolean;
  /** The image that buildah started the stage from. */
  readonly baseReference: string | undefined;
  readonly entry: HistoryEntry;
}

export interface ImageHistory {
  readonly steps: readonly HistoryStep[];
  /** Whether it names as many layers as the image has; otherwise no entry can be tied to a layer. */
  readonly fits: boolean;
}

/** Reads the history of an image, whoever built it. Never throws. */
export function readHistory(image: ImageFacts): ImageHistory {
  const fits =
    image.diffIds.length > 0 && image.history.filter((entry) => !entry.emptyLayer).length === image.diffIds.length;
  let layers = 0;
  const steps = image.history.map((entry): HistoryStep => {
    const { producer, keyword, text } = readEntry(entry);
    const layer = fits && !entry.emptyLayer ? layers++ : undefined;
    return { producer, keyword, text, layer, isEmpty: entry.emptyLayer, baseReference: baseReference(entry), entry };
  });
  return { steps, fits };
}

type Reading = Pick<HistoryStep, 'producer' | 'keyword' | 'text'>;

function readEntry(entry: HistoryEntry): Reading {
  return (
    readSquash(entry) ?? readBuildKit(entry) ?? readClassic(entry) ?? readPlain(entry) ?? readShell(entry) ?? other
  );
}

const other: Reading = { producer: 'other', keyword: undefined, text: '' };

/** `docker build --squash` puts one entry behind the others, with all their work in its layer. */
function readSquash({ comment, createdBy }: HistoryEntry): Reading | undefined {
  return comment?.startsWith('merge sha256:') && createdBy === ''
    ? { producer: 'squash', keyword: undefined, text: '' }
    : undefined;
}

/** BuildKit: `RUN |1 A=1 /bin/sh -c … # buildkit`, `COPY a /b # buildkit`, `ENV A=1`; marked by its comment, too. */
function readBuildKit({ comment, createdBy }: HistoryEntry): Reading | undefined {
  const marked = / # buildkit\s*$/.test(createdBy);
  if (!marked && !comment?.startsWith('buildkit.')) return undefined;
  const reading = splitKeyword(createdBy.replace(/ # buildkit\s*$/, ''));
  return reading && { producer: 'buildkit', ...reading };
}

/**
 * The classic builder and buildah: `/bin/sh -c #(nop) COPY file:… in /b ` for all but RUN. With SHELL, other words stand
 * in front; signs of a command line there mean that a script speaks of `#(nop)`.
 */
function readClassic({ createdBy }: HistoryEntry): Reading | undefined {
  const mark = createdBy.indexOf('#(nop)');
  if (mark < 0 || /["'`;&|<>]/.test(createdBy.slice(0, mark))) return undefined;
  const reading = splitKeyword(createdBy.slice(mark + '#(nop)'.length).trim());
  return reading && { producer: 'classic', ...reading };
}

/** Builders such as kaniko write instructions as they are in the Dockerfile. */
function readPlain({ createdBy }: HistoryEntry): Reading | undefined {
  const reading = splitKeyword(createdBy);
  return reading && { producer: 'plain', ...reading };
}

const shellWord = String.raw`(?:\S*[\\/])?(?:(?:ba|da|a|z|k|c|)sh|cmd|powershell|pwsh)(?:\.exe)?`;
const shellStart = new RegExp(`^(?:\\|\\d+ |${shellWord}\\s)`, 'i');

/** The classic builder and buildah on RUN: `/bin/sh -c …`, `|1 A=1 /bin/sh -c …`, an exec form as bare words. */
function readShell({ createdBy }: HistoryEntry): Reading | undefined {
  if (!shellStart.test(createdBy)) return undefined;
  // Buildah appends the digests of what was bound into the RUN.
  return { producer: 'classic', keyword: 'RUN', text: createdBy.trimEnd().replace(/(?::sha256:[0-9a-f]{64})+$/, '') };
}

function splitKeyword(text: string): { keyword: string; text: string } | undefined {
  const match = /^([A-Z]+)(?:\s+|$)/.exec(text);
  if (!match || !(keywords as readonly string[]).includes(match[1]!)) return undefined;
  return { keyword: match[1]!, text: text.slice(match[0].length).trimEnd() };
}

/** Older buildah notes a hexadecimal image id for each intermediate image; that is no base. */
function baseReference({ comment }: HistoryEntry): string | undefined {
  const reference = comment === undefined ? undefined : /^FROM (\S+)$/.exec(comment)?.[1];
  return reference === undefined || /^[0-9a-f]{12}$|^[0-9a-f]{64}$/.test(reference) ? undefined : reference;
}

/** Layers up to this size, in bytes of their archive, may hold nothing but a few folders. */
const foldersOnly = 5 * 1024;

/**
 * Whether the marks of empty entries may be in the wrong places although there are as many as should be. Docker tells
 * scanners no marks, and of its classic builder nobody knows whether a WORKDIR or RUN of size 0 has made a layer: they
 * take every WORKDIR for empty and no RUN. Dates in whole seconds show that the history came this way.
 *
 * @param from index of the first entry that is not the base image's
 */
export function hasGuessedMarks(image: ImageFacts, { steps, fits }: ImageHistory, from: number): boolean {
  if (!fits || image.labels['io.buildah.version'] !== undefined) return false;
  const classic = steps.slice(from).filter((step) => step.producer === 'classic');
  const dates = classic.map(({ entry }) => entry.created);
  if (dates.some((date) => date === undefined || date.includes('.'))) return false;
  const isSmall = ({ layer }: HistoryStep): boolean => layer !== undefined && (image.sizes[layer] ?? 0) <= foldersOnly;
  return (
    classic.some((step) => step.keyword === 'WORKDIR' && step.isEmpty) &&
    classic.some((step) => step.keyword === 'RUN' && !step.isEmpty) &&
    classic.some(isSmall)
  );
}
