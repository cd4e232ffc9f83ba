import { type Severity, severities } from '../../../server/src/scan/report.ts';
import {
  type Column,
  columns,
  type Difference,
  differences,
  type Group,
  type GroupKey,
  groupings,
  type Query,
  type Row,
  type SeverityCounts,
} from './findings.ts';

/**
 * The messages between the panel's webview and the extension. What comes from the webview is checked before it is
 * believed: `parseViewMessage` returns undefined for anything that does not have exactly one of these shapes.
 */

export const actions = [
  'scan',
  'rescan',
  'cancel',
  'exportJson',
  'exportSarif',
  'copyMarkdown',
  'showLog',
  'showDockerfile',
  'showLast',
  'compare',
  'findWaste',
] as const;

export type Action = (typeof actions)[number];

/** The tables of a result; `difference` is there when the scan is compared with another one. */
export const tables = ['findings', 'layers', 'package', 'target', 'difference'] as const;

export type Table = (typeof tables)[number];

export const changeActions = ['reveal', 'apply', 'compare', 'rebuild'] as const;

export type ChangeAction = (typeof changeActions)[number];

/** What the webview keeps across reloads; the rest is the extension's. */
export interface PanelState {
  readonly version: 1;
  /** Names the scan in the extension's store. */
  readonly key: string;
  readonly query?: Query;
}

/** From the webview to the extension. */
export type ViewMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'query'; readonly query: Query }
  /** Asks for rows of the current selection; `selection` tells which one the asker means. */
  | { readonly type: 'rows'; readonly selection: number; readonly offset: number; readonly count: number }
  | { readonly type: 'details'; readonly finding: number }
  | { readonly type: 'openLink'; readonly finding: number; readonly link: number }
  /** Asks for one of the tables that are not the findings'. */
  | { readonly type: 'table'; readonly table: Table }
  /** To the line of the Dockerfile, of a finding or of a row of the layers. */
  | { readonly type: 'revealFinding'; readonly finding: number }
  | { readonly type: 'revealShare'; readonly share: number }
  | { readonly type: 'change'; readonly change: number; readonly action: ChangeAction }
  | { readonly type: 'ignore'; readonly finding: number }
  | { readonly type: 'action'; readonly action: Action }
  | { readonly type: 'remedy'; readonly remedy: string };

/** From the extension to the webview. */
export type HostMessage =
  | { readonly type: 'show'; readonly view: PanelView }
  | {
      readonly type: 'selection';
      readonly selection: number;
      readonly query: Query;
      readonly total: number;
      readonly counts: SeverityCounts;
      /** The first rows, so that the table is there with the first message. */
      readonly rows: readonly Row[];
    }
  | { readonly type: 'rows'; readonly selection: number; readonly offset: number; readonly rows: readonly Row[] }
  | { readonly type: 'details'; readonly details: FindingDetails }
  /** The image no longer is what the Dockerfile says, or is again. */
  | { readonly type: 'stale'; readonly stale: Staleness }
  /** Instructions that are to be changed were edited since, or are again as they were. */
  | { readonly type: 'changes'; readonly changes: readonly ChangeView[] }
  | { readonly type: 'layers'; readonly layers: LayersView }
  | { readonly type: 'groups'; readonly table: Table; readonly groups: readonly Group[]; readonly more: number }
  | { readonly type: 'comparison'; readonly comparison: ComparisonView | undefined }
  /** Turns to a table, for commands. */
  | { readonly type: 'showTable'; readonly table: Table }
  /** Puts the cursor into the search box, for the command of that name. */
  | { readonly type: 'focusSearch' };

/** The states the panel can be in. */
export type PanelView =
  | { readonly kind: 'empty'; readonly key: string }
  /** The last result is on its way, if there is one. */
  | { readonly kind: 'reading'; readonly key: string }
  | { readonly kind: 'running'; readonly key: string; readonly subject: string; readonly phase: string }
  | { readonly kind: 'failed'; readonly key: string; readonly subject: string; readonly failure: FailureView }
  | { readonly kind: 'result'; readonly key: string; readonly header: Header };

export interface FailureView {
  readonly message: string;
  readonly nextStep: string;
  readonly details: string;
  /** What can be done about it at length: ways to get a program, as commands to copy. */
  readonly ways: readonly WayView[];
  /** True when an older result can be shown. */
  readonly hasLast: boolean;
  readonly remedies: readonly { readonly id: string; readonly label: string }[];
}

export interface WayView {
  /** For whom it is: `macOS, Linux with Homebrew`. */
  readonly label: string;
  readonly command: string;
}

export interface Header {
  /** What was scanned, as the user knows it. */
  readonly subject: string;
  /** The image's own name. */
  readonly name: string;
  readonly id: string;
  /** Uncompressed bytes. */
  readonly size?: number | undefined;
  readonly os?: string | undefined;
  readonly endOfLife: boolean;
  /** Milliseconds since 1970. */
  readonly scannedAt: number;
  readonly trivyVersion: string;
  /** Milliseconds since 1970; absent when Trivy doesn't tell. */
  readonly databaseDate?: number | undefined;
  /** The Dockerfile, relative to its workspace folder. */
  readonly dockerfile?: string | undefined;
  readonly stale: Staleness;
  readonly total: number;
  readonly fixable: number;
  readonly suppressed: number;
  readonly notes: readonly string[];
  /** What to change, the change that removes most first. */
  readonly changes: readonly ChangeView[];
  /** What an ignore file hides, by reason. */
  readonly hidden: readonly HiddenView[];
}

/** What has become of the Dockerfile since it was built: nothing, edits, or it is gone from its place. */
export type Staleness = false | 'changed' | 'gone';

export interface ChangeView {
  readonly title: string;
  readonly detail: string;
  /** Position of the share that it is about. */
  readonly share: number;
  /** Whether its instruction was edited since the scan: perhaps it is done. */
  readonly isChanged: boolean;
  readonly actions: readonly { readonly action: ChangeAction; readonly label: string }[];
}

export interface HiddenView {
  readonly count: number;
  /** File and reason, for people. */
  readonly reason: string;
}

export interface ComparisonView {
  /** What is compared: `Compared with the scan of 2 h ago`. */
  readonly title: string;
  readonly parts: readonly {
    readonly difference: Difference;
    readonly total: number;
    readonly counts: SeverityCounts;
  }[];
}

/** The image as lines of its Dockerfile. */
export interface LayersView {
  /** Why there are no lines; absent when there are. */
  readonly problem?: string | undefined;
  readonly notes: readonly string[];
  /** What later lines waste of the whole, in a sentence; undefined until somebody has looked. */
  readonly waste?: string | undefined;
  /** Uncompressed bytes that looking for it has to read; absent where that is known, or makes no sense. */
  readonly wasteCost?: number | undefined;
  readonly rows: readonly LayerRow[];
}

export interface LayerRow {
  /** Position of the share, for `revealShare` and for a group of findings; absent for a layer without a line. */
  readonly share?: number | undefined;
  /** `1`, `4–7`; empty when not known. */
  readonly lines: string;
  readonly text: string;
  readonly remarks: string;
  /** Uncompressed bytes. */
  readonly size?: number | undefined;
  /** Bytes of these that later lines waste. */
  readonly wasted?: number | undefined;
  /** `12 MB of it removed by line 9`, and the largest files; empty when that is not known or not worth a word. */
  readonly waste: string;
  readonly wastedFiles: string;
  readonly counts: SeverityCounts;
  readonly total: number;
  readonly fixable: number;
  readonly secrets: number;
  readonly misconfigurations: number;
  readonly changed: boolean;
  /** The base image's own layers, folded. */
  readonly base?: readonly { readonly text: string; readonly size?: number | undefined }[] | undefined;
}

export interface FindingDetails {
  readonly finding: number;
  readonly heading: string;
  readonly severity: Severity;
  readonly title: string;
  readonly description: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** Addresses, in the order in which `openLink` counts them. */
  readonly links: readonly string[];
  /** Whether the line of the Dockerfile is known. */
  readonly hasLine: boolean;
  readonly canIgnore: boolean;
}

const maxRows = 500;
const maxSearch = 500;
const maxKey = 20_000;

/** The message, or undefined when it is not one that the panel's own page would send. */
export function parseViewMessage(value: unknown): ViewMessage | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'ready':
      return { type: 'ready' };
    case 'query': {
      const query = parseQuery(value['query']);
      return query && { type: 'query', query };
    }
    case 'rows': {
      const { selection, offset, count } = value;
      if (!isIndex(selection) || !isIndex(offset) || !isIndex(count) || count > maxRows) return undefined;
      return { type: 'rows', selection, offset, count };
    }
    case 'details':
      return isIndex(value['finding']) ? { type: 'details', finding: value['finding'] } : undefined;
    case 'openLink': {
      const { finding, link } = value;
      return isIndex(finding) && isIndex(link) ? { type: 'openLink', finding, link } : undefined;
    }
    case 'table': {
      const table = tables.find((name) => name === value['table']);
      return table && { type: 'table', table };
    }
    case 'revealFinding':
    case 'ignore':
      return isIndex(value['finding']) ? { type: value['type'], finding: value['finding'] } : undefined;
    case 'revealShare':
      return isIndex(value['share']) ? { type: 'revealShare', share: value['share'] } : undefined;
    case 'change': {
      const action = changeActions.find((name) => name === value['action']);
      return action && isIndex(value['change']) ? { type: 'change', change: value['change'], action } : undefined;
    }
    case 'action': {
      const action = actions.find((name) => name === value['action']);
      return action && { type: 'action', action };
    }
    case 'remedy': {
      const remedy = value['remedy'];
      return typeof remedy === 'string' && /^[a-z-]{1,40}$/.test(remedy) ? { type: 'remedy', remedy } : undefined;
    }
    default:
      return undefined;
  }
}

/** What a webview kept, or undefined when it is not ours or of another version. */
export function parsePanelState(value: unknown): PanelState | undefined {
  if (!isRecord(value) || value['version'] !== 1 || typeof value['key'] !== 'string') return undefined;
  const query = parseQuery(value['query']);
  return { version: 1, key: value['key'], ...(query && { query }) };
}

export function parseQuery(value: unknown): Query | undefined {
  if (!isRecord(value)) return undefined;
  const { search, severities: wanted, fixableOnly, sort } = value;
  if (typeof search !== 'string' || search.length > maxSearch || typeof fixableOnly !== 'boolean') return undefined;
  if (!Array.isArray(wanted) || !isRecord(sort) || typeof sort['descending'] !== 'boolean') return undefined;
  const column: Column | undefined = columns.find((name) => name === sort['column']);
  if (!column) return undefined;
  const group = parseGroup(value['group']);
  const difference = differences.find((name) => name === value['difference']);
  return {
    search,
    severities: severities.filter((severity) => wanted.includes(severity)),
    fixableOnly,
    sort: { column, descending: sort['descending'] },
    ...(group && { group }),
    ...(difference && { difference }),
  };
}

function parseGroup(value: unknown): GroupKey | undefined {
  if (!isRecord(value)) return undefined;
  const by = groupings.find((name) => name === value['by']);
  const key = value['key'];
  return by && typeof key === 'string' && key.length <= maxKey ? { by, key } : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
