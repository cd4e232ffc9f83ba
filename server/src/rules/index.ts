import type { Rule } from '../lint/rule.ts';
import { baseImagesRules } from './base-images/index.ts';
import { cacheRules } from './cache/index.ts';
import { contextRules } from './context/index.ts';
import { layersRules } from './layers/index.ts';
import { metadataRules } from './metadata/index.ts';
import { packagesRules } from './packages/index.ts';
import { secretsRules } from './secrets/index.ts';
import { shellRules } from './shell/index.ts';
import { stagesRules } from './stages/index.ts';
import { syntaxRules } from './syntax/index.ts';
import { usersRules } from './users/index.ts';

/** All rules, by practice. */
export const allRules: readonly Rule[] = [
  ...usersRules,
  ...baseImagesRules,
  ...layersRules,
  ...cacheRules,
  ...stagesRules,
  ...packagesRules,
  ...secretsRules,
  ...shellRules,
  ...syntaxRules,
  ...metadataRules,
  ...contextRules,
];
