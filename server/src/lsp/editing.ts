import {
  type CompletionItem,
  type Connection,
  type DocumentHighlight,
  DocumentHighlightKind,
  LSPErrorCodes,
  type Position,
  ResponseError,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { completionsAt } from '../features/completion/index.ts';
import { inlayHints } from '../features/inlayHints.ts';
import { links } from '../features/links.ts';
import { copiedFileAt, definitionsAt, occurrencesAt, rename, renameTarget } from '../features/navigation/index.ts';
import type { Rule } from '../lint/rule.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Analyses } from './analyses.ts';
import type { ClientAbilities } from './capabilities.ts';
import { fromPosition, fromRange } from './fromLsp.ts';
import type { SettingsStore } from './settingsStore.ts';
import { toRange, toWorkspaceEdit } from './toLsp.ts';
import { toCompletionItems, toDocumentLink, toInlayHint } from './toLspEditing.ts';

/** What the answers are made of. */
export interface EditingSource {
  readonly rules: readonly Rule[];
  readonly analyses: Analyses;
  readonly settings: SettingsStore;
  client(): ClientAbilities;
  /** An open document that can be edited. */
  document(uri: string): TextDocument | undefined;
}

/** A document at a place. */
interface Asked {
  readonly document: TextDocument;
  readonly dockerfile: Dockerfile;
  readonly offset: number;
}

/** Answers what an editor asks while somebody writes and looks around, unless the setting `editing` is off. */
export function listenToEditing(connection: Connection, source: EditingSource): void {
  const { analyses, rules } = source;
  connection.onCompletion(async ({ textDocument, position, context }): Promise<CompletionItem[]> => {
    const asked = await ask(source, textDocument.uri, position);
    if (!asked) return [];
    const { document, dockerfile, offset } = asked;
    const isInComment = [...dockerfile.comments, ...dockerfile.directives].some(
      ({ range }) => range.start < offset && offset <= range.end,
    );
    // Only there it matters what is found, which takes longer to know.
    const analysed = isInComment ? (await analyses.get(document)).analysed : undefined;
    const client = source.client();
    const completions = completionsAt(dockerfile, offset, {
      rules,
      findings: () => [...(analysed?.findings ?? []), ...(analysed?.suppressed ?? [])],
      context: (text) => analyses.contextOf(document.uri, text)?.context,
      snippets: client.snippets,
      trigger: context?.triggerCharacter,
    });
    return completions ? toCompletionItems(dockerfile.lines, completions, client) : [];
  });
  connection.onDefinition(async ({ textDocument, position }) => {
    const asked = await ask(source, textDocument.uri, position);
    if (!asked) return null;
    const { document, dockerfile, offset } = asked;
    const { uri } = textDocument;
    const found = definitionsAt(dockerfile, offset).map((range) => ({ uri, range: toRange(dockerfile.lines, range) }));
    if (found.length > 0) return found;
    // The analysis has the build context.
    const { analysed, openContext } = await analyses.get(document);
    const path = analysed.dockerfile && copiedFileAt(analysed.dockerfile, offset);
    const start = { line: 0, character: 0 };
    return path && openContext ? [{ uri: openContext.uriOf(path), range: { start, end: start } }] : [];
  });
  connection.onReferences(async ({ textDocument, position, context }) => {
    const asked = await ask(source, textDocument.uri, position);
    if (!asked) return null;
    const { dockerfile, offset } = asked;
    return occurrencesAt(dockerfile, offset)
      .filter(({ kind }) => context.includeDeclaration || kind === 'reference')
      .map(({ range }) => ({ uri: textDocument.uri, range: toRange(dockerfile.lines, range) }));
  });
  connection.onDocumentHighlight(async ({ textDocument, position }) => {
    const asked = await ask(source, textDocument.uri, position);
    if (!asked) return null;
    const { dockerfile, offset } = asked;
    return occurrencesAt(dockerfile, offset).map(
      ({ range, kind }): DocumentHighlight => ({
        range: toRange(dockerfile.lines, range),
        kind: kind === 'declaration' ? DocumentHighlightKind.Write : DocumentHighlightKind.Read,
      }),
    );
  });
  connection.onPrepareRename(async ({ textDocument, position }) => {
    const asked = await ask(source, textDocument.uri, position);
    const target = asked && renameTarget(asked.dockerfile, asked.offset);
    if (!target) return null;
    if ('refusal' in target) throw refused(target.refusal);
    return { range: toRange(asked.dockerfile.lines, target.range), placeholder: target.name };
  });
  connection.onRenameRequest(async ({ textDocument, position, newName }) => {
    const asked = await ask(source, textDocument.uri, position);
    if (!asked) return null;
    const { document, dockerfile, offset } = asked;
    const edits = rename(dockerfile, offset, newName);
    if ('refusal' in edits) throw refused(edits.refusal);
    const target = { uri: document.uri, version: document.version, versioned: source.client().versionedEdits };
    return toWorkspaceEdit(target, dockerfile.lines, edits);
  });
  connection.onDocumentLinks(async ({ textDocument }) => {
    const asked = await ask(source, textDocument.uri);
    if (!asked) return null;
    const { dockerfile } = asked;
    return links(dockerfile).map((link) => toDocumentLink(dockerfile.lines, link, source.client()));
  });
  connection.languages.inlayHint.on(async ({ textDocument, range }) => {
    const asked = await ask(source, textDocument.uri);
    if (!asked) return null;
    const { dockerfile } = asked;
    const within = fromRange(dockerfile.lines, range);
    return inlayHints(dockerfile, within).map((hint) => toInlayHint(dockerfile.lines, hint));
  });
}

async function ask(source: EditingSource, uri: string, position?: Position): Promise<Asked | undefined> {
  if (!source.document(uri) || !(await source.settings.get(uri)).editing) return undefined;
  // Asked again: it may have changed, or be closed, while the settings were read.
  const document = source.document(uri);
  const dockerfile = document && source.analyses.model(document);
  if (!dockerfile) return undefined;
  return { document, dockerfile, offset: position ? fromPosition(dockerfile.lines, position) : 0 };
}

function refused(reason: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestFailed, reason);
}
