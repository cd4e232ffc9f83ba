import type { SlimVariant } from '../../facts/index.ts';
import type { Stage } from '../../model/stage.ts';

/** What `--platform` calls the architectures of the facts. */
const platforms: Readonly<Record<string, string>> = {
  amd64: 'linux/amd64',
  arm64v8: 'linux/arm64',
  arm32v7: 'linux/arm/v7',
  arm32v6: 'linux/arm/v6',
  arm32v5: 'linux/arm/v5',
  i386: 'linux/386',
  ppc64le: 'linux/ppc64le',
  riscv64: 'linux/riscv64',
  s390x: 'linux/s390x',
};

/** Whether the variant is published for the platform that FROM demands; true when that is not known. */
export function isBuiltFor(stage: Stage, { lostArchitectures }: SlimVariant): boolean {
  const platform = platformOf(stage);
  return !lostArchitectures?.some((each) => platforms[each] === platform);
}

/**
 * Platforms that the present tag has and the variant has not, in a file that is made to be built for several: it uses
 * TARGETPLATFORM or one of its parts.
 */
export function lostPlatforms(stage: Stage, { lostArchitectures }: SlimVariant): readonly string[] {
  const isForSeveral = /\b(?:TARGETPLATFORM|TARGETARCH|TARGETVARIANT)\b/.test(stage.dockerfile.text);
  if (!isForSeveral || platformOf(stage) !== undefined) return [];
  return (lostArchitectures ?? []).flatMap((each) => platforms[each] ?? []);
}

/** The platform in FROM as Docker writes it, when it holds no variable. */
function platformOf(stage: Stage): string | undefined {
  const written = stage.from.flags.find((flag) => flag.name === 'platform')?.value?.toLowerCase();
  if (written === undefined || written.includes('$')) return undefined;
  const path = written.includes('/') ? written : `linux/${written}`;
  const other: Readonly<Record<string, string>> = {
    'linux/arm64/v8': 'linux/arm64',
    'linux/aarch64': 'linux/arm64',
    'linux/x86_64': 'linux/amd64',
    'linux/arm': 'linux/arm/v7',
    'linux/armhf': 'linux/arm/v7',
    'linux/i386': 'linux/386',
  };
  return Object.hasOwn(other, path) ? other[path] : path;
}
