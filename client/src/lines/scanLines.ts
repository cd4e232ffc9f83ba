import {
  type Attribution,
  confidenceWords,
  copiedText,
  describeLines,
  type InstructionPlace,
  type InstructionShare,
  formatBytes,
  type ShareWaste,
  summaryLine,
  wastedFiles,
  wasteText,
} from '../../../server/src/attribution/index.ts';
import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import type { Range } from '../../../server/src/text/range.ts';
import { alignInstructions } from './alignInstructions.ts';

/** What a scan says of one instruction, at the place where the instruction is now. */
export interface ScanLine {
  /** Position in `Attribution.shares`. */
  readonly index: number;
  readonly share: InstructionShare;
  /** 0-based, in the text of now. */
  readonly line: number;
  readonly lastLine: number;
  /** Of the instruction's keyword, in the text of now. */
  readonly keyword: Range;
  /** Whether the instruction was edited after the scan. */
  readonly isChanged: boolean;
}

/**
 * The shares of a scan at the lines where their instructions are now. A share of several instructions stands at the
 * last one, where its layer was made. Those of instructions that are gone are left out.
 */
export function scanLines(attribution: Attribution, built: Dockerfile, now: Dockerfile): ScanLine[] {
  const moved = alignInstructions(built, now);
  const lines = attribution.shares.flatMap((share, index): ScanLine[] => {
    const places = share.instructions.flatMap((place) => moved.get(place.range.start) ?? []);
    const last = places.at(-1);
    if (!last) return [];
    const { range, keywordRange } = last.instruction;
    return [
      {
        index,
        share,
        line: now.lines.lineAt(range.start),
        lastLine: now.lines.lineAt(Math.max(range.start, range.end - 1)),
        keyword: keywordRange,
        isChanged: places.length < share.instructions.length || places.some(({ isChanged }) => isChanged),
      },
    ];
  });
  return lines.sort((a, b) => a.line - b.line);
}

/** Smaller layers without findings are not worth a line of the editor. */
const leastBytes = 100_000;

/** `3 critical, 12 high (9 fixable) · 48 MB · probably · changed since the scan`; empty when there is nothing to say. */
export function lineText(
  { index, share, isChanged }: ScanLine,
  { withSize = true, waste }: { withSize?: boolean; waste?: readonly ShareWaste[] | undefined } = {},
): string {
  const counts = summaryLine({ ...share, size: undefined });
  const sizes = withSize ? sizeTexts(share.size, waste?.[index]) : [];
  const summary = [counts, ...sizes].filter((part) => part !== '').join(' · ');
  if (summary === '' || (share.counts.total === 0 && (share.size ?? 0) < leastBytes)) return '';
  return [
    summary,
    ...(share.instructions.length > 1
      ? [`${describeLines(share.instructions.map(({ lines }) => lines))} together`]
      : []),
    ...(share.confidence === 'likely' || share.confidence === 'position' ? ['probably'] : []),
    ...(isChanged ? ['changed since the scan'] : []),
  ].join(' · ');
}

/** `48 MB`, `12 MB of it removed by line 9`: as many of the two as are worth a word. */
export function sizeTexts(size: number | undefined, waste: ShareWaste | undefined): string[] {
  const wasted = waste === undefined ? '' : wasteText(waste);
  return size === undefined || size === 0 ? [] : [formatBytes(size), ...(wasted === '' ? [] : [wasted])];
}

/** What of the bytes is wasted by name, as sentences. */
export function wasteRemarks(waste: ShareWaste | undefined): string[] {
  return waste === undefined || wasteText(waste) === '' || waste.largest.length === 0
    ? []
    : [
        `The largest of what is ${waste.removed === waste.bytes ? 'removed' : 'wasted'}: ${wastedFiles(waste.largest)}.`,
      ];
}

/** Everything worth knowing of how the lines of a share were found, as sentences; empty when they are certain. */
export function shareRemarks(share: InstructionShare): string[] {
  const words = confidenceWords[share.confidence];
  return [
    ...(share.kind === 'onbuild' ? ['Run by the base image (ONBUILD).'] : []),
    ...(share.copiedFrom ? [`${capitalized(copiedText(share.copiedFrom))}.`] : []),
    ...(words === '' ? [] : [`How sure the line is: ${words}.`]),
  ];
}

/** An instruction of a text on one line, shortened; values that look like secrets are for the file alone. */
export function instructionText(dockerfile: Dockerfile, place: InstructionPlace, most = 160): string {
  const instruction = dockerfile.instructions.find(({ range }) => range.start === place.range.start);
  if (!instruction) return place.keyword;
  const args = ['ENV', 'ARG', 'LABEL'].includes(instruction.keyword)
    ? instruction.pairs.map(({ name }) => name).join(' ')
    : instruction.argsText;
  const text = [instruction.keyword, ...instruction.flags.map(({ range }) => dockerfile.slice(range)), args]
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
