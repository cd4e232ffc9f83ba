import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import {
  addIgnoreEntry,
  type IgnoreEntry,
  type IgnoreFormat,
  ignoreFormat,
  withoutVersion,
} from '../../../server/src/scan/ignoreFile.ts';
import type { ScanFinding } from '../../../server/src/scan/report.ts';
import { ignoreFileNames, ignoreFileOf } from '../ignores.ts';
import type { ScanRecord } from '../scanStore.ts';
import { absolutePath } from '../absolutePath.ts';
import { plainItem, withoutLinks } from '../text.ts';

const title = 'Plimsoll: Ignore';

/** Asks for scope, reason and expiry, shows the change of the ignore file and writes it when that is wanted. */
export async function ignoreFinding(finding: ScanFinding, record: ScanRecord): Promise<void> {
  const resource = record.dockerfile === undefined ? undefined : vscode.Uri.file(record.dockerfile);
  const path = ignoreFileOf(resource) ?? absolutePath(ignoreFileNames[0], resource);
  if (path === undefined) {
    void vscode.window.showInformationMessage('Open a folder first: the ignore file is kept beside the project.');
    return;
  }
  const format = ignoreFormat(path);
  const scope = await askScope(finding, format);
  if (!scope) return;
  const reason = await vscode.window.showInputBox({
    title: `${title} ${finding.id}`,
    prompt: 'Why is it to be ignored? Whoever reads the file later will want to know.',
    placeHolder: 'The vulnerable function is never called',
    ignoreFocusOut: true,
    validateInput: (text) => (text.trim() === '' ? 'A few words will do.' : undefined),
  });
  if (reason === undefined) return;
  const expires = await askExpiry(finding.id);
  if (expires === undefined) return;
  const entry: IgnoreEntry = {
    ...{ kind: finding.kind, id: finding.id, ...scope, reason: reason.trim() },
    expires: expires === '' ? undefined : expires,
  };
  await write(path, format, entry);
}

type Scope = Pick<IgnoreEntry, 'paths' | 'purls'>;

async function askScope(finding: ScanFinding, format: IgnoreFormat): Promise<Scope | undefined> {
  const everywhere = { label: `${finding.id} wherever it occurs`, scope: { paths: [], purls: [] } };
  // One id a line is all that the older format can say.
  if (format === 'plain') return everywhere.scope;
  // As Trivy names it, with its slash in front or without: so it compares.
  const { purl, path: file } = finding;
  const items: { label: string; description?: string; scope: Scope }[] = [
    ...(purl === undefined
      ? []
      : [
          {
            label: `${finding.id} in ${finding.package ?? purl}`,
            description: 'in any version',
            scope: { paths: [], purls: [withoutVersion(purl)] },
          },
        ]),
    ...(file === undefined ? [] : [{ label: `${finding.id} in ${file}`, scope: { paths: [file], purls: [] } }]),
    everywhere,
  ];
  const picked = await vscode.window.showQuickPick(items.map(plainItem), {
    title,
    placeHolder: 'How far?',
    ignoreFocusOut: true,
  });
  return picked?.scope;
}

/** ISO date, empty for never; undefined when the user backed out. */
async function askExpiry(id: string): Promise<string | undefined> {
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  const items: (vscode.QuickPickItem & { date?: string })[] = [
    { label: 'For 30 days', description: `until ${inDays(30)}`, date: inDays(30) },
    { label: 'For 90 days', description: `until ${inDays(90)}`, date: inDays(90) },
    { label: 'For 180 days', description: `until ${inDays(180)}`, date: inDays(180) },
    { label: 'Until a date…' },
    { label: 'For ever', date: '' },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `${title} ${id}`,
    placeHolder: 'For how long? Afterwards it is shown again.',
    ignoreFocusOut: true,
  });
  if (!picked || picked.date !== undefined) return picked?.date;
  return vscode.window.showInputBox({
    title: `${title} ${id}`,
    prompt: 'The day from which on it is shown again',
    value: inDays(90),
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text))
        ? undefined
        : 'Year-month-day, as 2027-01-31.',
  });
}

/** Shows the change as a diff, and writes it when that is wanted: nothing is written that was not seen. */
async function write(path: string, format: IgnoreFormat, entry: IgnoreEntry): Promise<void> {
  const uri = vscode.Uri.file(path);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  const before = open?.getText() ?? (await readFile(path, 'utf8').catch(() => undefined));
  const name = vscode.workspace.asRelativePath(path);
  let text: string;
  try {
    text = addIgnoreEntry(before ?? '', format, entry);
  } catch (error) {
    void vscode.window.showErrorMessage(
      withoutLinks(`${name}: ${error instanceof Error ? error.message : String(error)}`),
    );
    return;
  }
  if (!(await isWanted(uri, name, before, text))) return;
  const edit = new vscode.WorkspaceEdit();
  if (before === undefined) edit.createFile(uri, { contents: new TextEncoder().encode(text) });
  else {
    const document = open ?? (await vscode.workspace.openTextDocument(uri));
    if (document.getText() !== before) {
      void vscode.window.showWarningMessage(withoutLinks(`${name} has changed in the meantime; nothing was written.`));
      return;
    }
    const { start, end, newText } = difference(before, text);
    edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), newText);
  }
  if (!(await vscode.workspace.applyEdit(edit))) return;
  const changed = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (changed?.isDirty) await changed.save();
}

const previewScheme = 'plimsoll-preview';

async function isWanted(uri: vscode.Uri, name: string, before: string | undefined, after: string): Promise<boolean> {
  const texts: Record<string, string> = { before: before ?? '', after };
  const provider = vscode.workspace.registerTextDocumentContentProvider(previewScheme, {
    provideTextDocumentContent: ({ query }) => texts[query],
  });
  const [left, right] = ['before', 'after'].map((query) => uri.with({ scheme: previewScheme, authority: '', query }));
  try {
    await vscode.commands.executeCommand('vscode.diff', left, right, `${name} (change to write)`, { preview: true });
    const write = `Write ${name}`;
    const picked = await vscode.window.showQuickPick([write, 'Leave it as it is'], {
      title: 'Plimsoll: the change is shown below',
      ignoreFocusOut: true,
    });
    return picked === write;
  } finally {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    const preview = tabs.filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === right!.toString(),
    );
    await vscode.window.tabGroups.close(preview);
    provider.dispose();
  }
}

/** The one place where two texts differ; the change is shown as small as it is. */
function difference(before: string, after: string): { start: number; end: number; newText: string } {
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < before.length - start && tail < after.length - start && before.at(-1 - tail) === after.at(-1 - tail)) {
    tail++;
  }
  return { start, end: before.length - tail, newText: after.slice(start, after.length - tail) };
}
