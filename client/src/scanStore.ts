import { createHash, randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { countBySeverity, isFixable, type ScanReport } from '../../server/src/scan/report.ts';
import type { ScanSource, ScanSuccess } from './scan/types.ts';

const recordsKey = 'plimsoll.scans';
const choicesKey = 'plimsoll.buildChoices';
const maxRecords = 20;
const maxChoices = 100;

/** What is remembered of a scan; its report lies in a file of its own. */
export interface ScanRecord {
  /** The Dockerfile's URI for a build, the name of the image or archive otherwise. One record per key. */
  readonly key: string;
  /** What was scanned, as the user named it. */
  readonly subject: string;
  readonly source: ScanSource;
  /** SHA-256 of the Dockerfile's text that was built. */
  readonly textHash?: string;
  /** Milliseconds since 1970. */
  readonly scannedAt: number;
  readonly counts: ReturnType<typeof countBySeverity>;
  readonly fixable: number;
  readonly trivyVersion: string;
  /** ISO 8601. */
  readonly databaseDate?: string;
  readonly notes: readonly string[];
  /** Names of the files in the storage folder. */
  readonly reportFile: string;
  readonly rawFile: string;
}

/** How a Dockerfile was built the last time, so that it need not be asked again. */
export interface BuildChoices {
  /** Absent for the last stage. */
  readonly target?: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Build arguments that the user left empty on purpose. */
  readonly skippedArgs: readonly string[];
  /** Absolute path of the build context. */
  readonly context: string;
}

/** The scans and build choices of this workspace, bounded, newest first. */
export class ScanStore implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #folder: vscode.Uri;
  readonly #changed = new vscode.EventEmitter<string>();
  /** The report last used; they are large and mostly asked for again at once. */
  #cached: { readonly file: string; readonly report: ScanReport } | undefined;

  /** Fires with the key of the record that was written or removed. */
  readonly onDidChange = this.#changed.event;

  constructor(context: vscode.ExtensionContext) {
    this.#memento = context.workspaceState;
    this.#folder = vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'scans');
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get records(): readonly ScanRecord[] {
    return this.#memento.get<readonly ScanRecord[]>(recordsKey, []);
  }

  get(key: string): ScanRecord | undefined {
    return this.records.find((record) => record.key === key);
  }

  async save(
    scan: Pick<ScanRecord, 'key' | 'subject' | 'source' | 'textHash'>,
    outcome: ScanSuccess,
  ): Promise<ScanRecord> {
    const id = randomUUID();
    const { report } = outcome;
    const record: ScanRecord = {
      ...scan,
      scannedAt: outcome.startedAt.getTime() + outcome.durationMs,
      counts: countBySeverity(report.findings),
      fixable: report.findings.filter(isFixable).length,
      trivyVersion: report.trivyVersion ?? outcome.trivy.version,
      ...(outcome.trivy.databaseUpdatedAt && { databaseDate: outcome.trivy.databaseUpdatedAt }),
      notes: outcome.notes,
      reportFile: `${id}.json`,
      rawFile: `${id}.trivy.json`,
    };
    await vscode.workspace.fs.createDirectory(this.#folder);
    await this.#write(record.reportFile, JSON.stringify(report));
    await this.#write(record.rawFile, outcome.rawJson);
    this.#cached = { file: record.reportFile, report };

    const others = this.records.filter(({ key }) => key !== record.key);
    const kept = [record, ...others].slice(0, maxRecords);
    const dropped = this.records.filter((old) => !kept.includes(old));
    await this.#memento.update(recordsKey, kept);
    await Promise.all(dropped.flatMap((old) => [this.#delete(old.reportFile), this.#delete(old.rawFile)]));
    this.#changed.fire(record.key);
    return record;
  }

  /** The report of a record; undefined when its file is gone or damaged. */
  async report(record: ScanRecord): Promise<ScanReport | undefined> {
    if (this.#cached?.file === record.reportFile) return this.#cached.report;
    try {
      const text = await this.#read(record.reportFile);
      const report = JSON.parse(text) as ScanReport;
      if (!Array.isArray(report.findings) || typeof report.image !== 'object') return undefined;
      this.#cached = { file: record.reportFile, report };
      return report;
    } catch {
      return undefined;
    }
  }

  /** Trivy's own report, as it wrote it. */
  async rawReport(record: ScanRecord): Promise<string | undefined> {
    try {
      return await this.#read(record.rawFile);
    } catch {
      return undefined;
    }
  }

  buildChoices(dockerfile: vscode.Uri): BuildChoices | undefined {
    return this.#choices().find(([key]) => key === dockerfile.toString())?.[1];
  }

  async rememberBuildChoices(dockerfile: vscode.Uri, choices: BuildChoices): Promise<void> {
    const key = dockerfile.toString();
    const others = this.#choices().filter(([other]) => other !== key);
    await this.#memento.update(choicesKey, [[key, choices], ...others].slice(0, maxChoices));
  }

  #choices(): readonly (readonly [string, BuildChoices])[] {
    return this.#memento.get<readonly (readonly [string, BuildChoices])[]>(choicesKey, []);
  }

  async #read(name: string): Promise<string> {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#folder, name)));
  }

  async #write(name: string, text: string): Promise<void> {
    await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(this.#folder, name), new TextEncoder().encode(text));
  }

  async #delete(name: string): Promise<void> {
    try {
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(this.#folder, name));
    } catch {
      // Gone already: another window shares the folder when no workspace is open.
    }
  }
}

/** Tells texts apart; line endings don't count, because they don't change what is built. */
export function hashText(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
