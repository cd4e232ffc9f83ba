import type { Rule } from '../../lint/rule.ts';
import { maintainer } from './maintainer.ts';
import { missingProgram } from './missing-program.ts';

/** The rules of this practice, in the order of their pages. */
export const metadataRules: readonly Rule[] = [maintainer, missingProgram];
