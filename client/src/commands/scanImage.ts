import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isDockerfile, type LanguageServer } from '../languageClient.ts';
import { checkImageReference, scanTag } from '../../../server/src/engine/index.ts';
import type { ScanSource } from '../../../server/src/engine/types.ts';
import { hashText, type ScanRecord, type ScanStore } from '../scanStore.ts';
import { readScanSettings } from '../settings.ts';
import { formatBytes, plainItem, relativeTime, sentences, withoutIcons, withoutLinks } from '../text.ts';
import { chooseBuild } from './buildChoices.ts';
import { tellGone } from './openDockerfile.ts';
import { remedyLabels, carryOutRemedy } from './remedies.ts';
import type { PlannedScan, ScanEnding, ScanService } from './scanService.ts';
import type { Scanner } from './scanner.ts';
import { ensureTrusted } from './trust.ts';

const title = 'Plimsoll: Scan Image';
/** Listed to choose from. */
const mostDockerfiles = 5000;
const dockerfilePattern = '**/{Dockerfile,Dockerfile.*,*.dockerfile,Containerfile*}';

/**
 * What the command may be told instead of asking, for key bindings: which way, and of what. What is left out is
 * asked for.
 */
export type ScanArgument =
  | { readonly kind: 'build'; readonly dockerfile?: string }
  | { readonly kind: 'local' | 'reference'; readonly reference?: string }
  | { readonly kind: 'archive'; readonly path?: string };

type Way = 'build' | 'buildAgain' | 'local' | 'reference' | 'archive' | 'again';

/** The command "Scan Image…": asks what to scan and has it scanned. */
export class ScanCommand {
  readonly #server: LanguageServer;
  readonly #store: ScanStore;
  readonly #scanner: Scanner;
  readonly #service: ScanService;
  readonly #log: vscode.LogOutputChannel;

  constructor(
    server: LanguageServer,
    store: ScanStore,
    scanner: Scanner,
    service: ScanService,
    log: vscode.LogOutputChannel,
  ) {
    this.#server = server;
    this.#store = store;
    this.#scanner = scanner;
    this.#service = service;
    this.#log = log;
  }

  /** Asks what to scan. `target` is the Dockerfile that was clicked, or a `ScanArgument`. */
  async scan(target?: unknown): Promise<ScanEnding | undefined> {
    if (!ensureTrusted()) return undefined;
    const argument = parseArgument(target);
    const planned = argument ? await this.#planArgument(argument) : await this.#ask(dockerfileOf(target));
    return planned && this.#service.run(planned);
  }

  /**
   * Scans again what a record tells of, built anew from the Dockerfile as it is now.
   *
   * @param buildArguments further options for this one build: `--pull`, `--no-cache`
   */
  async rescan(record: ScanRecord, buildArguments?: readonly string[]): Promise<ScanEnding | undefined> {
    if (!ensureTrusted()) return undefined;
    const planned = await this.#planAgain(record);
    if (!planned) return undefined;
    return this.#service.run(
      buildArguments ? { ...planned, overrides: { extraBuildArguments: buildArguments } } : planned,
    );
  }

  /** Asks for the image whose layers are to be measured: built now, or one that the engine has. */
  async planSizes(target?: unknown): Promise<PlannedScan | undefined> {
    const dockerfile = dockerfileOf(target) ?? (await askDockerfile());
    if (!dockerfile) return undefined;
    const build = '$(play) Build this Dockerfile';
    const picked = await vscode.window.showQuickPick(
      [
        { label: build, description: vscode.workspace.asRelativePath(dockerfile) },
        { label: '$(package) A local image that was built from it…' },
      ],
      { title: 'Plimsoll: Show Layer Sizes', placeHolder: 'Of which image?' },
    );
    if (!picked) return undefined;
    if (picked.label === build) return this.#planBuild(dockerfile, { askAgain: false });
    const planned = await this.#planLocal();
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(dockerfile));
    return planned && { ...planned, dockerfile, text };
  }

  async #ask(dockerfile: vscode.Uri | undefined): Promise<PlannedScan | undefined> {
    const way = await this.#askWay(dockerfile);
    switch (way) {
      case undefined:
        return undefined;
      case 'build':
      case 'buildAgain':
        return this.#planBuild(dockerfile, { askAgain: way === 'buildAgain' });
      case 'local':
        return ofDockerfile(await this.#planLocal(), dockerfile);
      case 'reference':
        return this.#planReference();
      case 'archive':
        return ofDockerfile(await this.#planArchive(), dockerfile);
      case 'again':
        return this.#store.records[0] && this.#planAgain(this.#store.records[0]);
    }
  }

  async #askWay(dockerfile: vscode.Uri | undefined): Promise<Way | undefined> {
    const choices = dockerfile && this.#store.buildChoices(dockerfile);
    const [latest] = this.#store.records;
    const items: (vscode.QuickPickItem & { way?: Way })[] = [
      {
        label: dockerfile ? '$(play) Build this Dockerfile and scan' : '$(play) Build a Dockerfile and scan…',
        ...(dockerfile && { description: withoutIcons(vscode.workspace.asRelativePath(dockerfile)) }),
        ...(choices && {
          detail: withoutIcons(
            `${choices.target === undefined ? 'final stage' : `stage ${choices.target}`} · context ${vscode.workspace.asRelativePath(choices.context)}`,
          ),
        }),
        way: 'build',
      },
      ...(dockerfile
        ? [{ label: '$(settings-gear) Build with another stage, arguments or context…', way: 'buildAgain' as const }]
        : []),
      { label: 'Image', kind: vscode.QuickPickItemKind.Separator },
      { label: '$(package) Scan a local image…', way: 'local' },
      { label: '$(tag) Scan an image by its name…', way: 'reference' },
      { label: '$(file-zip) Scan a tar archive…', way: 'archive' },
      ...(latest && latest.key !== dockerfile?.toString()
        ? [
            {
              label: `$(history) Scan ${withoutIcons(latest.subject)} again`,
              description: relativeTime(latest.scannedAt, Date.now()),
              way: 'again' as const,
            },
          ]
        : []),
    ];
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder: 'What is to be scanned?' });
    return picked?.way;
  }

  async #planArgument(argument: ScanArgument): Promise<PlannedScan | undefined> {
    switch (argument.kind) {
      case 'build':
        return this.#planBuild(argument.dockerfile === undefined ? undefined : vscode.Uri.file(argument.dockerfile), {
          askAgain: false,
        });
      case 'local':
        return argument.reference === undefined ? this.#planLocal() : planImage('local', argument.reference);
      case 'reference':
        return argument.reference === undefined ? this.#planReference() : planImage('reference', argument.reference);
      case 'archive':
        return argument.path === undefined ? this.#planArchive() : planFile(argument.path);
    }
  }

  async #planAgain({ key, subject, source, dockerfile }: ScanRecord): Promise<PlannedScan | undefined> {
    if (source.kind === 'build') return this.#planBuild(vscode.Uri.file(source.dockerfile), { askAgain: false });
    const planned = { key, subject, source };
    return dockerfile !== undefined && existsSync(dockerfile)
      ? ofDockerfile(planned, vscode.Uri.file(dockerfile))
      : planned;
  }

  async #planBuild(
    chosen: vscode.Uri | undefined,
    { askAgain }: { askAgain: boolean },
  ): Promise<PlannedScan | undefined> {
    const wanted = chosen ?? (await askDockerfile());
    const dockerfile = wanted && (await saved(wanted));
    if (!dockerfile) return undefined;
    if (dockerfile.scheme !== 'file') {
      void vscode.window.showErrorMessage(
        'Only a Dockerfile on disk can be built. Open the folder locally, or scan an image.',
      );
      return undefined;
    }
    if (!existsSync(dockerfile.fsPath)) {
      tellGone(dockerfile.fsPath);
      return undefined;
    }
    const choices = await chooseBuild(dockerfile, this.#server, this.#store, { askAgain });
    if (!choices) return undefined;
    const { target, buildArgs, context } = choices;
    const source: ScanSource = {
      kind: 'build',
      dockerfile: dockerfile.fsPath,
      context,
      tag: scanTag(dockerfile.fsPath),
      ...(target !== undefined && { target }),
      ...(Object.keys(buildArgs).length > 0 && { buildArgs }),
    };
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(dockerfile));
    return {
      key: dockerfile.toString(),
      subject: vscode.workspace.asRelativePath(dockerfile),
      source,
      dockerfile,
      textHash: hashText(text),
      text,
    };
  }

  async #planLocal(): Promise<PlannedScan | undefined> {
    const listed = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: 'Listing local images', cancellable: true },
      (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        return this.#scanner.listImages(readScanSettings(undefined), controller.signal);
      },
    );
    if (listed.status === 'cancelled') return undefined;
    if (listed.status === 'failure') {
      const { message, nextStep, remedies } = listed.failure;
      const labels = remedies.slice(0, 3).map((remedy) => remedyLabels[remedy]);
      const picked = await vscode.window.showErrorMessage(withoutLinks(sentences(message, nextStep)), ...labels);
      const remedy = remedies.find((name) => remedyLabels[name] === picked);
      const again = remedy && (await carryOutRemedy(remedy, this.#log));
      return again ? this.#planLocal() : undefined;
    }
    const images = listed.value;
    if (images.length === 0) {
      void vscode.window.showInformationMessage(
        'The engine has no images yet. Build a Dockerfile first, or scan an image by its name.',
      );
      return undefined;
    }
    const now = Date.now();
    const items = images.map(({ id, tags, created, size }) => {
      const subject = tags[0] ?? id.replace(/^sha256:/, '').slice(0, 12);
      return plainItem({
        label: subject,
        description: `${formatBytes(size)} · ${relativeTime(created.getTime(), now)}`,
        ...(tags.length > 1 && { detail: tags.slice(1).join(', ') }),
        reference: tags[0] ?? id,
        subject,
      });
    });
    const picked = await vscode.window.showQuickPick(items, {
      title,
      placeHolder: 'Which image? The newest is first.',
      matchOnDetail: true,
    });
    return picked && planImage('local', picked.reference, picked.subject);
  }

  async #planReference(): Promise<PlannedScan | undefined> {
    const reference = await vscode.window.showInputBox({
      title,
      prompt: 'Name of the image. It is fetched from its registry when it is not on this machine.',
      placeHolder: 'node:24-slim',
      ignoreFocusOut: true,
      validateInput: (text) => {
        const check = checkImageReference(text);
        return check.ok ? undefined : check.message;
      },
    });
    return reference === undefined ? undefined : planImage('reference', reference.trim());
  }

  async #planArchive(): Promise<PlannedScan | undefined> {
    const [file] =
      (await vscode.window.showOpenDialog({
        title: 'Plimsoll: an archive written by docker save or podman save',
        openLabel: 'Scan',
        filters: { 'Image archives': ['tar', 'tar.gz', 'tgz', 'gz'], 'All files': ['*'] },
      })) ?? [];
    return file && planFile(file.fsPath);
  }
}

/** An image that may have been built from the Dockerfile at hand: whether it was is seen when it is scanned. */
async function ofDockerfile(
  planned: PlannedScan | undefined,
  dockerfile: vscode.Uri | undefined,
): Promise<PlannedScan | undefined> {
  if (!planned || dockerfile?.scheme !== 'file') return planned;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(dockerfile));
  return { ...planned, dockerfile, text, textHash: hashText(text) };
}

function planImage(kind: 'local' | 'reference', reference: string, subject = reference): PlannedScan {
  return { key: `image:${reference}`, subject, source: { kind, reference } };
}

function planFile(path: string): PlannedScan {
  return { key: `archive:${path}`, subject: basename(path), source: { kind: 'archive', path } };
}

/** The Dockerfile that was clicked, or else the one in the active editor. */
function dockerfileOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return target;
  const document = vscode.window.activeTextEditor?.document;
  return document && isDockerfile(document) ? document.uri : undefined;
}

function parseArgument(value: unknown): ScanArgument | undefined {
  if (typeof value !== 'object' || value === null || value instanceof vscode.Uri) return undefined;
  const { kind, dockerfile, reference, path } = value as Record<string, unknown>;
  switch (kind) {
    case 'build':
      return { kind, ...(typeof dockerfile === 'string' && { dockerfile }) };
    case 'local':
    case 'reference':
      return { kind, ...(typeof reference === 'string' && { reference }) };
    case 'archive':
      return { kind, ...(typeof path === 'string' && { path }) };
    default:
      return undefined;
  }
}

async function askDockerfile(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles(dockerfilePattern, '**/node_modules/**', mostDockerfiles);
  if (files.length === 0) {
    void vscode.window.showInformationMessage('No Dockerfile was found in this workspace. Open one and scan again.');
    return undefined;
  }
  const items = files
    .filter(({ path }) => !path.endsWith('.dockerignore'))
    .map((uri) => plainItem({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label, undefined, { numeric: true }));
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: 'Which Dockerfile is to be built?' });
  return picked?.uri;
}

/** The file to build, after its unsaved changes were written; undefined when the user wants to look first. */
async function saved(uri: vscode.Uri): Promise<vscode.Uri | undefined> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (!document?.isDirty && uri.scheme !== 'untitled') return uri;
  const save = 'Save and Build';
  const picked = await vscode.window.showWarningMessage(
    'The Dockerfile has unsaved changes; what is built is the file on disk.',
    save,
  );
  return picked === save ? vscode.workspace.save(uri) : undefined;
}
