import type * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import type { LanguageServer } from './languageClient.ts';
import { LanguageFeatures, type PlimsollApi } from './languageFeatures.ts';
import { registerScanning } from './scanning.ts';

let server: LanguageServer | undefined;

export function activate(context: vscode.ExtensionContext): PlimsollApi {
  const module = context.asAbsolutePath('dist/server/server.cjs');
  const serverOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
  };
  const features = new LanguageFeatures(
    context,
    (options) => new LanguageClient('plimsoll', 'Plimsoll', serverOptions, options),
  );
  server = features.server;
  registerScanning(context, features.server);
  return features.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
}
