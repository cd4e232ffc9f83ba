import { parseArgs } from 'node:util';
import { practices } from '../lint/finding.ts';
import { rulePage } from '../lint/rulePage.ts';
import { allRules } from '../rules/index.ts';
import { type Command, exitCodes, type Io } from './command.ts';
import { oneOf } from './lint.ts';

const help = `Usage: plimsoll rules [--format text|json]

Lists the rules: id, severity, whether there is a fix, and what each finds.

  --format FORMAT        text or json; text when left out
  -h, --help             this text
`;

export const rulesCommand: Command = { name: 'rules', summary: 'list the rules', help, run };

async function run(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: { format: { type: 'string', default: 'text' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) io.write(help);
  else if (oneOf('--format', values.format, ['text', 'json']) === 'json') io.write(rulesJson());
  else io.write(rulesText(io));
  return exitCodes.clean;
}

function rulesJson(): string {
  const rules = allRules.map((rule) => ({
    id: rule.id,
    practice: rule.practice,
    severity: rule.severity,
    fix: rule.fix,
    summary: rule.summary,
    aliases: rule.aliases,
    page: rulePage(rule),
  }));
  return `${JSON.stringify({ rules }, undefined, 2)}\n`;
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
