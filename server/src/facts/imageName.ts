import { currentTags, deprecatedRepositories } from './data/images.generated.ts';
import type { ImageName } from './types.ts';

const dockerHub = /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io|registry\.hub\.docker\.com)$/;

/** Registries that hand out Docker Hub's images under their own host, and the path they put in front. */
const mirrors: ReadonlyArray<readonly [host: RegExp, prefix: string]> = [
  [/^public\.ecr\.aws$/, 'docker/'],
  [/^mirror\.gcr\.io$/, ''],
  [/^(?:docker\.m\.daocloud\.io|dockerproxy\.com|dockerhub\.azk8s\.cn|registry\.docker-cn\.com)$/, ''],
];

/** Owners on Docker Hub that hold the official images of one architecture, with the same tags. */
const architectureOwner =
  /^(?:amd64|arm32v5|arm32v6|arm32v7|arm64v8|i386|mips64le|ppc64le|riscv64|s390x|winamd64)\/([^/]+)$/;

/**
 * One name per image however it is reached: `docker.io/library/node`, `library/node`,
 * `public.ecr.aws/docker/library/node` and `arm64v8/node` are all `node`. Names on other registries keep their host.
 */
export function canonicalRepository({ registry, repository }: ImageName): string {
  const path = repository.toLowerCase();
  const host = registry?.toLowerCase();
  const onDockerHub = host === undefined || dockerHub.test(host) ? path : pathOnMirror(host, path);
  if (onDockerHub === undefined) return canonicalRedHat(`${host}/${path}`);
  const short = onDockerHub.replace(/^library\//, '');
  const owned = architectureOwner.exec(short)?.[1];
  if (owned !== undefined && isOfficial(owned)) return owned;
  const ubi = /^redhat\/(ubi\d+)(-(?:minimal|micro|init))?$/.exec(short);
  return ubi ? redHat(ubi[1]!, ubi[2]) : short;
}

function pathOnMirror(host: string, path: string): string | undefined {
  for (const [mirror, prefix] of mirrors) {
    if (mirror.test(host) && path.startsWith(prefix)) return path.slice(prefix.length);
  }
  return undefined;
}

/** UBI has an old and a new path on each of two hosts: `ubi9`, `ubi9-minimal`, `ubi9/ubi`, `ubi9/ubi-minimal`. */
function canonicalRedHat(name: string): string {
  const match = /^registry\.(?:access\.redhat\.com|redhat\.io)\/(ubi\d+)(?:\/ubi)?(-(?:minimal|micro|init))?$/.exec(
    name,
  );
  return match ? redHat(match[1]!, match[2]) : name;
}

function redHat(release: string, variant: string | undefined): string {
  return `registry.access.redhat.com/${release}/ubi${variant ?? ''}`;
}

/** Is this canonical name a Docker Official Image, of today or a removed one? */
export function isOfficial(repository: string): boolean {
  return (
    !repository.includes('/') &&
    (Object.hasOwn(currentTags, repository) || Object.hasOwn(deprecatedRepositories, repository))
  );
}

/** The tag as written, `latest` when none is, undefined when only a digest or a variable tells the version. */
export function knownTag({ repository, tag, digest }: ImageName): string | undefined {
  if (repository.includes('$') || tag?.includes('$')) return undefined;
  return tag ?? (digest === undefined ? 'latest' : undefined);
}
