import type { Rule } from '../../server/src/lint/rule.ts';

/** Names of rules with what they find, for the setting `plimsoll.rules`: the editor completes and explains them. */
export function ruleNames(rules: readonly Rule[]): Record<string, unknown> {
  const byId = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  return {
    enum: byId.map((rule) => rule.id),
    enumDescriptions: byId.map((rule) => `${rule.summary.replaceAll('`', '')} (${rule.severity})`),
  };
}
