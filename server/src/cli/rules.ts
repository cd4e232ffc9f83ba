import { parseArgs } from 'node:util';
import { practices } from '../lint/finding.ts';
import type { Rule } from '../lint/rule.ts';
import { rulePage } from '../lint/rulePage.ts';
import { unknownRule } from '../lint/settings/settings.ts';
import { allRules } from '../rules/index.ts';
import { unifiedDiff } from '../text/diff.ts';
import { type Command, exitCodes, type Io, UsageError } from './command.ts';
import { oneOf } from './lint.ts';

const help = `Usage: plimsoll rules [--format text|json] [RULE]…

Lists the rules: id, severity, whether there is a fix, and what each finds. Of the rules that are named, by their id or
by the name that another tool has for them (DL3008), also tells why, with an example.

  --format FORMAT        text or json; text when left out
  -h, --help             this text
`;

export const rulesCommand: Command = { name: 'rules', summary: 'list the rules', help, run };

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { format: { type: 'string', default: 'text' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    io.write(help);
    return exitCodes.clean;
  }
  const format = oneOf('--format', values.format, ['text', 'json']);
  const named = [...new Set(positionals.flatMap(rulesNamed))];
  if (format === 'json') io.write(rulesJson(named.length > 0 ? named : allRules));
  else io.write(named.length > 0 ? named.map((rule) => ruleText(rule, io)).join('\n') : rulesText(io));
  return exitCodes.clean;
}

/** The rule of that id, or those that another tool knows by that name. Throws when there is none. */
function rulesNamed(name: string): readonly Rule[] {
  const wanted = name.toLowerCase();
  const own = allRules.filter(({ id }) => id === wanted);
  const others = allRules.filter(({ aliases }) =>
    aliases.some((alias) => [alias.toLowerCase(), alias.slice(alias.indexOf('/') + 1).toLowerCase()].includes(wanted)),
  );
  if (own.length + others.length === 0) throw new UsageError(unknownRule(name, allRules));
  return own.length > 0 ? own : others;
}

function ruleText(rule: Rule, { style }: Io): string {
  const fixes = { safe: 'safe fix', suggestion: 'suggested fix', none: 'no fix' };
  const severity = rule.severity === 'off' ? 'off unless switched on' : rule.severity;
  const aliases = rule.aliases.length > 0 ? `Elsewhere: ${rule.aliases.join(', ')}\n` : '';
  const examples = rule.examples.map(({ before, after }) => {
    const text =
      after === undefined
        ? before
        : unifiedDiff(before, after, { old: '', new: '' }).replace(/^(?:(?:---|\+\+\+) |@@).*\n/gm, '');
    return `\n${text.replace(/^(?=.)/gm, '    ')}`;
  });
  const head = `${style('strong', rule.id)} (${rule.practice}; ${severity}; ${fixes[rule.fix]})`;
  return `${[head, rule.summary, '', ...rule.why.split('\n')].map(wrapped).join('\n')}\n${examples.join('')}\n${aliases}${rulePage(rule)}\n`;
}

/** The line in pieces of at most 100 characters. */
function wrapped(line: string): string {
  return line.replace(/(?!$)(.{1,100})(?:\s+|$)/g, '$1\n').replace(/\n$/, '');
}

function rulesJson(rules: readonly Rule[]): string {
  const list = rules.map((rule) => ({
    id: rule.id,
    practice: rule.practice,
    severity: rule.severity,
    fix: rule.fix,
    summary: rule.summary,
    aliases: rule.aliases,
    page: rulePage(rule),
  }));
  return `${JSON.stringify({ rules: list }, undefined, 2)}\n`;
}

function rulesText({ style }: Io): string {
  const width = Math.max(...allRules.map((rule) => rule.id.length));
  let result = '';
  for (const practice of practices) {
    const rules = allRules.filter((rule) => rule.practice === practice);
    if (rules.length === 0) continue;
    result += `${result === '' ? '' : '\n'}${style('strong', practice)}\n`;
    for (const rule of rules) {
      const severity =
        rule.severity === 'off' ? style('faint', 'off    ') : style(rule.severity, rule.severity.padEnd(7));
      const fix = rule.fix === 'none' ? '' : rule.fix;
      result += `  ${rule.id.padEnd(width)}  ${severity}  ${fix.padEnd(10)}  ${rule.summary.replaceAll('`', '')}\n`;
    }
  }
  return result;
}
