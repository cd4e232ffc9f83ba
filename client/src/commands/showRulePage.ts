import * as vscode from 'vscode';

/** Where the extension keeps the pages of its rules: `docs/rules/<practice>/<rule-id>.md`. */
const pagesFolder = ['docs', 'rules'];

interface RulePage {
  readonly rule: string;
  readonly practice: string;
  readonly uri: vscode.Uri;
}

/**
 * Opens the page of a rule: the one named, else that of the finding at the cursor, else one picked from the list.
 * The pages come with the extension, so they are right for the version that is running and need no network.
 */
export async function showRulePage(extensionUri: vscode.Uri, rule?: unknown): Promise<void> {
  const pages = await listPages(extensionUri);
  const wanted = typeof rule === 'string' ? [rule] : rulesAtCursor();
  const candidates = pages.filter((page) => wanted.includes(page.rule));
  const page = candidates.length === 1 ? candidates[0] : await pickPage(candidates.length > 0 ? candidates : pages);
  if (page) await vscode.commands.executeCommand('markdown.showPreview', page.uri);
}

function rulesAtCursor(): string[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return [];
  const here = vscode.languages
    .getDiagnostics(editor.document.uri)
    .filter(({ source, range }) => source === 'plimsoll' && range.intersection(editor.selection));
  return here.map(({ code }) => String(typeof code === 'object' ? code.value : code));
}

async function pickPage(pages: readonly RulePage[]): Promise<RulePage | undefined> {
  if (pages.length === 0) {
    void vscode.window.showInformationMessage('The pages of the rules are not part of this build of Plimsoll.');
    return undefined;
  }
  const items = pages.map((page) => ({ label: page.rule, description: page.practice, page }));
  const picked = await vscode.window.showQuickPick(items, {
    title: 'Plimsoll: Show Rule Page',
    placeHolder: 'Which rule?',
    matchOnDescription: true,
  });
  return picked?.page;
}

async function listPages(extensionUri: vscode.Uri): Promise<RulePage[]> {
  const root = vscode.Uri.joinPath(extensionUri, ...pagesFolder);
  const pages: RulePage[] = [];
  for (const [practice, type] of await entries(root)) {
    if (type !== vscode.FileType.Directory) continue;
    for (const [name] of await entries(vscode.Uri.joinPath(root, practice))) {
      if (!name.endsWith('.md') || name.toLowerCase() === 'readme.md') continue;
      pages.push({ rule: name.slice(0, -'.md'.length), practice, uri: vscode.Uri.joinPath(root, practice, name) });
    }
  }
  return pages.sort((a, b) => a.rule.localeCompare(b.rule));
}

async function entries(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}
