/**
 * What a scan of an image found, in our own words: the model that the panel, the exports and the attribution to
 * lines share. It is plain data (it survives `postMessage` and JSON unchanged) and never changes once read.
 *
 * `readReport.ts` makes it out of a Trivy report.
 */

/** Severities from the worst to the least known; the order in which they are shown. */
export const severities = ['critical', 'high', 'medium', 'low', 'unknown'] as const;

export type Severity = (typeof severities)[number];

export type ScanFindingKind = 'vulnerability' | 'secret' | 'misconfiguration';

/** What the vendor of a package says about a vulnerability; `fixed` means that a fixed version exists. */
export type FixStatus =
  | 'fixed'
  | 'affected'
  | 'not_affected'
  | 'under_investigation'
  | 'will_not_fix'
  | 'fix_deferred'
  | 'end_of_life'
  | 'unknown';

/**
 * One thing found in the image.
 *
 * All texts come from a vulnerability database or from the image itself: control and bidirectional characters are
 * taken out and the length is bounded, but they are still foreign text, never markup. Links are `https:` only.
 * The secret itself and the lines around it are left out on purpose: their masking in the report is not complete.
 */
export interface ScanFinding {
  readonly kind: ScanFindingKind;
  /** `CVE-…`, `GHSA-…`, the rule of a secret, or the id of a check such as `DS-0002`. */
  readonly id: string;
  readonly severity: Severity;
  /** Name of the vulnerable package; absent for secrets and misconfigurations. */
  readonly package?: string;
  readonly installedVersion?: string;
  /** Package URL with its version; absent in reports of old versions of Trivy. */
  readonly purl?: string;
  /** One version, or several branches separated by commas. */
  readonly fixedVersion?: string;
  /** For vulnerabilities only. */
  readonly status?: FixStatus;
  readonly title?: string;
  readonly description?: string;
  /** What to do about it, as the check of a misconfiguration says. */
  readonly resolution?: string;
  readonly url?: string;
  readonly references: readonly string[];
  /** What was looked at: the operating system's packages, a lock file, a file with a secret. */
  readonly target: string;
  /** Trivy's class of the target: `os-pkgs`, `lang-pkgs`, `secret`, `config`, … */
  readonly class?: string;
  /** Trivy's type of the target: `debian`, `npm`, `jar`, … */
  readonly type?: string;
  /** File in the image that carries the package or the secret. */
  readonly path?: string;
  /** 1-based line in `path`, for secrets only. */
  readonly line?: number;
  /** Uncompressed digest of the layer that brought it; the tie to a line of the Dockerfile. */
  readonly layerDiffId?: string;
  /** Of what stands in the image's configuration: index of the entry in `ScannedImage.history` that left it there. */
  readonly historyIndex?: number;
  /** Highest-version CVSS score of the source that rated the severity, 0 to 10. */
  readonly cvssScore?: number;
  /** ISO 8601. */
  readonly published?: string;
}

export interface ImageLayer {
  readonly diffId: string;
  /** Uncompressed size in bytes; absent in reports of Trivy before 0.62. */
  readonly size?: number;
  /** The history text of the instruction; absent when the history doesn't fit the layers. */
  readonly createdBy?: string;
}

/** One entry of the image's history, oldest first. */
export interface HistoryEntry {
  readonly created?: string;
  readonly createdBy: string;
  readonly comment?: string;
  /** True where the instruction changed only the configuration. */
  readonly emptyLayer: boolean;
}

/** The part of the image's configuration that explains what it runs. Environment values may be confidential. */
export interface ImageConfig {
  readonly user?: string;
  readonly workingDir?: string;
  readonly env: readonly string[];
  readonly entrypoint: readonly string[];
  readonly cmd: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

export interface OperatingSystem {
  readonly family: string;
  readonly name: string;
  /** True when the distribution no longer supports this release. */
  readonly endOfLife: boolean;
}

export interface ScannedImage {
  /** The name under which it was scanned, or the first tag when that was a file. */
  readonly name: string;
  /** Digest of the image's configuration (of its index with docker's containerd store), with `sha256:`. */
  readonly id?: string;
  readonly tags: readonly string[];
  readonly digests: readonly string[];
  /** Uncompressed bytes of all layers. */
  readonly size?: number;
  readonly architecture?: string;
  /** Absent for `scratch` and for images without an os-release file. */
  readonly os?: OperatingSystem;
  /** When the image was built, ISO 8601. */
  readonly created?: string;
  readonly diffIds: readonly string[];
  readonly layers: readonly ImageLayer[];
  readonly history: readonly HistoryEntry[];
  readonly config: ImageConfig;
}

export interface ScanReport {
  readonly schemaVersion: number;
  /** Absent in reports of Trivy before 0.69. */
  readonly trivyVersion?: string;
  /** When the report was written, ISO 8601. */
  readonly created?: string;
  /** `container_image`, `filesystem`, … */
  readonly artifactType?: string;
  readonly image: ScannedImage;
  readonly findings: readonly ScanFinding[];
  /** Findings that an ignore file or a VEX statement took out. */
  readonly suppressed: number;
  /** Why they were, the most frequent reasons first; Trivy tells since 0.51. */
  readonly suppressedFor?: readonly { readonly reason: string; readonly count: number }[];
  /** Set when a part could not be read: there may be more findings than these. */
  readonly isPartial?: true;
}

/** Something in a report that could not be read; what could be read is still there. */
export interface ReportProblem {
  readonly message: string;
  /** Findings may be missing. */
  readonly isLoss?: true;
}

/** How many findings there are of each severity. */
export function countBySeverity(findings: readonly ScanFinding[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { critical: 0, high: 0, medium: 0, low: 0, unknown: 0 };
  for (const finding of findings) counts[finding.severity]++;
  return counts;
}

/** True when a version without the vulnerability exists. */
export function isFixable(finding: ScanFinding): boolean {
  return finding.fixedVersion !== undefined && finding.fixedVersion !== '';
}
