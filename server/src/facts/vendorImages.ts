import { type Distribution, distributionInTag, distributionOf, unknownDistribution } from './distribution.ts';
import type { DefaultUser, ReadyUser, TagStatus } from './types.ts';
import { defaultUser, rootUser } from './users.ts';

/** What the name alone tells of an image that is not on Docker Hub. */
export interface RegistryImage {
  readonly system: Distribution;
  readonly user: DefaultUser;
  readonly readyUsers: readonly ReadyUser[];
  readonly tagStatus: TagStatus;
  readonly entrypoint: readonly string[] | undefined;
  readonly cmd: readonly string[] | undefined;
  readonly workdir: string | undefined;
}

type VendorFacts = Partial<RegistryImage> & Pick<RegistryImage, 'system' | 'user'>;

const unprivileged: ReadyUser = { name: 'nginx', uid: 101, gid: 101, home: undefined, caveat: undefined };

/** Repositories of vendors whose images follow one rule each. */
const vendors: ReadonlyArray<
  readonly [repository: RegExp, facts: (tag: string, match: RegExpExecArray) => VendorFacts]
> = [
  [
    /^nginxinc\/nginx-unprivileged$/,
    (tag) => ({
      system: distributionOf(tag.includes('alpine') ? 'alpine' : 'debian'),
      user: defaultUser('101', []),
      readyUsers: [unprivileged],
      entrypoint: ['/docker-entrypoint.sh'],
      cmd: ['nginx', '-g', 'daemon off;'],
      workdir: '/',
    }),
  ],
  [/^jenkins\/jenkins$/, (tag) => ({ system: inTag(tag), user: { name: 'jenkins', uid: 1000, isRoot: false } })],
  [
    /^mcr\.microsoft\.com\/windows(?:\/(servercore|nanoserver|server))?$/,
    (tag, [name, edition]) => ({
      system: distributionOf(`${edition === undefined ? `${name}/windows` : name}:${tag}`),
      user: defaultUser(edition === 'nanoserver' ? 'ContainerUser' : 'ContainerAdministrator', []),
    }),
  ],
  [
    /^mcr\.microsoft\.com\/dotnet\/framework\/\w+$/,
    () => ({
      system: distributionOf('mcr.microsoft.com/windows/servercore'),
      user: defaultUser('ContainerAdministrator', []),
    }),
  ],
  [
    /^mcr\.microsoft\.com\/(?:azurelinux|cbl-mariner)\/base\/core$/,
    (tag) => ({ system: distributionOf(`azurelinux:${tag}`), user: rootUser, workdir: '/' }),
  ],
  // The language images for OpenShift's source builds.
  [
    /^registry\.access\.redhat\.com\/(ubi\d+)\/(?:nodejs|python|php|ruby|perl)-\d+(-minimal)?$/,
    (_tag, [, release, minimal]) => ({
      system: distributionOf(`redhat/${release}${minimal ?? ''}:latest`),
      user: defaultUser('1001', []),
      workdir: '/opt/app-root/src',
    }),
  ],
  [/^nvidia\/cuda$/, (tag) => ({ system: inTag(tag), user: rootUser, workdir: '/' })],
];

/** Facts of an image of one of these vendors; undefined for all others. */
export function vendorImage(repository: string, tag: string): RegistryImage | undefined {
  for (const [pattern, facts] of vendors) {
    const match = pattern.exec(repository);
    if (!match) continue;
    return {
      readyUsers: [],
      tagStatus: 'unknown',
      entrypoint: undefined,
      cmd: undefined,
      workdir: undefined,
      ...facts(tag, match),
    };
  }
  return undefined;
}

/** The system that the tag names, also by its number: `12.4.1-runtime-ubuntu22.04`, `11.8.0-base-ubi8`. */
function inTag(tag: string): Distribution {
  const ubuntu = /ubuntu(\d\d\.\d\d)/.exec(tag)?.[1];
  const rebuild = /(rockylinux|centos)(\d+)$/.exec(tag);
  if (ubuntu !== undefined) return distributionOf(`ubuntu:${ubuntu}`);
  if (rebuild) return distributionOf(`${rebuild[1]}:${rebuild[2]}`);
  return distributionInTag(tag) ?? unknownDistribution;
}
