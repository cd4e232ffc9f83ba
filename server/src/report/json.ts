import type { Edit } from '../text/edit.ts';
import type { Range } from '../text/range.ts';
import { type FileReport, positionsOf, type Reporter } from './fileReport.ts';

/** `{"files":[{"path","findings":[…],"problems":[…]}]}`; lines and characters are 0-based, characters count UTF-16 units. */
export const reportJson: Reporter = (files) => `${JSON.stringify({ files: files.map(fileJson) }, undefined, 2)}\n`;

function fileJson(file: FileReport): unknown {
  const rangeJson = (range: Range): unknown => positionsOf(file, range);
  return {
    path: file.path,
    findings: file.findings.map((finding) => ({
      rule: finding.rule,
      practice: finding.practice,
      severity: finding.severity,
      message: finding.message,
      range: rangeJson(finding.range),
      aliases: finding.aliases,
      fixes: finding.fixes.map((fix) => ({
        title: fix.title,
        safety: fix.safety,
        preferred: fix.preferred,
        edits: inOrder(fix.edits).map((edit) => ({ range: rangeJson(edit.range), newText: edit.newText })),
      })),
    })),
    problems: file.problems.map((problem) => ({
      kind: problem.kind,
      severity: problem.severity,
      message: problem.message,
      ...(problem.range ? { range: rangeJson(problem.range) } : {}),
    })),
  };
}

function inOrder(edits: readonly Edit[]): Edit[] {
  return [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}
