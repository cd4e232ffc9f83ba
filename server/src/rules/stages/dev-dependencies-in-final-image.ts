import { defineRule, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import type { PackageUse } from '../../model/packages.ts';
import { insertWord, isEditable } from '../../model/scriptEdits.ts';
import { startupOf } from '../../model/startup.ts';
import { inCaseOf, lineAbove } from '../insertLine.ts';
import { importOf } from './importedPackages.ts';
import { type DevelopmentDependencies, developmentDependencies, leavesOut } from './developmentDependencies.ts';

export const devDependenciesInFinalImage = defineRule({
  id: 'dev-dependencies-in-final-image',
  practice: 'stages',
  summary: 'The image ships packages that only development needs: test runners, linters, bundlers.',
  why: [
    'Without being told otherwise, package managers install development dependencies, too. They are often the larger part of `node_modules` or of a vendor folder, and each can have vulnerabilities that the program never needed.',
    '',
    'The rule reads the manifest in the build context and speaks only of stages that ship and neither build nor test anything; a build belongs in a stage of its own. It stays silent where the container starts a development tool.',
  ].join('\n'),
  severity: 'info',
  fix: 'suggestion',
  aliases: ['tally/php/composer-no-dev-in-production', 'tally/ruby/missing-bundle-without-development'],
  examples: [
    {
      before: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n',
      after: 'FROM node:24-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --omit=dev\nCMD ["node", "server.js"]\n',
      context: { 'package.json': '{"dependencies":{"express":"5"},"devDependencies":{"mocha":"12"}}' },
    },
  ],
  check({ dockerfile, report }) {
    if (!dockerfile.context) return;
    for (const stage of dockerfile.shippedStages) {
      for (const use of stage.runs.flatMap((run) => run.installs)) {
        const found = developmentDependencies(use);
        if (!found || !isForProduction(use, found)) continue;
        report({
          range: use.command.subcommandRange,
          message: `${found.manifest} lists ${listed(found.names)} for development, and they are installed into the image; leave them out.`,
          ...repair(use, found),
        });
      }
    }
  },
});

/** Whether nothing in the image uses what development needs: no build, no test, no development tool that starts. */
function isForProduction(use: PackageUse, found: DevelopmentDependencies): boolean {
  const stages = use.command.stage.dockerfile.shippedStages;
  const commands = stages.flatMap((stage) => stage.runs.flatMap((run) => run.commands));
  if (commands.some((command) => command.range.start !== use.command.range.start && mayUse(command, found)))
    return false;
  const stage = stages[0]!;
  const { instructions, text, unseenScripts } = startupOf(stage);
  if (instructions.length === 0 || unseenScripts.length > 0) return false;
  if (stages.some(({ name }) => /^dev(?:elop(?:ment)?|env)?\b/i.test(name ?? ''))) return false;
  const plain = text.replaceAll(/[",[\]]+/g, ' ');
  return !usesTool(`${plain}\n${startScripts(plain, found).join('\n')}`, found);
}

/** Tools for development that go by another name than the package that brings them, or are started by a script. */
const tools =
  /(?:^|[\s/"'])(?:nodemon|ts-node|ts-node-dev|tsx|vite|webpack(?:-dev-server)?|react-scripts|ng|next dev|nuxt dev|jest|mocha|vitest|cypress|playwright|pytest|tox|mypy|ruff|black|flake8|rspec|rubocop|guard|phpunit|phpstan|pest|--reload|--watch|runserver|tsc|gulp|grunt|turbo|nx|concurrently|cross-env|dotenv)(?=[\s"']|$)/m;

function usesTool(text: string, { names }: DevelopmentDependencies): boolean {
  return (
    tools.test(text) ||
    names.some(
      (name) =>
        !/^(?:dev|test|lint|docs)$/.test(name) &&
        programsOf(name).some((program) =>
          new RegExp(`(?:^|[\\s/"'])${escaped(program)}(?=[\\s"']|$)`, 'm').test(text),
        ),
    )
  );
}

/** What a package's program may be called: `@vue/cli-service` brings `vue-cli-service`, `@nestjs/cli` brings `nest`. */
function programsOf(name: string): readonly string[] {
  const [, scope, own] = /^@([^/]+)\/(.+)$/.exec(name) ?? [];
  if (scope === undefined || own === undefined) return [name];
  // Types have no program; `@types/node` is not what `node` starts.
  return scope === 'types' ? [] : [own, `${scope}-${own}`, scope, scope.replace(/js$/, '')];
}

/** The command lines behind `npm start` and the like, with those that run before and after. */
function startScripts(text: string, { scripts }: DevelopmentDependencies): string[] {
  const names = [...text.matchAll(/\b(?:npm|yarn|pnpm)\s+(?:run(?:-script)?\s+)?([\w:.-]+)/g)].map(
    (match) => match[1]!,
  );
  const lines = names.flatMap((name) => [`pre${name}`, name, `post${name}`].flatMap((each) => scripts[each] ?? []));
  return lines.flatMap((line) => [line, ...(line === text ? [] : nested(line, scripts))]);
}

function nested(line: string, scripts: Readonly<Record<string, string>>): string[] {
  return [...line.matchAll(/\b(?:npm|yarn|pnpm)\s+(?:run\s+)?([\w:.-]+)/g)].flatMap(
    (match) => scripts[match[1]!] ?? [],
  );
}

/** Whether a command of the build may run a development tool, or brings the packages in order itself. */
function mayUse(command: Command, found: DevelopmentDependencies): boolean {
  const { name, subcommand = '' } = command;
  if (['npm', 'yarn', 'pnpm'].includes(name)) {
    if (['prune', 'dedupe', 'run', 'run-script', 'test', 't', 'exec', 'dlx', 'start', 'rebuild'].includes(subcommand))
      return true;
    const isPlain = [
      '',
      'install',
      'i',
      'ci',
      'add',
      'config',
      'cache',
      'global',
      'set',
      'clean-install',
      'audit',
      '-v',
      'fetch',
      'store',
    ];
    return (
      !isPlain.includes(subcommand) ||
      (['install', 'i', 'ci', ''].includes(subcommand) && leavesOut(command) && !command.hasOption('-g', '--global'))
    );
  }
  if (
    ['npx', 'pnpx', 'bunx', 'node', 'make', 'sh', 'bash', 'rake', 'rails', 'php', 'pytest', 'turbo', 'nx'].includes(
      name,
    )
  )
    return true;
  if (['bundle', 'poetry', 'uv', 'composer'].includes(name)) {
    return (
      ['exec', 'run', 'run-script', 'clean', 'test'].includes(subcommand) ||
      (subcommand === 'install' && leavesOut(command))
    );
  }
  if (name === 'rm') return /node_modules|vendor|venv/.test(command.args.map((word) => word.text).join(' '));
  const written = command.shell.nameWord?.text ?? '';
  return (
    /^\.{0,2}\/(?!usr\/|s?bin\/)|\.(?:sh|js|py|rb|php)$|node_modules|vendor\/bin/.test(written) ||
    usesTool(` ${name} `, found)
  );
}

const lifecycle: readonly string[] = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
];

function repair({ command }: PackageUse, found: DevelopmentDependencies): Pick<Report, 'fixes' | 'withheld'> {
  const { leaveOut, scripts } = found;
  const script = lifecycle.find(
    (name) => scripts[name] !== undefined && !/^\s*(?:true|:|echo\b[^&|;]*)?\s*$/.test(scripts[name]),
  );
  if (script !== undefined && !command.hasOption('--ignore-scripts'))
    return { withheld: `The ${script} script of ${found.manifest} (${scripts[script]}) may need one of them.` };
  const { context } = command.stage.dockerfile;
  const folder = found.manifest.slice(0, found.manifest.lastIndexOf('/') + 1);
  const use = context && found.manifest.endsWith('package.json') ? importOf(context, folder, found.names) : undefined;
  if (use) return { withheld: `${use.file} uses ${use.name}; list it among the dependencies.` };
  if (leaveOut.kind === 'none') return { withheld: `No fix is offered: ${leaveOut.reason}.` };
  const what = `leaves out ${listed(found.names)}; the program must not need them`;
  const { dockerfile } = command.stage;
  if (leaveOut.kind === 'variable') {
    const line = `${inCaseOf(command.stage.from, 'ENV')} ${leaveOut.name}=${leaveOut.value}`;
    const edits = [lineAbove(dockerfile, command.run.instruction, line)];
    return { fixes: [{ title: `Set ${leaveOut.name}=${leaveOut.value} (${what})`, edits, preferred: false }] };
  }
  const edit = isEditable(command.run) ? insertWord(command, command.subcommandRange, leaveOut.word) : undefined;
  return edit
    ? { fixes: [{ title: `Add ${leaveOut.word} (${what})`, edits: [edit], preferred: false }] }
    : { withheld: `There is no certain place for ${leaveOut.word}.` };
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
