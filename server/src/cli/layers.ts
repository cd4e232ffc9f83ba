import { parseArgs } from 'node:util';
import {
  attributeLayers,
  describeLayer,
  describeLines,
  formatBytes,
  type LayerAttribution,
  type LayerOrigin,
  type LayerWaste,
  wastedFiles,
} from '../attribution/index.ts';
import { type Command, exitCodes, type Io, UsageError } from './command.ts';
import {
  archivedImage,
  configuredImage,
  engineImage,
  type NamedImage,
  readDockerfile,
  readProvenanceFile,
} from './imageSource.ts';
import { oneOf } from './lint.ts';
import { oneLine, readBuildArgs } from './workplace.ts';

const help = `Usage: plimsoll layers [OPTION]… IMAGE --dockerfile FILE
       plimsoll layers [OPTION]… --input TAR --dockerfile FILE
       plimsoll layers [OPTION]… --config FILE [--inspect FILE] --dockerfile FILE

Tells which lines of a Dockerfile each layer of an image comes from.

  IMAGE                  name or id of an image that docker or podman has
  --input TAR            a file written by "docker save" or "podman save", or an OCI layout (archive or folder)
  --config FILE          the image's configuration as JSON, with its history
  --inspect FILE         what "docker image inspect" says, beside --config
  --provenance FILE      the builder's record (BuildKit, mode=max); makes the lines exact; asked of docker's buildx for
                         an IMAGE, and read out of a TAR where it is in there
  --dockerfile FILE      the Dockerfile that the image was built from
  --build-arg NAME=VALUE a build argument, as given to the build; may be repeated
  --target STAGE         the stage that was built; the final one when left out
  --wasted               look into the layers of IMAGE, too: what later ones remove or replace. Reads all of it, once
  --engine ENGINE        auto, docker or podman; auto when left out
  --format FORMAT        text or json; text when left out
  -h, --help             this text

JSON: "dockerfileMatches", "quality" (1: all found again), "stage", "notes" and "layers", from the bottom of the image,
each with "index" (from 0), "diffId", "size" (uncompressed bytes, null when not known), "lines" ([first, last] pairs,
counted from 1; several for a layer that can't be divided, none when not known), "stage" (name or number), "kind" (base,
own, copied, onbuild) and "confidence" (exact, matched, likely, position, group, unknown). "copiedFrom" names the stage
and lines behind a COPY --from; "linesBelow" are those of stages below whose history squashing has dropped; "flattened"
marks a layer that holds the base image as well; "wasted" (with --input or --wasted) counts bytes that later layers
remove or write anew, "wastedBy" tells which, with their largest files.

Exit codes: 0 done, also when the image was not built from this Dockerfile, 2 bad usage, or the image can't be read.
`;

export const layersCommand: Command = { name: 'layers', summary: 'tie the layers of an image to lines', help, run };

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      input: { type: 'string' },
      config: { type: 'string' },
      inspect: { type: 'string' },
      provenance: { type: 'string' },
      dockerfile: { type: 'string', short: 'f' },
      'build-arg': { type: 'string', multiple: true, default: [] },
      target: { type: 'string' },
      wasted: { type: 'boolean', default: false },
      engine: { type: 'string', default: 'auto' },
      format: { type: 'string', default: 'text' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
  });
  if (values.help) {
    io.write(help);
    return exitCodes.clean;
  }
  const format = oneOf('--format', values.format, ['text', 'json']);
  const engine = oneOf('--engine', values.engine, ['auto', 'docker', 'podman']);
  const { dockerfile: path, config, input, inspect } = values;
  if (path === undefined) throw new UsageError('--dockerfile is missing: which Dockerfile was the image built from?');
  const sources = [...positionals, ...(input === undefined ? [] : [input]), ...(config === undefined ? [] : [config])];
  if (sources.length !== 1) throw new UsageError('Name one image: IMAGE, --input TAR or --config FILE.');
  if (values.wasted && config !== undefined) throw new UsageError('--wasted needs the image itself, not --config.');
  if (input === '-') throw new UsageError('--input -: an image is read from a file, not from standard input.');
  if (inspect !== undefined && config === undefined) throw new UsageError('--inspect goes with --config.');

  const given = values.provenance === undefined ? undefined : await readProvenanceFile(values.provenance, io);
  const buildArgs = readBuildArgs(values['build-arg']);
  // Wrong usage is told before the engine is asked.
  let dockerfile = await readDockerfile(path, buildArgs, given, io);
  const { target } = values;
  let found: NamedImage | undefined;
  if (config !== undefined) found = await configuredImage(config, inspect, io);
  else if (input !== undefined) found = await archivedImage(input, dockerfile, target, io);
  else found = await engineImage(sources[0]!, engine, values.wasted, io);
  if (!found) return exitCodes.failed;
  const provenance = given ?? found.provenance;
  if (provenance !== given) dockerfile = await readDockerfile(path, buildArgs, provenance, io);

  const attribution = attributeLayers(found.image, dockerfile, { target, provenance });
  io.write(format === 'json' ? layersJson(attribution, found) : layersText(attribution, found, path, io));
  return exitCodes.clean;
}

function layersJson({ match, stage, layers }: LayerAttribution, { waste }: NamedImage): string {
  return `${JSON.stringify(
    {
      dockerfileMatches: match.matches,
      quality: match.quality,
      stage: stage === undefined ? null : (stage.nameWord?.text ?? String(stage.index)),
      notes: match.notes,
      layers: layers.map((layer) => ({
        index: layer.index,
        diffId: layer.diffId,
        size: layer.size ?? null,
        lines: layer.instructions.map((each) => each.lines),
        stage: layer.instructions[0]?.stage ?? null,
        kind: layer.kind,
        confidence: layer.confidence,
        ...(layer.below === undefined ? {} : { linesBelow: layer.below.map((each) => each.lines) }),
        flattened: layer.flattened,
        ...(waste === undefined
          ? {}
          : {
              wasted: waste[layer.index]?.bytes ?? 0,
              wastedBy: waste[layer.index]?.by.map((by) => ({ ...by, lines: linesOf(layers[by.layer]) })) ?? [],
            }),
        ...(layer.copiedFrom === undefined ? {} : { copiedFrom: layer.copiedFrom }),
      })),
    },
    undefined,
    2,
  )}\n`;
}

function layersText(
  { match, layers }: LayerAttribution,
  { name, waste = [] }: NamedImage,
  path: string,
  { style }: Io,
): string {
  let result = `${style('strong', oneLine(name, 200))}, ${count(layers.length, 'layer')}, beside ${style('path', path)}\n`;
  for (const note of match.notes) result += `${style('warning', oneLine(note))}\n`;
  const rows = layers.map(
    (layer) =>
      [
        String(layer.index),
        sizeText(layer),
        oneLine(describeLayer(layer)),
        ...wasteTexts(waste[layer.index], layers),
      ] as const,
  );
  const [indexWidth, sizeWidth] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length), 0));
  for (const [index, size, text, ...more] of rows) {
    result += `${style('faint', index.padStart(indexWidth!))}  ${size.padStart(sizeWidth!)}  ${text}\n`;
    for (const line of more) result += `${' '.repeat(indexWidth! + sizeWidth! + 6)}${style('faint', oneLine(line))}\n`;
  }
  const total = layers.reduce((sum, { size = 0 }) => sum + size, 0);
  const wasted = waste.reduce((sum, { bytes }) => sum + bytes, 0);
  if (wasted > 0)
    result += `${formatBytes(wasted)} of ${formatBytes(total)} wasted: later layers remove or replace them\n`;
  return result;
}

/** One line for each later layer: `12 MB removed by line 9: /var/cache/x (12 MB)`. */
function wasteTexts(waste: LayerWaste | undefined, layers: readonly LayerOrigin[]): string[] {
  return (waste?.by ?? []).map(({ layer, bytes, removed, largest, files }) => {
    const how = removed === bytes ? 'removed' : removed === 0 ? 'replaced' : 'removed or replaced';
    const lines = linesOf(layers[layer]);
    const where = lines.length === 0 ? `layer ${layer}` : describeLines(lines);
    const more = files > largest.length ? ` and ${count(files - largest.length, 'file')} more` : '';
    return `${formatBytes(bytes)} ${how} by ${where}: ${wastedFiles(largest)}${more}`;
  });
}

function linesOf(layer: LayerOrigin | undefined): (readonly [number, number])[] {
  return layer?.instructions.map(({ lines }) => lines) ?? [];
}

function sizeText({ size }: LayerOrigin): string {
  return size === undefined ? '–' : formatBytes(size);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
