import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { partOf } from '../../../server/src/attribution/index.ts';
import { buildModel } from '../../../server/src/model/dockerfile.ts';
import type { Stage } from '../../../server/src/model/stage.ts';
import { tagEdit } from '../../../server/src/rules/base-images/editTag.ts';
import { leakedSecretFix } from '../../../server/src/rules/secrets/secretMount.ts';
import { secretInVariable } from '../../../server/src/rules/secrets/secret-in-variable.ts';
import { isFixable, type ScanFinding } from '../../../server/src/scan/report.ts';
import type { Instruction } from '../../../server/src/syntax/instruction.ts';
import type { Edit } from '../../../server/src/text/edit.ts';
import { plural } from '../text.ts';
import type { DocumentLines, DocumentScan } from './documentLines.ts';
import { pinEdits } from './pinEdits.ts';
import type { ScanLine } from './scanLines.ts';

/** Files that name dependencies, by Trivy's type of what was found. */
const manifests: readonly (readonly [types: RegExp, names: readonly string[]])[] = [
  [/^(?:npm|node-pkg|yarn|pnpm|bun)$/, ['package.json']],
  [/^(?:pip|python-pkg|pipenv|poetry|uv)$/, ['requirements.txt', 'pyproject.toml', 'Pipfile']],
  [/^(?:gobinary|gomod)$/, ['go.mod']],
  [/^(?:jar|pom|gradle)/, ['pom.xml', 'build.gradle', 'build.gradle.kts']],
  [/^(?:bundler|gemspec)$/, ['Gemfile']],
  [/^composer/, ['composer.json']],
  [/^(?:cargo|rustbinary)$/, ['Cargo.toml']],
];

/** The repairs that follow from what a scan found at an instruction. */
export class LineActions implements vscode.CodeActionProvider {
  static readonly kinds = [vscode.CodeActionKind.QuickFix];

  readonly #lines: DocumentLines;

  constructor(lines: DocumentLines) {
    this.#lines = lines;
  }

  async provideCodeActions(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> {
    const found = await this.#lines.get(document);
    // An edited instruction may be repaired already: the next scan tells.
    const here = found?.lines.filter(
      ({ line, lastLine, isChanged }) => !isChanged && line <= range.end.line && lastLine >= range.start.line,
    );
    return found && here ? here.flatMap((line) => actionsOf(document, line, found, context)) : [];
  }
}

function actionsOf(
  document: vscode.TextDocument,
  line: ScanLine,
  { scan }: DocumentScan,
  context: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const { attribution, report, changes, record } = scan;
  if (!attribution) return [];
  const now = buildModel(document.getText());
  const instruction = now.instructions.find(({ keywordRange }) => keywordRange.start === line.keyword.start);
  const stage = instruction && now.stageOf(instruction);
  if (!instruction || !stage) return [];
  const findings = line.share.findings.map((position) => report.findings[position]!);
  const index = changes.findIndex(
    ({ share, tag, rebuild }) => share === line.index && (tag !== undefined || rebuild !== undefined),
  );
  const change = changes[index];
  const actions: vscode.CodeAction[] = [];
  if (change?.tag !== undefined) {
    const edit = tagEdit(stage, change.tag);
    const part = partOf(line.share.counts, attribution.counts);
    if (edit)
      actions.push(
        editAction(document, `Move to ${change.tag} (${part} come from the base image); test the build`, [edit]),
      );
  }
  if (change?.image !== undefined) {
    actions.push(commandAction(`Compare with ${change.image}`, 'plimsoll.compareBase', [record.key, index]));
  }
  actions.push(...secretActions(document, instruction, stage, findings, context));
  for (const { name, to, findings: count, edit } of pinEdits(now, instruction, findings)) {
    actions.push(editAction(document, `Raise ${name} to ${to} (${plural(count, 'finding')})`, [edit]));
  }
  if (change?.rebuild !== undefined) {
    const how = change.rebuild === 'pull' ? 'with a freshly pulled base image' : 'without the cache';
    const text = `Build ${how} and scan (${plural(change.findings, 'fixed version is', 'fixed versions are')} published)`;
    actions.push(commandAction(text, 'plimsoll.rebuildAndScan', [record.key, index]));
  }
  const folder = record.source.kind === 'build' ? record.source.context : undefined;
  actions.push(...manifestActions([...(folder === undefined ? [] : [folder]), dirname(document.uri.fsPath)], findings));
  return actions;
}

/** A secret mount instead of the build argument that a scan has found written down. Nothing where its rule offers it. */
function secretActions(
  document: vscode.TextDocument,
  instruction: Instruction,
  stage: Stage,
  findings: readonly ScanFinding[],
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const secrets = findings.filter(({ kind }) => kind === 'secret');
  // Those of the image's history are in no file.
  const files = new Set(secrets.flatMap(({ path }) => path ?? []));
  const found = secrets.length > 0 ? leakedSecretFix(instruction, stage, [...files]) : undefined;
  if (!found) return [];
  const place = document.positionAt(found.argument.pairs[0]!.nameRange.start);
  const isOffered = diagnostics.some(
    ({ code, range }) =>
      (typeof code === 'object' ? code.value : code) === secretInVariable.id && range.start.isEqual(place),
  );
  return isOffered ? [] : [editAction(document, found.fix.title, found.fix.edits)];
}

/** To the place where a project names the dependency: what version it takes there is for its author to say. */
function manifestActions(folders: readonly string[], findings: readonly ScanFinding[]): vscode.CodeAction[] {
  const libraries = findings.filter((finding) => finding.class === 'lang-pkgs' && isFixable(finding));
  const [worst] = libraries;
  const names = manifests.find(([types]) => types.test(worst?.type ?? ''))?.[1] ?? [];
  const candidates = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  const file = candidates.find((path) => existsSync(path));
  if (!worst?.package || file === undefined) return [];
  const others = new Set(libraries.map((finding) => finding.package)).size - 1;
  const more = others > 0 ? ` and ${others} more` : '';
  return [
    commandAction(
      `Open ${vscode.workspace.asRelativePath(file)}: ${worst.package} is fixed in ${worst.fixedVersion}${more}`,
      'plimsoll.openManifest',
      [file, worst.package],
    ),
  ];
}

function editAction(document: vscode.TextDocument, title: string, edits: readonly Edit[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.edit = new vscode.WorkspaceEdit();
  for (const { range, newText } of edits) {
    const place = new vscode.Range(document.positionAt(range.start), document.positionAt(range.end));
    action.edit.replace(document.uri, place, newText);
  }
  return action;
}

function commandAction(title: string, command: string, args: readonly unknown[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.command = { title, command, arguments: [...args] };
  return action;
}
