import * as vscode from 'vscode';
import { BrowserMessageReader, BrowserMessageWriter, LanguageClient } from 'vscode-languageclient/browser';
import { findConfigRequest } from '../../server/src/features/protocol.ts';
import { findConfig } from './findConfig.ts';
import type { LanguageServer } from './languageClient.ts';
import { LanguageFeatures, type PlimsollApi } from './languageFeatures.ts';

let server: LanguageServer | undefined;
let worker: Worker | undefined;

/** In a browser there are no programs to run: Dockerfiles are checked and fixed, images are not scanned. */
export function activate(context: vscode.ExtensionContext): PlimsollApi {
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist/server/server.web.js').toString(true);
  const startWorker = () => {
    worker?.terminate();
    worker = new Worker(script);
    // Not the worker itself: the editor's workers are of another class than the client looks for.
    return Promise.resolve({ reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) });
  };
  const features = new LanguageFeatures(context, (options) => {
    const client = new LanguageClient('plimsoll', 'Plimsoll', startWorker, options);
    client.onRequest(findConfigRequest, findConfig);
    return client;
  });
  server = features.server;
  context.subscriptions.push(
    vscode.commands.registerCommand('plimsoll.scanImage', sayItNeedsPrograms),
    vscode.commands.registerCommand('plimsoll.showLayerSizes', sayItNeedsPrograms),
    vscode.commands.registerCommand('plimsoll.showScanLog', sayItNeedsPrograms),
  );
  return features.start();
}

export async function deactivate(): Promise<void> {
  await server?.stop();
  worker?.terminate();
}

function sayItNeedsPrograms(): void {
  void vscode.window.showInformationMessage(
    'Building and scanning images needs docker or podman and Trivy, which a browser can’t run. Open the folder in VS Code on a machine that has them.',
  );
}
