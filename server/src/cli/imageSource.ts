import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  attributeLayers,
  type ImageFacts,
  type LayerWaste,
  type Provenance,
  readImageFacts,
  readProvenance,
} from '../attribution/index.ts';
import {
  type ArchivedImage,
  checkImageReference,
  type EngineChoice,
  findBuildRecord,
  findEngine,
  localImageFacts,
  lookIntoImage,
  readImageArchive,
} from '../engine/index.ts';
import { type Dockerfile, buildModel } from '../model/dockerfile.ts';
import { type Io, UsageError } from './command.ts';
import { reasonOf } from './input.ts';
import { inWorkplace, oneLine, tellFailure } from './workplace.ts';

/** The image to look at, and its name for people. */
export interface NamedImage {
  readonly image: ImageFacts;
  readonly name: string;
  /** The builder's record of its build, where there is one. */
  readonly provenance?: Provenance | undefined;
  /** What later layers remove or write anew of each; only a saved image tells. */
  readonly waste?: readonly LayerWaste[] | undefined;
}

/** The image of an engine; undefined when there is none, which has been told. */
export async function engineImage(
  reference: string,
  engine: EngineChoice,
  withWaste: boolean,
  io: Io,
): Promise<NamedImage | undefined> {
  const checked = checkImageReference(reference);
  if (!checked.ok) throw new UsageError(`${reference}: ${checked.message}`);
  return inWorkplace(
    () => undefined,
    async (tools) => {
      const found = await findEngine({ engine, timeoutMinutes: 10 }, tools);
      const facts = found.status === 'done' ? await localImageFacts(found.value, checked.reference, tools) : found;
      if (facts.status === 'failure') tellFailure(facts.failure, io);
      if (facts.status !== 'done' || found.status !== 'done') return undefined;
      const provenance = readProvenanceText(await findBuildRecord(found.value, checked.reference, tools));
      const named = { image: facts.value, name: reference, provenance };
      if (!withWaste) return named;
      const looked = await lookIntoImage(found.value, checked.reference, () => undefined);
      if (looked.status === 'failure') tellFailure(looked.failure, io);
      return looked.status === 'done' ? { ...named, waste: looked.value.waste } : undefined;
    },
  );
}

/** The image of an archive; of several the one that fits the Dockerfile best, or the first when none does. */
export async function archivedImage(
  path: string,
  dockerfile: Dockerfile,
  target: string | undefined,
  io: Io,
): Promise<NamedImage | undefined> {
  const reading = await readImageArchive(resolve(io.cwd, path));
  if ('problem' in reading) {
    io.writeError(`plimsoll: ${path}: ${oneLine(reading.problem)}\n`);
    return undefined;
  }
  const { others, ...first } = reading;
  const fitOf = (archived: ArchivedImage): number => {
    const provenance = readProvenance(archived.provenance);
    const { match, stage } = attributeLayers(archived.image, dockerfile, { target, provenance });
    // Images of several stages may all fit: then the final one is meant.
    return match.matches ? match.quality + (stage === dockerfile.finalStage ? 0.01 : 0) : -1;
  };
  const all = [first, ...others];
  const fits = others.length === 0 ? [0] : all.map(fitOf);
  const best = Math.max(...fits);
  const chosen = all[fits.indexOf(best)]!;
  const name = chosen.name ?? path;
  if (others.length > 0) {
    const none = best < 0 ? ', none of them built from this Dockerfile' : '';
    io.writeError(`plimsoll: ${path}: there are ${all.length} images in it${none}; this is ${oneLine(name)}.\n`);
  }
  const { image, waste } = chosen;
  return { image, name, waste, provenance: readProvenance(chosen.provenance) };
}

/** An image by its configuration, completed by what the engine's inspection says. */
export async function configuredImage(config: string, inspect: string | undefined, io: Io): Promise<NamedImage> {
  const documents = [await readJson('--config', config, io)];
  if (inspect !== undefined) documents.push(await readJson('--inspect', inspect, io));
  const image = readImageFacts(...documents);
  if (image.diffIds.length === 0 && image.history.length === 0) {
    throw new UsageError(`--config ${config}: it is not the configuration of an image.`);
  }
  return { image, name: config };
}

export async function readProvenanceFile(path: string, io: Io): Promise<Provenance | undefined> {
  const provenance = readProvenance(await readJson('--provenance', path, io));
  if (!provenance) {
    io.writeError(`plimsoll: ${path}: no layers are recorded there (mode=max is needed); it is left out.\n`);
  }
  return provenance;
}

/** A record that an engine has given out; undefined when there is none, or it has no layers. */
export function readProvenanceText(text: string | undefined): Provenance | undefined {
  try {
    return text === undefined ? undefined : readProvenance(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Reads a Dockerfile with the build arguments that were given, those that the builder recorded behind them. */
export async function readDockerfile(
  path: string,
  buildArgs: Readonly<Record<string, string>>,
  provenance: Provenance | undefined,
  io: Io,
): Promise<Dockerfile> {
  const text = await readText('--dockerfile', path, io);
  return buildModel(text, { buildArgs: { ...provenance?.buildArgs, ...buildArgs }, today: io.today });
}

async function readJson(flag: string, path: string, io: Io): Promise<unknown> {
  const text = await readText(flag, path, io);
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(`${flag} ${path}: it is not JSON.`);
  }
}

async function readText(flag: string, path: string, io: Io): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    throw new UsageError(`${flag} ${path}: ${reasonOf(error)}`);
  }
}
