import {
  type CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type Diagnostic,
  type Range as LspRange,
} from 'vscode-languageserver';
import { fixText } from '../lint/analyse.ts';
import type { Finding, Fix } from '../lint/finding.ts';
import { safeFix } from '../lint/fix/apply.ts';
import { ignoreHere } from '../lint/ignoreHere.ts';
import { lineEdits } from '../text/diff.ts';
import type { Edit } from '../text/edit.ts';
import type { DocumentAnalysis } from './analyses.ts';
import { fromRange, wantsKind } from './fromLsp.ts';
import { type EditTarget, fixAllKind, kindOf, toDiagnostic, toFixAction, toWorkspaceEdit } from './toLsp.ts';

/** What a code action needs to know to get its edit later; `version` is that of the document it was made for. */
export interface FixAllData {
  readonly uri: string;
  readonly version: number;
  /** The only rule whose fixes are applied; all when left out. */
  readonly rule?: string;
}

/** Actions for a selection. Those whose edit takes more than one analysis have it only when the client can't ask later. */
export function codeActions(
  analysis: DocumentAnalysis,
  range: LspRange,
  context: CodeActionContext,
  client: { readonly versionedEdits: boolean; readonly resolvesEdits: boolean },
): CodeAction[] {
  const { analysed, uri, version } = analysis;
  const { dockerfile, lines } = analysed;
  if (!dockerfile || !analysis.enabled) return [];
  const target: EditTarget = { uri, version, versioned: client.versionedEdits };
  const selected = fromRange(lines, range);
  const here = analysed.findings.filter(
    (finding) => finding.range.start <= selected.end && selected.start <= finding.range.end,
  );
  const diagnosticsOf = (findings: readonly Finding[]): Diagnostic[] =>
    findings.map((finding) => {
      const own = toDiagnostic(uri, lines, finding);
      return context.diagnostics.find((given) => given.code === own.code && isSameRange(given.range, own.range)) ?? own;
    });
  const actions: CodeAction[] = [];
  for (const { fix, findings } of distinctFixes(here)) {
    if (wantsKind(context.only, kindOf(fix))) actions.push(toFixAction(target, lines, fix, diagnosticsOf(findings)));
  }
  if (wantsKind(context.only, CodeActionKind.QuickFix)) {
    for (const rule of new Set(here.map((finding) => finding.rule))) {
      const fixable = analysed.findings.filter((finding) => finding.rule === rule && safeFix(finding));
      if (fixable.length < 2) continue;
      actions.push(
        withLaterEdit(
          {
            title: `Fix all '${rule}' problems in this file`,
            kind: CodeActionKind.QuickFix,
            diagnostics: diagnosticsOf(here.filter((finding) => finding.rule === rule)),
          },
          { uri, version, rule },
        ),
      );
    }
    for (const finding of distinctRules(here)) {
      actions.push({
        title: `Ignore '${finding.rule}' here`,
        kind: CodeActionKind.QuickFix,
        diagnostics: diagnosticsOf([finding]),
        edit: toWorkspaceEdit(target, lines, [ignoreHere(dockerfile, finding)]),
      });
    }
  }
  // Made only on request: it takes several analyses, and no menu lists it.
  if (context.only !== undefined && wantsKind(context.only, fixAllKind) && analysed.findings.some(safeFix)) {
    actions.push(withLaterEdit({ title: 'Fix all safe problems', kind: fixAllKind }, { uri, version }));
  }
  return actions.filter((action) => action.edit !== undefined || action.data !== undefined);

  function withLaterEdit(action: CodeAction, data: FixAllData): CodeAction {
    if (client.resolvesEdits && data.rule !== undefined) return { ...action, data };
    const edits = fixAllEdits(analysis, data.rule);
    return edits.length > 0 ? { ...action, edit: toWorkspaceEdit(target, lines, edits) } : action;
  }
}

/** The edits that apply every safe fix (of one rule), as often as it takes. */
export function fixAllEdits(analysis: DocumentAnalysis, rule?: string): Edit[] {
  const { analysed, options } = analysis;
  if (!analysis.enabled) return [];
  const choose = (finding: Finding): Fix | undefined =>
    rule === undefined || finding.rule === rule ? safeFix(finding) : undefined;
  return lineEdits(analysed.text, fixText(analysed.text, options, choose).text);
}

/** Every fix once: findings may share one. The preferred ones come first. */
function distinctFixes(findings: readonly Finding[]): { readonly fix: Fix; readonly findings: readonly Finding[] }[] {
  const found = new Map<string, { fix: Fix; findings: Finding[] }>();
  for (const finding of findings) {
    for (const fix of finding.fixes) {
      const key = JSON.stringify([fix.title, fix.kind, fix.edits]);
      const known = found.get(key);
      if (known) known.findings.push(finding);
      else found.set(key, { fix, findings: [finding] });
    }
  }
  return [...found.values()].sort((a, b) => Number(b.fix.preferred) - Number(a.fix.preferred));
}

function distinctRules(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.rule, finding])).values()];
}

function isSameRange(a: LspRange, b: LspRange): boolean {
  return (
    a.start.line === b.start.line &&
    a.start.character === b.start.character &&
    a.end.line === b.end.line &&
    a.end.character === b.end.character
  );
}
