import type { Dockerfile } from '../model/dockerfile.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { type Edit, insertAt } from '../text/edit.ts';

/** The keyword in the case that the file writes its keywords in, told by one of them. */
export function inCaseOf(sample: Instruction, keyword: string): string {
  return sample.writtenKeyword === sample.writtenKeyword.toLowerCase() ? keyword.toLowerCase() : keyword;
}

/**
 * Inserts a line of its own above an instruction, above the comments that stand directly on top of it, with its
 * indentation.
 */
export function lineAbove(dockerfile: Dockerfile, instruction: Instruction, line: string): Edit {
  const { lines, text } = dockerfile;
  let at = lines.lineAt(instruction.range.start);
  const indentation = text.slice(lines.lineStart(at), instruction.range.start);
  while (
    at > 0 &&
    /^\s*#/.test(text.slice(lines.lineStart(at - 1), lines.lineEnd(at - 1))) &&
    isPlainComment(dockerfile, at - 1)
  )
    at--;
  return insertAt(lines.lineStart(at), `${indentation}${line}${dockerfile.lineBreak}`);
}

/** Inserts a line of its own below an instruction. */
export function lineBelow(dockerfile: Dockerfile, instruction: Instruction, line: string): Edit {
  const { lines, text } = dockerfile;
  const indentation = text.slice(lines.lineStart(lines.lineAt(instruction.range.start)), instruction.range.start);
  return insertAt(
    instruction.range.end,
    `${dockerfile.lineBreak}${/^\s*$/.test(indentation) ? indentation : ''}${line}`,
  );
}

/** Whether the line is a comment of its own: neither a directive nor part of an instruction above. */
function isPlainComment(dockerfile: Dockerfile, line: number): boolean {
  const start = dockerfile.lines.lineStart(line);
  const end = dockerfile.lines.lineEnd(line);
  return dockerfile.comments.some(
    (comment) => !comment.inside && comment.range.start >= start && comment.range.end <= end,
  );
}
