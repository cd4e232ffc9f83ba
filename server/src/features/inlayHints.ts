import type { Dockerfile } from '../model/dockerfile.ts';
import type { Range } from '../text/range.ts';

export interface Hint {
  readonly offset: number;
  readonly text: string;
}

/** The names of base images into which variables are put, as they are without build arguments. */
export function inlayHints(dockerfile: Dockerfile, within: Range): readonly Hint[] {
  return dockerfile.stages.flatMap(({ base }): Hint[] => {
    const { word } = base;
    if (!word || !base.hasVariable || word.split) return [];
    if (word.range.end < within.start || word.range.start > within.end) return [];
    const name = base.stage ? base.stage.nameWord!.text : base.name;
    // A name with variables left in it tells nothing new.
    return name === word.text || name.includes('$') ? [] : [{ offset: word.range.end, text: `= ${name}` }];
  });
}
