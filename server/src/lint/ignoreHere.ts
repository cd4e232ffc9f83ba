import type { Dockerfile } from '../model/dockerfile.ts';
import { type Edit, insertAfter, insertAt } from '../text/edit.ts';
import type { Finding } from './finding.ts';
import { instructionFor } from './suppress.ts';

const ours = /^#\s*plimsoll\s+ignore\s*=\s*[\w./*-]+(?:\s*,\s*[\w./*-]+)*/i;

/**
 * The edit that hides a finding by a comment of ours above its instruction. An ignore comment that is there already is
 * extended; a finding outside every instruction (a directive, a comment) is hidden for the whole file.
 */
export function ignoreHere(dockerfile: Dockerfile, finding: Finding): Edit {
  const { start } = finding.range;
  const instruction = dockerfile.instructions.find((each) => each.range.start <= start && start <= each.range.end);
  if (!instruction)
    return insertAt(afterDirectives(dockerfile), `# plimsoll global ignore=${finding.rule}${dockerfile.lineBreak}`);
  for (const comment of dockerfile.comments) {
    if (comment.inside || instructionFor(dockerfile, comment) !== instruction) continue;
    const names = ours.exec(dockerfile.slice(comment.range));
    if (!names) continue;
    const end = comment.range.start + names[0].length;
    return insertAfter({ start: comment.range.start, end }, `,${finding.rule}`);
  }
  const indentation = dockerfile.slice({
    start: dockerfile.lines.lineStart(dockerfile.lines.lineAt(instruction.range.start)),
    end: instruction.range.start,
  });
  const blank = /^[ \t]*$/.test(indentation) ? indentation : '';
  return insertAt(instruction.range.start, `# plimsoll ignore=${finding.rule}${dockerfile.lineBreak}${blank}`);
}

/** Directives have to stay on top of the file. */
function afterDirectives(dockerfile: Dockerfile): number {
  const last = dockerfile.directives.at(-1);
  if (!last) return dockerfile.text.startsWith('\uFEFF') ? 1 : 0;
  const { lines } = dockerfile;
  return lines.fullLine(lines.lineAt(last.range.start)).end;
}
