import { defineRule } from '../../lint/rule.ts';
import type { BuildContext } from '../../model/context.ts';
import { isWholeContext } from '../../model/copy.ts';

export const dockerignoreMissing = defineRule({
  id: 'dockerignore-missing',
  practice: 'context',
  summary: 'The whole build context is copied, and no `.dockerignore` keeps anything out of it.',
  why: [
    'Without a `.dockerignore`, `COPY . .` takes everything: the history in `.git`, `node_modules` built for another system, `.env` with the secrets of the developer. It makes the image larger, gives secrets away, and changes the cache with each commit.',
    '',
    'Put a `.dockerignore` into the root of the build context that names what the image does not need. One beside the Dockerfile named `<Dockerfile>.dockerignore` holds for that Dockerfile alone.',
    '',
    'The rule speaks up only where the context is known and holds something of the kind.',
  ].join('\n'),
  severity: 'info',
  fix: 'none',
  aliases: ['sonar/S6470', 'dockerfile-doctor/DD070'],
  examples: [
    {
      context: { 'package.json': '{}', 'node_modules/a/index.js': '', '.env': 'TOKEN=x' },
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\n',
    },
  ],
  check({ dockerfile, report }) {
    const { context } = dockerfile;
    if (!context || context.ignoreFile !== undefined) return;
    const unwanted = unwantedIn(context);
    if (unwanted.length === 0) return;
    for (const stage of dockerfile.reachableStages) {
      for (const copy of stage.copies) {
        const source = copy.usesContext ? copy.sources.find((each) => isWholeContext(each.value ?? '?')) : undefined;
        if (!source || copy.instruction.flags.some((flag) => flag.name === 'exclude')) continue;
        report({
          range: source.range,
          message: `This also copies ${listed(unwanted)}; add a .dockerignore that names what the image does not need.`,
          withheld: `The fix is a new file: create .dockerignore with the lines ${unwanted.join(', ')}.`,
        });
        return;
      }
    }
  },
});

const names =
  /^(?:\.git|\.svn|\.hg|node_modules|bower_components|__pycache__|\.venv|venv|\.tox|\.mypy_cache|\.pytest_cache|\.idea|\.vscode|\.terraform|\.next|\.gradle|\.env(?:\.(?!example|sample|template|dist|test|defaults?)[\w.-]+)?|\.npmrc|\.netrc|id_rsa|id_ed25519|.*\.pem|.*\.key|npm-debug\.log|coverage|bin|obj|target)$/;

/** Names in the root that hardly any image needs. */
function unwantedIn(context: BuildContext): string[] {
  const found = (context.list('') ?? []).map((entry) => entry.name).filter((name) => names.test(name));
  const isBuilt = (name: string): boolean => {
    if (name === 'target') return context.has('Cargo.toml') || context.has('pom.xml');
    if (name === 'bin' || name === 'obj')
      return context.files.some((file) => !file.includes('/') && file.endsWith('proj'));
    return true;
  };
  return found.filter(isBuilt).sort();
}

function listed(all: readonly string[]): string {
  if (all.length > 3) return `${all.slice(0, 3).join(', ')} and ${all.length - 3} more such names`;
  return all.length < 2 ? all[0]! : `${all.slice(0, -1).join(', ')} and ${all.at(-1)!}`;
}
