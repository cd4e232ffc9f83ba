import { accountOf, downloadCaches } from '../../model/downloadCache.ts';
import type { Manager } from '../../model/packages.ts';
import type { Run } from '../../model/run.ts';
import type { Entry } from './entry.ts';

interface MountKey {
  readonly name: string;
  readonly description: string;
  /** Stands alone. */
  readonly isSwitch?: boolean;
}

const types: Readonly<Record<string, string>> = {
  cache: 'a folder that is kept between builds',
  bind: 'files of the build context, a stage or an image',
  secret: 'a secret of whoever builds',
  ssh: 'the SSH agent of whoever builds',
  tmpfs: 'a folder in memory',
};

const target: MountKey = { name: 'target', description: 'where it is mounted' };
const from: MountKey = { name: 'from', description: 'a stage or an image' };
const source: MountKey = { name: 'source', description: 'a path in what it comes from' };
const owner: readonly MountKey[] = [
  { name: 'mode', description: 'permissions' },
  { name: 'uid', description: 'owner' },
  { name: 'gid', description: 'group' },
];

const keys: Readonly<Record<string, readonly MountKey[]>> = {
  bind: [
    from,
    source,
    target,
    { name: 'rw', description: 'may be written; what is written is dropped', isSwitch: true },
  ],
  cache: [
    target,
    { name: 'sharing', description: 'what two builds at once do' },
    { name: 'id', description: 'name of the cache; the target when left out' },
    from,
    source,
    { name: 'ro', description: 'may not be written', isSwitch: true },
    ...owner,
  ],
  tmpfs: [target, { name: 'size', description: 'the most it may hold' }],
  secret: [
    { name: 'id', description: 'name of the secret' },
    { name: 'env', description: 'the variable that holds it' },
    target,
    { name: 'required', description: 'the build fails without it', isSwitch: true },
    ...owner,
  ],
  ssh: [
    { name: 'id', description: 'name of the agent; default when left out' },
    { name: 'required', description: 'the build fails without it', isSwitch: true },
    target,
    ...owner,
  ],
};

/** A `--mount` taken apart at the cursor: the keys before it, and the one that is being written. */
export interface MountPart {
  readonly type: string;
  readonly given: readonly string[];
  /** What is written of the present `key=value`, and how much of it belongs to the key; -1 without `=`. */
  readonly typed: string;
  readonly equals: number;
}

/** @param value what follows `--mount=` up to the cursor */
export function mountPart(value: string): MountPart {
  const parts = value.split(',');
  const typed = parts.pop()!;
  const type = parts.map((part) => /^type=(.*)$/i.exec(part)?.[1]).find((each) => each !== undefined) ?? 'bind';
  const given = parts.map((part) => part.split('=')[0]!.toLowerCase());
  return { type: type.toLowerCase(), given, typed, equals: typed.indexOf('=') };
}

export function mountKeyEntries({ type, given }: MountPart): Entry[] {
  const start: Entry[] = given.includes('type')
    ? []
    : Object.entries(types).map(([name, detail]) => ({
        kind: 'value',
        label: `type=${name}`,
        detail,
        text: `type=${name},`,
        goesOn: true,
      }));
  const possible = given.includes('type') ? (keys[type] ?? []) : given.length > 0 ? keys['bind']! : [];
  const others = possible.filter(({ name }) => !given.includes(name));
  return [
    ...start,
    ...others.map(({ name, description, isSwitch }): Entry => {
      const label = isSwitch ? name : `${name}=`;
      return { kind: 'value', label, detail: description, goesOn: !isSwitch };
    }),
  ];
}

/** Values of a key of a mount; stages and images after `from=` are not among them. */
export function mountValueEntries({ type, typed, equals }: MountPart, run: Run | undefined): Entry[] {
  const key = typed.slice(0, equals).toLowerCase();
  if (key === 'type') {
    return Object.entries(types).map(([label, detail]) => ({
      kind: 'value',
      label,
      detail,
      text: `${label},`,
      goesOn: true,
    }));
  }
  if (key === 'sharing') {
    return [
      { kind: 'value', label: 'locked', detail: 'the second build waits' },
      { kind: 'value', label: 'shared', detail: 'both write; the default' },
      { kind: 'value', label: 'private', detail: 'the second build gets a new one' },
    ];
  }
  if (type === 'cache' && ['target', 'dst', 'destination'].includes(key) && run) return cacheTargets(run);
  if (type === 'secret' && key === 'target') return [{ kind: 'value', label: '/run/secrets/' }];
  return [];
}

const managers: Readonly<Partial<Record<Manager, string>>> = {
  npm: 'npm',
  pnpm: 'pnpm',
  pip: 'pip',
  uv: 'uv',
  poetry: 'poetry',
  composer: 'composer',
  go: 'go',
  cargo: 'cargo',
  maven: 'mvn',
  gradle: 'gradle',
  dotnet: 'dotnet',
  apt: 'apt-get',
};

/** Folders in which the package managers keep what they download: those that the RUN calls, else those of the image. */
function cacheTargets(run: Run): Entry[] {
  const account = accountOf(run);
  if (!account) return [];
  const used = new Set<Manager>(run.packageUses.map((use) => use.manager));
  const { facts } = run.stage.rootBase;
  const there = (Object.keys(managers) as Manager[])
    .filter((each) => facts?.has(managers[each]!) === true)
    // Only root can install packages of the system.
    .filter((each) => each !== 'apt' || account.uid === undefined);
  return [...new Set([...used, ...there])].flatMap((manager) =>
    downloadCaches(manager, run, account).map(
      ({ target: label, locked }): Entry => ({
        kind: 'folder',
        label,
        detail: `downloads of ${manager}`,
        text: locked ? `${label},sharing=locked` : label,
      }),
    ),
  );
}
