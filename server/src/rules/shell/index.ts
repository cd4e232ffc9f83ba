import type { Rule } from '../../lint/rule.ts';
import { pipeWithoutPipefail } from './pipe-without-pipefail.ts';
import { runWithoutEffect } from './run-without-effect.ts';
import { shellFormStart } from './shell-form-start.ts';
import { unnoticedFailure } from './unnoticed-failure.ts';
import { unreadableScript } from './unreadable-script.ts';

/** The rules of this practice, in the order of their pages. */
export const shellRules: readonly Rule[] = [
  pipeWithoutPipefail,
  unnoticedFailure,
  runWithoutEffect,
  shellFormStart,
  unreadableScript,
];
