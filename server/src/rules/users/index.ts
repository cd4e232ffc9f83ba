import type { Rule } from '../../lint/rule.ts';
import { rootUser } from './root-user.ts';
import { sparseLastlog } from './sparse-lastlog.ts';
import { sudoInRun } from './sudo-in-run.ts';
import { unknownUser } from './unknown-user.ts';

/** The rules of this practice, in the order of their pages. */
export const usersRules: readonly Rule[] = [rootUser, unknownUser, sudoInRun, sparseLastlog];
