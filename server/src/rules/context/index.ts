import type { Rule } from '../../lint/rule.ts';
import { addInsteadOfCopy } from './add-instead-of-copy.ts';
import { copiedSecretFile } from './copied-secret-file.ts';
import { dockerignoreMissing } from './dockerignore-missing.ts';
import { ignoredSource } from './ignored-source.ts';
import { missingSource } from './missing-source.ts';
import { relativeDestination } from './relative-destination.ts';
import { relativeWorkdir } from './relative-workdir.ts';

/** The rules of this practice, in the order of their pages. */
export const contextRules: readonly Rule[] = [
  missingSource,
  ignoredSource,
  copiedSecretFile,
  dockerignoreMissing,
  addInsteadOfCopy,
  relativeWorkdir,
  relativeDestination,
];
