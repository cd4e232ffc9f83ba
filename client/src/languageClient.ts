import * as vscode from 'vscode';
import { LanguageClient, RevealOutputChannelOn, State, TransportKind } from 'vscode-languageclient/node';
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

/** The language server's process and the connection to it. */
export class LanguageServer implements vscode.Disposable {
  readonly #client: LanguageClient;
  readonly #stateChanged = new vscode.EventEmitter<ServerState>();

  /** Fires with the new state. */
  readonly onDidChangeState = this.#stateChanged.event;

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    const module = context.asAbsolutePath('dist/server/server.cjs');
    this.#client = new LanguageClient(
      'plimsoll',
      'Plimsoll',
      {
        run: { module, transport: TransportKind.ipc },
        debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
      },
      {
        documentSelector,
        outputChannel: output,
        traceOutputChannel: output,
        revealOutputChannelOn: RevealOutputChannelOn.Never,
        diagnosticCollectionName: 'plimsoll',
        diagnosticPullOptions: { onChange: true },
      },
    );
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
    if (this.#client.isRunning()) await this.#client.restart();
    else await this.#client.start();
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
