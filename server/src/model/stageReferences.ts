import type { Instruction } from '../syntax/instruction.ts';
import type { Range } from '../text/range.ts';
import type { Stage } from './stage.ts';

/** A place where a stage (or an image) is copied or mounted from. */
export interface StageReference {
  /** As written. */
  readonly name: string;
  readonly range: Range;
}

/** What `--from` of COPY and of mounts names in a stage. */
export function stageReferences(stage: Stage): StageReference[] {
  return stage.instructions.flatMap((instruction: Instruction) =>
    instruction.flags.flatMap((flag) => {
      if (flag.value === undefined || !flag.valueRange) return [];
      if (flag.name === 'from') return [{ name: flag.value, range: flag.valueRange }];
      const inMount = flag.name === 'mount' ? /(?:^|,)from=([^,]+)/.exec(flag.value) : null;
      if (!inMount) return [];
      const start = flag.valueRange.start + inMount.index + inMount[0].length - inMount[1]!.length;
      return [{ name: inMount[1]!, range: { start, end: start + inMount[1]!.length } }];
    }),
  );
}
