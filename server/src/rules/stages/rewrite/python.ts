import { slimVariants } from '../../../facts/index.ts';
import type { Command } from '../../../model/command.ts';
import { packageUse } from '../../../model/packages.ts';
import type { Stage } from '../../../model/stage.ts';
import { inCaseOf, lineAbove } from '../../insertLine.ts';
import { outsideCopies } from './assets.ts';
import { isLeftBehind, keptBuildPackages, libraryOf, librarySetup } from './nativeLibraries.ts';
import { leftBehind } from './obstacles.ts';
import { declined, type Ecosystem, numericUser, type Recognition } from './plan.ts';
import { noStarter, runTimeText, starterOf } from './start.ts';

const venv = '/opt/venv';

/** Packages that link a library which only the full image has. */
const linked =
  /^(?:psycopg2?|mysqlclient|pycurl|python-ldap|pygobject|pycairo|pygraphviz|xmlsec|python-magic|weasyprint|cairosvg|pyodbc|pymssql|gdal|fiona|opencv-python|wand|pymupdf|playwright|selenium|pyppeteer)\b(?!-)/i;

/** A Python project whose dependencies are compiled: the packages move in a virtual environment, the compilers stay. */
export const python: Ecosystem = {
  name: 'Python',
  ships: 'the compilers and headers that its dependencies were built with',
  buildCommand: (stage) =>
    stage.rootBase.facts?.repository === 'python' && keptBuildPackages(stage).length > 0
      ? pipInstalls(stage).at(-1)
      : undefined,
  plan,
};

function plan(stage: Stage): Recognition {
  const { context } = stage.dockerfile;
  if (!starterOf(stage)) return declined(noStarter);
  const workdir = stage.workdirAt('end');
  if (workdir === undefined || workdir === '/') return declined('the project has no folder of its own; add a WORKDIR');
  const installs = pipInstalls(stage);
  const elsewhere = installs.find(
    (command) =>
      command.hasOption('--user', '--target', '-t', '--prefix', '--root') || command.shell.wrappers.length > 0,
  );
  if (elsewhere) return declined('pip installs into a folder of its own choice');
  if (
    ['PIP_TARGET', 'PIP_PREFIX', 'PIP_USER', 'PYTHONHOME', 'PYTHONUSERBASE'].some((name) =>
      stage.envAt('end').get(name),
    )
  )
    return declined('a variable tells pip where to install');
  if (installs.some((command) => stage.effectiveUserAt(command.run.instruction).isRoot !== true))
    return declined('pip runs as another user than root, and installs into that user’s home');
  if (/\/usr\/local\/|\/usr\/bin\/python/.test(runTimeText(stage)))
    return declined('CMD names a path of the Python installation; use the bare name');
  if (/\bvenv\b|virtualenv|VIRTUAL_ENV/.test(stage.dockerfile.slice(stage.range)))
    return declined('it has a virtual environment already; copy that into a second stage');
  if (
    stage
      .envAt('end')
      .variables.some((each) => each.kind === 'env' && /\/usr\/local\/(?:lib|bin)/.test(each.value ?? ''))
  )
    return declined('a variable names a path of the Python installation');
  const lastBuildStep = stage.runs.at(-1)!.instruction;
  if (stage.instructions.some((each) => each.keyword === 'ENV' && each.pairs.some((pair) => pair.name === 'PATH')))
    return declined('the stage sets PATH, which a virtual environment has to come first in');
  const outside = outsideCopies(stage, lastBuildStep, workdir, (path) =>
    /^\/(?:tmp|root\/\.(?:ssh|netrc|cache|config|pip))(?:\/|$)|^\/(?:[\w-]+\/)?[\w-]*requirements[\w.-]*\.txt$/.test(
      path,
    ),
  );
  if (typeof outside === 'string') return declined(outside);
  const name = stage.rootBase.resolved!;
  const slim = slimVariants(name).find((variant) => variant.variant === 'slim' && !variant.changesLibc);
  const repository = stage.rootBase.written?.registry ? stage.rootBase.name.replace(/[:@][^/]*$/, '') : name.repository;
  const image = slim ? `${repository}:${slim.tag}` : stage.base.word!.text;
  const kept = [workdir, venv, ...outside.map((copy) => copy.from)];
  const reason = leftBehind(stage, {
    isBuildTool: isPythonTool,
    kept,
    image,
    isLeft: (each) => isLeftBehind(stage, each),
  });
  if (reason) return declined(reason);
  const requirement = slim && linkedPackage(stage);
  if (requirement) return declined(`${requirement} may need a library that ${slim.tag} does not have`);
  const owner = stage.effectiveUserAt('end').isRoot === true ? numericUser : undefined;
  const first = installs[0]!.run.instruction;
  const word = (keyword: string): string => inCaseOf(stage.from, keyword);
  const path = `ENV PATH=${venv}/bin:$PATH`;
  const lines = [`RUN python -m venv ${venv}`, path].map((line) => line.replace(/^[A-Z]+/, word));
  const headers = keptBuildPackages(stage);
  return {
    kind: 'plan',
    plan: {
      image,
      user: owner,
      lastBuildStep,
      setup: [
        path,
        ...librarySetup(
          stage,
          headers.flatMap((each) => libraryOf(stage, each) ?? []),
        ),
      ],
      copies: [{ from: venv, to: venv }, { from: workdir, to: workdir, owner }, ...outside],
      isBuildVariable: (variable) => /^(?:PIP_|CFLAGS$|LDFLAGS$|CC$|CARGO_)/.test(variable),
      edits: [lineAbove(stage.dockerfile, first, lines.join(stage.dockerfile.lineBreak))],
      assumes: slim && !context ? [`that no package needs a library which ${slim.tag} lacks`] : [],
    },
  };
}

function pipInstalls(stage: Stage): Command[] {
  return stage.runs.flatMap((run) =>
    run.commands.filter((command) => {
      const use = packageUse(command);
      return use?.manager === 'pip' && use.action === 'install';
    }),
  );
}

function isPythonTool(command: Command): boolean {
  if (packageUse(command)?.manager === 'pip' || /^pip[\d.]*$/.test(command.name)) return true;
  const words = command.args.map((word) => word.value ?? '');
  if (!/^python[\d.]*$/.test(command.name)) return false;
  if (words[0] === '-m') return words[1] === 'compileall';
  return words[0] === 'manage.py' && ['collectstatic', 'compilemessages'].includes(words[1] ?? '');
}

/** A requirement that links a library of the system, by the files of the context. */
function linkedPackage(stage: Stage): string | undefined {
  const { context } = stage.dockerfile;
  const files = (context?.files ?? []).filter((file) =>
    /(?:^|\/)[\w-]*requirements[\w.-]*\.(?:txt|in)$|(?:^|\/)requirements\/[\w-]+\.txt$|^(?:pyproject\.toml|setup\.py|setup\.cfg)$/.test(
      file,
    ),
  );
  const lines = files.flatMap((file) => (context?.read(file) ?? '').split(/\r?\n/));
  const named = pipInstalls(stage).flatMap((command) => packageUse(command)?.packages.map((each) => each.name) ?? []);
  const headers = keptBuildPackages(stage);
  return [...lines.map((line) => line.trim().replace(/^["']/, '')), ...named]
    .flatMap((line) => linked.exec(line)?.[0] ?? [])
    .find(
      (each) =>
        !(/^psycopg2?$/i.test(each) && headers.includes('libpq-dev')) &&
        !(
          /^mysqlclient$/i.test(each) &&
          headers.some((header) => header.includes('mysql') || header.includes('mariadb'))
        ),
    );
}
