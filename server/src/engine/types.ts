import type { ScanReport } from '../scan/report.ts';

/** What to scan. Paths are absolute. */
export type ScanSource =
  | BuildSource
  /** An image that the engine has, by id or name. */
  | { readonly kind: 'local'; readonly reference: string }
  /** A name: taken from the engine when it has it, from the registry otherwise. */
  | { readonly kind: 'reference'; readonly reference: string }
  /** A file written by `docker save` or `podman save`, or an OCI layout. */
  | { readonly kind: 'archive'; readonly path: string };

/** Build this Dockerfile and scan the result. */
export interface BuildSource {
  readonly kind: 'build';
  readonly dockerfile: string;
  readonly context: string;
  /** Name (or number) of the stage to build; the last one when absent. */
  readonly target?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Name given to the image; `scanTag(dockerfile)` makes one. */
  readonly tag: string;
}

export type EngineChoice = 'auto' | 'docker' | 'podman';

export interface ScanSettings {
  /** The executables, when the user names them. Absolute paths, or names looked up in PATH. */
  readonly trivyPath?: string;
  readonly dockerPath?: string;
  readonly podmanPath?: string;
  /** An image of Trivy with its digest, run by the engine in place of a Trivy program. */
  readonly trivyContainerImage?: string;
  readonly engine: EngineChoice;
  /** Minutes that Trivy may take. */
  readonly timeoutMinutes: number;
  /** Scan with the database there is, without asking for a newer one. */
  readonly skipDatabaseUpdate?: boolean;
  /** Nothing is asked of the network, neither for databases nor for images. */
  readonly offline?: boolean;
  /** `.trivyignore` or `.trivyignore.yaml`, given on purpose: Trivy runs in a neutral folder and finds none itself. */
  readonly ignoreFile?: string;
  readonly trivyConfigFile?: string;
  /** Further options for `trivy image`, one element per argument. */
  readonly extraTrivyArguments?: readonly string[];
  /** Further options for the build, one element per argument: `--network=host`, `--secret=…`. */
  readonly extraBuildArguments?: readonly string[];
}

export interface ScanRequest {
  readonly source: ScanSource;
  readonly settings: ScanSettings;
}

/** What a scan is doing, for the progress bar; `message` is the real phase in words. */
export interface ScanProgress {
  readonly phase: ScanPhase;
  readonly message: string;
}

/** `wait`: for another Trivy, which may take minutes. */
export type ScanPhase = 'prepare' | 'pull' | 'build' | 'save' | 'wait' | 'scan' | 'read';

export type ScanFailureKind =
  | 'trivy-not-found'
  | 'trivy-refused'
  | 'trivy-broken'
  | 'trivy-not-pinned'
  | 'trivy-settings'
  | 'engine-not-found'
  | 'engine-not-running'
  | 'engine-no-permission'
  | 'engine-wrong-context'
  | 'engine-no-builder'
  | 'engine-elsewhere'
  | 'bad-reference'
  | 'no-image'
  | 'registry-auth'
  | 'registry-unreachable'
  | 'archive-unreadable'
  | 'build-failed'
  | 'dockerfile-invalid'
  | 'context-unreadable'
  | 'database-download'
  | 'database-first-run'
  | 'database-old'
  | 'database-damaged'
  | 'cache-unwritable'
  | 'java-database'
  | 'rate-limited'
  | 'timeout'
  | 'locked'
  | 'disk-full'
  | 'report-unreadable'
  | 'killed'
  | 'unknown';

/** What the user can be offered as a button. */
export type ScanRemedy =
  | 'install-trivy'
  | 'choose-trivy'
  | 'run-in-container'
  | 'install-engine'
  | 'choose-engine'
  | 'retry'
  | 'skip-database-update'
  | 'raise-timeout'
  | 'scan-archive'
  | 'show-log';

/** Why there is no result. `message` says what happened, `nextStep` what to do; one sentence each, or a few. */
export interface ScanFailure {
  readonly kind: ScanFailureKind;
  readonly message: string;
  readonly nextStep: string;
  /** The tool's own last words, for the log and a details view; foreign text. */
  readonly details: string;
  readonly remedies: readonly ScanRemedy[];
}

export interface TrivyInfo {
  /** The program, or the image that is run in a container. */
  readonly path: string;
  readonly version: string;
  /** When the vulnerability database was made, ISO 8601; absent when there was none before the scan. */
  readonly databaseUpdatedAt?: string;
  readonly databaseDownloadedAt?: string;
  /** The same of the database of Java archives. */
  readonly javaDatabaseUpdatedAt?: string;
}

export interface EngineInfo {
  readonly kind: 'docker' | 'podman';
  readonly path: string;
  readonly clientVersion: string;
  readonly serverVersion: string;
  /** How images are built: `buildx` and `buildkit` show their steps, `legacy` and `buildah` only text. */
  readonly builder: 'buildx' | 'buildkit' | 'legacy' | 'buildah';
  /** The form in which buildx tells its progress. */
  readonly progress?: 'rawjson' | 'plain';
  /** Why the engine that is asked first was passed over, a sentence: `Docker is not running.` */
  readonly insteadOf?: string;
  /** Address that Trivy needs: `unix:///…` of docker, the path of podman's socket; absent for podman without one. */
  readonly host?: string;
}

export interface ScanSuccess {
  readonly status: 'success';
  readonly report: ScanReport;
  /** Trivy's own report as text, for "Export JSON". Contains what it says of secrets; not for the panel. */
  readonly rawJson: string;
  /** What the user should know about the report: parts that could not be read, a missing database update. */
  readonly notes: readonly string[];
  readonly trivy: TrivyInfo;
  /** Absent when neither a build nor a local image needed one. */
  readonly engine?: EngineInfo;
  /** Id of the image built by this scan. */
  readonly builtImageId?: string;
  /**
   * BuildKit's own account of the build as JSON text, where it gives one, also of one that was not ours: which layer
   * comes from which line. Build arguments are in it, so it is neither logged nor shown.
   */
  readonly buildMetadata?: string;
  readonly startedAt: Date;
  readonly durationMs: number;
}

export type ScanOutcome =
  | ScanSuccess
  | { readonly status: 'failure'; readonly failure: ScanFailure }
  | { readonly status: 'cancelled' };

/** An image that the engine has. */
export interface LocalImage {
  /** With `sha256:`. */
  readonly id: string;
  readonly tags: readonly string[];
  readonly created: Date;
  /** Bytes, as the engine counts them. */
  readonly size: number;
}
