import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type {
  ClientCapabilities,
  CodeAction,
  Diagnostic,
  InitializeResult,
  Range,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { repositoryRoot } from '../helpers/repositoryRoot.ts';

export interface SessionOptions {
  readonly capabilities?: ClientCapabilities;
  /** URIs of the workspace folders. */
  readonly folders?: readonly string[];
  /** The value of the section `plimsoll`, for clients that are asked. */
  readonly settings?: unknown;
  readonly initializationOptions?: unknown;
}

interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: Diagnostic[];
}

/** Servers that run. A test that fails while one starts never gets to know it. */
const running = new Set<ChildProcess>();

// mocha would wait for them.
after(() => {
  for (const server of running) server.kill('SIGKILL');
});

/** An editor's side of a session with the built server over standard input and output. */
export class Session {
  readonly #process: ChildProcess;
  readonly connection: MessageConnection;
  readonly #published = new Map<string, Published>();
  readonly #waiting = new Set<() => void>();
  readonly #texts = new Map<string, { text: string; version: number }>();
  readonly #exited: Promise<number | null>;
  settings: unknown;
  initializeResult!: InitializeResult;
  /** Messages that the server showed to the user. */
  readonly messages: string[] = [];
  /** What the server wrote to its log. */
  readonly log: string[] = [];
  readonly registrations: string[] = [];
  refreshes = 0;

  private constructor(options: SessionOptions) {
    this.settings = options.settings;
    this.#process = spawn(process.execPath, [join(repositoryRoot, 'dist/server/server.cjs'), '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    running.add(this.#process);
    this.#exited = new Promise((resolve) => this.#process.once('exit', resolve));
    void this.#exited.then(() => running.delete(this.#process));
    this.connection = createMessageConnection(
      new StreamMessageReader(this.#process.stdout!),
      new StreamMessageWriter(this.#process.stdin!),
    );
    this.connection.onNotification('textDocument/publishDiagnostics', (params: Published) => {
      this.#published.set(params.uri, params);
      this.#wake();
    });
    this.connection.onNotification('window/showMessage', ({ message }: { message: string }) => {
      this.messages.push(message);
      this.#wake();
    });
    this.connection.onNotification(
      'window/logMessage',
      ({ message }: { message: string }) => void this.log.push(message),
    );
    this.connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    this.connection.onRequest('client/registerCapability', (params: { registrations: { method: string }[] }) => {
      this.registrations.push(...params.registrations.map(({ method }) => method));
      return null;
    });
    this.connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes++;
      this.#wake();
      return null;
    });
    this.connection.onRequest('workspace/applyEdit', ({ edit }: { edit: WorkspaceEdit }) => {
      this.apply(edit);
      return { applied: true };
    });
    this.connection.listen();
  }

  static async start(options: SessionOptions = {}): Promise<Session> {
    const session = new Session(options);
    const folders = options.folders?.map((uri) => ({ uri, name: uri })) ?? null;
    session.initializeResult = await session.connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folders,
      capabilities: options.capabilities ?? {},
      initializationOptions: options.initializationOptions,
    });
    await session.connection.sendNotification('initialized', {});
    return session;
  }

  async open(uri: string, text: string): Promise<void> {
    this.#texts.set(uri, { text, version: 1 });
    await this.connection.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId: 'dockerfile', version: 1, text },
    });
  }

  /** Sends incremental changes; each one's range is in the text after the ones before it. */
  async change(uri: string, ...changes: readonly TextEdit[]): Promise<void> {
    const document = this.#texts.get(uri)!;
    for (const change of changes) document.text = applyTo(document.text, [change]);
    document.version++;
    await this.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version: document.version },
      contentChanges: changes.map(({ range, newText }) => ({ range, text: newText })),
    });
  }

  async close(uri: string): Promise<void> {
    this.#texts.delete(uri);
    this.#published.delete(uri);
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  }

  isOpen(uri: string): boolean {
    return this.#texts.has(uri);
  }

  textOf(uri: string): string {
    return this.#texts.get(uri)!.text;
  }

  versionOf(uri: string): number {
    return this.#texts.get(uri)!.version;
  }

  /** The pushed diagnostics of the document's present version, once they satisfy the condition. */
  async diagnostics(uri: string, accept: (diagnostics: Diagnostic[]) => boolean = () => true): Promise<Diagnostic[]> {
    return this.waitFor(`diagnostics of ${uri}`, () => {
      const published = this.#published.get(uri);
      const isCurrent = published?.version === undefined || published.version === this.#texts.get(uri)?.version;
      return published && isCurrent && accept(published.diagnostics) ? published.diagnostics : undefined;
    });
  }

  async waitFor<Value>(what: string, look: () => Value | undefined): Promise<Value> {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const value = look();
      if (value !== undefined) return value;
      if (Date.now() > deadline) throw new Error(`waited too long for ${what}; log: ${this.log.join('\n')}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200);
        this.#waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  async actions(uri: string, range: Range, only?: string[], diagnostics: Diagnostic[] = []): Promise<CodeAction[]> {
    return this.connection.sendRequest('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics, ...(only ? { only } : {}) },
    });
  }

  /** Does what an editor does with an edit: checks its version, changes the text, tells the server. */
  apply(edit: WorkspaceEdit): void {
    const changes = Object.entries(edit.changes ?? {});
    for (const change of edit.documentChanges ?? []) {
      if (!('textDocument' in change)) throw new Error('only text edits are expected');
      const { uri, version } = change.textDocument;
      if (version !== this.versionOf(uri))
        throw new Error(`edit for version ${version} of version ${this.versionOf(uri)}`);
      changes.push([uri, change.edits as TextEdit[]]);
    }
    for (const [uri, edits] of changes) {
      const document = this.#texts.get(uri)!;
      document.text = applyTo(document.text, edits);
      document.version++;
      void this.connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: document.version },
        contentChanges: [{ text: document.text }],
      });
    }
  }

  /** Ends the session as the protocol wants it; returns the server's exit code. */
  async end(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    const code = await this.#exited;
    this.connection.dispose();
    return code;
  }

  /** Ends the server without asking, for tests that failed. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }

  get exited(): Promise<number | null> {
    return this.#exited;
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }
}

/** Offset of a line and character, counted by this test alone so that the server's counting is not taken for granted. */
export function offsetOf(text: string, position: { line: number; character: number }): number {
  const lines = text.split(/(?<=\r\n|\n|\r(?!\n))/);
  return lines.slice(0, position.line).reduce((sum, line) => sum + line.length, 0) + position.character;
}

export function textIn(text: string, range: Range): string {
  return text.slice(offsetOf(text, range.start), offsetOf(text, range.end));
}

export function applyTo(text: string, edits: readonly TextEdit[]): string {
  const byOffset = edits.map((edit, order) => ({ edit, order, start: offsetOf(text, edit.range.start) }));
  byOffset.sort((a, b) => b.start - a.start || b.order - a.order);
  let result = text;
  for (const { edit, start } of byOffset) {
    result = result.slice(0, start) + edit.newText + result.slice(offsetOf(text, edit.range.end));
  }
  return result;
}

/** The place of the first occurrence of a piece of text. */
export function rangeOf(text: string, piece: string): Range {
  const start = text.indexOf(piece);
  if (start < 0) throw new Error(`"${piece}" is not in the text`);
  const at = (offset: number) => {
    const before = text.slice(0, offset).split(/\r\n|\n|\r/);
    return { line: before.length - 1, character: before.at(-1)!.length };
  };
  return { start: at(start), end: at(start + piece.length) };
}
