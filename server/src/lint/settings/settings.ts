import * as v from 'valibot';
import type { Severity } from '../finding.ts';
import type { Rule } from '../rule.ts';

/** What a user can say about checking, in the editor's settings or in a `.plimsoll.yaml`. */
export interface Settings {
  /** Off: nothing is checked. */
  readonly enable: boolean;
  readonly severities: Readonly<Record<string, Severity | 'off'>>;
  /** Off: no completion, navigation, renaming, links and hints; for those who have them from another server. */
  readonly editing: boolean;
}

export const defaultSettings: Settings = { enable: true, severities: {}, editing: true };

/** A setting that has no effect because it is wrong. The others still apply. */
export interface SettingsProblem {
  /** Keys from the outermost to the wrong one. */
  readonly path: readonly string[];
  readonly message: string;
}

const severitySchema = v.picklist(['off', 'error', 'warning', 'info', 'hint']);
const rulesSchema = v.record(v.string(), v.unknown());
const settingsSchema = v.looseObject({});

/**
 * Reads settings of any shape; what is missing has its default. A rule may be named by its id or by an alias
 * (`hadolint/DL3014`, which then sets every rule that has it; an id wins over an alias).
 */
export function readSettings(
  value: unknown,
  rules: readonly Rule[],
): { readonly settings: Settings; readonly problems: readonly SettingsProblem[] } {
  const problems: SettingsProblem[] = [];
  if (value === undefined || value === null) return { settings: defaultSettings, problems };
  const outer = v.safeParse(settingsSchema, value);
  if (!outer.success || Array.isArray(value)) {
    return { settings: defaultSettings, problems: [{ path: [], message: `expected a mapping, got ${show(value)}` }] };
  }
  const { enable, editing, rules: chosen } = outer.output as Record<'enable' | 'editing' | 'rules', unknown>;
  for (const [name, value] of Object.entries({ enable, editing })) {
    if (value === undefined || typeof value === 'boolean') continue;
    problems.push({ path: [name], message: `must be true or false, not ${show(value)}` });
  }
  return {
    settings: {
      enable: enable !== false,
      severities: readSeverities(chosen, rules, problems),
      editing: editing !== false,
    },
    problems,
  };
}

function readSeverities(value: unknown, rules: readonly Rule[], problems: SettingsProblem[]): Settings['severities'] {
  if (value === undefined || value === null) return {};
  const parsed = v.safeParse(rulesSchema, value);
  if (!parsed.success || Array.isArray(value)) {
    problems.push({ path: ['rules'], message: `must map rules to severities, not be ${show(value)}` });
    return {};
  }
  const byId: Record<string, Severity | 'off'> = {};
  const byAlias: Record<string, Severity | 'off'> = {};
  for (const [name, written] of Object.entries(parsed.output)) {
    const path = ['rules', name];
    const severity = v.safeParse(severitySchema, written);
    const isRule = rules.some((rule) => rule.id === name);
    const named = rules.filter((rule) => rule.aliases.some((alias) => alias.toLowerCase() === name.toLowerCase()));
    if (!severity.success) {
      problems.push({ path, message: `must be off, error, warning, info or hint, not ${show(written)}` });
    } else if (isRule) byId[name] = severity.output;
    else if (named.length > 0) for (const rule of named) byAlias[rule.id] = severity.output;
    else problems.push({ path, message: unknownRule(name, rules) });
  }
  return { ...byAlias, ...byId };
}

/** Says that there is no such rule, and which one may be meant. */
export function unknownRule(name: string, rules: readonly Rule[]): string {
  const words = name
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 2);
  const score = (rule: Rule): number => words.filter((word) => rule.id.includes(word)).length;
  const best = rules.map((rule) => ({ rule, score: score(rule) })).sort((a, b) => b.score - a.score)[0];
  const hint = best && best.score > 0 ? `; did you mean ${best.rule.id}?` : '';
  return `there is no rule "${name}"${hint}`;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
