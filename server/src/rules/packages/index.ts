import type { Rule } from '../../lint/rule.ts';
import { aptGetWithoutYes } from './apt-get-without-yes.ts';

/** The rules of this practice, in the order of their pages. */
export const packagesRules: readonly Rule[] = [aptGetWithoutYes];
