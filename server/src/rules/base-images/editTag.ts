import type { Instruction, Pair } from '../../syntax/instruction.ts';
import { findVariables } from '../../syntax/variables.ts';
import type { Stage } from '../../model/stage.ts';
import { parseImageReference } from '../../syntax/imageReference.ts';
import { type Edit, insertAfter, replace } from '../../text/edit.ts';

/**
 * The edit that gives the base image of a stage another tag: in FROM itself, or in the default of the global ARG that
 * FROM names. Undefined when there is no such place: a digest that pins the image, several variables, a word split
 * across lines.
 */
export function tagEdit(stage: Stage, tag: string): Edit | undefined {
  const { word, written } = stage.base;
  if (!word || !written || word.split || written.digest !== undefined) return undefined;
  if (!word.hasVariable)
    return written.tagRange ? replace(written.tagRange, tag) : insertAfter(written.nameRange, `:${tag}`);
  const references = findVariables(word.text, 0, stage.from.escape);
  const reference = references.length === 1 ? references[0] : undefined;
  if (!reference || (reference.operator !== undefined && reference.operator !== ':-')) return undefined;
  const before = word.text.slice(0, reference.range.start);
  const after = word.text.slice(reference.range.end);
  const argument = globalDefault(stage, reference.name);
  if (!argument) return undefined;
  if (before === '' && after === '') {
    const inside = parseImageReference(argument.value, argument.start);
    if (inside.digest !== undefined) return undefined;
    return inside.tagRange ? replace(inside.tagRange, tag) : insertAfter(inside.nameRange, `:${tag}`);
  }
  const colon = before.lastIndexOf(':');
  if (colon < 0 || before.slice(colon).includes('/')) return undefined;
  const head = before.slice(colon + 1);
  if (!tag.startsWith(head) || !tag.endsWith(after) || tag.length < head.length + after.length) return undefined;
  const middle = tag.slice(head.length, tag.length - after.length);
  return middle === ''
    ? undefined
    : replace({ start: argument.start, end: argument.start + argument.value.length }, middle);
}

/** Where the image of a stage is given another repository (and tag); undefined as for `tagEdit`. */
export function imageEdit(stage: Stage, image: string): Edit | undefined {
  const { word, written } = stage.base;
  if (!word || !written || word.split || word.hasVariable || written.digest !== undefined) return undefined;
  return replace(word.range, image);
}

interface Default {
  readonly value: string;
  readonly start: number;
}

/** The default of a global ARG, without quotes; undefined when it has none or holds variables itself. */
function globalDefault(stage: Stage, name: string): Default | undefined {
  const pairs: Pair[] = stage.dockerfile.globalArgs.flatMap((arg: Instruction) =>
    arg.pairs.filter((pair) => pair.name === name),
  );
  const pair = pairs.at(-1);
  if (pair?.rawValue === undefined || !pair.valueRange || pair.split || /[$\\]/.test(pair.rawValue)) return undefined;
  const quoted = /^(["'])(.*)\1$/.exec(pair.rawValue);
  return quoted
    ? { value: quoted[2]!, start: pair.valueRange.start + 1 }
    : { value: pair.rawValue, start: pair.valueRange.start };
}
