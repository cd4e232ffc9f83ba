import { asArray, asNumber, asObject, asText, asTexts, type JsonObject } from '../scan/untrusted.ts';
import type { LineSpan } from './types.ts';

/** A step of a build. */
export interface BuildStep {
  /** The image it loads; undefined for a step that runs, copies or makes something. */
  readonly image: string | undefined;
  /** Where Dockerfiles ask for it: several places when instructions share the step. */
  readonly places: readonly BuildPlace[];
  /** Digests of all layers up to this step, from the bottom; several when it was exported in several ways. */
  readonly chains: readonly (readonly string[])[];
}

/** Lines of a Dockerfile as it was built. */
export interface BuildPlace {
  readonly lines: LineSpan;
  /** Index among the Dockerfiles of the build. */
  readonly source: number;
}

/** What BuildKit recorded of a build. Build arguments may be confidential: they are never shown. */
export interface Provenance {
  /**
   * The Dockerfiles as they were built; undefined for one without a text. More than one when a stage of another target
   * takes the place of a base image (`contexts` of a bake file).
   */
  readonly dockerfiles: readonly (string | undefined)[];
  readonly target: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly steps: readonly BuildStep[];
  /** Digests of the finished image's layers, when the record says which step was the last. */
  readonly result: readonly string[] | undefined;
}

/**
 * Reads BuildKit's provenance (SLSA 0.2 or 1, with `mode=max`), bare, inside a statement, or inside the metadata file
 * of a build. Undefined when it has no layers: other modes leave them out. Never throws.
 */
export function readProvenance(value: unknown): Provenance | undefined {
  const predicate = findPredicate(value);
  if (!predicate) return undefined;
  const definition = asObject(predicate.buildDefinition) ?? {};
  const run = asObject(asObject(predicate.runDetails)?.metadata) ?? {};
  const metadata =
    asObject(asObject(predicate.metadata)?.['https://mobyproject.org/buildkit@v1#metadata']) ??
    asObject(run.buildkit_metadata) ??
    asObject(run['https://mobyproject.org/buildkit@v1#metadata']);
  const layers = asObject(metadata?.layers);
  if (!metadata || !layers) return undefined;
  const source = asObject(metadata.source);
  const config = asObject(predicate.buildConfig) ?? asObject(asObject(definition.internalParameters)?.buildConfig);
  const operations = asArray(config?.llbDefinition).map((each) => asObject(each) ?? {});
  const request = asObject(asObject(definition.externalParameters)?.request);
  const parameters = asObject(asObject(predicate.invocation)?.parameters) ?? request ?? {};
  const args = stringValues(asObject(parameters.args));
  const locations = asObject(source?.locations) ?? {};
  const chainsOf = (id: string): string[][] => chains(layers[id]);
  const steps = operations.map((operation): BuildStep => {
    const id = asText(operation.id) ?? '';
    const loaded = asObject(asObject(asObject(operation.op)?.Op)?.source)?.identifier;
    return {
      image: typeof loaded === 'string' && loaded.startsWith('docker-image://') ? loaded.slice(15) : undefined,
      places: places(locations[id]),
      chains: Object.keys(layers)
        .filter((key) => key === id || key.startsWith(`${id}:`))
        .flatMap(chainsOf),
    };
  });
  return {
    dockerfiles: asArray(source?.infos).map(dockerfileText),
    target: args.get('target'),
    buildArgs: Object.fromEntries(
      [...args].flatMap(([name, text]) => (name.startsWith('build-arg:') ? [[name.slice(10), text]] : [])),
    ),
    steps,
    result: resultChain(operations, chainsOf),
  };
}

function findPredicate(value: unknown): JsonObject | undefined {
  const object = asObject(Array.isArray(value) ? value[0] : value);
  if (!object) return undefined;
  if (object.predicate !== undefined) return findPredicate(object.predicate);
  if (object.metadata !== undefined || object.runDetails !== undefined) return object;
  const key = Object.keys(object).find((name) => /^buildx\.build\.provenance(?:$|\/)/.test(name));
  return key === undefined ? undefined : findPredicate(object[key]);
}

function chains(value: unknown): string[][] {
  return asArray(value)
    .map((chain) => asArray(chain).flatMap((layer) => asTexts([asObject(layer)?.digest])))
    .filter((chain) => chain.length > 0);
}

/** A RUN over several lines is several ranges of one place. */
function places(value: unknown): BuildPlace[] {
  return asArray(asObject(value)?.locations).flatMap((item): BuildPlace[] => {
    const location = asObject(item);
    const lines = asArray(location?.ranges).flatMap((each) => {
      const range = asObject(each);
      return [asNumber(asObject(range?.start)?.line), asNumber(asObject(range?.end)?.line)].filter(
        (line) => line !== undefined,
      );
    });
    if (lines.length === 0) return [];
    return [{ lines: [Math.min(...lines), Math.max(...lines)], source: asNumber(location?.sourceIndex) ?? 0 }];
  });
}

/** The last operation names no work of its own: its input is what was exported. */
function resultChain(
  operations: readonly JsonObject[],
  chainsOf: (id: string) => string[][],
): readonly string[] | undefined {
  const last = operations.at(-1);
  if (!last || Object.keys(asObject(asObject(last.op)?.Op) ?? {}).length > 0) return undefined;
  const input = asTexts(last.inputs)[0];
  return input === undefined ? undefined : chainsOf(input)[0];
}

function dockerfileText(info: unknown): string | undefined {
  const data = asObject(info)?.data;
  if (typeof data !== 'string') return undefined;
  try {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
}

function stringValues(object: JsonObject | undefined): Map<string, string> {
  return new Map(
    Object.entries(object ?? {}).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}
