import { isFixable, type ScanFinding, type ScanReport, severities, type Severity } from '../scan/report.ts';

export interface SarifOptions {
  /** When the scan was made. */
  readonly scannedAt: Date;
  readonly trivyVersion?: string;
  /** Version of this product. */
  readonly version: string;
  /** Where a finding (by its index) comes from in a file of the project; its file in the image is then beside it. */
  readonly placeOf?: (finding: number) => SarifPlace | undefined;
  /** How many results there may be; of more findings the worst are taken. All of them when absent. */
  readonly most?: number;
}

/** A place in a file of the project. */
export interface SarifPlace {
  /** Relative to the project, encoded. */
  readonly uri: string;
  /** First and last, 1-based; of a finding that several places may have brought the first is its location. None: the file. */
  readonly lines: readonly (readonly [first: number, last: number])[];
}

/** Results in one piece of text. */
const perPiece = 1000;

/**
 * The report as SARIF 2.1.0: one rule for each id, one result for each finding. Locations are files in the image,
 * relative to its root.
 */
export function exportSarif(report: ScanReport, options: SarifOptions): string {
  return [...sarifPieces(report, options)].join('');
}

/** The same in pieces, between which others can have their turn: a hundred thousand findings take seconds. */
export function* sarifPieces(report: ScanReport, options: SarifOptions): Generator<string> {
  const rules = new Map<string, { index: number; rule: object }>();
  const kept = worst(report.findings, options.most ?? Infinity);
  for (const [index, { finding }] of kept.entries()) {
    if (!rules.has(finding.id)) rules.set(finding.id, { index: rules.size, rule: ruleOf(finding) });
    if (index % perPiece === perPiece - 1) yield '';
  }
  const run = {
    tool: {
      driver: {
        name: 'Plimsoll image scan',
        version: options.version,
        informationUri: 'https://github.com/plimsoll/plimsoll',
        rules: [],
      },
      ...(options.trivyVersion === undefined
        ? {}
        : { extensions: [{ name: 'Trivy', version: options.trivyVersion, informationUri: 'https://trivy.dev' }] }),
    },
    invocations: [{ executionSuccessful: true, endTimeUtc: options.scannedAt.toISOString() }],
    originalUriBaseIds: { IMAGE: { description: { text: `The root folder of the image ${report.image.name}` } } },
    columnKind: 'utf16CodeUnits',
    properties: { image: report.image.name, imageId: report.image.id, repoTags: report.image.tags },
    results: [],
  };
  const schema = 'https://json.schemastore.org/sarif-2.1.0.json';
  const frame = JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, null, 2);
  // Only the frame's own lists are empty at these depths; texts of strangers hold no line breaks in JSON.
  const [beforeRules, afterRules] = split(frame, '\n          "rules": [', ']');
  const [between, end] = split(afterRules, '\n      "results": [', ']');
  yield beforeRules;
  yield* listed([...rules.values()], ({ rule }) => rule);
  yield between;
  const seen = new Map<string, number>();
  yield* listed(kept, ({ finding, index }) => {
    const named = fingerprint(finding, report);
    const times = (seen.get(named) ?? 0) + 1;
    seen.set(named, times);
    return {
      ...resultOf(finding, rules.get(finding.id)!.index, report, options.placeOf?.(index)),
      partialFingerprints: { 'plimsoll/v1': times === 1 ? named : `${named}:${times}` },
    };
  });
  yield `${end}\n`;
}

/** Findings in their order, the least severe ones left out when there are too many. */
function worst(findings: readonly ScanFinding[], most: number): { finding: ScanFinding; index: number }[] {
  const all = findings.map((finding, index) => ({ finding, index }));
  if (all.length <= most) return all;
  const rank = ({ severity }: ScanFinding) => severities.indexOf(severity);
  return all
    .sort((a, b) => rank(a.finding) - rank(b.finding))
    .slice(0, most)
    .sort((a, b) => a.index - b.index);
}

/** What stands in front of the end of a list, its bracket included, and what follows with the closing one. */
function split(text: string, start: string, end: string): readonly [string, string] {
  const at = text.indexOf(start + end) + start.length;
  return [text.slice(0, at), text.slice(at)];
}

/** Elements of a JSON list, a line each. */
function* listed<T>(items: readonly T[], toValue: (item: T, index: number) => object): Generator<string> {
  for (let start = 0; start < items.length; start += perPiece) {
    const lines = items
      .slice(start, start + perPiece)
      .map((item, index) => JSON.stringify(toValue(item, start + index)));
    yield `${start === 0 ? '\n' : ',\n'}${lines.join(',\n')}`;
  }
}

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  unknown: 'note',
};

/** What code-scanning pages sort by where there is no CVSS score. */
const scores: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  unknown: '0.0',
};

function ruleOf(finding: ScanFinding): object {
  const summary = finding.title ?? `${finding.id} in ${finding.package ?? finding.target}`;
  return {
    id: finding.id,
    shortDescription: { text: plainText(summary) },
    fullDescription: { text: plainText(finding.description ?? summary) },
    help: { text: [finding.description ?? summary, finding.resolution, finding.url].flatMap(paragraph).join('\n\n') },
    ...(finding.url === undefined ? {} : { helpUri: finding.url }),
    defaultConfiguration: { level: levels[finding.severity] },
    properties: {
      'security-severity': finding.cvssScore?.toFixed(1) ?? scores[finding.severity],
      tags: ['security', finding.kind, finding.severity],
    },
  };
}

function resultOf(finding: ScanFinding, ruleIndex: number, report: ScanReport, place: SarifPlace | undefined): object {
  // Packages of the system have no file of their own.
  const uri = fileUri(finding.path ?? (finding.class === 'os-pkgs' ? report.image.name : finding.target));
  const layer = report.image.layers.findIndex((candidate) => candidate.diffId === finding.layerDiffId);
  const inImage = {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: 'IMAGE' },
      region: { startLine: Math.max(1, Math.floor(finding.line ?? 1)) },
    },
    ...(layer < 0 ? {} : { message: { text: `Layer ${layer + 1} of ${report.image.layers.length}` } }),
  };
  const [inProject, ...others] = place ? projectLocations(place) : [];
  return {
    ruleId: finding.id,
    ruleIndex,
    level: levels[finding.severity],
    message: { text: plainText(messageOf(finding)) },
    locations: [inProject ?? inImage],
    ...(inProject ? { relatedLocations: [...others, inImage].map((each, index) => ({ ...each, id: index + 1 })) } : {}),
  };
}

/** The same in the next scan, whose image usually has another tag: the name of the image is no part of it. */
function fingerprint(
  { id, package: name = '', installedVersion = '', path, target }: ScanFinding,
  { image }: ScanReport,
) {
  const place = path ?? (target.startsWith(image.name) ? target.slice(image.name.length) : target);
  return [id, name, installedVersion, fileUri(place)].join(':');
}

function projectLocations({ uri, lines }: SarifPlace): { physicalLocation: object; message?: object }[] {
  const artifactLocation = { uri };
  if (lines.length === 0) return [{ physicalLocation: { artifactLocation } }];
  return lines.map(([startLine, endLine], index) => ({
    physicalLocation: { artifactLocation, region: { startLine, endLine } },
    ...(index === 0 ? {} : { message: { text: 'This instruction may have brought it, too.' } }),
  }));
}

function messageOf(finding: ScanFinding): string {
  if (finding.kind !== 'vulnerability') return finding.title ?? finding.description ?? finding.id;
  const name = `${finding.package ?? finding.target} ${finding.installedVersion ?? ''}`.trim();
  const fix = isFixable(finding)
    ? `fixed in ${finding.fixedVersion}`
    : `no fixed version (${(finding.status ?? 'unknown').replaceAll('_', ' ')})`;
  return `${name}: ${finding.title ?? finding.id}; ${fix}.`;
}

/** SARIF's plain texts know links, `[text](address)`: foreign text gets none. Code-scanning pages cut long texts. */
function plainText(text: string): string {
  return (text.length > 1000 ? `${text.slice(0, 999)}…` : text).replaceAll('](', '] (');
}

function paragraph(text: string | undefined): string[] {
  return text ? [plainText(text)] : [];
}

/** A relative reference without dots that would leave the image. */
function fileUri(path: string): string {
  return path
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .map((part) => encodeURIComponent(part))
    .join('/');
}
