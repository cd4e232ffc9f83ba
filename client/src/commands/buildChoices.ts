import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { LanguageServer } from '../languageClient.ts';
import type { DockerfileInfo, StageInfo } from '../../../server/src/features/protocol.ts';
import type { BuildChoices, ScanStore } from '../scanStore.ts';
import { plainItem, withoutIcons } from '../text.ts';
import { argumentsToAsk } from './buildArguments.ts';

const title = 'Plimsoll: Scan Image';

/**
 * How to build a Dockerfile: what was chosen the last time where that still fits, and questions for the rest. A stage
 * is asked for when there are several, a value for each build argument that has none.
 *
 * @param askAgain true to ask for everything, with the last answers filled in
 * @returns undefined when the user backed out
 */
export async function chooseBuild(
  dockerfile: vscode.Uri,
  server: LanguageServer,
  store: ScanStore,
  { askAgain }: { askAgain: boolean },
): Promise<BuildChoices | undefined> {
  // The server knows open documents only; opening one shows nothing.
  await vscode.workspace.openTextDocument(dockerfile);
  const info = await server.dockerfileInfo(dockerfile);
  const last = store.buildChoices(dockerfile);

  const target = await chooseStage(info, last, askAgain);
  if (!target) return undefined;
  const values = await chooseArguments(info, last, askAgain);
  if (!values) return undefined;
  const context = askAgain ? await chooseContext(dockerfile, last) : (last?.context ?? dirname(dockerfile.fsPath));
  if (context === undefined) return undefined;

  const choices: BuildChoices = { ...(target.name !== undefined && { target: target.name }), ...values, context };
  await store.rememberBuildChoices(dockerfile, choices);
  return choices;
}

/** A chosen stage; without a name it is the last one. */
interface Target {
  readonly name?: string;
}

async function chooseStage(
  info: DockerfileInfo | undefined,
  last: BuildChoices | undefined,
  askAgain: boolean,
): Promise<Target | undefined> {
  const stages = info?.stages ?? [];
  if (stages.length < 2) return {};
  const known = last && (last.target === undefined || stages.some((stage) => targetName(stage) === last.target));
  if (known && !askAgain) return last.target === undefined ? {} : { name: last.target };
  const items = stages
    .map((stage) =>
      plainItem({
        label: stage.name ?? `stage ${stage.index}`,
        description: [stage.image, stage.isFinal && 'final stage'].filter(Boolean).join(' · '),
        detail: `line ${stage.line + 1}`,
        stage,
      }),
    )
    // What is shipped, almost always what is meant, comes first.
    .reverse();
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Which stage is to be built and scanned?',
  });
  if (!picked) return undefined;
  return picked.stage.isFinal ? {} : { name: targetName(picked.stage) };
}

function targetName({ name, index }: StageInfo): string {
  return name ?? String(index);
}

async function chooseArguments(
  info: DockerfileInfo | undefined,
  last: BuildChoices | undefined,
  askAgain: boolean,
): Promise<Pick<BuildChoices, 'buildArgs' | 'skippedArgs'> | undefined> {
  const buildArgs: Record<string, string> = { ...last?.buildArgs };
  const skippedArgs = new Set(last?.skippedArgs);
  for (const name of argumentsToAsk(info?.args ?? [], askAgain ? undefined : last)) {
    const value = await vscode.window.showInputBox({
      title,
      prompt: `Value of the build argument ${name}`,
      placeHolder: 'Leave empty to build without it',
      value: buildArgs[name] ?? '',
      ignoreFocusOut: true,
    });
    if (value === undefined) return undefined;
    if (value === '') {
      delete buildArgs[name];
      skippedArgs.add(name);
    } else {
      buildArgs[name] = value;
      skippedArgs.delete(name);
    }
  }
  return { buildArgs, skippedArgs: [...skippedArgs] };
}

async function chooseContext(dockerfile: vscode.Uri, last: BuildChoices | undefined): Promise<string | undefined> {
  const own = dirname(dockerfile.fsPath);
  const workspace = vscode.workspace.getWorkspaceFolder(dockerfile)?.uri.fsPath;
  const folders = [...new Set([last?.context, own, workspace].filter((folder) => folder !== undefined))];
  const other = { label: '$(folder-opened) Another folder…', folder: undefined };
  const items = folders.map((folder) => ({
    label: `$(folder) ${withoutIcons(vscode.workspace.asRelativePath(folder))}`,
    description:
      folder === own ? 'the folder of the Dockerfile' : folder === workspace ? 'the workspace folder' : 'last time',
    folder,
  }));
  const picked = await vscode.window.showQuickPick([...items, other], {
    title,
    placeHolder: 'Which folder is the build context?',
  });
  if (!picked) return undefined;
  if (picked.folder !== undefined) return picked.folder;
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Build context',
      canSelectFiles: false,
      canSelectFolders: true,
      openLabel: 'Use as Build Context',
      defaultUri: vscode.Uri.file(own),
    })) ?? [];
  return folder?.fsPath;
}
