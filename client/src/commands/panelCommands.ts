import { posix } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { severities } from '../../../server/src/scan/report.ts';
import { describeFinding, linksOf } from '../panel/describe.ts';
import { type Column, FindingsTable, statusOf, subjectOf } from '../panel/findings.ts';
import type { ScanPanels, StoredScanPanel } from '../panel/scanPanels.ts';
import { exportMarkdown, sarifPieces } from '../../../server/src/engine/index.ts';
import { countsInWords } from '../scanState.ts';
import type { ScanRecord, ScanStore } from '../scanStore.ts';
import { plainItem, plural, relativeTime, withoutIcons, withoutLinks } from '../text.ts';
import { ignoreFinding } from './ignoreFinding.ts';
import { openDockerfile } from './openDockerfile.ts';

const maxListed = 1000;

const columnNames: Record<Column, string> = {
  severity: 'Severity',
  id: 'Id',
  package: 'Package',
  versions: 'Installed version, fixable ones first',
  status: 'Status',
  layer: 'Where in the Dockerfile',
};

/** Everything the scan panel offers, as commands: for the keyboard, for screen readers and for key bindings. */
export class PanelCommands {
  readonly #store: ScanStore;
  readonly #panels: ScanPanels;
  readonly #version: string;

  /** @param version of this extension, which the SARIF export names */
  constructor(store: ScanStore, panels: ScanPanels, version: string) {
    this.#store = store;
    this.#panels = panels;
    this.#version = version;
  }

  /** The scan a command means: of the file it was called on, of the panel in use, of the active editor, or a picked one. */
  async record(target?: unknown): Promise<ScanRecord | undefined> {
    if (target instanceof vscode.Uri) {
      return this.#store.get(target.toString()) ?? this.#store.ofDockerfile(target.fsPath) ?? this.#pickRecord();
    }
    const { current } = this.#panels;
    if (current?.panel.isActive && current.record) return current.record;
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    return (active ? this.#store.get(active) : undefined) ?? current?.record ?? this.#pickRecord();
  }

  async openLast(target?: unknown): Promise<void> {
    const record = await this.record(
      target instanceof vscode.Uri && target.scheme !== 'webview-panel' ? target : undefined,
    );
    if (record) await this.#panels.open(record.key);
  }

  async exportJson(key?: string): Promise<void> {
    const record = await this.#recordOf(key);
    const text = record && (await this.#store.rawReport(record));
    if (record && text !== undefined) await saveAs(`${fileName(record)}.trivy.json`, [text], 'JSON', ['json']);
    else if (record) reportGone();
  }

  async exportSarif(key?: string): Promise<void> {
    const record = await this.#recordOf(key);
    const report = record && (await this.#store.report(record));
    if (!record || !report) {
      if (record) reportGone();
      return;
    }
    const { trivyVersion } = record;
    const pieces = sarifPieces(report, { scannedAt: new Date(record.scannedAt), trivyVersion, version: this.#version });
    await saveAs(`${fileName(record)}.sarif`, pieces, 'SARIF', ['sarif', 'json']);
  }

  async copyMarkdown(key?: string): Promise<void> {
    const record = await this.#recordOf(key);
    const report = record && (await this.#store.report(record));
    if (!record || !report) {
      if (record) reportGone();
      return;
    }
    const panel = this.#panels.get(record.key)?.panel;
    const findings = panel?.report ? panel.selected.map((position) => panel.finding(position)!) : report.findings;
    const text = exportMarkdown(
      { ...report, findings },
      {
        scannedAt: new Date(record.scannedAt),
        trivyVersion: record.trivyVersion,
        ...(record.databaseDate && { databaseUpdatedAt: record.databaseDate }),
      },
    );
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(`Plimsoll: copied ${plural(findings.length, 'finding')} as Markdown.`, 5000);
  }

  /** The findings as a list of VS Code's own, and behind each its details and links. */
  async browse(): Promise<void> {
    const stored = await this.#openPanel();
    const report = stored?.panel.report;
    if (!stored || !report) return;
    const { panel } = stored;
    const all = panel.selected;
    const items = all.slice(0, maxListed).map((position) => {
      const finding = panel.finding(position)!;
      const versions = [finding.installedVersion, finding.fixedVersion].filter(Boolean).join(' → ');
      return plainItem({
        label: `${finding.severity}: ${finding.id}`,
        description: [subjectOf(finding), versions, statusOf(finding)].filter(Boolean).join(' · '),
        ...(finding.title && { detail: finding.title }),
        position,
      });
    });
    const picked = await vscode.window.showQuickPick(items, {
      title: `Plimsoll: ${plural(all.length, 'finding')}${all.length > maxListed ? `, the first ${maxListed} listed` : ''}`,
      placeHolder: 'Choose a finding to see its details',
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (!picked) return;
    panel.showDetails(picked.position);
    const finding = panel.finding(picked.position)!;
    const isOwn = report.findings[picked.position] === finding;
    const record = isOwn ? this.#store.get(panel.key) : undefined;
    await browseDetails(new FindingsTable({ findings: [finding], image: report.image }), 0, record);
  }

  async filter(): Promise<void> {
    const stored = await this.#openPanel();
    if (!stored) return;
    const { query } = stored.panel;
    const items = severities.map((severity) => ({ label: severity, picked: query.severities.includes(severity) }));
    const picked = await vscode.window.showQuickPick(items, {
      title: 'Plimsoll: severities to show',
      canPickMany: true,
    });
    if (picked) stored.panel.setQuery({ ...query, severities: picked.map(({ label }) => label) });
  }

  async sort(): Promise<void> {
    const stored = await this.#openPanel();
    if (!stored) return;
    const { query } = stored.panel;
    const items = (Object.keys(columnNames) as Column[]).flatMap((column) =>
      [false, true].map((descending) => ({
        label: columnNames[column],
        description: descending ? 'descending' : 'ascending',
        sort: { column, descending },
      })),
    );
    const picked = await vscode.window.showQuickPick(items, {
      title: 'Plimsoll: sort findings by',
      matchOnDescription: true,
    });
    if (picked) stored.panel.setQuery({ ...query, sort: picked.sort });
  }

  async search(): Promise<void> {
    const stored = await this.#openPanel();
    if (!stored) return;
    const { query } = stored.panel;
    const search = await vscode.window.showInputBox({
      title: 'Plimsoll: search findings',
      prompt: 'Words in the id, package, version, title or file. Empty shows all.',
      value: query.search,
    });
    if (search !== undefined) stored.panel.setQuery({ ...query, search: search.slice(0, 500) });
  }

  async toggleFixable(): Promise<void> {
    const stored = await this.#openPanel();
    if (!stored) return;
    const { query } = stored.panel;
    stored.panel.setQuery({ ...query, fixableOnly: !query.fixableOnly });
    vscode.window.setStatusBarMessage(
      query.fixableOnly ? 'Plimsoll: showing all findings.' : 'Plimsoll: showing fixable findings only.',
      5000,
    );
  }

  async showDockerfile(key: string): Promise<void> {
    const path = this.#store.get(key)?.dockerfile;
    const document = path === undefined ? undefined : await openDockerfile(path);
    if (document) await vscode.window.showTextDocument(document);
  }

  async #recordOf(key: string | undefined): Promise<ScanRecord | undefined> {
    return typeof key === 'string' ? this.#store.get(key) : this.record();
  }

  async #openPanel(): Promise<StoredScanPanel | undefined> {
    const { current } = this.#panels;
    if (current?.panel.report) return current;
    const record = await this.record();
    return record && this.#panels.open(record.key);
  }

  async #pickRecord(): Promise<ScanRecord | undefined> {
    const records = this.#store.latest;
    if (records.length < 2) return records[0];
    const now = Date.now();
    const items = records.map((record) =>
      plainItem({
        label: record.subject,
        description: relativeTime(record.scannedAt, now),
        detail: countsInWords(record.counts),
        record,
      }),
    );
    const picked = await vscode.window.showQuickPick(items, { title: 'Plimsoll: which scan?' });
    return picked?.record;
  }
}

async function browseDetails(table: FindingsTable, position: number, record: ScanRecord | undefined): Promise<void> {
  const details = describeFinding(table, position);
  const finding = table.finding(position);
  if (!details || !finding) return;
  const items: (vscode.QuickPickItem & { link?: string; ignore?: boolean })[] = [
    ...(details.title ? [plainItem({ label: details.title })] : []),
    ...details.facts.map(({ label, value }) => plainItem({ label, description: value })),
    ...(details.description ? [plainItem({ label: 'Description', detail: details.description })] : []),
    ...(record && details.canIgnore ? [{ label: '$(eye-closed) Ignore…', ignore: true }] : []),
    ...linksOf(finding).map((link) => ({ label: '$(link-external) Open', description: withoutIcons(link), link })),
  ];
  const picked = await vscode.window.showQuickPick(items, { title: details.heading, matchOnDescription: true });
  if (picked?.ignore && record) await ignoreFinding(finding, record);
  if (picked?.link !== undefined) await vscode.env.openExternal(vscode.Uri.parse(picked.link, true));
}

async function saveAs(name: string, pieces: Iterable<string>, what: string, extensions: string[]): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: `Plimsoll: export as ${what}`,
    filters: { [what]: extensions },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (!uri) return;
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: `Exporting ${posix.basename(uri.path)}` },
    async () => vscode.workspace.fs.writeFile(uri, await encoded(pieces)),
  );
  const open = 'Open';
  const picked = await vscode.window.showInformationMessage(
    withoutLinks(`Exported ${vscode.workspace.asRelativePath(uri)}.`),
    open,
  );
  if (picked === open) await vscode.commands.executeCommand('vscode.open', uri);
}

/** The bytes of a text that is made piece by piece; others have their turn between the pieces. */
async function encoded(pieces: Iterable<string>): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const chunks: Uint8Array[] = [];
  for (const piece of pieces) {
    chunks.push(encoder.encode(piece));
    await setImmediate();
  }
  return Buffer.concat(chunks);
}

function fileName({ subject }: ScanRecord): string {
  return subject.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+|-+$/g, '') || 'scan';
}

function reportGone(): void {
  void vscode.window.showWarningMessage('The report of this scan is no longer there. Scan again.');
}
