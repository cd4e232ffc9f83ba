import type { Dockerfile } from '../model/dockerfile.ts';
import type { Range } from '../text/range.ts';

export interface Fold {
  /** 0-based, both inclusive. */
  readonly startLine: number;
  readonly endLine: number;
  readonly isComment: boolean;
}

/** What can be folded: stages, instructions of several lines, heredoc bodies, blocks of comment lines. */
export function folds(dockerfile: Dockerfile): Fold[] {
  const { lines } = dockerfile;
  const fold = (range: Range, isComment = false): Fold => ({
    startLine: lines.lineAt(range.start),
    endLine: lines.lineAt(Math.max(range.start, range.end - 1)),
    isComment,
  });
  const found = [
    ...dockerfile.stages.map((stage) => fold(stage.range)),
    ...dockerfile.instructions.map((instruction) => fold(instruction.range)),
  ];
  let block: Fold | undefined;
  for (const comment of dockerfile.comments.filter((each) => !each.inside)) {
    const line = fold(comment.range, true);
    if (block && line.startLine === block.endLine + 1) block = { ...block, endLine: line.endLine };
    else {
      if (block) found.push(block);
      block = line;
    }
  }
  if (block) found.push(block);
  return found.filter((each) => each.endLine > each.startLine);
}
