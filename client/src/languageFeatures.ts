import * as vscode from 'vscode';
import { fixAllSafeProblems } from './commands/fixAll.ts';
import { showRulePage } from './commands/showRulePage.ts';
import { type Connect, LanguageServer } from './languageClient.ts';
import { createStatusItem } from './statusItem.ts';

/** What other extensions, and our own tests, get from `activate`. */
export interface PlimsollApi {
  /** Settles when the language server has answered, or has failed to start. */
  readonly ready: Promise<void>;
}

/** Everything that works wherever VS Code runs, in a browser too: checking, fixing, rule pages. */
export class LanguageFeatures {
  readonly server: LanguageServer;
  readonly #output: vscode.LogOutputChannel;

  constructor(context: vscode.ExtensionContext, connect: Connect) {
    const output = vscode.window.createOutputChannel('Plimsoll', { log: true });
    const server = new LanguageServer(connect, output);
    this.server = server;
    this.#output = output;
    context.subscriptions.push(
      output,
      server,
      createStatusItem(server),
      vscode.commands.registerCommand('plimsoll.fixAll', fixAllSafeProblems),
      vscode.commands.registerCommand('plimsoll.showRulePage', (rule) => showRulePage(context.extensionUri, rule)),
      vscode.commands.registerCommand('plimsoll.showOutput', () => output.show()),
      vscode.commands.registerCommand('plimsoll.restartServer', () =>
        server.restart().catch((error: unknown) => this.#reportFailedStart(error)),
      ),
    );
  }

  start(): PlimsollApi {
    return { ready: this.server.start().catch((error: unknown) => void this.#reportFailedStart(error)) };
  }

  async #reportFailedStart(error: unknown): Promise<void> {
    this.#output.error(error instanceof Error ? error : String(error));
    const showOutput = 'Show Output';
    const picked = await vscode.window.showErrorMessage(
      'The Plimsoll language server did not start: Dockerfiles are not checked.',
      showOutput,
    );
    if (picked === showOutput) this.#output.show();
  }
}
