import type { Rule } from '../../lint/rule.ts';
import { apkCacheKept } from './apk-cache-kept.ts';
import { aptGetWithoutYes } from './apt-get-without-yes.ts';
import { aptListsKept } from './apt-lists-kept.ts';
import { aptRecommends } from './apt-recommends.ts';
import { pipCacheKept } from './pip-cache-kept.ts';

/** The rules of this practice, in the order of their pages. */
export const packagesRules: readonly Rule[] = [aptGetWithoutYes, aptListsKept, aptRecommends, apkCacheKept, pipCacheKept];
