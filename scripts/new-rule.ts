/**
 * Starts a rule: its file, its test, its place in the list of its practice.
 *
 * Usage: npm run new-rule -- PRACTICE RULE-ID
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { practices } from '../server/src/lint/finding.ts';
import { root } from './root.ts';

const [practice, id] = process.argv.slice(2);
const complaint = check(practice, id);
if (complaint !== undefined) {
  console.error(`${complaint}\nusage: npm run new-rule -- PRACTICE RULE-ID`);
  process.exitCode = 2;
} else start(practice!, id!);

function check(folder: string | undefined, name: string | undefined): string | undefined {
  if (!folder || !name) return 'A practice and a rule id are needed.';
  if (!(practices as readonly string[]).includes(folder))
    return `There is no practice ${folder}; choose one of ${practices.join(', ')}.`;
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/.test(name))
    return 'A rule id is words in lower case joined by hyphens; it names the pattern found, as latest-tag.';
  if (existsSync(pathOf(folder, `${name}.ts`))) return `There is a rule ${name} already.`;
  return undefined;
}

function pathOf(folder: string, file: string): string {
  return join(root, 'server/src/rules', folder, file);
}

function start(folder: string, name: string): void {
  const constant = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  writeFileSync(pathOf(folder, `${name}.ts`), ruleFile(folder, name, constant));
  writeFileSync(pathOf(folder, `${name}.test.ts`), testFile(name, constant));
  const index = pathOf(folder, 'index.ts');
  const text = readFileSync(index, 'utf8');
  const importLine = `import { ${constant} } from './${name}.ts';\n`;
  const listed = text.replace(/(Rules: readonly Rule\[\] = \[)([^\]]*)\]/, (_, head: string, entries: string) => {
    const separator = /\S/.test(entries) && !entries.trimEnd().endsWith(',') ? ', ' : '';
    return `${head}${entries.trimEnd()}${separator}${entries.includes('\n') ? `\n  ${constant},\n` : constant}]`;
  });
  writeFileSync(index, listed.replace(/(import type \{ Rule \}[^\n]*\n)/, `$1${importLine}`));
  console.log(
    `server/src/rules/${folder}/${name}.ts and its test are there. Fill them in, then: npm run docs, npm run corpus -- DIR.`,
  );
}

function ruleFile(folder: string, name: string, constant: string): string {
  return `import { defineRule } from '../../lint/rule.ts';

export const ${constant} = defineRule({
  id: '${name}',
  practice: '${folder}',
  summary: 'One sentence: what happens.',
  why: 'Why it matters, and what to do, for someone who meets the rule at 6 p.m. on release day.',
  severity: 'warning',
  fix: 'none',
  aliases: [],
  examples: [{ before: 'FROM debian:13\\n' }],
  check({ dockerfile, report }) {
    for (const command of dockerfile.commands('example')) {
      report({ range: command.range, message: 'What happens; what to do.' });
    }
  },
});
`;
}

function testFile(name: string, constant: string): string {
  return `import { describeRule } from '../../../../test/helpers/describeRule.ts';
import { ${constant} } from './${name}.ts';

describeRule(${constant}, {
  accepts: { 'nothing to find': 'RUN true' },
  reports: { 'the pattern': 'RUN ⟦example⟧' },
});
`;
}
