import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { LayerWaste } from '../../server/src/attribution/index.ts';
import { readingReport } from '../../server/src/scan/readReport.ts';
import { countBySeverity, isFixable, type ScanReport } from '../../server/src/scan/report.ts';
import { withPauses } from '../../server/src/scan/turns.ts';
import type { ScanSource, ScanSuccess } from '../../server/src/engine/types.ts';

const recordsKey = 'plimsoll.scans';
const choicesKey = 'plimsoll.buildChoices';
const buildsSuffix = '.build.json';
const wasteSuffix = '.waste.json';
/** Scans kept of one file or image, and of all together. */
const maxPerKey = 5;
const maxRecords = 30;
const maxChoices = 100;

/** What is remembered of a scan; Trivy's report lies in a file of its own. */
export interface ScanRecord {
  /** The Dockerfile's URI for a build, the name of the image or archive otherwise. A few records per key. */
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
  /** The image's name in the report, which a report on an archive doesn't have. */
  readonly image: string;
  /** Name of the report's file in the storage folder; names the record, too. */
  readonly reportFile: string;
  /** Absolute path of the Dockerfile whose lines the layers are compared with; that of the build, when one was made. */
  readonly dockerfile?: string;
}

/** How the image of a scan was made. Build arguments are in it: it stays in the storage folder. */
export interface BuildRecord {
  /** The Dockerfile as it was built. */
  readonly text: string;
  /** BuildKit's own account of the build, as JSON text. */
  readonly metadata?: string;
}

/** What is wasted of each layer of an image, by which layers it can be told again. */
export interface ImageWaste {
  readonly diffIds: readonly string[];
  readonly layers: readonly LayerWaste[];
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
  readonly #folder: string;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<string>();
  /** The report last used; they are large and mostly asked for again at once. */
  #cached: { readonly file: string; readonly report: ScanReport } | undefined;

  /** Fires with the key of the record that was written or removed. */
  readonly onDidChange = this.#changed.event;

  constructor(context: vscode.ExtensionContext, log: vscode.LogOutputChannel) {
    this.#memento = context.workspaceState;
    // Not through the editor's file system: it would carry large reports between processes in small pieces.
    this.#folder = join((context.storageUri ?? context.globalStorageUri).fsPath, 'scans');
    this.#log = log;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  get records(): readonly ScanRecord[] {
    return this.#memento.get<readonly ScanRecord[]>(recordsKey, []);
  }

  /** The newest record of each key. */
  get latest(): readonly ScanRecord[] {
    return this.records.filter((record, index, all) => all.findIndex(({ key }) => key === record.key) === index);
  }

  get(key: string): ScanRecord | undefined {
    return this.records.find((record) => record.key === key);
  }

  /** The newest scan whose layers can be compared with a Dockerfile. */
  ofDockerfile(path: string): ScanRecord | undefined {
    return this.records.find((record) => record.dockerfile === path);
  }

  /** All records of a key, newest first. */
  history(key: string): readonly ScanRecord[] {
    return this.records.filter((record) => record.key === key);
  }

  /** Remembers a scan. Resolves before the report is on disk: nobody has to wait for that to see the result. */
  async save(
    scan: Pick<ScanRecord, 'key' | 'subject' | 'source' | 'textHash' | 'dockerfile'>,
    outcome: ScanSuccess,
    dockerfileText?: string,
  ): Promise<ScanRecord> {
    const { report } = outcome;
    const record: ScanRecord = {
      ...scan,
      scannedAt: outcome.startedAt.getTime() + outcome.durationMs,
      counts: countBySeverity(report.findings),
      fixable: report.findings.filter(isFixable).length,
      trivyVersion: outcome.trivy.version,
      ...(outcome.trivy.databaseUpdatedAt && { databaseDate: outcome.trivy.databaseUpdatedAt }),
      notes: outcome.notes,
      image: report.image.name,
      reportFile: `${randomUUID()}.trivy.json`,
    };
    this.#cached = { file: record.reportFile, report };
    const old = this.records;
    const kept = bounded([record, ...old]);
    const build = dockerfileText === undefined ? undefined : buildRecord(dockerfileText, outcome.buildMetadata);
    if (build) await this.#write(record.reportFile + buildsSuffix, JSON.stringify(build));
    await this.#memento.update(recordsKey, kept);
    this.#changed.fire(record.key);
    void this.#write(record.reportFile, outcome.rawJson);
    for (const { reportFile } of old.filter((other) => !kept.includes(other))) {
      void this.#delete(reportFile);
      void this.#delete(reportFile + buildsSuffix);
      void this.#delete(reportFile + wasteSuffix);
    }
    return record;
  }

  /** How the image was built; undefined when that was not by us, or its file is gone. */
  async build(record: ScanRecord): Promise<BuildRecord | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#folder, record.reportFile + buildsSuffix), 'utf8'));
      const { text, metadata } = value as Record<string, unknown>;
      if (typeof text !== 'string') return undefined;
      return buildRecord(text, typeof metadata === 'string' ? metadata : undefined);
    } catch {
      return undefined;
    }
  }

  /**
   * What later layers waste of the image's layers; undefined when nobody has looked. An earlier scan tells it, too, when
   * its image had the same layers.
   *
   * @param diffIds of the layers
   */
  async waste(record: ScanRecord, diffIds: readonly string[]): Promise<readonly LayerWaste[] | undefined> {
    for (const each of [record, ...this.history(record.key)]) {
      const known = await this.#readWaste(each);
      if (!known || diffIds.length === 0 || known.diffIds.join() !== diffIds.join()) continue;
      // The earlier one goes when it is old.
      if (each !== record) await this.saveWaste(record, known);
      return known.layers;
    }
    return undefined;
  }

  async saveWaste(record: ScanRecord, waste: ImageWaste): Promise<void> {
    await this.#write(record.reportFile + wasteSuffix, JSON.stringify(waste));
  }

  async #readWaste(record: ScanRecord): Promise<ImageWaste | undefined> {
    try {
      const value: unknown = JSON.parse(await readFile(join(this.#folder, record.reportFile + wasteSuffix), 'utf8'));
      const { diffIds, layers } = value as Record<string, unknown>;
      return Array.isArray(diffIds) && Array.isArray(layers) ? { diffIds, layers } : undefined;
    } catch {
      return undefined;
    }
  }

  /** The report of a record; undefined when its file is gone or damaged. */
  async report(record: ScanRecord): Promise<ScanReport | undefined> {
    if (this.#cached?.file === record.reportFile) return this.#cached.report;
    const text = await this.rawReport(record);
    const { report } = text === undefined ? {} : await withPauses(readingReport(text), setImmediate);
    if (!report) return undefined;
    this.#cached = { file: record.reportFile, report: { ...report, image: { ...report.image, name: record.image } } };
    return this.#cached.report;
  }

  /** As `report`, for a look at an old scan: the one last used stays at hand. */
  async reportOnce(record: ScanRecord): Promise<ScanReport | undefined> {
    if (this.#cached?.file === record.reportFile) return this.#cached.report;
    const text = await this.rawReport(record);
    return text === undefined ? undefined : (await withPauses(readingReport(text), setImmediate)).report;
  }

  /** Trivy's own report, as it wrote it. */
  async rawReport(record: ScanRecord): Promise<string | undefined> {
    try {
      return await readFile(join(this.#folder, record.reportFile), 'utf8');
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

  async #write(name: string, text: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(join(this.#folder, name), text);
    } catch (error) {
      this.#log.warn(`The report could not be kept for later: ${String(error)}`);
    }
  }

  async #delete(name: string): Promise<void> {
    await rm(join(this.#folder, name), { force: true }).catch((error) => this.#log.debug(String(error)));
  }
}

/** The first records, not more than a few of each key. */
function bounded(records: readonly ScanRecord[]): ScanRecord[] {
  const counts = new Map<string, number>();
  return records
    .filter(({ key }) => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return count <= maxPerKey;
    })
    .slice(0, maxRecords);
}

function buildRecord(text: string, metadata: string | undefined): BuildRecord {
  return { text, ...(metadata === undefined ? {} : { metadata }) };
}

/** Tells texts apart; line endings don't count, because they don't change what is built. */
export function hashText(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex');
}
