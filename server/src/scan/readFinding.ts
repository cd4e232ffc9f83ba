import type { ConfigPlaces } from './configPlace.ts';
import type { DiffIdOf } from './layerReader.ts';
import type { FixStatus, ScanFinding, Severity } from './report.ts';
import { asArray, asNumber, asObject, asText, httpsUrl, isoDate, type JsonObject, withoutAbsent } from './untrusted.ts';

const maximumReferences = 50;

/** What a report says of a group of findings. */
export type Place = Pick<ScanFinding, 'target' | 'class' | 'type'>;

/** Undefined, as below, for an entry that does not say what was found. */
export function readVulnerability(entry: JsonObject, place: Place, diffIdOf: DiffIdOf): ScanFinding | undefined {
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
export function readSecret(
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

export function readMisconfiguration(
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
