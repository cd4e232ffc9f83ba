import * as vscode from 'vscode';
import { checkPinnedImage, thisMachine, trivyCacheFolder } from '../../../server/src/engine/index.ts';
import type { ScanSettings } from '../../../server/src/engine/types.ts';
import { readScanSettings } from '../settings.ts';
import { containerTerms } from './containerTerms.ts';

const setting = 'plimsoll.trivy.containerImage';
const title = 'Plimsoll: Run Trivy in a Container';

/**
 * Asks for the image of Trivy where none is set, and whether it may be run, telling all that will be done. "Always"
 * writes the setting; nothing else remembers the answer.
 */
export async function askForContainer(): Promise<{ readonly overrides: Partial<ScanSettings> } | undefined> {
  const config = vscode.workspace.getConfiguration();
  const set = config.get<string>(setting, '').trim();
  const name = await vscode.window.showInputBox({
    title,
    value: set,
    prompt:
      'An image of Trivy with its digest. The page of the image in its registry tells the digest, and so does "docker buildx imagetools inspect NAME".',
    placeHolder: 'name@sha256:…, for example of ghcr.io/aquasecurity/trivy',
    ignoreFocusOut: true,
    validateInput: (text) => {
      const image = checkPinnedImage(text);
      return image.ok ? undefined : image.message;
    },
  });
  const image = name === undefined ? undefined : checkPinnedImage(name);
  if (!image?.ok) return undefined;
  const settings = readScanSettings(undefined);
  const always = 'Run It Always';
  const once = 'Run It Once';
  const picked = await vscode.window.showInformationMessage(
    'Run Trivy in a container?',
    { modal: true, detail: containerTerms(image, settings, trivyCacheFolder(thisMachine)) },
    once,
    always,
  );
  if (picked !== once && picked !== always) return undefined;
  if (picked === always) await config.update(setting, image.name, vscode.ConfigurationTarget.Global);
  return { overrides: { trivyContainerImage: image.name } };
}
