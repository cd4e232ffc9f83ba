import type { Copy } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Stage } from '../model/stage.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { workKeywords } from './expected.ts';
import type { CopySource, InstructionPlace, LineSpan } from './types.ts';

/** Lines of an instruction; those of a trigger are the ones of its ONBUILD. */
export function linesOf(dockerfile: Dockerfile, instruction: Instruction): LineSpan {
  const { start, end } = instruction.range;
  return [dockerfile.lines.lineAt(start) + 1, dockerfile.lines.lineAt(Math.max(start, end - 1)) + 1];
}

/** The name that people give a stage, or its number. */
export function stageLabel(stage: Stage): string {
  return stage.nameWord?.text ?? String(stage.index);
}

export function placeOf(instruction: Instruction, stage: Stage): InstructionPlace {
  return {
    keyword: instruction.keyword,
    lines: linesOf(stage.dockerfile, instruction),
    range: instruction.range,
    stage: stageLabel(stage),
  };
}

/** Where a `COPY --from` takes its files; undefined for a copy out of the build context. */
export function copySourceOf(copy: Copy): CopySource | undefined {
  if (copy.from === undefined) return undefined;
  const named = copy.fromStage;
  if (!named) return { name: copy.from, isStage: false };
  // A stage that adds nothing hands on what the one below has made.
  const stage = named.chain.find((each) => worksOf(each).length > 0) ?? named;
  const works = worksOf(stage);
  const spans = (works.length > 0 ? works : [stage.from]).map((each) => linesOf(stage.dockerfile, each));
  return { name: stageLabel(stage), isStage: true, lines: [spans[0]![0], spans.at(-1)![1]] };
}

/** Instructions of the stage that write files. */
export function worksOf(stage: Stage): readonly Instruction[] {
  return stage.instructions.filter((each) => workKeywords.has(each.keyword));
}
