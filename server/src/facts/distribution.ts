import { productOf, codeName, firstWord } from './support.ts';
import type { DistributionFamily, ImageShell, Libc, PackageManager } from './types.ts';

/** The operating system part of an image. */
export interface Distribution {
  readonly family: DistributionFamily;
  readonly release: string | undefined;
  readonly libc: Libc;
  readonly shell: ImageShell;
  readonly packageManager: PackageManager;
  /** Profile of commands that holds for the bare system, if there is one. */
  readonly profile: string | undefined;
}

export const unknownDistribution: Distribution = {
  family: 'unknown',
  release: undefined,
  libc: 'unknown',
  shell: 'unknown',
  packageManager: 'unknown',
  profile: undefined,
};

const debianSuites = new Set(productOf('debian')?.cycles.map(firstWord));
const ubuntuSuites = new Set(productOf('ubuntu')?.cycles.map(firstWord));

/** Reads the name of an operating system image: `debian:bookworm-slim`, `alpine:3.24.1`, `redhat/ubi9-minimal:latest`. */
export function distributionOf(image: string): Distribution {
  const colon = image.lastIndexOf(':');
  const name = image.slice(0, colon < 0 ? image.length : colon);
  const tag = colon < 0 ? '' : image.slice(colon + 1);
  const ubi = /^(?:redhat\/|registry\.access\.redhat\.com\/ubi\d+\/)ubi(\d*)(?:-(\w+))?$/.exec(name);
  if (ubi) return redHat('ubi', /ubi(\d+)/.exec(name)?.[1], ubi[2] ?? '');
  const windows = /^mcr\.microsoft\.com\/windows\/(\w+)$/.exec(name);
  if (windows) return windowsImage(tag);
  switch (name) {
    case 'debian':
      return debian(suite(tag, 'debian', debianSuites));
    case 'ubuntu':
      return ubuntu(suite(tag, 'ubuntu', ubuntuSuites));
    case 'alpine':
      return alpine(/^\d+\.\d+/.exec(tag)?.[0]);
    case 'busybox':
      return busybox(tag);
    case 'almalinux':
    case 'rockylinux':
    case 'oraclelinux':
      return redHat(name, /^\d+/.exec(tag)?.[0], /minimal|slim/.exec(tag)?.[0] ?? '');
    case 'fedora':
    case 'centos':
      return {
        ...redHat(name, /\d+/.exec(tag)?.[0], ''),
        packageManager: name === 'fedora' ? 'dnf' : centosManager(tag),
      };
    case 'amazonlinux':
      return amazon(/^(?:2023|2)(?=$|[.-])/.exec(tag)?.[0]);
    case 'photon':
    case 'azurelinux':
      return glibc(name, /^\d+\.\d+/.exec(tag)?.[0], 'tdnf');
    case 'archlinux':
      return glibc('arch', undefined, 'pacman');
    case 'distroless':
      return distroless('glibc');
    case 'scratch':
      return { ...distroless('none'), family: 'scratch', profile: undefined };
    default:
      return unknownDistribution;
  }
}

/** The operating system that the suffix of a tag names: `14-buster-slim`, `3.12-alpine3.20`, `21-jdk-noble`. */
export function distributionInTag(tag: string): Distribution | undefined {
  if (/windowsservercore|nanoserver/.test(tag)) return windowsImage(tag);
  const alpineVersion = /alpine-?(\d+\.\d+)?/.exec(tag);
  if (alpineVersion) return alpine(alpineVersion[1]);
  for (const word of tag.split('-')) {
    if (debianSuites.has(word)) return debian(word);
    if (ubuntuSuites.has(word)) return ubuntu(word);
    const amazonRelease = /^(?:al|amazonlinux)(2023|2)$/.exec(word)?.[1];
    if (amazonRelease) return amazon(amazonRelease);
    const oracle = /^oraclelinux(\d+)$/.exec(word)?.[1];
    if (oracle) return redHat('oraclelinux', oracle, 'slim');
    const ubi = /^ubi(\d+)$/.exec(word)?.[1];
    if (ubi) return redHat('ubi', ubi, tag.includes('minimal') ? 'minimal' : '');
  }
  return undefined;
}

/** A system without a shell and without a package manager. */
export function distroless(libc: Libc): Distribution {
  return {
    family: 'distroless',
    release: undefined,
    libc,
    shell: 'none',
    packageManager: 'none',
    profile: libc === 'none' ? 'distroless/static' : 'distroless/base',
  };
}

function debian(release: string | undefined): Distribution {
  const known = release === 'bullseye' || release === 'bookworm' || release === 'trixie';
  return { ...glibc('debian', release, 'apt'), profile: `debian-${known ? release : 'bookworm'}` };
}

function ubuntu(release: string | undefined): Distribution {
  const modern = release === 'noble' || release === 'resolute';
  return { ...glibc('ubuntu', release, 'apt'), profile: `ubuntu-${modern ? release : 'jammy'}` };
}

function alpine(release: string | undefined): Distribution {
  return { family: 'alpine', release, libc: 'musl', shell: 'ash', packageManager: 'apk', profile: 'alpine' };
}

function busybox(tag: string): Distribution {
  const libc = /glibc|musl|uclibc/.exec(tag)?.[0] as Libc | undefined;
  return {
    family: 'busybox',
    release: /^\d+\.\d+/.exec(tag)?.[0],
    libc: libc ?? 'unknown',
    shell: 'ash',
    packageManager: 'none',
    profile: 'busybox',
  };
}

/** Red Hat's and its rebuilds: the plain image has dnf, minimal and slim ones microdnf, micro nothing. */
function redHat(name: string, release: string | undefined, variant: string): Distribution {
  if (variant === 'micro') return { ...glibc('rhel', release, 'none'), profile: 'ubi-micro' };
  const isSmall = variant === 'minimal' || variant === 'slim';
  const plain = Number(release) <= 7 ? 'yum' : 'dnf';
  return {
    ...glibc('rhel', release, isSmall ? 'microdnf' : plain),
    profile: name === 'centos' ? undefined : isSmall ? `${name}-${variant}` : name,
  };
}

function centosManager(tag: string): PackageManager {
  return /^(?:centos)?[567](?!\d)/.test(tag) ? 'yum' : 'dnf';
}

function amazon(release: string | undefined): Distribution {
  const manager = release === '2' ? 'yum' : release === undefined ? 'unknown' : 'dnf';
  return {
    ...glibc('amazon', release, manager),
    profile: release === undefined ? undefined : `amazonlinux-${release}`,
  };
}

function windowsImage(tag: string): Distribution {
  return {
    family: 'windows',
    release: /ltsc\d+|\b1809\b/.exec(tag)?.[0],
    libc: 'none',
    shell: 'windows',
    packageManager: 'none',
    profile: undefined,
  };
}

function glibc(family: DistributionFamily, release: string | undefined, packageManager: PackageManager): Distribution {
  return { family, release, libc: 'glibc', shell: 'bash', packageManager, profile: undefined };
}

function suite(tag: string, product: 'debian' | 'ubuntu', suites: ReadonlySet<string | undefined>): string | undefined {
  const [word] = tag.split('-');
  if (suites.has(word)) return word;
  const number = product === 'debian' ? /^\d+/.exec(tag)?.[0] : /^\d+\.\d+/.exec(tag)?.[0];
  return number === undefined ? undefined : codeName(product, number);
}
