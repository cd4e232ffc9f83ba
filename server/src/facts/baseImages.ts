import { type Distribution, distributionInTag, distributionOf, unknownDistribution } from './distribution.ts';
import { canonicalRepository, isOfficial, knownTag } from './imageName.ts';
import { portsOf, systemCommand, workdirOf } from './knownImages.ts';
import { hasCommand, profileFor } from './profiles.ts';
import { registryImage } from './registries.ts';
import { sizeOf } from './sizes.ts';
import { type Build, buildsOf, isSystemImage, nearestBuild, tagStatus } from './tags.ts';
import { variantKey } from './tagParts.ts';
import type { BaseImageFacts, DefaultUser, ImageName, ReadyUser } from './types.ts';
import type { RegistryImage } from './vendorImages.ts';
import { defaultUser, dropsPrivileges, readyUsersOf, recipeFor, rootUser, unknownUser } from './users.ts';

/** .NET images know these from version 8 on. */
const dotnetUser: ReadyUser = { name: 'app', uid: 1654, gid: 1654, home: '/home/app', caveat: undefined };

/** Removed images that are known to run as root though no Dockerfile of them is at hand. */
const removedRootImages = new Set(['adoptopenjdk', 'centos', 'iojs', 'java', 'mono', 'opensuse', 'sl']);

/**
 * What is known of an image without a network. A name without a tag is looked up as `latest`; undefined for images
 * that are not in the data, for names with variables and for a bare digest.
 */
export function baseImageFacts(name: ImageName): BaseImageFacts | undefined {
  const tag = knownTag(name);
  if (tag === undefined) return undefined;
  const repository = canonicalRepository(name);
  const registered = registryImage(repository, tag);
  if (registered) return factsOf(repository, tag, registered);
  if (!isKnown(repository)) return undefined;
  return factsOf(repository, tag, fromTags(repository, tag));
}

function isKnown(repository: string): boolean {
  return isOfficial(repository) || buildsOf(repository).length > 0;
}

/** The distribution that a tag is built on: of its build, named in the tag, or that of its variant's siblings. */
export function distributionOfTag(repository: string, tag: string): Distribution {
  const own = distributionOf(`${repository}:${tag}`);
  if (own.release !== undefined) return own;
  const build = nearestBuild(repository, tag);
  if (build && build.root !== '') return distributionOf(build.root);
  const named = own === unknownDistribution ? distributionInTag(tag) : own;
  if (named) return named;
  return retiredSystem(repository, tag) ?? sibling(repository, tag);
}

/** Images that moved from one distribution to another, or that are gone, by what their plain tags were built on. */
function retiredSystem(repository: string, tag: string): Distribution | undefined {
  switch (repository) {
    case 'openjdk':
      // Plain tags moved from Debian to Oracle Linux with version 12.
      return distributionOf(
        Number.parseInt(tag, 10) >= 12 && !/slim|alpine/.test(tag) ? 'oraclelinux:8-slim' : 'debian',
      );
    case 'maven': {
      // Before its tags named the vendor of the JDK, the image was built on openjdk's.
      const jdk = /-(?:open)?jdk-(\d+)(?!.*alpine)/.exec(tag);
      return jdk ? retiredSystem('openjdk', `${jdk[1]}${tag.endsWith('slim') ? '-slim' : ''}`) : undefined;
    }
    case 'java':
    case 'iojs':
    case 'mono':
      return distributionOf('debian');
    case 'adoptopenjdk':
      return distributionOf('ubuntu');
    case 'mcr.microsoft.com/dotnet/sdk':
    case 'mcr.microsoft.com/dotnet/aspnet':
    case 'mcr.microsoft.com/dotnet/runtime':
    case 'mcr.microsoft.com/dotnet/runtime-deps':
      return /^[1-7]\.\d(?:\.\d+)?(?:-slim)?$/.test(tag) ? distributionOf('debian') : undefined;
    case 'opensuse':
      return { ...unknownDistribution, family: 'suse', libc: 'glibc', shell: 'bash', packageManager: 'zypper' };
    default:
      return undefined;
  }
}

/** A tag of which only the name is known was most likely built like the builds of the same variant: not its release. */
function sibling(repository: string, tag: string): Distribution {
  const key = variantKey(tag);
  const builds = buildsOf(repository);
  const like = builds.filter((build) => build.tags.some((other) => variantKey(other) === key));
  const families = new Set(like.map((build) => distributionOf(build.root).family));
  const system = like.length > 0 && families.size === 1 ? distributionOf(like[0]!.root) : unknownDistribution;
  return { ...system, release: undefined };
}

function fromTags(repository: string, tag: string): RegistryImage {
  const build = nearestBuild(repository, tag);
  const system = distributionOfTag(repository, tag);
  const isDotnet = repository.startsWith('mcr.microsoft.com/dotnet/');
  const hasAppUser = isDotnet && system.family !== 'windows' && !/^[1-7]\./.test(tag);
  const ready = hasAppUser ? [dotnetUser] : readyUsersOf(repository, tag, system.family);
  return {
    system,
    user: userOf(repository, tag, build, ready),
    readyUsers: system.family === 'windows' ? [] : ready,
    tagStatus: tagStatus(repository, tag),
    ...startOf(repository, tag, system),
    workdir: system.family === 'windows' ? undefined : workdirOf(repository, tag),
  };
}

function userOf(repository: string, tag: string, build: Build | undefined, ready: readonly ReadyUser[]): DefaultUser {
  if (!build) return usualUser(repository, tag, ready);
  // Bare systems and GCC's image start as root, and only root can step down.
  const startsAsRoot = isSystemImage(repository) || repository === 'gcc' || dropsPrivileges(repository);
  return build.user === '?' && startsAsRoot ? rootUser : defaultUser(build.user, ready);
}

/** Of a tag that is not listed: the user that all the image's builds agree on. */
function usualUser(repository: string, tag: string, ready: readonly ReadyUser[]): DefaultUser {
  if (removedRootImages.has(repository)) return rootUser;
  if (repository.startsWith('mcr.microsoft.com/dotnet/')) {
    return /chiseled|distroless/.test(tag) ? defaultUser(`${dotnetUser.uid}`, ready) : rootUser;
  }
  const builds = buildsOf(repository).filter((build) => !build.root.includes('windows/'));
  const users = builds.map((build) => userOf(repository, tag, build, ready));
  return users.every((user) => user.name === users[0]!.name) ? (users[0] ?? unknownUser) : unknownUser;
}

type Start = Pick<RegistryImage, 'entrypoint' | 'cmd'>;

/** ENTRYPOINT and CMD of the tag's build; of a tag that is not listed, what all builds of its variant agree on. */
function startOf(repository: string, tag: string, system: Distribution): Start {
  const inherited = systemCommand(system.family);
  if (isSystemImage(repository) || repository === 'centos') return { entrypoint: [], cmd: inherited };
  const build = nearestBuild(repository, tag);
  if (build) return startOfBuild(build, inherited);
  const key = variantKey(tag);
  const alike = buildsOf(repository).filter(({ tags }) => tags.some((other) => variantKey(other) === key));
  const starts = alike.map((other) => startOfBuild(other, inherited));
  const agree = starts.every((start) => JSON.stringify(start) === JSON.stringify(starts[0]));
  return agree && starts[0] ? starts[0] : { entrypoint: undefined, cmd: undefined };
}

function startOfBuild({ entrypoint, cmd }: Build, inherited: readonly string[] | undefined): Start {
  // An ENTRYPOINT empties the CMD that came with the system.
  const unset = entrypoint === '' ? inherited : [];
  return { entrypoint: words(entrypoint, []), cmd: words(cmd, unset) };
}

function words(json: string, none: readonly string[] | undefined): readonly string[] | undefined {
  if (json === '?') return undefined;
  return json === '' ? none : (JSON.parse(json) as string[]);
}

function factsOf(repository: string, tag: string, image: RegistryImage): BaseImageFacts {
  const { system, user, readyUsers } = image;
  const profile = profileFor(repository, tag, system);
  const has = (command: string) => hasCommand(command, profile, system);
  return {
    repository,
    tag,
    official: isOfficial(repository),
    tagStatus: image.tagStatus,
    family: system.family,
    release: system.release,
    libc: system.libc,
    shell: system.shell,
    packageManager: system.packageManager,
    user,
    readyUsers,
    dropsPrivileges: user.isRoot === 'unknown' ? 'unknown' : dropsPrivileges(repository) && user.isRoot,
    entrypoint: image.entrypoint,
    cmd: image.cmd,
    workdir: image.workdir,
    ports: portsOf(repository, tag),
    size: sizeOf(repository, tag),
    userRecipe: recipeFor(system.family, system.packageManager, has),
    has,
  };
}
