import {
  type CodeAction,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  LSPErrorCodes,
  MarkupKind,
  ResponseError,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { dockerfileInfo } from '../features/dockerfileInfo.ts';
import { folds } from '../features/folding.ts';
import { hoverAt } from '../features/hover.ts';
import { outline } from '../features/symbols.ts';
import type { Rule } from '../lint/rule.ts';
import { configFileNames } from '../lint/settings/configFile.ts';
import { version } from '../lint/version.ts';
import { Analyses, type DocumentAnalysis } from './analyses.ts';
import { abilitiesOf, type ClientAbilities, fixAllCommand, serverCapabilities } from './capabilities.ts';
import { codeActions, type FixAllData, fixAllEdits } from './codeActions.ts';
import { listenToEditing } from './editing.ts';
import { fromPosition } from './fromLsp.ts';
import type { Host } from './host.ts';
import { type DockerfileInfo, type DockerfileInfoParams, dockerfileInfoRequest } from '../features/protocol.ts';
import { SettingsStore, settingsSection } from './settingsStore.ts';
import { toDiagnostics, toDocumentSymbol, toFoldingRange, toRange, toWorkspaceEdit } from './toLsp.ts';

/** Milliseconds without a change after which diagnostics are pushed. */
const pushDelay = 150;

/** Milliseconds in which changes of files and settings are gathered. */
const refreshDelay = 250;

/** Schemes of documents that show a file as it was, such as the left side of a diff: nobody can repair those. */
const pastStates = /^(?:git|gitlens|gitfs|svn|pr|review|scm-history-item|vscode-local-history):/;

/** Serves one client over a connection until it ends. Nothing here depends on the machine; that is the host's part. */
export class LanguageServer {
  readonly #connection: Connection;
  readonly #rules: readonly Rule[];
  readonly #documents = new TextDocuments(TextDocument);
  readonly #settings: SettingsStore;
  readonly #analyses: Analyses;
  readonly #pending = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #seen = new Set<string>();
  #client: ClientAbilities = abilitiesOf({});
  #refresh: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, host: Host, rules: readonly Rule[]) {
    this.#connection = connection;
    this.#rules = rules;
    this.#settings = new SettingsStore(connection, rules, host);
    this.#analyses = new Analyses(rules, host, this.#settings);
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#guard('initialized', () => this.#initialized()));
    connection.onDidChangeConfiguration(({ settings }) =>
      this.#guard('configuration', () => {
        this.#settings.changed(settings?.[settingsSection]);
        this.#refreshSoon();
      }),
    );
    connection.onDidChangeWatchedFiles(({ changes }) => {
      return this.#guard('watched files', () => this.#filesChanged(changes.map((change) => change.uri)));
    });
    connection.onCodeAction(async (params) => {
      const analysis = await this.#analysisOf(params.textDocument.uri);
      return analysis ? codeActions(analysis, params.range, params.context, this.#client) : [];
    });
    connection.onCodeActionResolve((action) => this.#resolve(action));
    connection.onHover(async ({ textDocument, position }) => {
      const analysis = await this.#analysisOf(textDocument.uri);
      const hover =
        analysis && hoverAt(analysis.analysed, this.#rules, fromPosition(analysis.analysed.lines, position));
      if (!hover) return null;
      const contents = { kind: MarkupKind.Markdown, value: hover.markdown };
      return { contents, range: toRange(analysis.analysed.lines, hover.range) };
    });
    connection.onDocumentSymbol(async ({ textDocument }) => {
      const analysed = (await this.#analysisOf(textDocument.uri))?.analysed;
      if (!analysed?.dockerfile) return [];
      return outline(analysed.dockerfile).map((entry) => toDocumentSymbol(analysed.lines, entry));
    });
    connection.onFoldingRanges(async ({ textDocument }) => {
      const dockerfile = (await this.#analysisOf(textDocument.uri))?.analysed.dockerfile;
      return dockerfile ? folds(dockerfile).map(toFoldingRange) : [];
    });
    listenToEditing(connection, {
      rules: this.#rules,
      analyses: this.#analyses,
      settings: this.#settings,
      client: () => this.#client,
      document: (uri) => this.#document(uri),
    });
    connection.onExecuteCommand(async ({ command, arguments: args }) => {
      if (command !== fixAllCommand)
        throw new ResponseError(ErrorCodes.InvalidParams, `There is no command ${command}.`);
      return this.#fixAll(args?.[0]);
    });
    connection.onRequest(dockerfileInfoRequest, (params: DockerfileInfoParams) => this.#dockerfileInfo(params));
    connection.languages.diagnostics.on(
      async ({ textDocument, previousResultId }): Promise<DocumentDiagnosticReport> => {
        const analysis = await this.#analysisOf(textDocument.uri);
        if (!analysis) return { kind: 'full', items: [] };
        if (analysis.id === previousResultId) return { kind: 'unchanged', resultId: analysis.id };
        return { kind: 'full', resultId: analysis.id, items: toDiagnostics(analysis.uri, analysis.analysed) };
      },
    );
    this.#documents.onDidChangeContent(({ document }) => {
      // The first change of a document is its opening: nobody is typing yet.
      this.#pushSoon(document.uri, this.#seen.has(document.uri) ? pushDelay : 0);
      this.#seen.add(document.uri);
    });
    this.#documents.onDidClose(({ document }) => this.#closed(document.uri));
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    this.#client = abilitiesOf(params.capabilities, params.initializationOptions);
    this.#settings.asksClient = this.#client.asksConfiguration;
    this.#settings.changed((params.initializationOptions as { settings?: unknown } | undefined)?.settings);
    const folders = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.#setFolders(folders);
    return { capabilities: serverCapabilities(this.#client), serverInfo: { name: 'plimsoll', version } };
  }

  async #initialized(): Promise<void> {
    const { client } = this.#connection;
    if (this.#client.registersConfiguration) {
      await client.register(DidChangeConfigurationNotification.type, { section: settingsSection });
    }
    if (this.#client.registersWatchers) {
      await client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] });
    }
    if (this.#client.changesWorkspaceFolders) {
      this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        const gone = new Set(removed.map((folder) => folder.uri));
        const kept = this.#analyses.folders.filter((folder) => !gone.has(folder));
        this.#setFolders([...kept, ...added.map((folder) => folder.uri)]);
        this.#settings.changed();
        this.#refreshSoon();
      });
    }
  }

  #setFolders(folders: readonly string[]): void {
    this.#analyses.folders = folders;
    this.#settings.folders = folders;
  }

  #filesChanged(uris: readonly string[]): void {
    const isConfig = uris.some((uri) => configFileNames.some((name) => uri.endsWith(`/${name}`)));
    if (isConfig) this.#settings.changed();
    if (this.#analyses.forgetDependents(uris) || isConfig) this.#refreshSoon();
  }

  /** Analyses every open document again, once for many changes. */
  #refreshSoon(): void {
    clearTimeout(this.#refresh);
    this.#refresh = setTimeout(() => {
      void this.#guard('refresh', async () => {
        this.#analyses.forgetAll();
        if (this.#client.pullsDiagnostics) {
          if (this.#client.refreshesDiagnostics) await this.#connection.languages.diagnostics.refresh();
        } else for (const uri of this.#documents.keys()) this.#pushSoon(uri, 0);
      });
    }, refreshDelay);
  }

  #pushSoon(uri: string, delay: number): void {
    if (this.#client.pullsDiagnostics) return;
    clearTimeout(this.#pending.get(uri));
    this.#pending.set(
      uri,
      setTimeout(() => {
        this.#pending.delete(uri);
        void this.#guard('diagnostics', () => this.#push(uri));
      }, delay),
    );
  }

  async #push(uri: string): Promise<void> {
    const analysis = await this.#analysisOf(uri);
    if (!analysis || this.#documents.get(uri)?.version !== analysis.version) return;
    const diagnostics = toDiagnostics(uri, analysis.analysed);
    await this.#connection.sendDiagnostics({ uri, version: analysis.version, diagnostics });
  }

  #closed(uri: string): void {
    clearTimeout(this.#pending.get(uri));
    this.#pending.delete(uri);
    this.#seen.delete(uri);
    this.#analyses.forget(uri);
    this.#settings.forget(uri);
    if (this.#client.pullsDiagnostics) return;
    void this.#guard('diagnostics', () => this.#connection.sendDiagnostics({ uri, diagnostics: [] }));
  }

  async #analysisOf(uri: string): Promise<DocumentAnalysis | undefined> {
    const document = this.#document(uri);
    return document && this.#analyses.get(document);
  }

  #document(uri: string): TextDocument | undefined {
    return pastStates.test(uri) ? undefined : this.#documents.get(uri);
  }

  async #resolve(action: CodeAction): Promise<CodeAction> {
    const data = action.data as FixAllData | undefined;
    if (action.edit || !data) return action;
    const analysis = await this.#analysisOf(data.uri);
    if (!analysis || analysis.version !== data.version) {
      throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since.');
    }
    const target = { uri: data.uri, version: data.version, versioned: this.#client.versionedEdits };
    return { ...action, edit: toWorkspaceEdit(target, analysis.analysed.lines, fixAllEdits(analysis, data.rule)) };
  }

  /** Returns whether anything was changed. */
  async #fixAll(uri: unknown): Promise<boolean> {
    const analysis = typeof uri === 'string' ? await this.#analysisOf(uri) : undefined;
    if (!analysis)
      throw new ResponseError(ErrorCodes.InvalidParams, 'The argument must be the URI of an open Dockerfile.');
    const edits = fixAllEdits(analysis);
    if (edits.length === 0) return false;
    const target = { uri: analysis.uri, version: analysis.version, versioned: this.#client.versionedEdits };
    const edit = toWorkspaceEdit(target, analysis.analysed.lines, edits);
    return (await this.#connection.workspace.applyEdit({ label: 'Fix all safe problems', edit })).applied;
  }

  async #dockerfileInfo({ textDocument }: DockerfileInfoParams): Promise<DockerfileInfo | null> {
    const dockerfile = (await this.#analysisOf(textDocument.uri))?.analysed.dockerfile;
    return dockerfile ? dockerfileInfo(dockerfile) : null;
  }

  /** Keeps what goes wrong in a notification or a timer from ending the server. */
  async #guard(what: string, action: () => void | Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      this.#connection.console.error(
        `${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }
}
