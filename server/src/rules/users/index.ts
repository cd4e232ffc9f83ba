import type { Rule } from '../../lint/rule.ts';

/** The rules of this practice, in the order of their pages. */
export const usersRules: readonly Rule[] = [];
