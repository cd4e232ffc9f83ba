import { imageUsers } from './data/images.generated.ts';
import { lazyTable } from './lazyTable.ts';
import type { DefaultUser, DistributionFamily, ReadyUser, UserRecipe } from './types.ts';

interface KnownUsers {
  readonly dropsPrivileges: boolean;
  readonly users: ReadonlyArray<
    Readonly<{ name: string; uid: number | undefined; alpineUid: number | undefined }> & Pick<ReadyUser, 'gid' | 'home'>
  >;
}

const usersOf = lazyTable(imageUsers, (text): KnownUsers => {
  const [drops, list] = text.split('|');
  const users =
    list === ''
      ? []
      : list!.split(';').map((item) => {
          const [name, uid, alpineUid, gid, home] = item.split(' ');
          return {
            name: name!,
            uid: number(uid),
            alpineUid: number(alpineUid),
            gid: number(gid),
            home: home || undefined,
          };
        });
  return { dropsPrivileges: drops === '1', users };
});

function number(text: string | undefined): number | undefined {
  return text === undefined || text === '' ? undefined : Number(text);
}

/** Users that an image's Dockerfile makes for another purpose than running a service. */
const notForServices: Readonly<Record<string, readonly string[]>> = {
  docker: ['dockremap'],
  varnish: ['vcache', 'varnishlog', 'builder'],
};

const caveats: Readonly<Record<string, string>> = {
  nginx: 'nginx writes its pid file and caches where this user may not; nginxinc/nginx-unprivileged is prepared for it',
  httpd: 'the server writes its pid file and logs where this user may not',
  wordpress: 'the web server in this image starts as root and runs its workers as this user',
};

/** Users of an official image that are ready to run a service, the most fitting first. */
export function readyUsersOf(repository: string, tag: string, family: DistributionFamily): readonly ReadyUser[] {
  const known = usersOf(repository)?.users ?? [];
  const unfit = notForServices[repository] ?? [];
  return known
    .filter(({ name }) => !unfit.includes(name) && (name !== 'rootless' || tag.includes('rootless')))
    .map(({ name, uid, alpineUid, gid, home }) => ({
      name,
      uid: family === 'alpine' ? (alpineUid ?? undefined) : uid,
      gid,
      home,
      caveat: caveats[repository] ?? (/apache/.test(tag) ? caveats.wordpress : undefined),
    }));
}

/** True when the image's entrypoint steps down from root by itself. */
export function dropsPrivileges(repository: string): boolean {
  return usersOf(repository)?.dropsPrivileges ?? false;
}

/** Reads a USER value: a name or number, with or without a group. */
export function defaultUser(text: string, ready: readonly ReadyUser[]): DefaultUser {
  const [name = ''] = text.split(':');
  if (name === '?' || name === '') return name === '' ? rootUser : unknownUser;
  if (/^\d+$/.test(name)) return { name: text, uid: Number(name), isRoot: Number(name) === 0 };
  if (name === 'ContainerAdministrator') return { name, uid: undefined, isRoot: true };
  return { name: text, uid: ready.find((user) => user.name === name)?.uid, isRoot: name === 'root' };
}

export const rootUser: DefaultUser = { name: 'root', uid: 0, isRoot: true };
export const unknownUser: DefaultUser = { name: '', uid: undefined, isRoot: 'unknown' };

/** Number of the user that recipes make: above the system's and the first users' numbers, below 65536. */
export const recipeUid = 10001;

const useradd = `groupadd --system --gid ${recipeUid} app && useradd --system --uid ${recipeUid} --gid app --no-create-home --shell /usr/sbin/nologin app`;
const adduser = `addgroup -S -g ${recipeUid} app && adduser -S -D -H -u ${recipeUid} -G app app`;

/**
 * How a user is made on a system. Debian from trixie and Ubuntu from noble on have no adduser, and Ubuntu 24.04 gives
 * uid 1000 to a user of its own: hence useradd and a high number everywhere but on busybox systems.
 */
export function recipeFor(
  family: DistributionFamily,
  packageManager: string,
  has: (command: string) => boolean | 'unknown',
): UserRecipe | undefined {
  const make = (kind: 'useradd' | 'adduser', commands: string, installs: readonly string[] = []): UserRecipe => ({
    kind,
    commands,
    user: 'app',
    uid: recipeUid,
    installs,
  });
  if (family === 'scratch' || family === 'distroless') return numericRecipe;
  if (family === 'windows') {
    return { kind: 'builtin', commands: undefined, user: 'ContainerUser', uid: undefined, installs: [] };
  }
  if (family === 'alpine' || family === 'busybox') return make('adduser', adduser);
  if (family === 'wolfi') return has('adduser') === true ? make('adduser', adduser) : numericRecipe;
  if (family === 'debian' || family === 'ubuntu') return make('useradd', useradd);
  if (packageManager === 'none') return numericRecipe;
  if (has('useradd') === true) return make('useradd', useradd);
  // Only the reduced images of Red Hat's family come without shadow-utils.
  if (family === 'rhel' && packageManager !== 'microdnf') return make('useradd', useradd);
  if (family !== 'rhel' && family !== 'amazon') return undefined;
  const install = installers[packageManager];
  // Where shadow-utils is there already, installing it again does nothing.
  return install === undefined
    ? undefined
    : make('useradd', `${install.before} && ${useradd} && ${install.after}`, ['shadow-utils']);
}

const installers: Readonly<Record<string, { readonly before: string; readonly after: string }>> = {
  dnf: { before: 'dnf install -y shadow-utils', after: 'dnf clean all' },
  microdnf: { before: 'microdnf install -y shadow-utils', after: 'microdnf clean all' },
  yum: { before: 'yum install -y shadow-utils', after: 'yum clean all' },
};

/** For images in which nothing can be run: the number that distroless and Chainguard images use. */
const numericRecipe: UserRecipe = {
  kind: 'numeric',
  commands: undefined,
  user: '65532:65532',
  uid: 65532,
  installs: [],
};

/** The recipe for `FROM scratch`, which is no image and therefore has no facts. */
export function scratchUserRecipe(): UserRecipe {
  return numericRecipe;
}
