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
