import type { Rule } from '../../lint/rule.ts';
import { sourceBeforeInstall } from './source-before-install.ts';

/** The rules of this practice, in the order of their pages. */
export const cacheRules: readonly Rule[] = [sourceBeforeInstall];
