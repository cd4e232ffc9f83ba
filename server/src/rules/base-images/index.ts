import type { Rule } from '../../lint/rule.ts';
import { deprecatedRepositoryRule } from './deprecated-repository.ts';
import { endOfLifeBase } from './end-of-life-base.ts';
import { fatBase } from './fat-base.ts';
import { fixedPlatform } from './fixed-platform.ts';
import { latestTag } from './latest-tag.ts';
import { outdatedPatch } from './outdated-patch.ts';
import { redundantPlatform } from './redundant-platform.ts';

/** The rules of this practice, in the order of their pages. */
export const baseImagesRules: readonly Rule[] = [
  endOfLifeBase,
  latestTag,
  deprecatedRepositoryRule,
  fatBase,
  outdatedPatch,
  fixedPlatform,
  redundantPlatform,
];
