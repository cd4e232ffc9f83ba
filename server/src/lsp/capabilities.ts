import {
  type ClientCapabilities,
  CodeActionKind,
  CompletionItemTag,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { fixAllKind } from './toLsp.ts';

/** Applies all safe fixes to the document whose URI is the argument. Editors call it `plimsoll.fixAll` for their users. */
export const fixAllCommand = 'plimsoll.server.fixAll';

/** What the client can do, as far as the server asks. */
export interface ClientAbilities {
  readonly pullsDiagnostics: boolean;
  readonly refreshesDiagnostics: boolean;
  readonly asksConfiguration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly changesWorkspaceFolders: boolean;
  readonly versionedEdits: boolean;
  readonly resolvesEdits: boolean;
  readonly snippets: boolean;
  /** Takes completions with two ranges, for keeping and for replacing what stands behind the cursor. */
  readonly insertsAndReplaces: boolean;
  readonly labelDetails: boolean;
  readonly deprecatedCompletions: boolean;
  readonly preparesRename: boolean;
  readonly linkTooltips: boolean;
  /** Knows the command with which VS Code asks for more completions. */
  readonly suggestsAgain: boolean;
}

export function abilitiesOf({ textDocument, workspace }: ClientCapabilities, options?: unknown): ClientAbilities {
  const item = textDocument?.completion?.completionItem;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    asksConfiguration: workspace?.configuration === true,
    registersConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    changesWorkspaceFolders: workspace?.workspaceFolders === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    resolvesEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true,
    snippets: item?.snippetSupport === true,
    insertsAndReplaces: item?.insertReplaceSupport === true,
    labelDetails: item?.labelDetailsSupport === true,
    deprecatedCompletions: item?.tagSupport?.valueSet.includes(CompletionItemTag.Deprecated) === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    linkTooltips: textDocument?.documentLink?.tooltipSupport === true,
    suggestsAgain: (options as { suggestsAgain?: unknown } | null | undefined)?.suggestsAgain === true,
  };
}

/** What the server offers to such a client. Diagnostics are pushed only to clients that don't pull them. */
export function serverCapabilities(client: ClientAbilities): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    codeActionProvider: {
      codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, fixAllKind],
      resolveProvider: true,
    },
    hoverProvider: true,
    documentSymbolProvider: true,
    foldingRangeProvider: true,
    completionProvider: { triggerCharacters: ['=', '$', '{', '-', ':', '/', ',', ' ', '"'] },
    definitionProvider: true,
    referencesProvider: true,
    documentHighlightProvider: true,
    renameProvider: client.preparesRename ? { prepareProvider: true } : true,
    documentLinkProvider: {},
    inlayHintProvider: true,
    executeCommandProvider: { commands: [fixAllCommand] },
    ...(client.pullsDiagnostics
      ? { diagnosticProvider: { identifier: 'plimsoll', interFileDependencies: false, workspaceDiagnostics: false } }
      : {}),
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  };
}
