import type { Stage } from '../../../model/stage.ts';
import { isBuildPackage } from './obstacles.ts';

/** Headers of libraries that the slim images of interpreters have, because the interpreter itself needs them. */
const ofInterpreters =
  /^(?:libffi|libssl|zlib1g|libbz2|liblzma|libsqlite3|libreadline|libncurses|libncurses5|libyaml|libgdbm|openssl|zlib|yaml|readline|bzip2|xz|sqlite|ncurses|gdbm)-dev$/;

/** Headers, and the package that has their library alone. */
const libraries: Readonly<Record<'debian' | 'alpine', Readonly<Record<string, string>>>> = {
  debian: {
    'libpq-dev': 'libpq5',
    'postgresql-server-dev-all': 'libpq5',
    'default-libmysqlclient-dev': 'libmariadb3',
    'libmariadb-dev': 'libmariadb3',
    'libmariadb-dev-compat': 'libmariadb3',
  },
  alpine: {
    'postgresql-dev': 'libpq',
    'libpq-dev': 'libpq',
    'mariadb-dev': 'mariadb-connector-c',
    'mariadb-connector-c-dev': 'mariadb-connector-c',
    'g++': 'libstdc++',
    'build-base': 'libstdc++',
  },
};

const compilers = /^(?:build-essential|build-base|gcc|g\+\+|clang|make|cmake|rustc|cargo|[\w.+-]+-dev)$/;

/** Compilers and headers that the stage installs and does not remove again, as they are named. */
export function keptBuildPackages(stage: Stage): string[] {
  return stage.runs.flatMap((run) => {
    if (run.packageUses.some((use) => use.action === 'remove')) return [];
    const names = run.installs
      .filter((use) => ['apt', 'apk'].includes(use.manager))
      .flatMap((use) => use.packages.map((each) => each.name));
    return names.filter((name) => compilers.test(name));
  });
}

/** Whether the final stage does without a package: a build tool, or headers whose library it has or gets. */
export function isLeftBehind(stage: Stage, name: string): boolean {
  return (
    isBuildPackage(name) ||
    /^(?:rustc|cargo)$/.test(name) ||
    ofInterpreters.test(name) ||
    libraryOf(stage, name) !== undefined
  );
}

/** The library that belongs to headers; undefined for other packages, and in distributions that are not known. */
export function libraryOf(stage: Stage, headers: string): string | undefined {
  const family = stage.rootBase.facts?.family;
  if (family !== 'debian' && family !== 'alpine') return undefined;
  return Object.hasOwn(libraries[family], headers) ? libraries[family][headers] : undefined;
}

/** A RUN that installs the libraries; none when there are none. */
export function librarySetup(stage: Stage, names: readonly string[]): string[] {
  const list = [...new Set(names)].sort().join(' ');
  if (list === '') return [];
  return stage.rootBase.facts?.family === 'alpine'
    ? [`RUN apk add --no-cache ${list}`]
    : [`RUN apt-get update && apt-get install -y --no-install-recommends ${list} && rm -rf /var/lib/apt/lists/*`];
}
