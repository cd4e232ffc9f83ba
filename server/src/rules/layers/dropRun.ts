import type { Run } from '../../model/run.ts';
import { type Edit, remove } from '../../text/edit.ts';

/** Takes a RUN out with its lines; comments above it stay. Undefined when comments stand between its lines. */
export function dropRun(run: Run): Edit | undefined {
  const { instruction } = run;
  if (instruction.comments.length > 0) return undefined;
  const { lines, text } = run.stage.dockerfile;
  const first = lines.lineAt(instruction.range.start);
  const { end } = lines.fullLine(lines.lineAt(instruction.range.end));
  // A RUN at the very end takes the line break in front of it along.
  const start = end === text.length && !text.endsWith('\n') ? lines.lineEnd(first - 1) : lines.lineStart(first);
  return remove({ start, end });
}
