import { ConfigPlaces } from './configPlace.ts';
import { layerReader } from './layerReader.ts';
import { type Place, readMisconfiguration, readSecret, readVulnerability } from './readFinding.ts';
import { readImage } from './readImage.ts';
import type { ReportProblem, ScanFinding, ScannedImage, ScanReport } from './report.ts';
import { mostFrequent, suppressionReason } from './suppressed.ts';
import { salvageJson } from './salvageJson.ts';
import { atOnce, eachInTurns, type InTurns } from './turns.ts';
import { asArray, asNumber, asObject, asText, isoDate, type JsonObject, withoutAbsent } from './untrusted.ts';

/** The schema this reader was written for; Trivy has only added to it since 2021. */
const knownSchema = 2;

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

function failuresIn(items: unknown): unknown {
  return Array.isArray(items) ? items.filter(isFailure) : items;
}

/** Checks that passed are listed with `--include-non-failures`. */
function isFailure(item: unknown): boolean {
  const status = asText(asObject(item)?.Status);
  return status === undefined || status === 'FAIL';
}
