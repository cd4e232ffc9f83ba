import { type Edit } from '../../text/edit.ts';
import type { Fix } from '../finding.ts';

export interface CombinedFixes {
  readonly edits: readonly Edit[];
  readonly accepted: readonly Fix[];
  readonly rejected: readonly Fix[];
}

/**
 * Merges independent changes of one text. Fixes are taken by their place (those at one place in the order given); one
 * is accepted when none of its edits
 * overlaps or touches an edit accepted before. The same edit of several fixes is made once.
 */
export function combineFixes(fixes: readonly Fix[]): CombinedFixes {
  const start = (fix: Fix): number => Math.min(...fix.edits.map((edit) => edit.range.start));
  const ordered = fixes.filter((fix) => fix.edits.length > 0).sort((a, b) => start(a) - start(b));
  const edits: Edit[] = [];
  const accepted: Fix[] = [];
  const rejected: Fix[] = [];
  for (const fix of ordered) {
    const added = fix.edits.filter((edit) => !edits.some((known) => isSame(known, edit)));
    if (added.some((edit) => edits.some((known) => touches(known, edit)))) rejected.push(fix);
    else {
      edits.push(...added);
      accepted.push(fix);
    }
  }
  return { edits, accepted, rejected };
}

function isSame(a: Edit, b: Edit): boolean {
  return a.range.start === b.range.start && a.range.end === b.range.end && a.newText === b.newText;
}

function touches(a: Edit, b: Edit): boolean {
  return a.range.start <= b.range.end && b.range.start <= a.range.end;
}
