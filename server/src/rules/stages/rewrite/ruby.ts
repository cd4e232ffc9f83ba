import { slimVariants } from '../../../facts/index.ts';
import type { Command } from '../../../model/command.ts';
import { packageUse } from '../../../model/packages.ts';
import type { Stage } from '../../../model/stage.ts';
import { isWithin, outsideCopies } from './assets.ts';
import { isLeftBehind, keptBuildPackages, libraryOf, librarySetup } from './nativeLibraries.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, numericUser, type Recognition } from './plan.ts';
import { noStarter, runTimeText, starterOf } from './start.ts';

/** Where the official images keep gems, and bundler's settings. */
const bundle = '/usr/local/bundle';

/** Gems that link a library, by the headers they are compiled with. */
const linkedGems: Readonly<Record<string, string>> = { pg: 'libpq-dev', mysql2: 'default-libmysqlclient-dev' };
/** Gems that need programs or libraries of the system at run time. */
const systemGems =
  /^(?:rmagick|mini_magick|ruby-vips|image_processing|charlock_holmes|curb|rugged|tiny_tds|zookeeper|ethon|typhoeus|poppler|gtk3|cairo|wkhtmltopdf\S*|wicked_pdf|pdfkit|grover|selenium-webdriver|execjs|mini_racer|ruby-filemagic|rdkafka|ffi-\S+)$/;
const nativeGems =
  /^(?:pg|mysql2|nokogiri|bcrypt|bootsnap|nio4r|puma|unf_ext|msgpack|racc|json|bigdecimal|date|websocket-driver|ffi|sqlite3|sassc|hiredis)$/;

/** A Ruby project whose gems are compiled. */
export const ruby: Ecosystem = {
  name: 'Ruby',
  ships: 'the compilers and headers that its gems were built with',
  buildCommand: (stage) => {
    if (stage.rootBase.facts?.repository !== 'ruby') return undefined;
    const isFull = slimOf(stage) !== undefined && gemsOf(stage).some((gem) => nativeGems.test(gem));
    return isFull || keptBuildPackages(stage).length > 0 ? stage.commands('bundle', 'install').at(-1) : undefined;
  },
  plan,
};

function plan(stage: Stage): Recognition {
  const { context } = stage.dockerfile;
  if (!starterOf(stage)) return declined(noStarter);
  const workdir = stage.workdirAt('end');
  if (workdir === undefined || workdir === '/') return declined('the project has no folder of its own; add a WORKDIR');
  const environment = stage.envAt('end');
  const moved = ['BUNDLE_PATH', 'GEM_HOME', 'BUNDLE_APP_CONFIG', 'GEM_PATH', 'BUNDLE_BIN'].find((name) => {
    const variable = environment.get(name);
    return (
      variable && !(variable.value !== undefined && [bundle, workdir].some((each) => isWithin(variable.value!, each)))
    );
  });
  if (moved) return declined(`${moved} puts the gems into another folder`);
  const path = stage
    .commands('bundle')
    .flatMap((command) => [
      command.optionValue('--path'),
      ...(command.subcommand === 'config' && command.args.some((word) => word.value === 'path')
        ? [command.args.at(-1)?.value]
        : []),
    ])
    .find((each) => each !== undefined);
  if (path !== undefined && path.startsWith('/') && !isWithin(path, workdir))
    return declined('bundler puts the gems into another folder');
  if (/\/usr\/local\/(?!bundle)/.test(runTimeText(stage))) return declined('CMD names a path of the Ruby installation');
  const gem = gemsOf(stage).find((each) => systemGems.test(each));
  if (gem) return declined(`${gem} needs programs or libraries of the system at run time`);
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  const outside = outsideCopies(stage, lastBuildStep, workdir, (each) =>
    /^\/(?:tmp|root\/\.(?:ssh|gem|bundle))(?:\/|$)|\/Gemfile(?:\.lock)?$/.test(each),
  );
  if (typeof outside === 'string') return declined(outside);
  const slim = slimOf(stage);
  const name = stage.rootBase.resolved!;
  const repository = stage.rootBase.written?.registry ? stage.rootBase.name.replace(/[:@][^/]*$/, '') : name.repository;
  const image = slim ? `${repository}:${slim.tag}` : stage.base.word!.text;
  const kept = [workdir, bundle, ...outside.map((copy) => copy.from)];
  const reason = leftBehind(stage, {
    isBuildTool: isRubyTool,
    kept,
    image,
    isLeft: (each) => isLeftBehind(stage, each),
  });
  if (reason) return declined(reason);
  const headers = [
    ...keptBuildPackages(stage),
    ...gemsOf(stage).flatMap((each) => (Object.hasOwn(linkedGems, each) ? linkedGems[each]! : [])),
  ];
  const owner = stage.effectiveUserAt('end').isRoot === true ? numericUser : undefined;
  return {
    kind: 'plan',
    plan: {
      image,
      user: owner,
      lastBuildStep,
      setup: librarySetup(
        stage,
        headers.flatMap((each) => libraryOf(stage, each) ?? []),
      ),
      copies: [{ from: bundle, to: bundle }, { from: workdir, to: workdir, owner }, ...outside],
      isBuildVariable: (variable) => /^(?:BUNDLE_(?:JOBS|RETRY)$|CFLAGS$|LDFLAGS$|CC$)/.test(variable),
      assumes: context?.has('Gemfile.lock') ? [] : ['that no gem needs another library'],
    },
  };
}

function slimOf(stage: Stage): { readonly tag: string } | undefined {
  return slimVariants(stage.rootBase.resolved!).find((variant) => variant.variant === 'slim' && !variant.changesLibc);
}

/** Names of the gems in Gemfile.lock. */
function gemsOf(stage: Stage): string[] {
  const lock = stage.dockerfile.context?.read('Gemfile.lock') ?? '';
  return [...lock.matchAll(/^ {4}([\w.-]+) \(/gm)].map((match) => match[1]!);
}

function isRubyTool(command: Command): boolean {
  const words = command.args.map((word) => word.value ?? '');
  const text = words.filter((word) => !word.startsWith('-')).join(' ');
  if (command.name === 'gem') return packageUse(command) !== undefined || words.includes('--system');
  if (command.name === 'bundle' || command.name === 'bundler')
    return /^(?:install|config|clean|check|lock|update)\b|^exec (?:(?:rake|rails|bin\/rails) assets:|bootsnap)/.test(
      text,
    );
  return ['rails', 'rake'].includes(command.name) && /^assets:(?:precompile|clean)/.test(text);
}
