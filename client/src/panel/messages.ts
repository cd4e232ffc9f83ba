import { type Severity, severities } from '../../../server/src/scan/report.ts';
import { type Column, columns, type Query, type Row, type SeverityCounts } from './findings.ts';

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
] as const;

export type Action = (typeof actions)[number];

/** What the webview keeps across reloads; the rest is the extension's. */
export interface PanelState {
  readonly version: 1;
  /** Names the scan in the extension's store. */
  readonly key: string;
  readonly query?: Query;
}

/** From the webview to the extension. */
export type ViewMessage =
  | { readonly type: 'ready'; readonly query?: Query }
  | { readonly type: 'query'; readonly query: Query }
  /** Asks for rows of the current selection; `selection` tells which one the asker means. */
  | { readonly type: 'rows'; readonly selection: number; readonly offset: number; readonly count: number }
  | { readonly type: 'details'; readonly finding: number }
  | { readonly type: 'openLink'; readonly finding: number; readonly link: number }
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
  | { readonly type: 'stale'; readonly stale: boolean }
  /** Puts the cursor into the search box, for the command of that name. */
  | { readonly type: 'focusSearch' };

/** The states the panel can be in. */
export type PanelView =
  | { readonly kind: 'empty'; readonly key: string }
  | { readonly kind: 'running'; readonly key: string; readonly subject: string; readonly phase: string }
  | { readonly kind: 'failed'; readonly key: string; readonly subject: string; readonly failure: FailureView }
  | { readonly kind: 'result'; readonly key: string; readonly header: Header };

export interface FailureView {
  readonly message: string;
  readonly nextStep: string;
  readonly details: string;
  /** True when an older result can be shown. */
  readonly hasLast: boolean;
  readonly remedies: readonly { readonly id: string; readonly label: string }[];
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
  readonly stale: boolean;
  readonly total: number;
  readonly fixable: number;
  readonly suppressed: number;
  readonly notes: readonly string[];
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
}

const maxRows = 500;
const maxSearch = 500;

/** The message, or undefined when it is not one that the panel's own page would send. */
export function parseViewMessage(value: unknown): ViewMessage | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['type']) {
    case 'ready': {
      const query = parseQuery(value['query']);
      return query ? { type: 'ready', query } : { type: 'ready' };
    }
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
  return {
    search,
    severities: severities.filter((severity) => wanted.includes(severity)),
    fixableOnly,
    sort: { column, descending: sort['descending'] },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isIndex(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
