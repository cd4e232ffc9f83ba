import {
  type CompletionItem,
  CompletionItemKind,
  CompletionItemTag,
  type DocumentLink,
  type InlayHint,
  InsertTextFormat,
  MarkupKind,
} from 'vscode-languageserver';
import type { Completions, Entry } from '../features/completion/index.ts';
import type { Hint } from '../features/inlayHints.ts';
import type { Link } from '../features/links.ts';
import type { LineIndex } from '../text/lineIndex.ts';
import type { ClientAbilities } from './capabilities.ts';
import { toRange } from './toLsp.ts';

const entryKinds: Record<Entry['kind'], CompletionItemKind> = {
  keyword: CompletionItemKind.Keyword,
  snippet: CompletionItemKind.Snippet,
  flag: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  stage: CompletionItemKind.Class,
  variable: CompletionItemKind.Variable,
  image: CompletionItemKind.Module,
  tag: CompletionItemKind.EnumMember,
  user: CompletionItemKind.Constant,
  rule: CompletionItemKind.Constant,
  directive: CompletionItemKind.Keyword,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

/** Items in the order of the entries, for a client of these abilities. */
export function toCompletionItems(
  lines: LineIndex,
  { insert, replace, entries }: Completions,
  client: ClientAbilities,
): CompletionItem[] {
  const range = toRange(lines, insert);
  const whole = toRange(lines, replace);
  return entries.map((entry, index) => {
    const newText = entry.text ?? entry.label;
    const item: CompletionItem = {
      label: entry.label,
      kind: entryKinds[entry.kind],
      sortText: String(index).padStart(4, '0'),
      filterText: entry.label,
      textEdit: client.insertsAndReplaces ? { newText, insert: range, replace: whole } : { newText, range },
    };
    // Editors show the one beside every label, the other only beside the label that is selected.
    if (entry.detail && client.labelDetails) item.labelDetails = { description: entry.detail };
    else if (entry.detail) item.detail = entry.detail;
    if (entry.documentation) item.documentation = { kind: MarkupKind.Markdown, value: entry.documentation };
    if (entry.isSnippet) item.insertTextFormat = InsertTextFormat.Snippet;
    if (entry.deprecated && client.deprecatedCompletions) item.tags = [CompletionItemTag.Deprecated];
    if (entry.goesOn && client.suggestsAgain)
      item.command = { title: 'Suggest', command: 'editor.action.triggerSuggest' };
    return item;
  });
}

export function toDocumentLink(lines: LineIndex, { range, url, tooltip }: Link, client: ClientAbilities): DocumentLink {
  return { range: toRange(lines, range), target: url, ...(client.linkTooltips ? { tooltip } : {}) };
}

export function toInlayHint(lines: LineIndex, { offset, text }: Hint): InlayHint {
  return { position: lines.positionAt(offset), label: text, paddingLeft: true };
}
