import { parseArgs } from 'node:util';
import {
  attributeLayers,
  describeLayer,
  formatBytes,
  type LayerAttribution,
  type LayerOrigin,
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
  --input TAR            a file written by "docker save" or "podman save"
  --config FILE          the image's configuration as JSON, with its history
  --inspect FILE         what "docker image inspect" says, beside --config
  --provenance FILE      the builder's record (BuildKit, mode=max); makes the lines exact
  --dockerfile FILE      the Dockerfile that the image was built from
  --build-arg NAME=VALUE a build argument, as given to the build; may be repeated
  --target STAGE         the stage that was built; the final one when left out
  --engine ENGINE        auto, docker or podman; auto when left out
  --format FORMAT        text or json; text when left out
  -h, --help             this text

JSON: "dockerfileMatches", "quality" (1: all found again), "stage", "notes" and "layers", from the bottom of the image,
each with "index" (from 0), "diffId", "size" (uncompressed bytes, null when not known), "lines" ([first, last] pairs,
counted from 1; several for a layer that can't be divided, none when not known), "stage" (name or number), "kind" (base,
own, copied, onbuild) and "confidence" (exact, matched, likely, position, group, unknown). "copiedFrom" names the stage
and lines behind a COPY --from; "flattened" marks a layer that holds the base image as well; "wasted" (with --input)
counts bytes that later layers remove or write anew.

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
  if (inspect !== undefined && config === undefined) throw new UsageError('--inspect goes with --config.');

  const provenance = values.provenance === undefined ? undefined : await readProvenanceFile(values.provenance, io);
  const dockerfile = await readDockerfile(path, readBuildArgs(values['build-arg']), provenance, io);
  const { target } = values;
  let found: NamedImage | undefined;
  if (config !== undefined) found = await configuredImage(config, inspect, io);
  else if (input !== undefined) found = await archivedImage(input, io);
  else found = await engineImage(sources[0]!, engine, io);
  if (!found) return exitCodes.failed;

  const attribution = attributeLayers(found.image, dockerfile, { target, provenance });
  io.write(format === 'json' ? layersJson(attribution, found) : layersText(attribution, found, path, io));
  return exitCodes.clean;
}

function layersJson({ match, stage, layers }: LayerAttribution, { wasted }: NamedImage): string {
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
        flattened: layer.flattened,
        ...(wasted === undefined ? {} : { wasted: wasted[layer.index] ?? 0 }),
        ...(layer.copiedFrom === undefined ? {} : { copiedFrom: layer.copiedFrom }),
      })),
    },
    undefined,
    2,
  )}\n`;
}

function layersText(
  { match, layers }: LayerAttribution,
  { name, wasted = [] }: NamedImage,
  path: string,
  { style }: Io,
): string {
  let result = `${style('strong', oneLine(name, 200))}, ${count(layers.length, 'layer')}, beside ${style('path', path)}\n`;
  for (const note of match.notes) result += `${style('warning', oneLine(note))}\n`;
  const rows = layers.map(
    (layer) =>
      [String(layer.index), sizeText(layer), oneLine(describeLayer(layer)) + wasteText(wasted[layer.index])] as const,
  );
  const [indexWidth, sizeWidth] = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]!.length), 0));
  for (const [index, size, text] of rows) {
    result += `${style('faint', index.padStart(indexWidth!))}  ${size.padStart(sizeWidth!)}  ${text}\n`;
  }
  return result;
}

function wasteText(bytes = 0): string {
  return bytes === 0 ? '' : `; ${formatBytes(bytes)} wasted, later layers remove or replace it`;
}

function sizeText({ size }: LayerOrigin): string {
  return size === undefined ? '–' : formatBytes(size);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
