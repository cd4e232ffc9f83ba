import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { activatePlimsoll, closeEditors, diagnosticOf, extensionId, openUntitled } from './editor.ts';

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe('activation', () => {
  it('starts the language server', async () => {
    await activatePlimsoll();
    assert.ok(vscode.extensions.getExtension(extensionId)?.isActive);
  });

  it('registers every command the manifest promises', async () => {
    await activatePlimsoll();
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON as Manifest;
    const promised = manifest.contributes.commands.map(({ command }) => command);
    assert.ok(promised.length > 0);
    assert.deepEqual(
      promised.filter((command) => !registered.has(command)),
      [],
    );
  });

  it('starts the server again on demand, and it checks what is open', async () => {
    await activatePlimsoll();
    const document = await openUntitled('FROM debian:13\nRUN apt-get update && apt-get install curl\n');
    await diagnosticOf(document, 'apt-get-without-yes');
    await vscode.commands.executeCommand('plimsoll.restartServer');
    await diagnosticOf(document, 'apt-get-without-yes');
    await closeEditors();
  });
});
