import type { Manager } from './packages.ts';
import type { Run } from './run.ts';

/** A folder in which a package manager keeps what it downloads, so that the next install need not download it again. */
export interface DownloadCache {
  readonly target: string;
  /** Whether what is in it is used later on and not a second copy: each RUN that works with it needs the mount. */
  readonly isStore: boolean;
  /** Whether two builds at once would get in each other's way. */
  readonly locked: boolean;
}

/** Home and numbers of the user that a RUN runs as; undefined when they can't be known. */
export interface Account {
  readonly home: string;
  /** Undefined for root, who needs no owner on a mount. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

export function accountOf(run: Run): Account | undefined {
  const { stage } = run;
  const { user, isRoot } = stage.effectiveUserAt(run.instruction);
  const home = stage.envAt(run.instruction).get('HOME')?.value;
  if (isRoot === true) return { home: home ?? '/root', uid: undefined, gid: undefined };
  const ready = stage.rootBase.facts?.readyUsers.find((each) => each.name === user || String(each.uid) === user);
  const folder = home ?? ready?.home;
  if (!ready || ready.uid === undefined || folder === undefined) return undefined;
  return { home: folder, uid: ready.uid, gid: ready.gid };
}

/** Where the manager keeps its downloads in that RUN; empty when that is not known, or set to something else. */
export function downloadCaches(manager: Manager, run: Run, account: Account): readonly DownloadCache[] {
  const { stage } = run;
  const environment = stage.envAt(run.instruction);
  const { home } = account;
  const isSet = (...names: readonly string[]): boolean =>
    names.some((name) => environment.variables.some((variable) => variable.name.toLowerCase() === name.toLowerCase()));
  const cache = (target: string, isStore = false, locked = false): DownloadCache => ({ target, isStore, locked });
  const { repository, family } = stage.rootBase.facts ?? {};
  switch (manager) {
    case 'npm':
      return isSet('npm_config_cache') ? [] : [cache(`${home}/.npm`)];
    case 'pnpm':
      return isSet('PNPM_HOME', 'npm_config_store_dir', 'XDG_DATA_HOME')
        ? []
        : [cache(`${home}/.local/share/pnpm/store`)];
    case 'pip':
      return isSet('PIP_NO_CACHE_DIR', 'PIP_CACHE_DIR', 'XDG_CACHE_HOME') ? [] : [cache(`${home}/.cache/pip`)];
    case 'uv':
      return isSet('UV_NO_CACHE', 'UV_CACHE_DIR', 'XDG_CACHE_HOME') ? [] : [cache(`${home}/.cache/uv`)];
    case 'poetry':
      return isSet('POETRY_CACHE_DIR', 'POETRY_NO_CACHE', 'XDG_CACHE_HOME') ? [] : [cache(`${home}/.cache/pypoetry`)];
    case 'pipenv':
      return isSet('PIPENV_CACHE_DIR', 'XDG_CACHE_HOME') ? [] : [cache(`${home}/.cache/pipenv`)];
    case 'composer':
      return repository === 'composer' && !isSet('COMPOSER_CACHE_DIR', 'COMPOSER_HOME') ? [cache('/tmp/cache')] : [];
    case 'go': {
      const build = cache(`${home}/.cache/go-build`);
      if (isSet('GOMODCACHE', 'GOCACHE', 'GOPATH')) return [];
      return repository === 'golang' ? [cache('/go/pkg/mod', true), build] : [cache(`${home}/go/pkg/mod`, true), build];
    }
    case 'cargo': {
      if (isSet('CARGO_HOME')) return [];
      const place = repository === 'rust' ? '/usr/local/cargo' : `${home}/.cargo`;
      return [cache(`${place}/registry`, true), cache(`${place}/git/db`, true)];
    }
    case 'maven':
      return [cache(`${home}/.m2/repository`, true)];
    case 'gradle':
      return isSet('GRADLE_USER_HOME')
        ? []
        : [cache(repository === 'gradle' ? '/home/gradle/.gradle/caches' : `${home}/.gradle/caches`, true)];
    case 'dotnet':
      return isSet('NUGET_PACKAGES') ? [] : [cache(`${home}/.nuget/packages`, true)];
    case 'apt':
      return family === 'debian' || family === 'ubuntu'
        ? [cache('/var/cache/apt', false, true), cache('/var/lib/apt', false, true)]
        : [];
    default:
      return [];
  }
}

/** The value of a `--mount` for the cache. */
export function mountFlag({ target, locked }: DownloadCache, account: Account): string {
  const owner =
    account.uid === undefined ? '' : `,uid=${account.uid}${account.gid === undefined ? '' : `,gid=${account.gid}`}`;
  return `--mount=type=cache,target=${target}${locked ? ',sharing=locked' : ''}${owner}`;
}
