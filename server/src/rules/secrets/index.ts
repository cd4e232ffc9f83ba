import type { Rule } from '../../lint/rule.ts';
import { secretInText } from './secret-in-text.ts';
import { secretInVariable } from './secret-in-variable.ts';

/** The rules of this practice, in the order of their pages. */
export const secretsRules: readonly Rule[] = [secretInText, secretInVariable];
