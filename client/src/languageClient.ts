import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient';
import {
  type DockerfileInfo,
  type DockerfileInfoParams,
  dockerfileInfoRequest,
} from '../../server/src/features/protocol.ts';

export type ServerState = 'starting' | 'running' | 'stopped' | 'failed';

const serverStates: Record<State, ServerState> = {
  [State.Starting]: 'starting',
  [State.Running]: 'running',
  [State.Stopped]: 'stopped',
  [State.StartFailed]: 'failed',
};

/**
 * Documents the server looks at: what VS Code calls a Dockerfile, saved or not, and files named like one
 * that no language has claimed.
 */
const documentSelector = [
  { language: 'dockerfile' },
  ...['Dockerfile', 'Dockerfile.*', '*.dockerfile', 'Containerfile*'].map((name) => ({
    language: 'plaintext',
    scheme: 'file',
    pattern: `**/${name}`,
  })),
];

/** True for the documents that are sent to the language server. */
export function isDockerfile(document: vscode.TextDocument): boolean {
  return vscode.languages.match(documentSelector, document) > 0;
}

/** Makes the client that knows how to start the server on this kind of machine. */
export type Connect = (options: LanguageClientOptions) => BaseLanguageClient;

/** The language server, wherever it runs, and the connection to it. */
export class LanguageServer implements vscode.Disposable {
  readonly #client: BaseLanguageClient;
  readonly #stateChanged = new vscode.EventEmitter<ServerState>();

  /** Fires with the new state. */
  readonly onDidChangeState = this.#stateChanged.event;

  constructor(connect: Connect, output: vscode.LogOutputChannel) {
    this.#client = connect({
      documentSelector,
      outputChannel: output,
      traceOutputChannel: output,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      diagnosticCollectionName: 'plimsoll',
      // Only VS Code knows the command with which one list of completions opens the next.
      initializationOptions: { suggestsAgain: true },
      diagnosticPullOptions: { onChange: true },
    });
    this.#client.onDidChangeState(({ newState }) => this.#stateChanged.fire(serverStates[newState]));
  }

  get state(): ServerState {
    return serverStates[this.#client.state];
  }

  /** Resolves once the server has answered `initialize`; rejects when it could not be started. */
  async start(): Promise<void> {
    await this.#client.start();
  }

  async restart(): Promise<void> {
    if (this.#client.isRunning()) await this.#client.stop();
    await this.#client.start();
  }

  async stop(): Promise<void> {
    if (this.#client.needsStop()) await this.#client.stop();
  }

  dispose(): void {
    this.#stateChanged.dispose();
  }

  /** Stages and build arguments of an open Dockerfile; undefined when the server cannot tell. */
  async dockerfileInfo(uri: vscode.Uri, token?: vscode.CancellationToken): Promise<DockerfileInfo | undefined> {
    if (!this.#client.isRunning()) return undefined;
    const params: DockerfileInfoParams = {
      textDocument: { uri: this.#client.code2ProtocolConverter.asUri(uri) },
    };
    try {
      return (await this.#client.sendRequest<DockerfileInfo | null>(dockerfileInfoRequest, params, token)) ?? undefined;
    } catch (error) {
      if (!token?.isCancellationRequested) this.#client.debug(`${dockerfileInfoRequest}: ${String(error)}`);
      return undefined;
    }
  }
}
