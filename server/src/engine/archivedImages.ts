import { posix } from 'node:path';
import { type ImageFacts, type LayerFile, type LayerWaste, readImageFacts, wasteOf } from '../attribution/index.ts';
import { asArray, asObject, asText, asTexts, type JsonObject } from '../scan/untrusted.ts';

/** What is kept of a saved image's members: files are listed, not read. */
export interface Contents {
  /** Members that look like JSON, by name. */
  readonly documents: ReadonlyMap<string, string>;
  /** Uncompressed bytes of all members; undefined where packed in a way that can't be read. */
  readonly sizes: ReadonlyMap<string, number | undefined>;
  /** Of members that are layers. */
  readonly files: ReadonlyMap<string, readonly LayerFile[]>;
  readonly links: ReadonlyMap<string, string>;
}

/** An image that was saved. */
export interface ArchivedImage {
  readonly image: ImageFacts;
  readonly name: string | undefined;
  /** By layer: what later layers remove or write anew; undefined when a layer can't be looked into. */
  readonly waste: readonly LayerWaste[] | undefined;
  /** The builder's account of its build, when it was saved with the image: an in-toto statement, or garbage. */
  readonly provenance?: unknown;
}

/** All images, in order; those whose configuration is missing are left out. Undefined when it isn't an archive of images. */
export function archivedImages(contents: Contents): ArchivedImage[] | undefined {
  return savedImages(contents) ?? layoutImages(contents) ?? copiedImage(contents);
}

/** `docker save`: manifest.json names configurations and the files of layers. */
function savedImages(contents: Contents): ArchivedImage[] | undefined {
  const manifests = asArray(documentOf(contents, 'manifest.json')).map((each) => asObject(each) ?? {});
  const named = manifests.filter((each) => asText(each.Config) !== undefined);
  if (named.length === 0) return undefined;
  return named.flatMap((each) =>
    imageOf(contents, asText(each.Config)!, asTexts(each.Layers), asTexts(each.RepoTags)[0]),
  );
}

/** `skopeo copy … dir:`: manifest.json is the image's own, and blobs are files named by their digest alone. */
function copiedImage(contents: Contents): ArchivedImage[] | undefined {
  const manifest = asObject(documentOf(contents, 'manifest.json'));
  const config = asText(asObject(manifest?.config)?.digest);
  if (config === undefined) return undefined;
  const fileOf = (digest: string | undefined): string => digest?.replace(/^\w+:/, '') ?? '';
  const layers = asArray(manifest?.layers).map((layer) => fileOf(asText(asObject(layer)?.digest)));
  return imageOf(contents, fileOf(config), layers, undefined);
}

/** Often only a tag. */
const refName = 'org.opencontainers.image.ref.name';

/** OCI layout: index.json leads to manifests, perhaps by way of an index for several platforms. */
function layoutImages(contents: Contents): ArchivedImage[] | undefined {
  const index = asObject(documentOf(contents, 'index.json'));
  if (!index) return undefined;
  return manifestsIn(index)
    .filter(isImage)
    .flatMap((descriptor) => {
      const annotations = asObject(descriptor.annotations) ?? {};
      const name = asText(annotations['io.containerd.image.name']) ?? asText(annotations[refName]);
      const found = manifestsAt(contents, descriptor, new Set());
      return found.flatMap(({ manifest, platform }) => {
        const layers = asArray(manifest.layers).map((layer) => blobPath(asText(asObject(layer)?.digest)));
        const config = blobPath(asText(asObject(manifest.config)?.digest));
        const isOneOfMany = found.length > 1 && platform !== undefined;
        const fullName = isOneOfMany ? (name === undefined ? platform : `${name} (${platform})`) : name;
        return imageOf(contents, config, layers, fullName);
      });
    });
}

interface FoundManifest {
  readonly manifest: JsonObject;
  /** `linux/arm64`. */
  readonly platform: string | undefined;
}

/** The manifests that a descriptor leads to, by way of indexes or not: one for each platform. */
function manifestsAt(contents: Contents, descriptor: JsonObject, seen: Set<string>): FoundManifest[] {
  const digest = asText(descriptor.digest) ?? '';
  const document = seen.has(digest) ? undefined : blobOf(contents, descriptor);
  seen.add(digest);
  if (!document) return [];
  if (document.config !== undefined) return [{ manifest: document, platform: platformOf(descriptor) }];
  return manifestsIn(document)
    .filter(isImage)
    .flatMap((each) => manifestsAt(contents, each, seen));
}

function platformOf(descriptor: JsonObject): string | undefined {
  const { os, architecture, variant } = asObject(descriptor.platform) ?? {};
  const parts = [os, architecture, variant].map(asText).filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join('/');
}

function manifestsIn(index: JsonObject): JsonObject[] {
  return asArray(index.manifests).map((each) => asObject(each) ?? {});
}

/** Statements about images stand beside them as if they were for a platform of their own. */
function isImage(descriptor: JsonObject): boolean {
  return asText(asObject(descriptor.platform)?.os) !== 'unknown';
}

function imageOf(
  contents: Contents,
  config: string,
  layers: readonly string[],
  name: string | undefined,
): ArchivedImage[] {
  const image = readImageFacts(documentOf(contents, config));
  if (image.diffIds.length === 0) return [];
  const files = layers.map((layer) => contents.files.get(resolveLink(contents, layer)));
  const waste = files.every((each) => each !== undefined) ? wasteOf(files) : undefined;
  const provenance = provenanceOf(contents, config);
  return [
    {
      image: { ...image, sizes: layers.map((layer) => contents.sizes.get(resolveLink(contents, layer))) },
      name,
      waste,
      ...(provenance === undefined ? {} : { provenance }),
    },
  ];
}

/** BuildKit's statements are manifests of their own that name the image's manifest. */
function provenanceOf(contents: Contents, config: string): unknown {
  const seen = new Set<string>();
  const pending = [asObject(documentOf(contents, 'index.json'))];
  for (let index = pending.pop(); index; index = pending.pop()) {
    const descriptors = manifestsIn(index);
    for (const descriptor of descriptors) {
      const digest = asText(descriptor.digest) ?? '';
      const document = seen.has(digest) ? undefined : blobOf(contents, descriptor);
      seen.add(digest);
      if (!document) continue;
      if (document.config === undefined) pending.push(document);
      else if (blobPath(asText(asObject(document.config)?.digest)) === posix.normalize(config)) {
        const about = descriptors.find(
          (each) => asText(asObject(each.annotations)?.['vnd.docker.reference.digest']) === digest,
        );
        return about && statementIn(contents, about);
      }
    }
  }
  return undefined;
}

function statementIn(contents: Contents, descriptor: JsonObject): unknown {
  const layers = asArray(blobOf(contents, descriptor)?.layers).map((each) => asObject(each) ?? {});
  const layer = layers.find((each) =>
    asText(asObject(each.annotations)?.['in-toto.io/predicate-type'])?.startsWith('https://slsa.dev/provenance/'),
  );
  return layer && blobOf(contents, layer);
}

function blobOf(contents: Contents, descriptor: JsonObject): JsonObject | undefined {
  return asObject(documentOf(contents, blobPath(asText(descriptor.digest))));
}

function documentOf(contents: Contents, name: string): unknown {
  const text = contents.documents.get(resolveLink(contents, name));
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Layers that occur twice are links to each other. */
function resolveLink({ links, sizes }: Contents, name: string): string {
  let at = posix.normalize(name);
  for (let hops = 0; hops < 8 && !sizes.has(at); hops++) {
    const target = links.get(at);
    if (target === undefined) break;
    at = sizes.has(target) ? target : posix.join(posix.dirname(at), target);
  }
  return at;
}

function blobPath(digest: string | undefined): string {
  return digest === undefined ? '' : `blobs/${digest.replace(':', '/')}`;
}
