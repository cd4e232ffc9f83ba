import type { Rule } from '../../lint/rule.ts';
import { devDependenciesInFinalImage } from './dev-dependencies-in-final-image.ts';
import { singleStageBuild } from './single-stage-build.ts';
import { stageUnreachable } from './stage-unreachable.ts';

/** The rules of this practice, in the order of their pages. */
export const stagesRules: readonly Rule[] = [singleStageBuild, devDependenciesInFinalImage, stageUnreachable];
