import type { HistoryEntry } from '../scan/report.ts';
import { keywords } from '../syntax/instruction.ts';
import { type ImageFacts, isSquashNote, readHistoryText } from './image.ts';

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
  /** Whether nothing was done afterwards; options of the whole build leave their trace there. */
  readonly isLast: boolean;
  /** The image that buildah started the stage from. */
  readonly baseReference: string | undefined;
  readonly entry: HistoryEntry;
}

export interface ImageHistory {
  readonly steps: readonly HistoryStep[];
  /** Whether it names as many layers as the image has; otherwise no entry can be tied to a layer. */
  readonly fits: boolean;
  /** Whether its own marks of empty entries can't be right, and others were worked out from the instructions. */
  readonly isRepaired: boolean;
}

/** Reads the history of an image, whoever built it. Never throws. */
export function readHistory(image: ImageFacts): ImageHistory {
  const history = flattenedHistory(image) ?? image.history;
  const readings = history.map(readEntry);
  const told = history.map((entry) => entry.emptyLayer);
  const likely = readings.map(makesNoLayer);
  const fit = (marks: readonly boolean[]): boolean =>
    image.diffIds.length > 0 && marks.filter((isEmpty) => !isEmpty).length === image.diffIds.length;
  const isTold = fit(told) && !contradicts(history, readings);
  // Marks that don't fit may be right, and a layer have come from elsewhere.
  const isRepaired = !isTold && (fit(told) || !told.includes(true)) && fit(likely);
  let layers = 0;
  const steps = history.map((entry, index): HistoryStep => {
    const isEmpty = (isRepaired ? likely : told)[index]!;
    const layer = (isTold || isRepaired) && !isEmpty ? layers++ : undefined;
    const isLast = index === history.length - 1;
    return { ...readings[index]!, layer, isEmpty, isLast, baseReference: baseReference(entry), entry };
  });
  return { steps, fits: isTold || isRepaired, isRepaired };
}

const withLayer: ReadonlySet<string | undefined> = new Set(['RUN', 'COPY', 'ADD', undefined]);

/** What the kind of an entry says; of WORKDIR it depends on the builder, and docker's classic one is unforeseeable. */
function makesNoLayer({ producer, keyword, text }: Reading): boolean {
  if (keyword === 'WORKDIR' && producer === 'buildkit') return text.trim() === '/';
  return !withLayer.has(keyword);
}

/**
 * Whether layers are said to come from entries that never make one: neither BuildKit nor docker's classic builder makes
 * a layer of what only configures. The other way round is no sign: a RUN that changes nothing is marked as empty by the
 * classic builder and by older BuildKit, and what was squashed is, too.
 */
function contradicts(history: readonly HistoryEntry[], readings: readonly Reading[]): boolean {
  return readings.some((reading, at) => {
    const { emptyLayer, createdBy } = history[at]!;
    if (emptyLayer || reading.keyword === undefined || reading.keyword === 'WORKDIR') return false;
    return (reading.producer === 'buildkit' && makesNoLayer(reading)) || isDockersOwn(createdBy);
  });
}

/** Docker's classic builder puts two blanks before what makes no layer. */
function isDockersOwn(createdBy: string): boolean {
  return /#\(nop\) {2}[A-Z]/.test(createdBy);
}

/**
 * `crane flatten` keeps the history that was there in the comment of the one entry that it leaves; to tell it as
 * squashing docker does, its marks of layers that are gone are dropped. Undefined for other images.
 */
function flattenedHistory({ history, diffIds }: ImageFacts): readonly HistoryEntry[] | undefined {
  const [only] = history;
  if (history.length !== 1 || diffIds.length !== 1 || !only?.createdBy.startsWith('crane flatten ')) return undefined;
  const before = readHistoryText(only.comment ?? '').map((entry) => ({ ...entry, emptyLayer: true }));
  return before.length === 0 ? undefined : [...before, { ...only, createdBy: '', comment: 'merge sha256:' }];
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
  return isSquashNote(comment) && createdBy === '' ? { producer: 'squash', keyword: undefined, text: '' } : undefined;
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
  const reading = splitKeyword(withoutRemarks(createdBy.slice(mark + '#(nop)'.length)).trim());
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
  const text = withoutRemarks(createdBy).trimEnd();
  return { producer: 'classic', keyword: 'RUN', text: text.replace(/(?::sha256:[0-9a-f]{64})+$/, '') };
}

const remarks =
  /(?:\|(?:unsetLabel=|inheritLabels=false|unsetAnnotation=|inheritAnnotations=false|(?:force|clamp)-mtime=-?\d)[^|]*)+$/;

/** Newer buildah notes options of the build that change its result behind each instruction: `|force-mtime=0`. */
function withoutRemarks(text: string): string {
  return text.replace(remarks, '');
}

function splitKeyword(text: string): { keyword: string; text: string } | undefined {
  const match = /^([A-Z]+)(?:\s+|$)/.exec(text);
  if (!match || !(keywords as readonly string[]).includes(match[1]!)) return undefined;
  return { keyword: match[1]!, text: text.slice(match[0].length).trimEnd() };
}

/** Whether another builder than buildah wrote it for certain. */
export function isNotBuildahs({ producer, entry }: HistoryStep): boolean {
  return producer === 'buildkit' || producer === 'plain' || isDockersOwn(entry.createdBy);
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
