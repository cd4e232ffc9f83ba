import type { Rule } from './rule.ts';

/** Where the generated pages of the rules are read. */
export const documentationBase = 'https://github.com/plimsoll/plimsoll/blob/main/docs/rules';

/** Path of a rule's page below `docs/rules`. */
export function rulePagePath(rule: Pick<Rule, 'practice' | 'id'>): string {
  return `${rule.practice}/${rule.id}.md`;
}

/** Address of a rule's page. */
export function rulePage(rule: Pick<Rule, 'practice' | 'id'>): string {
  return `${documentationBase}/${rulePagePath(rule)}`;
}
