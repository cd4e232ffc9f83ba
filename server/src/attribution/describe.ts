import type { FindingCounts } from './attribute.ts';
import type { Confidence, InstructionPlace, LayerOrigin, LineSpan } from './types.ts';

/** `line 4`, `lines 4–7`, `lines 4, 6–9`. */
export function describeLines(spans: readonly LineSpan[]): string {
  const parts = spans.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  const isOne = spans.length === 1 && spans[0]![0] === spans[0]![1];
  return `${isOne ? 'line' : 'lines'} ${parts.join(', ')}`;
}

/** What a confidence means, for people; empty for those that need no word. */
export const confidenceWords: Readonly<Record<Confidence, string>> = {
  exact: '',
  matched: '',
  likely: 'probably',
  position: 'by its place only, the text is another one',
  group: 'one of these, or several together',
  unknown: 'not known which',
};

/** One line of text on where a layer comes from. */
export function describeLayer(layer: LayerOrigin): string {
  const { instructions, confidence, kind } = layer;
  const words = confidenceWords[confidence];
  if (instructions.length === 0) {
    const maker = layer.createdBy === undefined ? '' : `: ${shortened(layer.createdBy)}`;
    return `not known${maker}`;
  }
  const lines = describeLines(instructions.map((each) => each.lines));
  const place = `${lines}, ${keywordsOf(instructions)}`;
  const remarks = [
    ...(kind === 'onbuild' ? [instructions[0]!.keyword === 'FROM' ? 'a trigger of the base image' : 'a trigger'] : []),
    ...(layer.copiedFrom === undefined ? [] : [copiedText(layer.copiedFrom)]),
    ...(layer.below
      ? [`with the work of stages below in it: ${describeLines(layer.below.map((each) => each.lines))}`]
      : []),
    ...(layer.flattened ? ['squashed, with the base image inside'] : []),
    ...(words === '' ? [] : [words]),
  ];
  const text = kind === 'base' ? `base image, ${place}` : place;
  return remarks.length === 0 ? text : `${text} (${remarks.join('; ')})`;
}

/** `made in stage build, lines 4–11`. */
export function copiedText({ name, isStage, lines }: NonNullable<LayerOrigin['copiedFrom']>): string {
  if (!isStage) return `copied from the image ${name}`;
  return lines === undefined ? `made in stage ${name}` : `made in stage ${name}, ${describeLines([lines])}`;
}

function keywordsOf(instructions: readonly InstructionPlace[]): string {
  return [...new Set(instructions.map((each) => each.keyword))].join(' and ');
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

/** Decimal units as engines use them: `48 MB`, `3.1 MB`, `512 B`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  const text = unit === 0 || value >= 9.95 ? Math.round(value).toString() : value.toFixed(1);
  return `${text} ${units[unit]!}`;
}

/** `1 finding`, `2 findings`, `1,200 findings`. */
export function plural(count: number, singular: string, pluralForm = `${singular}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? singular : pluralForm}`;
}

/** `812 of 900 findings`. */
export function partOf(counts: FindingCounts, all: FindingCounts): string {
  return `${counts.total.toLocaleString('en-US')} of ${plural(all.total, 'finding')}`;
}

/** Longest file, image or package name that a line of text shows whole. */
const longestName = 80;

export function shortName(text: string): string {
  return text.length > longestName ? `${text.slice(0, longestName - 1)}…` : text;
}
