import { defineRule } from '../../lint/rule.ts';
import { type BuildContext, cleanPath } from '../../model/context.ts';
import { isRemote, isWholeContext } from '../../model/copy.ts';

export const ignoredSource = defineRule({
  id: 'ignored-source',
  practice: 'context',
  summary: 'A file that is copied is kept out of the build context by `.dockerignore`, so the build stops.',
  why: [
    'What `.dockerignore` names is not sent to the builder: for `COPY` it does not exist, and the build ends with "not found" although the file is there.',
    '',
    'Take the pattern out of `.dockerignore`, or add an exception behind it (`!path`). Its patterns are anchored at the root of the context, and the last line that matches wins.',
  ].join('\n'),
  severity: 'error',
  fix: 'none',
  aliases: ['buildkit/CopyIgnoredFile'],
  examples: [
    {
      context: { 'package.json': '{}', '.env.production': '', '.dockerignore': 'node_modules\n.env*\n' },
      before: 'FROM node:24-slim\nCOPY package.json .env.production ./\n',
    },
  ],
  check({ dockerfile, report }) {
    const { context } = dockerfile;
    if (!context) return;
    for (const copy of dockerfile.copies) {
      if (copy.from !== undefined || !copy.destination) continue;
      for (const { value, text, range } of copy.sources) {
        if (value === undefined || /[$*?[\\]/.test(text) || isRemote(value)) continue;
        const path = isWholeContext(value) ? '' : cleanPath(value.replace(/^\/?(?:\.\.?\/)+/, ''));
        if (path === undefined || !isHidden(path, context)) continue;
        report({
          range,
          message: `${path === '' ? 'Everything' : path} is ignored by ${context.ignoreFile ?? '.dockerignore'}, so the build does not find it; add !${path === '' ? '…' : path} to that file or leave it out here.`,
          withheld: 'The change belongs into the ignore file.',
        });
      }
    }
  },
});

/** Ignored, and nothing below it is taken in again. */
function isHidden(path: string, context: BuildContext): boolean {
  if (context.ignoreFile === undefined) return false;
  if (path === '') {
    const entries = context.list('') ?? [];
    return entries.length === 0 && context.files.length === 0 && context.existsOnDisk(context.ignoreFile);
  }
  if (!context.isIgnored(path)) return false;
  return !context.files.some((file) => file.startsWith(`${path}/`));
}
