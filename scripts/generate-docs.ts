import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allRules } from '../server/src/rules/index.ts';
import { renderPages } from './docs/rulePages.ts';
import { ruleNames } from './docs/rulesSetting.ts';
import { root } from './root.ts';

const folder = join(root, 'docs/rules');
const manifestFile = join(root, 'package.json');

/** What is wrong with the committed pages and the manifest, one line each; empty when they are up to date. */
export function stalePages(): string[] {
  const wanted = renderPages(allRules);
  const there = new Set(pagesThere());
  const stale = [...there].filter((path) => !wanted.has(path)).map((path) => `${path} belongs to no rule`);
  for (const [path, text] of wanted) {
    if (!there.has(path)) stale.push(`${path} is missing`);
    else if (readFileSync(join(folder, path), 'utf8') !== text) stale.push(`${path} is out of date`);
  }
  const manifest = readFileSync(manifestFile, 'utf8');
  if (withRuleNames(manifest) !== manifest) stale.push('package.json: plimsoll.rules is out of date');
  return stale.sort();
}

function writePages(): void {
  const wanted = renderPages(allRules);
  for (const path of pagesThere()) if (!wanted.has(path)) rmSync(join(folder, path));
  for (const [path, text] of wanted) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  writeFileSync(manifestFile, withRuleNames(readFileSync(manifestFile, 'utf8')));
  console.log(`docs: ${wanted.size} pages in docs/rules`);
}

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly { readonly properties: Record<string, { propertyNames?: unknown }> }[];
  };
}

function withRuleNames(text: string): string {
  const manifest = JSON.parse(text) as Manifest;
  for (const { properties } of manifest.contributes.configuration) {
    const setting = properties['plimsoll.rules'];
    if (setting) setting.propertyNames = ruleNames(allRules);
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function pagesThere(): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).map((file) => file.replaceAll('\\', '/'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePages();
