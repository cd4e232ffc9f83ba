import type { ScannedImage } from './report.ts';
import { asArray, asObject, asText, type JsonObject } from './untrusted.ts';

/** Finds out the diff id of the layer that an entry names. */
export type DiffIdOf = (entry: JsonObject) => string | undefined;

/** A layer without a diff id is known by the digest of what a registry has of it, when the image says which that is. */
export function layerReader(root: JsonObject, { diffIds }: ScannedImage): DiffIdOf {
  const byDigest = new Map(diffIds.map((diffId) => [diffId, diffId]));
  for (const item of asArray(asObject(root.Metadata)?.Layers)) {
    const layer = asObject(item);
    const [digest, diffId] = [asText(layer?.Digest), asText(layer?.DiffID)];
    if (digest !== undefined && diffId !== undefined) byDigest.set(digest, diffId);
  }
  return (entry) => {
    const layer = asObject(entry.Layer);
    return asText(layer?.DiffID) || byDigest.get(asText(layer?.Digest) ?? '');
  };
}
