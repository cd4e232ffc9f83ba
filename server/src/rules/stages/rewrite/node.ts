import { slimVariants } from '../../../facts/index.ts';
import type { Command } from '../../../model/command.ts';
import type { Stage } from '../../../model/stage.ts';
import { outsideCopies } from './assets.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, type Recognition } from './plan.ts';
import { manifestOf, neededDevDependency, runTimeNeeds } from './nodeRunTime.ts';
import { noStarter, starterOf } from './start.ts';

/** Globally installed packages that only build. */
const buildPackages =
  /^(?:typescript|ts-node|tsx|@angular\/cli|@nestjs\/cli|@vue\/cli|gulp|gulp-cli|grunt-cli|webpack|webpack-cli|vite|turbo|nx|lerna|npm|yarn|pnpm|corepack|node-gyp|bower|rimraf)$/;

/** A Node.js project with a build step (TypeScript, a bundler): the run needs no dev dependencies and no compilers. */
export const node: Ecosystem = {
  name: 'Node.js',
  ships: 'the dev dependencies and the build tools of the full image',
  buildCommand: (stage) =>
    stage.rootBase.facts?.repository === 'node'
      ? stage.runs.flatMap((run) => run.commands).findLast(isBuild)
      : undefined,
  plan,
};

function plan(stage: Stage): Recognition {
  const installs = stage.runs
    .flatMap((run) => run.installs)
    .filter((use) => use.fromManifest && ['npm', 'yarn', 'pnpm'].includes(use.manager));
  const manager = installs.at(-1)?.manager;
  if (!manager) return declined('how the dependencies are installed can’t be told');
  const workdir = stage.workdirAt('end');
  if (workdir === undefined || workdir === '/') return declined('the project has no folder of its own; add a WORKDIR');
  if (stage.runs.some((run) => run.commands.some(isProjectTool) && stage.workdirAt(run.instruction) !== workdir))
    return declined('the build uses several folders');
  const starter = starterOf(stage);
  if (!starter) return declined(noStarter);
  const manifest = manifestOf(stage, workdir);
  const needs = runTimeNeeds(stage, manifest);
  if (needs) return declined(needs);
  const imported = neededDevDependency(stage, workdir);
  if (imported) return declined(imported);
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const outside = outsideCopies(stage, lastBuildStep, workdir, (path) =>
    /^\/root\/\.(?:npmrc|yarnrc|ssh)|^\/tmp\//.test(path),
  );
  if (typeof outside === 'string') return declined(outside);
  const name = stage.rootBase.resolved!;
  const slim = slimVariants(name).find((variant) => variant.variant === 'slim' && !variant.changesLibc);
  const repository = stage.rootBase.written?.registry ? stage.rootBase.name.replace(/[:@][^/]*$/, '') : name.repository;
  const image = slim ? `${repository}:${slim.tag}` : stage.base.word!.text;
  const kept = [workdir, ...outside.map((copy) => copy.from)];
  const reason = leftBehind(stage, { isBuildTool: isNodeTool, kept, image });
  if (reason) return declined(reason);
  const owner = stage.effectiveUserAt('end').isRoot === true ? 'node' : undefined;
  return {
    kind: 'plan',
    plan: {
      image,
      user: owner,
      lastBuildStep,
      buildStep:
        isProductionInstall(installs.at(-1)!.command) || isPruned(stage) ? undefined : pruneCommand(manager, stage),
      copies: [{ from: workdir, to: workdir, owner: owner ? 'node:node' : undefined }, ...outside],
      isBuildVariable: (variable) => /^(?:npm_config_|NPM_CONFIG_|YARN_|PNPM_)/.test(variable),
      assumes: manifest ? [] : ['that it needs no dev dependency or library'],
    },
  };
}

/** A tool that works on the project in the working directory. */
function isProjectTool(command: Command): boolean {
  return isNodeTool(command) && !command.hasOption('-g', '--global') && command.name !== 'corepack';
}

/** Whether a command builds the project: a script for that, or a compiler or bundler itself. */
export function isBuild(command: Command): boolean {
  const [first, second] = command.operands.map((word) => word.value ?? '');
  if (['npm', 'pnpm', 'yarn', 'bun'].includes(command.name)) {
    const script = first === 'run' || first === 'run-script' ? second : command.name === 'npm' ? undefined : first;
    return script !== undefined && /^(?:build|compile|bundle|dist|tsc|prepare)(?:$|[:-])/.test(script);
  }
  const program = ['npx', 'pnpx'].includes(command.name) ? first : command.name;
  return (
    ['tsc', 'webpack', 'vite', 'rollup', 'esbuild', 'nest', 'ng', 'next', 'nuxt', 'parcel', 'swc'].includes(
      program ?? '',
    ) &&
    (program === 'tsc' || [first, second].includes('build') || /webpack|rollup|esbuild|parcel|swc/.test(program ?? ''))
  );
}

/** Whether a command only installs what package.json lists, or builds. */
export function isNodeTool(command: Command): boolean {
  if (isBuild(command)) return true;
  const use = command.run.packageUses.find((each) => each.command.range.start === command.range.start);
  if (use && ['npm', 'yarn', 'pnpm'].includes(use.manager)) {
    const isGlobal = command.hasOption('-g', '--global') || command.subcommand === 'global';
    return (
      use.action !== 'install' || use.packages.every((named) => (isGlobal ? buildPackages.test(named.name) : true))
    );
  }
  if (['npm', 'yarn', 'pnpm'].includes(command.name)) {
    return [
      'run',
      'run-script',
      'test',
      'lint',
      'config',
      'set',
      'cache',
      'audit',
      'rebuild',
      'dedupe',
      'version',
    ].includes(command.subcommand ?? '');
  }
  // What npx runs may load more than packages: browsers, engines of databases.
  const program = ['npx', 'pnpx'].includes(command.name) ? command.subcommand : command.name;
  return ['corepack', 'tsc', 'eslint', 'prettier', 'jest', 'vitest', 'mocha', 'rimraf', 'tsc-alias'].includes(
    program ?? '',
  );
}

function isProductionInstall(command: Command): boolean {
  return (
    command.hasOption('--production', '--prod') ||
    command.optionValue('--omit') === 'dev' ||
    command.optionValue('--only') === 'production'
  );
}

function isPruned(stage: Stage): boolean {
  return ['npm', 'yarn', 'pnpm'].some((manager) => stage.commands(manager, 'prune').length > 0);
}

function pruneCommand(manager: string, stage: Stage): string {
  if (manager === 'pnpm') return 'pnpm prune --prod';
  if (manager === 'npm') {
    const major = /^(\d+)/.exec(stage.rootBase.facts?.tag ?? '')?.[1];
    // npm 6 and older (Node.js before 15) do not know --omit.
    return major !== undefined && Number(major) < 15 ? 'npm prune --production' : 'npm prune --omit=dev';
  }
  const isBerry = /^__metadata:/m.test(stage.dockerfile.context?.read('yarn.lock') ?? '');
  return isBerry
    ? 'yarn workspaces focus --production'
    : 'yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline';
}
