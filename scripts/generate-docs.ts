import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allRules } from '../server/src/rules/index.ts';
import { renderPages } from './docs/rulePages.ts';
import { root } from './root.ts';

const folder = join(root, 'docs/rules');

/** What is wrong with the committed pages, one line each; empty when they are up to date. */
export function stalePages(): string[] {
  const wanted = renderPages(allRules);
  const there = new Set(pagesThere());
  const stale = [...there].filter((path) => !wanted.has(path)).map((path) => `${path} belongs to no rule`);
  for (const [path, text] of wanted) {
    if (!there.has(path)) stale.push(`${path} is missing`);
    else if (readFileSync(join(folder, path), 'utf8') !== text) stale.push(`${path} is out of date`);
  }
  return stale.sort();
}

function writePages(): void {
  const wanted = renderPages(allRules);
  for (const path of pagesThere()) if (!wanted.has(path)) rmSync(join(folder, path));
  for (const [path, text] of wanted) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  console.log(`docs: ${wanted.size} pages in docs/rules`);
}

function pagesThere(): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files.filter((file) => file.endsWith('.md')).map((file) => file.replaceAll('\\', '/'));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writePages();
