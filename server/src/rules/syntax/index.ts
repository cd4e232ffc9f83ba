import type { Rule } from '../../lint/rule.ts';
import { duplicateStageName } from './duplicate-stage-name.ts';
import { emptyContinuation } from './empty-continuation.ts';
import { forbiddenTrigger } from './forbidden-trigger.ts';
import { invalidDirective } from './invalid-directive.ts';
import { invalidPort } from './invalid-port.ts';
import { keywordCasing } from './keyword-casing.ts';
import { legacyKeyValue } from './legacy-key-value.ts';
import { malformedFrom } from './malformed-from.ts';
import { malformedJson } from './malformed-json.ts';
import { missingArguments } from './missing-arguments.ts';
import { missingDefault } from './missing-default.ts';
import { missingEquals } from './missing-equals.ts';
import { missingFrom } from './missing-from.ts';
import { overriddenInstruction } from './overridden-instruction.ts';
import { swallowedInstruction } from './swallowed-instruction.ts';
import { undefinedStage } from './undefined-stage.ts';
import { undefinedVariable } from './undefined-variable.ts';
import { unknownFlag } from './unknown-flag.ts';
import { unknownInstruction } from './unknown-instruction.ts';
import { unnamedDescription } from './unnamed-description.ts';
import { unterminatedHeredoc } from './unterminated-heredoc.ts';
import { upperCaseName } from './upper-case-name.ts';

/** The rules of this practice, in the order of their pages. */
export const syntaxRules: readonly Rule[] = [
  unknownInstruction,
  missingFrom,
  malformedFrom,
  missingArguments,
  invalidPort,
  forbiddenTrigger,
  overriddenInstruction,
  swallowedInstruction,
  emptyContinuation,
  legacyKeyValue,
  undefinedStage,
  undefinedVariable,
  missingDefault,
  duplicateStageName,
  malformedJson,
  unknownFlag,
  missingEquals,
  unterminatedHeredoc,
  invalidDirective,
  keywordCasing,
  upperCaseName,
  unnamedDescription,
];
