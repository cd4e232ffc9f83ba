import type {
  FixStatus,
  HistoryEntry,
  ImageConfig,
  ImageLayer,
  OperatingSystem,
  ReportProblem,
  ScanFinding,
  ScannedImage,
  ScanReport,
  Severity,
} from './report.ts';
import { ConfigPlaces } from './configPlace.ts';
import { type DiffIdOf, layerReader } from './layerReader.ts';
import { mostFrequent, suppressionReason } from './suppressed.ts';
import { salvageJson } from './salvageJson.ts';
import { atOnce, eachInTurns, type InTurns } from './turns.ts';
import { asArray, asNumber, asObject, asText, asTexts, httpsUrl, type JsonObject, withoutAbsent } from './untrusted.ts';

/** The schema this reader was written for; Trivy has only added to it since 2021. */
const knownSchema = 2;

const maximumReferences = 50;

/** A report as far as it could be read. `report` is absent only when nothing in the text looked like one. */
export interface ReportReading {
  readonly report?: ScanReport;
  readonly problems: readonly ReportProblem[];
}

/**
 * Reads a Trivy report (`--format json`). Never throws: a report that is cut off, of another schema or damaged in
 * places gives what is readable of it, and a problem for the rest.
 */
export function readReport(text: string): ReportReading {
  return atOnce(readingReport(text));
}

/** The same in turns, but for the parsing of the text: a large report takes seconds. */
export function* readingReport(text: string): InTurns<ReportReading> {
  yield;
  const problems: ReportProblem[] = [];
  const parsed = parse(text, problems);
  if (parsed === undefined) return { problems };
  yield;
  const reading = yield* readingValue(parsed);
  const report =
    reading.report && problems.some((problem) => problem.isLoss) ? partial(reading.report) : reading.report;
  return { ...(report && { report }), problems: [...problems, ...reading.problems] };
}

/** The same for a report that is already parsed. */
export function readReportValue(value: unknown): ReportReading {
  return atOnce(readingValue(value));
}

function* readingValue(value: unknown): InTurns<ReportReading> {
  const problems: ReportProblem[] = [];
  const root = reportRoot(value, problems);
  if (root === undefined) return { problems };

  const image = readImage(root, problems);
  const results = yield* readResults(root, image, problems);
  const report = withoutAbsent<ScanReport>({
    schemaVersion: asNumber(root.SchemaVersion) ?? 1,
    trivyVersion: asText(asObject(root.Trivy)?.Version),
    created: isoDate(root.CreatedAt),
    artifactType: asText(root.ArtifactType),
    image,
    findings: results.findings,
    suppressed: results.suppressed.length,
    suppressedFor: mostFrequent(results.suppressed),
  });
  return { report: problems.some((problem) => problem.isLoss) ? partial(report) : report, problems };
}

function partial(report: ScanReport): ScanReport {
  return { ...report, isPartial: true };
}

function parse(text: string, problems: ReportProblem[]): unknown {
  const body = text.replace(/^\uFEFF/, '').trim();
  if (body === '') {
    problems.push({ message: 'The report is empty.' });
    return undefined;
  }
  try {
    return JSON.parse(body);
  } catch {
    const salvaged = salvageJson(body);
    if (salvaged === undefined) {
      problems.push({ message: 'The report is not JSON.' });
      return undefined;
    }
    problems.push(
      salvaged.truncated
        ? { message: 'The report ends too early; what was written until then is shown.', isLoss: true }
        : { message: 'There is other text around the report; it is left out.' },
    );
    return salvaged.value;
  }
}

function reportRoot(value: unknown, problems: ReportProblem[]): JsonObject | undefined {
  if (Array.isArray(value)) {
    problems.push({ message: 'The report has the schema of Trivy before 0.20; details of the image are missing.' });
    return { SchemaVersion: 1, Results: value };
  }
  const root = asObject(value);
  if (root === undefined || !['SchemaVersion', 'Results', 'ArtifactName', 'Metadata'].some((key) => key in root)) {
    const sarif = root !== undefined && Array.isArray(root.runs);
    problems.push({
      message: sarif
        ? 'This is a SARIF file; a report of Trivy in its JSON format is needed.'
        : 'The file is JSON, but not a report of Trivy.',
    });
    return undefined;
  }
  const version = asNumber(root.SchemaVersion);
  if (version !== knownSchema) {
    problems.push({
      message:
        version === undefined
          ? `The report doesn't name its schema; it was read as version ${knownSchema}.`
          : `The report has schema version ${version}, it was read as version ${knownSchema}.`,
    });
  }
  return root;
}

function readImage(root: JsonObject, problems: ReportProblem[]): ScannedImage {
  const metadata = asObject(root.Metadata) ?? {};
  const configFile = asObject(metadata.ImageConfig) ?? {};
  const history = readHistory(configFile.history);
  const diffIds = firstNonEmpty(asTexts(metadata.DiffIDs), asTexts(asObject(configFile.rootfs)?.diff_ids));
  const tags = asTexts(metadata.RepoTags);
  return withoutAbsent<ScannedImage>({
    name: imageName(asText(root.ArtifactName) ?? '', asText(metadata.Reference), tags),
    id: asText(metadata.ImageID),
    tags,
    digests: asTexts(metadata.RepoDigests),
    size: asNumber(metadata.Size) ?? totalSize(metadata.Layers),
    architecture: asText(configFile.architecture),
    os: readOperatingSystem(metadata.OS),
    created: isoDate(configFile.created),
    diffIds,
    layers: readLayers(diffIds, asArray(metadata.Layers), history, problems),
    history,
    config: readConfig(configFile.config),
  });
}

/** A path or a bare id says less than the name that the image itself carries; of a path without one, the file does. */
function imageName(artifact: string, reference: string | undefined, tags: readonly string[]): string {
  const isFile = /^(?:\/|[A-Za-z]:[\\/])|\.(?:tar|tar\.gz|tgz)$/.test(artifact);
  const isId = /^(?:sha256:)?[0-9a-f]{12,64}$/.test(artifact);
  if (artifact !== '' && !isFile && !isId) return artifact;
  return reference ?? tags[0] ?? (isFile ? (artifact.split(/[\\/]/).pop() ?? artifact) : artifact);
}

function readOperatingSystem(value: unknown): OperatingSystem | undefined {
  const os = asObject(value);
  const family = asText(os?.Family);
  if (os === undefined || family === undefined || family === 'none') return undefined;
  return { family, name: asText(os.Name) ?? '', endOfLife: os.EOSL === true };
}

function readHistory(value: unknown): HistoryEntry[] {
  return asArray(value).map((item) => {
    const entry = asObject(item) ?? {};
    return withoutAbsent<HistoryEntry>({
      created: isoDate(entry.created),
      createdBy: asText(entry.created_by) ?? '',
      comment: asText(entry.comment),
      emptyLayer: entry.empty_layer === true,
    });
  });
}

/**
 * Layers in order, with the history text of each. The history is used only when it has as many non-empty entries as
 * there are layers: a wrong instruction would be worse than none.
 */
function readLayers(
  diffIds: readonly string[],
  sizes: readonly unknown[],
  history: readonly HistoryEntry[],
  problems: ReportProblem[],
): ImageLayer[] {
  const sizeOf = new Map<string, number | undefined>();
  for (const item of sizes) {
    const layer = asObject(item);
    const diffId = asText(layer?.DiffID);
    if (diffId !== undefined) sizeOf.set(diffId, asNumber(layer?.Size));
  }
  const makers = history.filter((entry) => !entry.emptyLayer);
  const fits = makers.length === diffIds.length;
  if (!fits && history.length > 0 && diffIds.length > 0) {
    problems.push({
      message: `The image's history names ${makers.length} layers, but it has ${diffIds.length}; their instructions are not shown.`,
    });
  }
  return diffIds.map((diffId, index) =>
    withoutAbsent<ImageLayer>({
      diffId,
      size: sizeOf.get(diffId),
      createdBy: fits ? makers[index]?.createdBy || undefined : undefined,
    }),
  );
}

function totalSize(layers: unknown): number | undefined {
  const sizes = asArray(layers).map((layer) => asNumber(asObject(layer)?.Size));
  return sizes.length === 0 || sizes.includes(undefined) ? undefined : sizes.reduce<number>((a, b) => a + (b ?? 0), 0);
}

function readConfig(value: unknown): ImageConfig {
  const config = asObject(value) ?? {};
  const labels: [string, string][] = [];
  for (const [key, label] of Object.entries(asObject(config.Labels) ?? {})) labels.push([key, asText(label) ?? '']);
  return withoutAbsent<ImageConfig>({
    user: asText(config.User),
    workingDir: asText(config.WorkingDir),
    env: asTexts(config.Env),
    entrypoint: asTexts(config.Entrypoint),
    cmd: asTexts(config.Cmd),
    labels: Object.fromEntries(labels),
  });
}

function* readResults(
  root: JsonObject,
  image: ScannedImage,
  problems: ReportProblem[],
): InTurns<{ findings: ScanFinding[]; suppressed: string[] }> {
  if (root.Results !== undefined && root.Results !== null && !Array.isArray(root.Results)) {
    problems.push({
      message: "The report's list of results is not a list; no findings could be read.",
      isLoss: true,
    });
  }
  const findings: ScanFinding[] = [];
  const suppressed: string[] = [];
  let unreadable = 0;
  let licenses = 0;
  const artifact = asText(root.ArtifactName);
  const places = new ConfigPlaces(image);
  const diffIdOf = layerReader(root, image);
  const collect = (items: unknown, read: (item: JsonObject) => ScanFinding | undefined): InTurns<void> => {
    if (items !== undefined && items !== null && !Array.isArray(items)) unreadable++;
    return eachInTurns(asArray(items), (item) => {
      const entry = asObject(item);
      const finding = entry && read(entry);
      if (finding === undefined) unreadable++;
      else findings.push(finding);
    });
  };
  for (const item of asArray(root.Results)) {
    const result = asObject(item);
    if (result === undefined) {
      unreadable++;
      continue;
    }
    const place = withoutAbsent<Place>({
      target: asText(result.Target) ?? '',
      class: asText(result.Class),
      type: asText(result.Type),
    });
    yield* collect(result.Vulnerabilities, (entry) => readVulnerability(entry, place, diffIdOf));
    const configured = artifact !== undefined && place.target === artifact ? places : undefined;
    yield* collect(result.Secrets, (entry) => readSecret(entry, place, diffIdOf, configured));
    yield* collect(failuresIn(result.Misconfigurations), (entry) =>
      readMisconfiguration(entry, place, diffIdOf, configured),
    );
    licenses += asArray(result.Licenses).length;
    for (const entry of asArray(result.ExperimentalModifiedFindings)) suppressed.push(suppressionReason(entry));
  }
  if (licenses > 0) {
    problems.push({
      message: `The report also lists ${licenses} ${licenses === 1 ? 'license' : 'licenses'}; they are in its JSON and not shown here.`,
    });
  }
  if (unreadable > 0) {
    problems.push({
      message: `${unreadable} ${unreadable === 1 ? 'entry' : 'entries'} of the report could not be read.`,
      isLoss: true,
    });
  }
  return { findings, suppressed };
}

type Place = Pick<ScanFinding, 'target' | 'class' | 'type'>;

function readVulnerability(entry: JsonObject, place: Place, diffIdOf: DiffIdOf): ScanFinding | undefined {
  const id = asText(entry.VulnerabilityID);
  if (id === undefined) return undefined;
  const fixedVersion = asText(entry.FixedVersion);
  return withoutAbsent<ScanFinding>({
    kind: 'vulnerability',
    id,
    severity: readSeverity(entry.Severity),
    package: asText(entry.PkgName),
    installedVersion: asText(entry.InstalledVersion),
    purl: asText(asObject(entry.PkgIdentifier)?.PURL),
    fixedVersion,
    status: readStatus(entry.Status, fixedVersion),
    title: asText(entry.Title),
    description: asText(entry.Description),
    url: httpsUrl(entry.PrimaryURL),
    references: readReferences(entry.References),
    ...place,
    path: asText(entry.PkgPath),
    layerDiffId: diffIdOf(entry),
    cvssScore: readScore(entry),
    published: isoDate(entry.PublishedDate),
  });
}

/**
 * `Code` and `Match` are not kept: lines beside the secret are not masked.
 *
 * @param configured given when the image's configuration was looked at and not a file in it
 */
function readSecret(
  entry: JsonObject,
  place: Place,
  diffIdOf: DiffIdOf,
  configured: ConfigPlaces | undefined,
): ScanFinding | undefined {
  const id = asText(entry.RuleID);
  if (id === undefined) return undefined;
  const layerDiffId = diffIdOf(entry);
  const isFile = configured === undefined || layerDiffId !== undefined;
  return withoutAbsent<ScanFinding>({
    kind: 'secret',
    id,
    severity: readSeverity(entry.Severity),
    title: asText(entry.Title),
    references: [],
    ...place,
    // Lines of the configuration are lines of no file.
    path: isFile ? place.target : undefined,
    line: isFile ? asNumber(entry.StartLine) : undefined,
    layerDiffId,
    historyIndex: isFile ? undefined : configured.ofSecret(asText(entry.Match) ?? ''),
  });
}

function readMisconfiguration(
  entry: JsonObject,
  place: Place,
  diffIdOf: DiffIdOf,
  configured: ConfigPlaces | undefined,
): ScanFinding | undefined {
  const id = asText(entry.ID) ?? asText(entry.AVDID);
  if (id === undefined) return undefined;
  const [line] = asArray(asObject(asObject(entry.CauseMetadata)?.Code)?.Lines);
  const instruction = asText(asObject(line)?.Content);
  return withoutAbsent<ScanFinding>({
    kind: 'misconfiguration',
    id: currentCheckId(id),
    severity: readSeverity(entry.Severity),
    title: asText(entry.Title),
    description: asText(entry.Message) ?? asText(entry.Description),
    resolution: asText(entry.Resolution),
    url: httpsUrl(entry.PrimaryURL),
    references: readReferences(entry.References),
    ...place,
    layerDiffId: diffIdOf(entry),
    historyIndex:
      configured === undefined || instruction === undefined ? undefined : configured.ofInstruction(instruction),
  });
}

function failuresIn(items: unknown): unknown {
  return Array.isArray(items) ? items.filter(isFailure) : items;
}

/** Checks that passed are listed with `--include-non-failures`. */
function isFailure(item: unknown): boolean {
  const status = asText(asObject(item)?.Status);
  return status === undefined || status === 'FAIL';
}

/** `DS002` and `AVD-DS-0002` are older spellings of `DS-0002`. */
function currentCheckId(id: string): string {
  const old = /^(?:AVD-)?([A-Z]+)-?(\d{3,4})$/.exec(id);
  return old === null ? id : `${old[1]}-${(old[2] ?? '').padStart(4, '0')}`;
}

const severityNames: Readonly<Record<string, Severity>> = {
  CRITICAL: 'critical',
  HIGH: 'high',
  MEDIUM: 'medium',
  LOW: 'low',
};

function readSeverity(value: unknown): Severity {
  const name = asText(value)?.toUpperCase() ?? '';
  return Object.hasOwn(severityNames, name) ? (severityNames[name] ?? 'unknown') : 'unknown';
}

const statuses: ReadonlySet<string> = new Set<FixStatus>([
  'fixed',
  'affected',
  'not_affected',
  'under_investigation',
  'will_not_fix',
  'fix_deferred',
  'end_of_life',
]);

function readStatus(value: unknown, fixedVersion: string | undefined): FixStatus {
  const status = asText(value);
  if (status === undefined) return fixedVersion === undefined ? 'affected' : 'fixed';
  return statuses.has(status) ? (status as FixStatus) : 'unknown';
}

/** The score of the source that rated the severity, or the worst of the others. */
function readScore(entry: JsonObject): number | undefined {
  const bySource = asObject(entry.CVSS) ?? {};
  const rater = asText(entry.SeveritySource);
  const own = rater !== undefined && Object.hasOwn(bySource, rater) ? bestScore(bySource[rater]) : undefined;
  if (own !== undefined) return own;
  const scores = Object.values(bySource)
    .map(bestScore)
    .filter((score) => score !== undefined);
  return scores.length === 0 ? undefined : Math.max(...scores);
}

function bestScore(value: unknown): number | undefined {
  const cvss = asObject(value);
  for (const key of ['V40Score', 'V3Score', 'V2Score']) {
    const score = asNumber(cvss?.[key]);
    if (score !== undefined && score > 0 && score <= 10) return score;
  }
  return undefined;
}

function readReferences(value: unknown): string[] {
  const links = new Set<string>();
  for (const item of asArray(value)) {
    const link = httpsUrl(item);
    if (link !== undefined) links.add(link);
    if (links.size === maximumReferences) break;
  }
  return [...links];
}

/** Go writes a missing date as year 1. */
function isoDate(value: unknown): string | undefined {
  const text = asText(value);
  if (text === undefined || text.startsWith('0001-') || Number.isNaN(Date.parse(text))) return undefined;
  return text;
}

function firstNonEmpty(...lists: readonly string[][]): string[] {
  return lists.find((list) => list.length > 0) ?? [];
}
