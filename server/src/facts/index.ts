/**
 * Offline facts on base images and packages. Pure look-ups over generated data: nothing throws, everything returned is
 * immutable, and what the data does not say is `undefined` or `'unknown'`, on which rules stay silent.
 *
 * - {@link baseImageFacts}: what one image is (system, user, shell, commands, size); the model has it as `base.facts`.
 * - {@link endOfLife}, {@link retag}: release lines named by a tag, their support, and the tags to move to.
 * - {@link deprecatedRepository}: repositories that are given up.
 * - {@link slimVariants}, {@link recommendedTags}: tags that exist and are better than the one written.
 * - {@link floatingTag}: whether a tag names no version, and the one that it meant.
 * - {@link packagesFor}, {@link commandsOfPackage}, {@link packageRole}: packages and commands.
 *
 * The data is as old as {@link factsDate} says. A tag that is missing in it may exist by now; a tag that is in it did.
 * Dates of today are always passed in as ISO text.
 */
export { baseImageFacts } from './baseImages.ts';
export { imageChoices, tagChoices } from './choices.ts';
export { tagsDate as factsDate } from './data/images.generated.ts';
export { supportDate } from './data/support.generated.ts';
export { deprecatedRepository } from './deprecated.ts';
export { endOfLife, retag } from './endOfLife.ts';
export { floatingTag } from './floatingTag.ts';
export { canonicalRepository } from './imageName.ts';
export { commandsOfPackage, type PackageRole, packageRole, packagesFor } from './packages.ts';
export { newerPatch } from './newerPatch.ts';
export { recommendedTags } from './recommendedTags.ts';
export { endingWithinDays } from './supportStatus.ts';
export type {
  BaseImageFacts,
  DefaultUser,
  DeprecatedRepository,
  DistributionFamily,
  FloatingTag,
  ImageChoice,
  ImageName,
  ImageShell,
  ImageSize,
  Libc,
  NewerPatch,
  PackageManager,
  ReadyUser,
  RecommendedTag,
  SlimVariant,
  Successor,
  Support,
  SupportStatus,
  TagChoice,
  TagStatus,
  UserRecipe,
} from './types.ts';
export { recipeUid, scratchUserRecipe } from './users.ts';
export { slimVariants } from './variants.ts';
