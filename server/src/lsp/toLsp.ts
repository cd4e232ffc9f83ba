import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  type FoldingRange,
  type Range as LspRange,
  SymbolKind,
  type TextEdit,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import type { Fold } from '../features/folding.ts';
import type { OutlineEntry } from '../features/symbols.ts';
import type { AnalysedText } from '../lint/analyse.ts';
import type { Finding, Fix, Problem, Severity } from '../lint/finding.ts';
import { rulePage } from '../lint/rulePage.ts';
import type { Edit } from '../text/edit.ts';
import type { LineIndex } from '../text/lineIndex.ts';
import type { Range } from '../text/range.ts';

/** Who speaks, in the editor's list of problems. */
export const diagnosticSource = 'plimsoll';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.plimsoll`;

/** Which document an edit is for; without a version the edit is made whatever the document's version is. */
export interface EditTarget {
  readonly uri: string;
  readonly version: number;
  /** Whether the client takes `documentChanges`. */
  readonly versioned: boolean;
}

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tags = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

export function toRange(lines: LineIndex, range: Range): LspRange {
  return { start: lines.positionAt(range.start), end: lines.positionAt(range.end) };
}

/** Findings and problems of a text, findings first. */
export function toDiagnostics(uri: string, analysed: AnalysedText): Diagnostic[] {
  return [
    ...analysed.findings.map((finding) => toDiagnostic(uri, analysed.lines, finding)),
    ...analysed.problems.map((problem) => problemDiagnostic(analysed.lines, problem)),
  ];
}

export function toDiagnostic(uri: string, lines: LineIndex, finding: Finding): Diagnostic {
  const diagnostic: Diagnostic = {
    range: toRange(lines, finding.range),
    severity: severities[finding.severity],
    source: diagnosticSource,
    code: finding.rule,
    codeDescription: { href: rulePage({ id: finding.rule, practice: finding.practice }) },
    message: finding.message,
  };
  if (finding.tags.length > 0) diagnostic.tags = finding.tags.map((tag) => tags[tag]);
  if (finding.related.length > 0) {
    diagnostic.relatedInformation = finding.related.map((related) => ({
      location: { uri, range: toRange(lines, related.range) },
      message: related.message,
    }));
  }
  return diagnostic;
}

export function problemDiagnostic(lines: LineIndex, problem: Problem): Diagnostic {
  return {
    range: toRange(lines, problem.range ?? { start: 0, end: 0 }),
    severity: severities[problem.severity],
    source: diagnosticSource,
    code: problem.kind,
    message: problem.message,
  };
}

export function toTextEdit(lines: LineIndex, edit: Edit): TextEdit {
  return { range: toRange(lines, edit.range), newText: edit.newText };
}

export function toWorkspaceEdit(target: EditTarget, lines: LineIndex, edits: readonly Edit[]): WorkspaceEdit {
  const textEdits = edits.map((edit) => toTextEdit(lines, edit));
  if (!target.versioned) return { changes: { [target.uri]: textEdits } };
  const textDocument = { uri: target.uri, version: target.version };
  return { documentChanges: [{ textDocument, edits: textEdits }] };
}

export function toFixAction(target: EditTarget, lines: LineIndex, fix: Fix, diagnostics: Diagnostic[]): CodeAction {
  return {
    title: fix.title,
    kind: kindOf(fix),
    diagnostics,
    ...(fix.preferred ? { isPreferred: true } : {}),
    edit: toWorkspaceEdit(target, lines, fix.edits),
  };
}

export function kindOf(fix: Fix): CodeActionKind {
  return fix.kind === 'rewrite' ? CodeActionKind.RefactorRewrite : CodeActionKind.QuickFix;
}

export function toDocumentSymbol(lines: LineIndex, entry: OutlineEntry): DocumentSymbol {
  return {
    name: entry.name,
    detail: entry.detail,
    kind: entry.kind === 'stage' ? SymbolKind.Class : SymbolKind.Function,
    range: toRange(lines, entry.range),
    selectionRange: toRange(lines, entry.selection),
    children: entry.children.map((child) => toDocumentSymbol(lines, child)),
  };
}

export function toFoldingRange(fold: Fold): FoldingRange {
  return { startLine: fold.startLine, endLine: fold.endLine, ...(fold.isComment ? { kind: 'comment' } : {}) };
}
