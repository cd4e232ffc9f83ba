import type { HistoryEntry, ScannedImage } from '../scan/report.ts';
import { asArray, asNumber, asObject, asText, asTexts, type JsonObject, withoutAbsent } from '../scan/untrusted.ts';

/** What is known of an image without looking into its layers. */
export interface ImageFacts {
  /** From the bottom to the top. */
  readonly diffIds: readonly string[];
  /** Uncompressed bytes of the layers, in the same order; empty when not known. */
  readonly sizes: readonly (number | undefined)[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
  /** `NAME=value`. */
  readonly env: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** What a scan says of its image is all that is needed. */
export function imageOfScan(image: ScannedImage): ImageFacts {
  return {
    diffIds: image.diffIds,
    sizes: image.layers.map((layer) => layer.size),
    history: image.history,
    env: image.config.env,
    labels: image.config.labels,
  };
}

/**
 * Reads an image's configuration (OCI or docker), and the output of `docker image inspect` or `podman image inspect`
 * for what it leaves open. Anything else gives an image without layers. Never throws.
 *
 * @param values parsed JSON, the most trusted one first; a list stands for its first element
 */
export function readImageFacts(...values: readonly unknown[]): ImageFacts {
  const documents = values.map((value) => asObject(Array.isArray(value) ? value[0] : value) ?? {});
  const configs = documents.map((each) => asObject(each.config) ?? asObject(each.Config) ?? {});
  return {
    diffIds: firstFull(documents, (each) => asTexts((asObject(each.rootfs) ?? asObject(each.RootFS))?.[rootKey(each)])),
    sizes: [],
    history: firstFull(documents, (each) => asArray(each.history ?? each.History).map(readEntry)),
    env: firstFull(configs, (each) => asTexts(each.Env ?? each.env)),
    labels: Object.assign({}, ...configs.map((each) => texts(each.Labels ?? each.labels)).reverse()) as Record<
      string,
      string
    >,
  };
}

function rootKey(document: JsonObject): string {
  return asObject(document.rootfs) ? 'diff_ids' : 'Layers';
}

function firstFull<T>(documents: readonly JsonObject[], read: (document: JsonObject) => T[]): T[] {
  for (const document of documents) {
    const found = read(document);
    if (found.length > 0) return found;
  }
  return [];
}

function readEntry(value: unknown): HistoryEntry {
  const entry = asObject(value) ?? {};
  return withoutAbsent<HistoryEntry>({
    created: asText(entry.created),
    createdBy: asText(entry.created_by) ?? '',
    comment: asText(entry.comment),
    emptyLayer: entry.empty_layer === true,
  });
}

function texts(value: unknown): Record<string, string> {
  const found: [string, string][] = [];
  for (const [key, text] of Object.entries(asObject(value) ?? {})) found.push([key, asText(text) ?? '']);
  return Object.fromEntries(found);
}

/** Reads a history that is kept as JSON text; none when it is something else. Never throws. */
export function readHistoryText(text: string): HistoryEntry[] {
  return asArray(parse(text)).map(readEntry);
}

/** Docker marks the one layer of a squashed build so, on a base image or on nothing. */
export function isSquashNote(comment: string | undefined): boolean {
  return comment !== undefined && /^(?:merge|create new from) sha256:/.test(comment);
}

/** A row of `docker history` or of the engine's history interface: without the mark for entries without a layer. */
export interface HistoryRow {
  readonly createdBy: string;
  readonly comment?: string;
  /** As the engine counts it. */
  readonly size: number;
}

/** Instructions that never make a layer. */
const configOnly =
  /^(?:ENV|MAINTAINER|LABEL|CMD|ENTRYPOINT|HEALTHCHECK|EXPOSE|USER|VOLUME|STOPSIGNAL|SHELL|ARG|ONBUILD)\b/;

/**
 * History entries out of rows (oldest first) that don't say which of them made a layer. An entry of size 0 made none
 * when its instruction never does. When that leaves more entries than layers, the classic builder is at work: there a
 * RUN or WORKDIR of size 0 made no layer either. What still doesn't fit is left so, for the caller to see. None for an
 * image that was squashed: there rows of size 0 are layers of the base image, or went into the squashed one.
 */
export function entriesOfRows(rows: readonly HistoryRow[], layerCount: number): HistoryEntry[] {
  if (rows.some(({ comment }) => isSquashNote(comment))) return [];
  const instruction = (row: HistoryRow): string => row.createdBy.replace(/^.*?#\(nop\)\s*/s, '').trimStart();
  const plain = rows.map((row) => {
    const text = instruction(row);
    return row.size === 0 && (configOnly.test(text) || /^WORKDIR \/\s*$/.test(text));
  });
  const count = (empty: readonly boolean[]): number => empty.filter((each) => !each).length;
  const classic = rows.map((row, index) => {
    const byBuildKit = (row.comment ?? '').startsWith('buildkit.') || row.createdBy.endsWith('# buildkit');
    return plain[index]! || (row.size === 0 && row.createdBy !== '' && !byBuildKit && !isCopy(instruction(row)));
  });
  const empty = count(plain) > layerCount && count(classic) === layerCount ? classic : plain;
  return rows.map((row, index) =>
    withoutAbsent<HistoryEntry>({
      created: undefined,
      createdBy: row.createdBy,
      comment: row.comment,
      emptyLayer: empty[index]!,
    }),
  );
}

function isCopy(text: string): boolean {
  return /^(?:COPY|ADD)\b/.test(text);
}

/** Reads rows of `docker history --format '{{json .}}'` (one object a line) or of a JSON list; oldest first. */
export function readHistoryRows(text: string): HistoryRow[] {
  const items = text.trimStart().startsWith('[') ? asArray(parse(text)) : text.split('\n').map(parse);
  const rows = items.flatMap((item): HistoryRow[] => {
    const row = asObject(item);
    if (!row) return [];
    const size = row.Size ?? row.size;
    return [
      withoutAbsent<HistoryRow>({
        createdBy: asText(row.CreatedBy) ?? '',
        comment: asText(row.Comment ?? row.comment),
        size: asNumber(typeof size === 'string' ? Number(size) : size) ?? 0,
      }),
    ];
  });
  return rows.reverse();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
