import assert from 'node:assert/strict';
import { buildModel } from '../model/dockerfile.ts';
import { applyEdits } from '../text/edit.ts';
import type { Finding } from './finding.ts';
import { ignoreHere } from './ignoreHere.ts';
import { findSuppressions } from './suppress.ts';

/** The text after ignoring a finding at `⟦ ⟧`; the finding must then be hidden. */
function ignored(marked: string): string {
  const start = marked.indexOf('⟦');
  const end = marked.indexOf('⟧') - 1;
  const text = marked.replaceAll(/[⟦⟧]/g, '');
  const finding = { rule: 'some-rule', aliases: [], range: { start, end } } as unknown as Finding;
  const edit = ignoreHere(buildModel(text), finding);
  const result = applyEdits(text, [edit]);
  const moved = edit.range.start <= start ? edit.newText.length - (edit.range.end - edit.range.start) : 0;
  const after = { ...finding, range: { start: start + moved, end: end + moved } };
  assert.ok(
    findSuppressions(buildModel(result)).some((suppression) => suppression.hides(after)),
    `not hidden:\n${result}`,
  );
  return result;
}

describe('ignore here', () => {
  const cases: Readonly<Record<string, readonly [string, string]>> = {
    'above the instruction': ['FROM a\nRUN ⟦x⟧\n', 'FROM a\n# plimsoll ignore=some-rule\nRUN x\n'],
    'with its indentation': ['FROM a\n\t RUN ⟦x⟧\n', 'FROM a\n\t # plimsoll ignore=some-rule\n\t RUN x\n'],
    'above the whole instruction, never inside of it': [
      'FROM a\nRUN y \\\n  # note\n  && ⟦x⟧\n',
      'FROM a\n# plimsoll ignore=some-rule\nRUN y \\\n  # note\n  && x\n',
    ],
    'above a heredoc': ['FROM a\nRUN <<EOF\n⟦x⟧\nEOF\n', 'FROM a\n# plimsoll ignore=some-rule\nRUN <<EOF\nx\nEOF\n'],
    'below the comments that are there': [
      'FROM a\n# why\nRUN ⟦x⟧\n',
      'FROM a\n# why\n# plimsoll ignore=some-rule\nRUN x\n',
    ],
    'in our comment that is there': [
      'FROM a\n# plimsoll ignore=other-rule, third: why\nRUN ⟦x⟧\n',
      'FROM a\n# plimsoll ignore=other-rule, third,some-rule: why\nRUN x\n',
    ],
    'not in the comment of another instruction': [
      'FROM a\n# plimsoll ignore=other-rule\nRUN y\nRUN ⟦x⟧\n',
      'FROM a\n# plimsoll ignore=other-rule\nRUN y\n# plimsoll ignore=some-rule\nRUN x\n',
    ],
    'with CRLF': ['FROM a\r\nRUN ⟦x⟧\r\n', 'FROM a\r\n# plimsoll ignore=some-rule\r\nRUN x\r\n'],
    'on the first line, behind the byte order mark': [
      '\uFEFFFROM ⟦a⟧\n',
      '\uFEFF# plimsoll ignore=some-rule\nFROM a\n',
    ],
    'for the file, below the directives': [
      '# escape=`\n# ⟦note⟧\nFROM a\n',
      '# escape=`\n# plimsoll global ignore=some-rule\n# note\nFROM a\n',
    ],
  };
  for (const [name, [before, after]] of Object.entries(cases)) {
    it(`writes the comment ${name}`, () => assert.equal(ignored(before), after));
  }
});
