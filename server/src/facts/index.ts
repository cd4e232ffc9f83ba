/**
 * Offline facts on base images and packages. Pure look-ups: nothing throws, everything returned is immutable.
 */
export type {
  BaseImageFacts,
  DefaultUser,
  DeprecatedRepository,
  DistributionFamily,
  ImageName,
  ImageShell,
  ImageSize,
  Libc,
  PackageManager,
  ReadyUser,
  RecommendedTag,
  SlimVariant,
  Successor,
  Support,
  SupportStatus,
  TagStatus,
  UserRecipe,
} from './types.ts';
export { baseImageFacts } from './baseImages.ts';
export { endOfLife, retag } from './endOfLife.ts';
export { endingWithinDays } from './supportStatus.ts';
export { deprecatedRepository } from './deprecated.ts';
export { recommendedTags } from './recommendedTags.ts';
export { slimVariants } from './variants.ts';
export { canonicalRepository } from './imageName.ts';
export { scratchUserRecipe } from './users.ts';
export { commandsOfPackage, packageRole, packagesFor } from './packages.ts';
export type { PackageRole } from './packages.ts';
