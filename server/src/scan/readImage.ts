import type { HistoryEntry, ImageConfig, ImageLayer, OperatingSystem, ReportProblem, ScannedImage } from './report.ts';
import { asArray, asNumber, asObject, asText, asTexts, isoDate, type JsonObject, withoutAbsent } from './untrusted.ts';

/** What a report says of the image itself. */
export function readImage(root: JsonObject, problems: ReportProblem[]): ScannedImage {
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

function firstNonEmpty(...lists: readonly string[][]): string[] {
  return lists.find((list) => list.length > 0) ?? [];
}
