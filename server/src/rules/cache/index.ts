import type { Rule } from '../../lint/rule.ts';
import { cacheMountMissing } from './cache-mount-missing.ts';
import { sourceBeforeInstall } from './source-before-install.ts';
import { volatileBeforeStable } from './volatile-before-stable.ts';

/** The rules of this practice, in the order of their pages. */
export const cacheRules: readonly Rule[] = [sourceBeforeInstall, volatileBeforeStable, cacheMountMissing];
