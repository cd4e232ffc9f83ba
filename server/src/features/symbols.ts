import type { Dockerfile } from '../model/dockerfile.ts';
import type { Stage } from '../model/stage.ts';
import type { Instruction } from '../syntax/instruction.ts';
import type { Range } from '../text/range.ts';

/** An entry of the outline. */
export interface OutlineEntry {
  readonly kind: 'stage' | 'instruction';
  readonly name: string;
  readonly detail: string;
  readonly range: Range;
  /** What is selected when the entry is chosen; inside `range`. */
  readonly selection: Range;
  readonly children: readonly OutlineEntry[];
}

/** The outline: stages with their instructions, and what stands in front of the first stage. */
export function outline(dockerfile: Dockerfile): OutlineEntry[] {
  const preamble = dockerfile.instructions.filter((each) => !dockerfile.stageOf(each));
  return [...preamble.map(instructionEntry), ...dockerfile.stages.map(stageEntry)];
}

function stageEntry(stage: Stage): OutlineEntry {
  const image = stage.base.word?.text ?? '';
  return {
    kind: 'stage',
    name: stage.nameWord?.text ?? (image || `stage ${stage.index}`),
    detail: stage.nameWord ? `FROM ${image}` : stage.isFinal ? 'final stage' : `stage ${stage.index}`,
    range: stage.range,
    selection: stage.nameWord?.range ?? stage.base.word?.range ?? stage.from.keywordRange,
    children: stage.instructions.map(instructionEntry),
  };
}

function instructionEntry(instruction: Instruction): OutlineEntry {
  const text = instruction.argsText.replaceAll(/\s+/g, ' ').trim();
  return {
    kind: 'instruction',
    name: instruction.keyword,
    detail: text.length > 60 ? `${text.slice(0, 59)}…` : text,
    range: instruction.range,
    selection: instruction.keywordRange,
    children: [],
  };
}
