import * as vscode from 'vscode';
import { fixAllSafeProblems } from './commands/fixAll.ts';
import { showRulePage } from './commands/showRulePage.ts';
import { LanguageServer } from './languageClient.ts';
import { registerScanning } from './scanning.ts';
import { createStatusItem } from './statusItem.ts';

/** What other extensions, and our own tests, get from `activate`. */
export interface PlimsollApi {
  /** Settles when the language server has answered, or has failed to start. */
  readonly ready: Promise<void>;
}

let server: LanguageServer | undefined;

export function activate(context: vscode.ExtensionContext): PlimsollApi {
  const output = vscode.window.createOutputChannel('Plimsoll', { log: true });
  const started = new LanguageServer(context, output);
  server = started;

  context.subscriptions.push(
    output,
    started,
    createStatusItem(started),
    vscode.commands.registerCommand('plimsoll.fixAll', fixAllSafeProblems),
    vscode.commands.registerCommand('plimsoll.showRulePage', (rule) => showRulePage(context.extensionUri, rule)),
    vscode.commands.registerCommand('plimsoll.showOutput', () => output.show()),
    vscode.commands.registerCommand('plimsoll.restartServer', async () => {
      try {
        await started.restart();
      } catch (error) {
        await reportFailedStart(output, error);
      }
    }),
  );

  registerScanning(context, started);

  return { ready: started.start().catch((error) => void reportFailedStart(output, error)) };
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}

async function reportFailedStart(output: vscode.LogOutputChannel, error: unknown): Promise<void> {
  output.error(error instanceof Error ? error : String(error));
  const showOutput = 'Show Output';
  const picked = await vscode.window.showErrorMessage(
    'The Plimsoll language server did not start: Dockerfiles are not checked.',
    showOutput,
  );
  if (picked === showOutput) output.show();
}
