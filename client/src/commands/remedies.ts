import * as vscode from 'vscode';
import type { WayView } from '../panel/messages.ts';
import { askForContainer } from './trivyContainer.ts';
import type { ScanRemedy, ScanSettings } from '../../../server/src/engine/types.ts';

export const remedyLabels: Record<ScanRemedy, string> = {
  'install-trivy': 'How to Install Trivy',
  'choose-trivy': 'Choose Trivy…',
  'run-in-container': 'Run Trivy in a Container…',
  'install-engine': 'How to Install Docker',
  'choose-engine': 'Choose Engine…',
  retry: 'Try Again',
  'skip-database-update': 'Use the Database I Have',
  'raise-timeout': 'Change Time Limit',
  'scan-archive': 'Scan an Archive…',
  'show-log': 'Show Log',
};

/** Ways to get Trivy that its makers or the package managers themselves keep; all others are on the page of its makers. */
export const waysToTrivy: readonly WayView[] = [
  { label: 'macOS and Linux, with Homebrew', command: 'brew install trivy' },
  { label: 'Windows, with winget', command: 'winget install AquaSecurity.Trivy' },
  { label: 'Arch Linux', command: 'sudo pacman -S trivy' },
  { label: 'Nix', command: 'nix-env --install -A nixpkgs.trivy' },
];

/** That the scan is to be tried again, perhaps with other settings. */
export interface TryAgain {
  readonly overrides?: Partial<ScanSettings>;
}

/** Does one thing about a failure; the answer says whether the scan should follow. */
export async function carryOutRemedy(remedy: ScanRemedy, log: vscode.LogOutputChannel): Promise<TryAgain | undefined> {
  switch (remedy) {
    case 'retry':
      return {};
    case 'skip-database-update':
      return { overrides: { skipDatabaseUpdate: true } };
    case 'choose-trivy':
      return chooseProgram('plimsoll.trivy.path', 'the Trivy program');
    case 'run-in-container':
      return askForContainer();
    case 'choose-engine':
      await vscode.commands.executeCommand('workbench.action.openSettings', 'plimsoll.engine');
      return undefined;
    case 'raise-timeout':
      await vscode.commands.executeCommand('workbench.action.openSettings', 'plimsoll.scan.timeoutMinutes');
      return undefined;
    case 'install-trivy':
      await vscode.env.openExternal(vscode.Uri.parse('https://trivy.dev/latest/getting-started/installation/'));
      return undefined;
    case 'install-engine':
      await vscode.env.openExternal(vscode.Uri.parse('https://docs.docker.com/engine/install/'));
      return undefined;
    case 'scan-archive':
      await vscode.commands.executeCommand('plimsoll.scanImage', { kind: 'archive' });
      return undefined;
    case 'show-log':
      log.show();
      return undefined;
  }
}

async function chooseProgram(setting: string, what: string): Promise<TryAgain | undefined> {
  const [file] = (await vscode.window.showOpenDialog({ title: `Plimsoll: choose ${what}`, openLabel: 'Use' })) ?? [];
  if (!file) return undefined;
  await vscode.workspace.getConfiguration().update(setting, file.fsPath, vscode.ConfigurationTarget.Global);
  return { overrides: { trivyPath: file.fsPath } };
}
