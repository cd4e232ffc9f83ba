/**
 * What is known offline about base images. Everything here is plain, immutable data; `undefined` and
 * `'unknown'` both mean "the data does not say", and a rule that meets them stays silent.
 */

/** The pieces of an image reference, as they are written after `FROM` (nothing is filled in). */
export interface ImageName {
  /** Host and port, such as `gcr.io`; undefined for Docker Hub's short form. */
  readonly registry: string | undefined;
  /** Path without the host, such as `node`, `library/node` or `dotnet/sdk`. */
  readonly repository: string;
  /** Undefined when none is written: Docker then takes `latest`. */
  readonly tag: string | undefined;
  /** `sha256:…`, or undefined. */
  readonly digest: string | undefined;
}

/** Distributions that behave alike for whoever writes a RUN line (`rhel` holds all rebuilds and Fedora). */
export type DistributionFamily =
  | 'debian'
  | 'ubuntu'
  | 'alpine'
  | 'rhel'
  | 'amazon'
  | 'azurelinux'
  | 'photon'
  | 'suse'
  | 'arch'
  | 'distroless'
  | 'wolfi'
  | 'busybox'
  | 'scratch'
  | 'windows'
  | 'unknown';

export type Libc = 'glibc' | 'musl' | 'uclibc' | 'none' | 'unknown';

/** The best shell of an image: `bash` (which has `/bin/sh` too), `ash` (busybox), plain `sh`, or none at all. */
export type ImageShell = 'bash' | 'ash' | 'sh' | 'windows' | 'none' | 'unknown';

export type PackageManager =
  | 'apt'
  | 'apk'
  | 'dnf'
  | 'microdnf'
  | 'yum'
  | 'tdnf'
  | 'zypper'
  | 'pacman'
  | 'none'
  | 'unknown';

/** `current`: published when the data was taken; `retired`: once published, no longer rebuilt. */
export type TagStatus = 'current' | 'retired' | 'unknown';

/** A user the image starts with. */
export interface DefaultUser {
  /** Name or number as the image's own USER says it; `root` when it says nothing. */
  readonly name: string;
  readonly uid: number | undefined;
  readonly isRoot: boolean | 'unknown';
}

/** A user that exists in the image already and is meant for (or fit for) running a service. */
export interface ReadyUser {
  readonly name: string;
  /** Undefined when the number differs between builds of the image. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  readonly home: string | undefined;
  /** Why running the image's own service as this user needs more than a USER line; undefined when it does not. */
  readonly caveat: string | undefined;
}

/** How a non-root user is made in an image. */
export interface UserRecipe {
  /**
   * `useradd` and `adduser`: `commands` go into a RUN; `numeric`: nothing can be run, so USER takes the number;
   * `builtin`: the platform brings the user (`ContainerUser` of Windows).
   */
  readonly kind: 'useradd' | 'adduser' | 'numeric' | 'builtin';
  /** Shell command list for one RUN (without the word RUN), or undefined when none is needed. */
  readonly commands: string | undefined;
  /** What to write after USER. */
  readonly user: string;
  readonly uid: number | undefined;
  /** Packages that `commands` installs first, because the image lacks useradd. */
  readonly installs: readonly string[];
}

/** Compressed size on linux/amd64. */
export interface ImageSize {
  readonly bytes: number;
  /** Date of the measured content (ISO), when known. */
  readonly date: string | undefined;
  /** True when it was measured on a sibling (another version or suite of the same variant). */
  readonly approximate: boolean;
}

export interface BaseImageFacts {
  /** Canonical name: `node`, `bitnami/redis`, `mcr.microsoft.com/dotnet/sdk`. */
  readonly repository: string;
  /** The tag as written, `latest` when none was. */
  readonly tag: string;
  /** A Docker Official Image (current or removed), also when named through a mirror. */
  readonly official: boolean;
  readonly tagStatus: TagStatus;
  readonly family: DistributionFamily;
  /** Code name for Debian and Ubuntu (`bookworm`, `noble`), number for others (`3.24`, `9`, `2023`). */
  readonly release: string | undefined;
  readonly libc: Libc;
  readonly shell: ImageShell;
  readonly packageManager: PackageManager;
  readonly user: DefaultUser;
  /** Existing non-root users, the most fitting first. */
  readonly readyUsers: readonly ReadyUser[];
  /** The entrypoint starts as root on purpose and steps down by itself (gosu, su-exec, setpriv). */
  readonly dropsPrivileges: boolean | 'unknown';
  /** ENTRYPOINT as words; an empty list when the image has none; undefined when unknown. */
  readonly entrypoint: readonly string[] | undefined;
  /** CMD as words; an empty list when the image has none; undefined when unknown. */
  readonly cmd: readonly string[] | undefined;
  readonly workdir: string | undefined;
  /** Exposed or customary TCP ports; undefined when unknown. */
  readonly ports: readonly number[] | undefined;
  readonly size: ImageSize | undefined;
  /** How to make a user here; undefined when the image is not known well enough. */
  readonly userRecipe: UserRecipe | undefined;
  /**
   * Is this command in the image? Pseudo-commands: `@ca-certs` (CA bundle), `@tzdata` (zoneinfo),
   * `@libc-headers` (C headers).
   */
  has(command: string): boolean | 'unknown';
}

/**
 * `supported` until `until`; `ending`: `until` is near; `extended`: regular support is over, a public long-term
 * support (Debian LTS) still runs until `until`; `ended`: over since `until`.
 */
export type SupportStatus = 'supported' | 'ending' | 'extended' | 'ended' | 'unknown';

/** A release line of a product that a tag names. */
export interface Support {
  /** `image`: the software of the image; `os`: the distribution named in the tag's suffix. */
  readonly part: 'image' | 'os';
  /** Title of the product, such as `Node.js`. */
  readonly product: string;
  /** Release line, such as `14`, `3.8`, `12`. */
  readonly cycle: string;
  /** Both for a message: `Node.js 14`, `Debian 12 (Bookworm)`. */
  readonly label: string;
  readonly status: SupportStatus;
  /** ISO date that decides `status`; undefined when no date is announced. */
  readonly until: string | undefined;
  /** End of regular security support (ISO). */
  readonly regularEnd: string | undefined;
  /** End of extended support (ISO), public (Debian LTS) or paid (Ubuntu Pro). */
  readonly extendedEnd: string | undefined;
  /** Days from today to `until`; negative when it has passed. */
  readonly daysLeft: number | undefined;
  /** Supported lines to move to, nearest first, newest last; each with a tag that exists. */
  readonly successors: readonly Successor[];
}

export interface Successor {
  readonly cycle: string;
  readonly label: string;
  /** The new repository (without registry) where the line is part of its name, as with distroless; else undefined. */
  readonly repository: string | undefined;
  /** The new tag: it is published and keeps the variant of the old one. Undefined only beside a new repository. */
  readonly tag: string | undefined;
  readonly until: string | undefined;
  readonly isLts: boolean;
}

export interface DeprecatedRepository {
  /** ISO date, year-month or year; undefined when not known. */
  readonly since: string | undefined;
  readonly note: string | undefined;
  /** Image references to move to, best first, with a tag of the same version where one exists. */
  readonly successors: readonly string[];
}

export interface SlimVariant {
  readonly tag: string;
  /** Architectures of the present tag for which the variant is not published (`arm32v7`); undefined when not known. */
  readonly lostArchitectures: readonly string[] | undefined;
  /** `slim`, `alpine`, `jre`, `minimal`, `chiseled`, … */
  readonly variant: string;
  /** The C library differs: native modules and binaries may not run. */
  readonly changesLibc: boolean;
  readonly size: ImageSize | undefined;
  readonly currentSize: ImageSize | undefined;
  /** Commands of the present image that the variant lacks; undefined when not known. */
  readonly loses: readonly string[] | undefined;
  readonly risk: 'low' | 'medium' | 'high';
  /** What may break, one sentence part; undefined when nothing special is known. */
  readonly note: string | undefined;
}

/** A patch release that has replaced the one a tag names. */
export interface NewerPatch {
  /** The newest full version, the variant kept. */
  readonly tag: string;
  /** The tag that follows the release line (`24-slim`), when there is one. */
  readonly floating: string | undefined;
  /** `Node.js 24`. */
  readonly line: string;
}

export interface RecommendedTag {
  readonly tag: string;
  /** `default`, `slim` or `alpine`. */
  readonly variant: 'default' | 'slim' | 'alpine';
  readonly label: string | undefined;
  readonly until: string | undefined;
  readonly isLts: boolean;
  readonly size: ImageSize | undefined;
}

/** A tag without a version. */
export interface FloatingTag {
  /** `variant`: only a variant is named; `channel`: `lts`, `stable`; `development`: a branch that is not released. */
  readonly kind: 'variant' | 'channel' | 'development';
  /** The tag that meant the same image when the data was taken and stays with its release line; undefined when there is none. */
  readonly pinned: string | undefined;
}

/** An image whose tags are known. */
export interface ImageChoice {
  /** As written after FROM. */
  readonly name: string;
  readonly publisher: 'Docker Official Image' | 'Microsoft' | 'Distroless' | 'Chainguard';
}

/** A tag that was published when the data was made. */
export interface TagChoice {
  readonly tag: string;
  /** Release line: `Node.js 24`. */
  readonly label: string | undefined;
  readonly status: SupportStatus;
  /** ISO date that decides `status`. */
  readonly until: string | undefined;
  readonly isLts: boolean;
  readonly size: ImageSize | undefined;
  /** One of the tags to write for lack of a wish for another. */
  readonly isRecommended: boolean;
}
