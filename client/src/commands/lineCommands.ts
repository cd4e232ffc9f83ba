import * as vscode from 'vscode';
import { type Change, describeLines, summaryLine } from '../../../server/src/attribution/index.ts';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import { tagEdit } from '../../../server/src/rules/base-images/editTag.ts';
import type { AttributedScan, AttributedScans } from '../attributedScans.ts';
import { alignInstructions } from '../lines/alignInstructions.ts';
import type { LineTarget } from '../lines/lineLenses.ts';
import { instructionText } from '../lines/scanLines.ts';
import type { ChangeAction } from '../panel/messages.ts';
import type { ScanPanels } from '../panel/scanPanels.ts';
import { countsInWords } from '../scanState.ts';
import type { ScanRecord, ScanStore } from '../scanStore.ts';
import { plainItem, plural, relativeTime, withoutLinks } from '../text.ts';
import { openDockerfile } from './openDockerfile.ts';
import type { ScanCommand } from './scanImage.ts';

/** The ways between the lines of a Dockerfile and the panel, and the changes that a scan suggests. */
export class LineCommands {
  readonly #store: ScanStore;
  readonly #scans: AttributedScans;
  readonly #panels: ScanPanels;
  readonly #scan: ScanCommand;

  constructor(store: ScanStore, scans: AttributedScans, panels: ScanPanels, scan: ScanCommand) {
    this.#store = store;
    this.#scans = scans;
    this.#panels = panels;
    this.#scan = scan;
  }

  /** Opens the panel with the findings of one instruction alone. */
  async showInPanel(target: unknown): Promise<void> {
    const { key, share } = parseTarget(target) ?? {};
    if (key === undefined || share === undefined) return;
    const { panel } = await this.#panels.open(key, vscode.ViewColumn.Beside);
    panel.showShare(share);
  }

  /** Puts the cursor onto the instruction of a share, where it is now. */
  async reveal(key: string, share: number): Promise<void> {
    const scan = await this.#scanOf(key);
    const place = scan?.attribution?.shares[share]?.instructions.at(-1);
    const dockerfile = scan?.record.dockerfile;
    if (!place || !scan?.built || dockerfile === undefined) return;
    const document = await openDockerfile(dockerfile);
    if (!document) return;
    const moved = alignInstructions(scan.built, buildModel(document.getText())).get(place.range.start);
    if (!moved) {
      await vscode.window.showTextDocument(document, columnOf(document.uri) ?? vscode.ViewColumn.Beside);
      void vscode.window.showInformationMessage('The instruction is no longer in the Dockerfile.');
      return;
    }
    // Not the whole instruction: a long line would be scrolled to its end.
    const { keywordRange } = moved.instruction;
    const selection = new vscode.Range(document.positionAt(keywordRange.start), document.positionAt(keywordRange.end));
    await this.#select(document, selection);
  }

  /** The changes that remove most as a list of VS Code's own. */
  async changeFirst(target?: unknown): Promise<void> {
    const record = typeof target === 'string' ? this.#store.get(target) : this.#activeRecord();
    const scan = record && (await this.#scans.get(record));
    if (!scan) {
      void vscode.window.showInformationMessage('Scan the image first: what to change follows from what is found.');
      return;
    }
    if (scan.changes.length === 0) {
      const { attribution } = scan;
      void vscode.window.showInformationMessage(
        attribution?.match.matches === false
          ? withoutLinks(attribution.match.notes.join(' '))
          : 'Nothing can be changed that is known to remove findings.',
      );
      return;
    }
    const items = scan.changes.map((change, index) =>
      plainItem({
        label: change.title,
        description: plural(change.findings, 'finding'),
        detail: change.detail,
        index,
      }),
    );
    const picked = await vscode.window.showQuickPick(items, {
      title: 'Plimsoll: what to change first',
      placeHolder: 'The change that removes most comes first',
      matchOnDetail: true,
    });
    if (!picked) return;
    await this.reveal(scan.record.key, scan.changes[picked.index]!.share);
  }

  /** What each instruction brought, as a list of VS Code's own; a pick goes to the line. */
  async browse(): Promise<void> {
    const record = this.#activeRecord();
    const scan = record && (await this.#scans.get(record));
    const { attribution, built } = scan ?? {};
    if (!scan || !attribution?.match.matches || !built) {
      const why = attribution?.match.notes.join(' ') ?? 'There is no scan of an image built from a Dockerfile yet.';
      void vscode.window.showInformationMessage(withoutLinks(why));
      return;
    }
    const items = attribution.shares.map((share, index) =>
      plainItem({
        label: describeLines(share.instructions.map(({ lines }) => lines)),
        description: summaryLine(share),
        detail: share.instructions.map((place) => instructionText(built, place)).join(' ⏎ '),
        index,
      }),
    );
    const picked = await vscode.window.showQuickPick(items, {
      title: 'Plimsoll: what each line brought',
      placeHolder: 'Choose a line to go there',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (picked) await this.reveal(scan.record.key, picked.index);
  }

  async carryOut(key: string, index: number, action: ChangeAction): Promise<void> {
    const scan = await this.#scanOf(key);
    const change = scan?.changes[index];
    if (!scan || !change) return;
    switch (action) {
      case 'reveal':
        return this.reveal(key, change.share);
      case 'apply':
        return this.#applyTag(scan, change);
      case 'compare':
        return change.image === undefined ? undefined : this.compareBase(key, change.image);
      case 'rebuild':
        await this.#scan.rescan(scan.record, [change.rebuild === 'pull' ? '--pull' : '--no-cache']);
    }
  }

  /** Gives FROM the better tag, in the editor: saving is the user's. */
  async #applyTag({ record, built, attribution }: AttributedScan, { share, tag }: Change): Promise<void> {
    const place = attribution?.shares[share]?.instructions[0];
    if (!place || !built || tag === undefined || record.dockerfile === undefined) return;
    const document = await openDockerfile(record.dockerfile);
    if (!document) return;
    const now = buildModel(document.getText());
    const moved = alignInstructions(built, now).get(place.range.start);
    const stage = moved && !moved.isChanged ? now.stageOf(moved.instruction) : undefined;
    const edit = stage && tagEdit(stage, tag);
    if (!edit) {
      void vscode.window.showInformationMessage(
        'The FROM line has changed since the scan, or pins a digest: edit it by hand.',
      );
      await this.reveal(record.key, share);
      return;
    }
    const changes = new vscode.WorkspaceEdit();
    const { start, end } = edit.range;
    changes.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), edit.newText);
    await vscode.workspace.applyEdit(changes);
    const written = new vscode.Range(document.positionAt(start), document.positionAt(start + edit.newText.length));
    await this.#select(document, written);
  }

  /** Beside the panel, where both can be seen. */
  async #select(document: vscode.TextDocument, selection: vscode.Range): Promise<void> {
    const viewColumn = columnOf(document.uri) ?? vscode.ViewColumn.Beside;
    const editor = await vscode.window.showTextDocument(document, { viewColumn, selection });
    // The line from its start, wherever the editor is scrolled to.
    const shown = selection.with(selection.start.with(undefined, 0));
    editor.revealRange(shown, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  /**
   * Scans another base image and shows what would be fixed, new and unchanged with it.
   *
   * @param image its name; asked for when absent
   */
  async compareBase(key: string, image?: string): Promise<void> {
    const before = this.#store.records[0]?.reportFile;
    const argument = image === undefined ? { kind: 'reference' } : { kind: 'reference', reference: image };
    if ((await this.#scan.scan(argument)) !== 'success') return;
    const [other] = this.#store.records;
    if (!other || other.reportFile === before) return;
    const stored = await this.#panels.open(key);
    if (await stored.compareBaseWith(other)) stored.panel.showDifference();
    else void vscode.window.showWarningMessage('The scan to compare with is no longer there.');
  }

  /** Compares the scan on display with an earlier one, or with one of another image. */
  async compare(key?: string): Promise<void> {
    const record = (key === undefined ? undefined : this.#store.get(key)) ?? this.#activeRecord();
    if (!record) return;
    const now = Date.now();
    const item = (other: ScanRecord) =>
      plainItem({
        label: other.subject,
        description: relativeTime(other.scannedAt, now),
        detail: countsInWords(other.counts),
        other,
      });
    // All of the same subject: the time is what tells them apart.
    const earlier = this.#store
      .history(record.key)
      .slice(1)
      .map((other) => ({
        ...item(other),
        label: new Date(other.scannedAt).toLocaleString(),
      }));
    const others = this.#store.latest.filter((other) => other.key !== record.key).map(item);
    const separator = (label: string) => ({ label, kind: vscode.QuickPickItemKind.Separator });
    const hasBase = (await this.#scans.get(record))?.attribution?.base !== undefined;
    const items: (vscode.QuickPickItem & { readonly other?: ScanRecord; readonly scan?: 'image' | 'base' })[] = [
      ...(earlier.length > 0 ? [separator('Earlier scans'), ...earlier] : []),
      ...(others.length > 0 ? [separator('Other images'), ...others] : []),
      separator('New'),
      { label: '$(tag) Scan another image by its name…', scan: 'image' },
      ...(hasBase
        ? [
            {
              label: '$(layers) Another base image for FROM…',
              description: 'what it would fix and bring',
              scan: 'base' as const,
            },
          ]
        : []),
    ];
    const picked = await vscode.window.showQuickPick(items, {
      title: `Plimsoll: compare ${record.subject} with`,
      matchOnDetail: true,
    });
    if (picked?.scan === 'base') return this.compareBase(record.key);
    let other = picked?.other;
    if (picked?.scan) {
      const before = this.#store.records[0]?.reportFile;
      if ((await this.#scan.scan({ kind: 'reference' })) !== 'success') return;
      const [newest] = this.#store.records;
      if (newest?.reportFile !== before) other = newest;
    }
    if (!other) return;
    const stored = await this.#panels.open(record.key);
    if (!(await stored.compareWith(other))) {
      void vscode.window.showWarningMessage('The report of that scan is no longer there.');
      return;
    }
    stored.panel.showDifference();
  }

  #activeRecord(): ScanRecord | undefined {
    const { current } = this.#panels;
    if (current?.panel.isActive) return current.record;
    const active = vscode.window.activeTextEditor?.document.uri;
    return (active && this.#store.ofDockerfile(active.fsPath)) ?? current?.record ?? this.#store.records[0];
  }

  async #scanOf(key: string): Promise<AttributedScan | undefined> {
    const record = this.#store.get(key);
    return record && this.#scans.get(record);
  }
}

/** Opens a file of the project where it first names a package. */
export async function openManifest(file: unknown, name: unknown): Promise<void> {
  if (typeof file !== 'string' || typeof name !== 'string') return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const text = document.getText();
  const quoted = text.indexOf(`"${name}"`);
  const at = quoted < 0 ? text.indexOf(name) : quoted + 1;
  const selection = new vscode.Range(
    document.positionAt(Math.max(0, at)),
    document.positionAt(at < 0 ? 0 : at + name.length),
  );
  await vscode.window.showTextDocument(document, { selection });
  if (at < 0) {
    void vscode.window.showInformationMessage(
      withoutLinks(
        `${name} is not named here: another dependency brings it. Update that one, or override the version.`,
      ),
    );
  }
}

/** The column in which a file is open already. */
export function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  const groups = vscode.window.tabGroups.all;
  const isOf = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputText && input.uri.toString() === uri.toString();
  const group =
    groups.find(({ activeTab }) => activeTab && isOf(activeTab)) ?? groups.find(({ tabs }) => tabs.some(isOf));
  // Behind the panel it can't be seen beside it.
  return group?.activeTab?.input instanceof vscode.TabInputWebview && groups.length === 1
    ? undefined
    : group?.viewColumn;
}

function parseTarget(value: unknown): LineTarget | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { key, share } = value as Record<string, unknown>;
  return typeof key === 'string' && Number.isSafeInteger(share) ? { key, share: share as number } : undefined;
}
