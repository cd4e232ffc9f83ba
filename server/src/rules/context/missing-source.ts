import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { type BuildContext, cleanPath } from '../../model/context.ts';
import { type Copy, type CopyPath, isRemote } from '../../model/copy.ts';
import { replace } from '../../text/edit.ts';

export const missingSource = defineRule({
  id: 'missing-source',
  practice: 'context',
  summary: 'A file that is copied is not in the build context, so the build stops.',
  why: [
    '`COPY` and `ADD` take files from the build context, the folder given to `docker build`. Paths are relative to its root, wherever the Dockerfile lies, case counts, and `../` does not lead out of it.',
    '',
    'The rule looks at paths without wildcards and variables, and only where the context is known. Results of builds (`dist`, `target`, …) and what `.gitignore` names may come into being later and are left out.',
  ].join('\n'),
  severity: 'error',
  fix: 'suggestion',
  aliases: ['dockerfilelint/add_src_invalid'],
  examples: [
    {
      context: { 'package.json': '{}', 'package-lock.json': '{}' },
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json package-lok.json ./\n',
      after: 'FROM node:24-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\n',
    },
  ],
  check({ dockerfile, report }) {
    const { context } = dockerfile;
    if (!context) return;
    const named = dockerfile.copies
      .filter((copy) => copy.from === undefined && copy.destination !== undefined)
      .flatMap((copy) => copy.sources.map((source) => ({ copy, source, path: literalPath(source) })));
    // When nothing that is named is there, it is another folder that gets built.
    if (!named.some(({ path }) => path !== undefined && path !== '' && context.existsOnDisk(path))) return;
    for (const { copy, source, path } of named) {
      if (path === undefined || path === '' || context.existsOnDisk(path) || mayComeLater(path, context)) continue;
      const near = nearest(path, context);
      const leaves = source.text.startsWith('../') ? ' (../ does not lead out of the context)' : '';
      report({
        range: source.range,
        message: `${path} is not in the build context${leaves}, so the build stops; ${near === undefined ? 'correct the path' : `did you mean ${near}?`}`,
        fixes: near === undefined ? [] : renamed(copy, source, near),
      });
    }
  },
});

/** The path from the root of the context; undefined for what is no plain local path. */
function literalPath({ value, text }: CopyPath): string | undefined {
  if (value === undefined || /[$*?[\\]/.test(text) || isRemote(value)) return undefined;
  // BuildKit cuts off what would lead out of the context.
  return cleanPath(value.replace(/^\/?(?:\.\.?\/)+/, ''));
}

const results =
  /(?:^|\/)(?:target|build|dist|out|bin|obj|publish|release|_output|output|node_modules|vendor|\.next|\.output|artifacts?|generated|coverage|result|pkg)(?:\/|$)|\.(?:jar|war|whl|exe|so|tgz|tar|gz|zip|deb|rpm|crt|pem|key)$/i;

/** What a build outside of Docker makes, or a developer puts there by hand. */
function mayComeLater(path: string, context: BuildContext): boolean {
  if (results.test(path)) return true;
  const parts = path.split('/');
  const ignored = (context.read('.gitignore') ?? '').split(/\r?\n/).map((line) => line.trim().replace(/^\/|\/$/g, ''));
  return ignored.some((line) => {
    if (line === '' || line.startsWith('#')) return false;
    const pattern = new RegExp(
      `^${line
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('**', '*')
        .replaceAll('*', '.*')}$`,
    );
    return parts.some((part, index) => pattern.test(part) || pattern.test(parts.slice(0, index + 1).join('/')));
  });
}

/** The one path of the same folder that differs by case or by at most two letters. */
function nearest(path: string, context: BuildContext): string | undefined {
  const slash = path.lastIndexOf('/');
  const folder = slash < 0 ? '' : path.slice(0, slash);
  const name = path.slice(slash + 1);
  const names = (context.list(folder) ?? []).map((entry) => entry.name);
  const near = names.filter((each) => each.toLowerCase() === name.toLowerCase());
  if (near.length === 0 && name.length > 4)
    near.push(...names.filter((each) => distance(each, name) <= (name.length > 8 ? 2 : 1)));
  return near.length === 1 ? (folder === '' ? near[0] : `${folder}/${near[0]!}`) : undefined;
}

/** Letters to insert, drop or change (Levenshtein); neighbours swapped count once. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return 3;
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, rows[i - 2]![j - 2]! + 1);
      row.push(cost);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

function renamed(copy: Copy, source: CopyPath, near: string): FixProposal[] {
  const { instruction } = copy;
  const isSplit = instruction.words.some((word) => word.split && word.range.start === source.range.start);
  if (isSplit || /[\s"'\\]/.test(near) || (!instruction.json && /["'\\]/.test(source.text))) return [];
  const prefix = source.text.startsWith('./') ? './' : '';
  const written = instruction.json ? JSON.stringify(prefix + near) : prefix + near;
  return [{ title: `Copy ${near} instead`, edits: [replace(source.range, written)], preferred: true }];
}
