import * as vscode from 'vscode';
import { absolutePath } from './absolutePath.ts';
import { ignoreFileOf } from './ignores.ts';
import type { ScanSettings } from '../../server/src/engine/types.ts';

/** The settings of a scan, as they hold for a file or for the window. */
export function readScanSettings(resource: vscode.Uri | undefined): ScanSettings {
  const config = vscode.workspace.getConfiguration('plimsoll', resource);
  const text = (name: string) => config.get<string>(name, '').trim();
  const engine = config.get<ScanSettings['engine']>('engine.kind', 'auto');
  const enginePath = text('engine.path');
  const isPodman = engine === 'podman' || (engine === 'auto' && /podman[^/\\]*$/i.test(enginePath));
  const offline = config.get('scan.offline', false);
  const ignoreFile = ignoreFileOf(resource);
  const configFile = absolutePath(text('trivy.configFile'), resource);
  return {
    engine: enginePath === '' ? engine : isPodman ? 'podman' : 'docker',
    timeoutMinutes: config.get('scan.timeoutMinutes', 10),
    offline,
    skipDatabaseUpdate: offline || !config.get('scan.updateDatabase', true),
    extraTrivyArguments: [
      ...repositoryArgument('--db-repository', text('scan.databaseRepository')),
      ...repositoryArgument('--java-db-repository', text('scan.javaDatabaseRepository')),
      ...config.get<string[]>('trivy.args', []),
    ],
    ...(text('trivy.path')
      ? { trivyPath: text('trivy.path') }
      : text('trivy.containerImage') && { trivyContainerImage: text('trivy.containerImage') }),
    ...(enginePath && (isPodman ? { podmanPath: enginePath } : { dockerPath: enginePath })),
    ...(ignoreFile && { ignoreFile }),
    ...(configFile && { trivyConfigFile: configFile }),
  };
}

/** One argument, not two, so that a value with a dash in front stays a value. */
function repositoryArgument(option: string, repository: string): string[] {
  return repository === '' ? [] : [`${option}=${repository}`];
}
