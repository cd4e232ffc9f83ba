import { asArray, asNumber, asObject, asText, asTexts, type JsonObject } from '../scan/untrusted.ts';
import type { BuildSource, EngineInfo, LocalImage } from './types.ts';

/** Arguments for the engines' command lines, and readers for what they answer. No I/O. */

export interface BuildCommand {
  readonly args: readonly string[];
  /** Set in addition to the environment there is. */
  readonly env: Readonly<Record<string, string>>;
}

/** Files in which a build leaves what it has to tell; absolute paths. */
export interface BuildFiles {
  /** The id of the image. */
  readonly id: string;
  /** BuildKit's record of the build, where it keeps one. */
  readonly metadata: string;
}

export function buildCommand(
  engine: EngineInfo,
  source: BuildSource,
  files: BuildFiles,
  extraArguments: readonly string[] = [],
): BuildCommand {
  const what = [...extraArguments, '--tag', source.tag, '--iidfile', files.id, '--file', source.dockerfile];
  if (source.target !== undefined) what.push('--target', source.target);
  for (const [name, value] of Object.entries(source.buildArgs ?? {})) what.push('--build-arg', `${name}=${value}`);
  what.push(source.context);
  switch (engine.builder) {
    case 'buildx':
      // Without --load a builder in a container keeps the image to itself. Builders that don't know the variable leave
      // the record out, and so do engines that don't write one.
      return {
        args: [
          ...['buildx', 'build', '--load', '--progress', engine.progress ?? 'plain'],
          ...['--metadata-file', files.metadata, ...what],
        ],
        env: { BUILDX_METADATA_PROVENANCE: 'max' },
      };
    case 'buildkit':
      return { args: ['build', '--progress', 'plain', ...what], env: { DOCKER_BUILDKIT: '1' } };
    case 'legacy':
      return { args: ['build', '--force-rm', ...what], env: { DOCKER_BUILDKIT: '0' } };
    case 'buildah':
      // Its notes name the containers that a cancelled build leaves behind.
      return { args: ['--log-level=debug', 'build', '--force-rm', ...what], env: {} };
  }
}

/** The command with the values of build arguments hidden, for the log. */
export function masked(args: readonly string[]): string {
  return args
    .map((argument, index) => (args[index - 1] === '--build-arg' ? argument.replace(/=.*/s, '=…') : argument))
    .map((argument) => (/^[\w@%+=:,./…-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`))
    .join(' ');
}

/** @param file where to write it; standard output when absent */
export function saveArguments(kind: EngineInfo['kind'], reference: string, file?: string): string[] {
  const form = kind === 'podman' ? ['--format', 'docker-archive'] : [];
  return ['image', 'save', ...form, ...(file === undefined ? [] : ['--output', file]), '--', reference];
}

/** One JSON object for each image. */
const dockerImageFormat =
  '{"Id":{{json .Id}},"RepoTags":{{json .RepoTags}},"Created":{{json .Created}},"Size":{{json .Size}}}';

export const dockerListArguments: readonly string[] = ['image', 'ls', '--quiet', '--no-trunc'];

export function dockerInspectArguments(references: readonly string[]): string[] {
  return ['image', 'inspect', '--format', dockerImageFormat, '--', ...references];
}

export const podmanListArguments: readonly string[] = ['image', 'ls', '--no-trunc', '--format', 'json'];

export function podmanInspectArguments(reference: string): string[] {
  return [
    'image',
    'inspect',
    '--format',
    '{"Id":{{json .ID}},"RepoTags":{{json .RepoTags}},"Created":{{json .Created}},"Size":{{json .Size}}}',
    '--',
    reference,
  ];
}

/** Reads a list of JSON objects, one a line or in one array; newest image first, each id once. */
export function readImages(stdout: string): LocalImage[] {
  const byId = new Map<string, LocalImage>();
  for (const item of parseItems(stdout)) {
    const image = readImage(item);
    if (image !== undefined && !byId.has(image.id)) byId.set(image.id, image);
  }
  return [...byId.values()].sort((a, b) => b.created.getTime() - a.created.getTime());
}

function parseItems(stdout: string): JsonObject[] {
  const whole = tryParse(stdout);
  const items = Array.isArray(whole) ? whole : stdout.split('\n').map(tryParse);
  return items.map(asObject).filter((item) => item !== undefined);
}

function readImage(item: JsonObject): LocalImage | undefined {
  const id = asText(item.Id);
  if (id === undefined || !/^(?:sha256:)?[0-9a-f]{64}$/.test(id)) return undefined;
  // Podman's list gives seconds, everything else a date.
  const seconds = asNumber(item.Created);
  const created = new Date(seconds === undefined ? (asText(item.Created) ?? 0) : seconds * 1000);
  const tags = [...asTexts(item.Names), ...asTexts(item.RepoTags)];
  return {
    id: id.startsWith('sha256:') ? id : `sha256:${id}`,
    tags: [...new Set(tags)].filter((tag) => !tag.includes('<none>')),
    created: Number.isNaN(created.getTime()) ? new Date(0) : created,
    size: asNumber(item.Size) ?? 0,
  };
}

/** `docker version --format '{{json .}}'` */
export interface DockerVersions {
  readonly client: string;
  readonly server: string;
  /** `Podman Engine` when Podman answers in Docker's place. */
  readonly isPodman: boolean;
  readonly isWindows: boolean;
}

export function readDockerVersions(stdout: string): DockerVersions | undefined {
  const root = asObject(tryParse(stdout));
  const server = asObject(root?.Server);
  const client = asText(asObject(root?.Client)?.Version);
  const serverVersion = asText(server?.Version);
  if (client === undefined || serverVersion === undefined) return undefined;
  const components = asArray(server?.Components).map((item) => asText(asObject(item)?.Name) ?? '');
  return {
    client,
    server: serverVersion,
    isPodman: components.some((name) => /podman/i.test(name)),
    isWindows: asText(server?.Os) === 'windows',
  };
}

/** `podman info --format json` */
export interface PodmanInfo {
  readonly version: string;
  /** Path of the service's socket when it is there, on this machine. */
  readonly socket?: string;
}

export function readPodmanInfo(stdout: string): PodmanInfo | undefined {
  const root = asObject(tryParse(stdout));
  const host = asObject(root?.host);
  if (host === undefined) return undefined;
  const version = asText(asObject(root?.version)?.Version) ?? 'unknown';
  const socket = asObject(host.remoteSocket);
  const path = asText(socket?.path)?.replace(/^unix:\/\//, '');
  const usable = socket?.exists === true && host.serviceIsRemote !== true && path !== undefined;
  return { version, ...(usable ? { socket: path } : {}) };
}

/** Numbers of `github.com/docker/buildx 0.29.1+ds1 …` or `… v0.12.0 …`. */
export function readBuildxVersion(stdout: string): readonly [number, number] | undefined {
  const match = /buildx\S*\s+v?(\d+)\.(\d+)/.exec(stdout);
  return match === null ? undefined : [Number(match[1]), Number(match[2])];
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
