import type { Rule } from '../../lint/rule.ts';
import { singleStageBuild } from './single-stage-build.ts';

/** The rules of this practice, in the order of their pages. */
export const stagesRules: readonly Rule[] = [singleStageBuild];
