import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type IgnoreEntry, ignoreFormat, ignores, readIgnoreFile } from '../../server/src/scan/ignoreFile.ts';
import type { ScanReport } from '../../server/src/scan/report.ts';
import type { HiddenView } from './panel/messages.ts';
import { absolutePath } from './absolutePath.ts';

/** Names under which Trivy's own documentation keeps them; the first is where new entries go. */
export const ignoreFileNames = ['.trivyignore.yaml', '.trivyignore'] as const;

/** The ignore file of a resource: the one that is set, else one in its workspace folder. Undefined when there is none. */
export function ignoreFileOf(resource: vscode.Uri | undefined): string | undefined {
  const setting = vscode.workspace.getConfiguration('plimsoll', resource).get('trivy.ignoreFile', '').trim();
  if (setting !== '') return absolutePath(setting, resource);
  const candidates = ignoreFileNames.map((name) => absolutePath(name, resource));
  return candidates.find((path) => path !== undefined && existsSync(path));
}

/** A report without what the ignore file takes out, and an account of that. */
export interface VisibleReport {
  readonly report: ScanReport;
  readonly hidden: readonly HiddenView[];
}

/** Applies the ignore file as it is now: what was written into it since the scan holds at once. */
export async function withoutIgnored(report: ScanReport, resource: vscode.Uri | undefined): Promise<VisibleReport> {
  const path = ignoreFileOf(resource);
  const text = path && (await readFile(path, 'utf8').catch(() => undefined));
  if (!path || !text) return { report, hidden: [] };
  const { entries, problems } = readIgnoreFile(text, ignoreFormat(path));
  const name = vscode.workspace.asRelativePath(path);
  const today = new Date().toISOString().slice(0, 10);
  const byId = new Map<string, IgnoreEntry[]>();
  for (const entry of entries) byId.set(entry.id, [...(byId.get(entry.id) ?? []), entry]);
  const counts = new Map<string, number>();
  const findings = report.findings.filter((finding) => {
    const entry = byId.get(finding.id)?.find((each) => ignores(each, finding, today));
    if (!entry) return true;
    const reason = entry.reason ?? 'without a reason';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return false;
  });
  const hidden = [...counts].map(([reason, count]) => ({ count, reason: `${reason} (${name})` }));
  return {
    report: findings.length === report.findings.length ? report : { ...report, findings },
    hidden: [...hidden, ...problems.map((problem) => ({ count: 0, reason: `${name} is not applied. ${problem}` }))],
  };
}
