import { chainguardImages, distrolessImages } from './data/images.generated.ts';
import { distroless, distributionOf } from './distribution.ts';
import { type RegistryImage, vendorImage } from './vendorImages.ts';
import { compareVersions } from './supportStatus.ts';
import type { ImageShell, ReadyUser } from './types.ts';
import { defaultUser, rootUser } from './users.ts';

const nonroot: ReadyUser = { name: 'nonroot', uid: 65532, gid: 65532, home: '/home/nonroot', caveat: undefined };

/** Facts of an image of a registry with naming rules of its own; undefined for all others. */
export function registryImage(repository: string, tag: string): RegistryImage | undefined {
  return (
    distrolessImage(repository, tag) ??
    chainguardImage(repository, tag) ??
    redHatImage(repository) ??
    lambdaImage(repository, tag) ??
    vendorImage(repository, tag)
  );
}

const distrolessNames: ReadonlySet<string> = new Set(distrolessImages.split(' '));

/** `:nonroot` and `:debug-nonroot` run as 65532, other tags as root; only `:debug` tags have a (busybox) shell. */
function distrolessImage(repository: string, tag: string): RegistryImage | undefined {
  const name = /^gcr\.io\/distroless\/([\w-]+)$/.exec(repository)?.[1];
  if (name === undefined) return undefined;
  const isStatic = name.startsWith('static');
  const isDebug = tag.startsWith('debug');
  const bare = distroless(isStatic ? 'none' : 'glibc');
  return {
    system: isDebug ? { ...bare, shell: 'ash', profile: 'distroless:debug' } : bare,
    user: tag.endsWith('nonroot') ? { name: 'nonroot', uid: 65532, isRoot: false } : rootUser,
    readyUsers: [nonroot],
    tagStatus: distrolessNames.has(name) && /^(?:latest|(?:debug-?)?(?:nonroot)?)$/.test(tag) ? 'current' : 'unknown',
    entrypoint: isDebug ? undefined : distrolessEntrypoint(name),
    cmd: isDebug ? undefined : [],
    workdir: tag.endsWith('nonroot') ? '/home/nonroot' : '/',
  };
}

function distrolessEntrypoint(name: string): readonly string[] | undefined {
  if (/^(?:static|base|cc|java-base)/.test(name)) return [];
  if (name.startsWith('java')) return ['/usr/bin/java', '-jar'];
  if (name.startsWith('nodejs')) return ['/nodejs/bin/node'];
  return name.startsWith('python3') ? ['/usr/bin/python3'] : undefined;
}

/** `-dev` tags add busybox, bash and apk; the rest is per image. */
function chainguardImage(repository: string, tag: string): RegistryImage | undefined {
  const name = /^cgr\.dev\/chainguard\/([\w.-]+)$/.exec(repository)?.[1];
  if (name === undefined) return undefined;
  const row = Object.hasOwn(chainguardImages, name)
    ? chainguardImages[name as keyof typeof chainguardImages]
    : undefined;
  const [runAs = '?', shell = 'unknown', manager = '', entrypoint] = row?.split('|') ?? [];
  const isDev = /(?:^|-)dev$/.test(tag);
  return {
    system: {
      family: 'wolfi',
      release: undefined,
      libc: name === 'static' ? 'none' : 'glibc',
      shell: isDev ? 'bash' : (shell as ImageShell),
      packageManager: isDev || manager === 'apk' ? 'apk' : row === undefined ? 'unknown' : 'none',
      profile: isDev || shell === 'ash' ? 'busybox' : undefined,
    },
    user: runAs === '' ? rootUser : defaultUser(runAs === '65532' ? 'nonroot' : runAs, [nonroot]),
    readyUsers: [nonroot],
    tagStatus: row !== undefined && /^latest(?:-dev)?$/.test(tag) ? 'current' : 'unknown',
    entrypoint: entrypoint === undefined ? undefined : entrypoint === '' ? [] : entrypoint.split(' '),
    cmd: undefined,
    workdir: undefined,
  };
}

function redHatImage(repository: string): RegistryImage | undefined {
  const match = /^registry\.access\.redhat\.com\/ubi\d+\/ubi(-\w+)?$/.exec(repository);
  if (!match) return undefined;
  return {
    system: distributionOf(`${repository}:latest`),
    user: rootUser,
    readyUsers: [],
    tagStatus: 'unknown',
    entrypoint: [],
    cmd: match[1] === '-init' ? ['/sbin/init'] : ['/bin/bash'],
    workdir: '/',
  };
}

/** First runtime versions that AWS built on Amazon Linux 2023. */
const firstOn2023: Readonly<Record<string, string>> = {
  python: '3.12',
  nodejs: '20',
  java: '21',
  dotnet: '8',
  ruby: '3.3',
};

function amazonRelease(runtime: string, version: string | undefined): string | undefined {
  const first = firstOn2023[runtime];
  if (first === undefined || version === undefined) return undefined;
  return compareVersions(version, first) >= 0 ? '2023' : '2';
}

/** The platform runs the code as a user without rights whatever the image says, so root is not what it seems. */
function lambdaImage(repository: string, tag: string): RegistryImage | undefined {
  const runtime = /^public\.ecr\.aws\/lambda\/(\w+)$/.exec(repository)?.[1];
  if (runtime === undefined) return undefined;
  const version = /^\d+(?:\.\d+)?/.exec(tag)?.[0];
  const named = /al(2023|2)/.exec(tag)?.[1];
  const release = named ?? amazonRelease(runtime, version);
  const system = distributionOf(release === undefined ? 'amazonlinux' : `amazonlinux:${release}`);
  return {
    system: release === '2023' ? { ...system, packageManager: 'dnf', profile: 'aws-lambda' } : system,
    user: { name: 'root', uid: 0, isRoot: 'unknown' },
    readyUsers: [],
    tagStatus: 'unknown',
    entrypoint: runtime === 'provided' ? undefined : ['/lambda-entrypoint.sh'],
    cmd: [],
    workdir: '/var/task',
  };
}
