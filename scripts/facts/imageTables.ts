import type { Build } from '../../server/src/facts/readTags.ts';
import type { Tables } from '../generate-facts.ts';
import type {
  ImageUsers,
  OfficialEntry,
  OfficialImages,
  Registries,
  RetiredTags,
  Sizes,
  Users,
  Variants,
} from './source.ts';
import { compare, Dictionary, writeTagSet, writeTagTable, writeVersions } from './tagTable.ts';

interface Sources {
  readonly official: OfficialImages;
  readonly retired: RetiredTags;
  readonly sizes: Sizes;
  readonly users: Users;
  readonly variants: Variants;
  readonly registries: Registries;
}

/** Applications with hundreds of tags from which images are hardly ever built: their names suffice. */
const namesOnly = new Set(['hylang', 'lightstreamer', 'open-liberty', 'tomee', 'websphere-liberty', 'xwiki']);

/** Builders and applications: which of their old tags had a slim sibling is never asked. */
const currentOnly = new Set(['clojure', 'ghost', 'gradle', 'jetty', 'wordpress']);

/** Tags dropped before this date (ISO) have no more users. */
const forgotten = '2018';

/** Images of which also the tags that are no longer rebuilt are wanted: the ones people build upon, and the removed. */
function keepsRetiredTags(name: string, { variants, retired }: Sources): boolean {
  if (currentOnly.has(name)) return false;
  return name in variants.images || name in retired.removedImages;
}

/** Tags, default users, sizes and variants of images. */
export function imageTables(sources: Sources): Tables {
  const shared = new Dictionary();
  const current = { ...officialTables(sources, shared), ...dotnetTables(sources, shared) };
  return {
    tagsDate: sources.official.meta.date,
    sharedTexts: shared.texts,
    currentTags: current,
    ...retiredTables(sources),
    ...repositoryTables(sources),
    imageSizes: sizeTables(sources.sizes),
    imageUsers: userTables(sources.users),
    variantNotes: variantTables(sources.variants),
    ...registryTables(sources.registries),
  };
}

function officialTables({ official, users }: Sources, shared: Dictionary): Record<string, string> {
  const tables: Record<string, string> = {};
  for (const name of Object.keys(official.images).sort(compare)) {
    if (namesOnly.has(name)) {
      tables[name] = '';
      continue;
    }
    const seen = new Set<string>();
    const builds = official.images[name]!.entries.map((entry): Build => {
      const tags = [...entry.t, ...(entry.s ?? [])].filter((tag) => !seen.has(tag));
      for (const tag of tags) seen.add(tag);
      return {
        tags,
        root: entry.r ?? '',
        user: defaultUser(entry, users.images[name]),
        cmd: words(entry.c, entry),
        entrypoint: words(entry.e, entry),
        architectures: official.archSets[entry.a]!.split(','),
      };
    });
    tables[name] = writeTagTable(builds, shared);
  }
  return tables;
}

/** Empty for root, `?` when the Dockerfile of this build (or of a sibling) was not read. */
function defaultUser(entry: OfficialEntry, users: ImageUsers | undefined): string {
  if (entry.u !== undefined) return entry.u === 'root' ? '' : entry.u;
  if (entry.r?.includes('windows/')) return entry.q === 'none' ? '?' : windowsUser(entry.r);
  if (entry.q !== 'none') return '';
  const known = Object.keys(users?.default ?? {});
  if (known.length !== 1) return '?';
  return known[0] === 'root' ? '' : known[0]!;
}

function windowsUser(base: string): string {
  return base.includes('nanoserver') ? 'ContainerUser' : 'ContainerAdministrator';
}

/** JSON of the words; `?` when unknown; empty when the Dockerfile was read and says nothing. */
function words(list: readonly string[] | undefined, entry: OfficialEntry): string {
  if (list !== undefined) return JSON.stringify(list);
  return entry.q === 'shape' || entry.q === 'none' ? '?' : '';
}

function dotnetTables({ registries }: Sources, shared: Dictionary): Record<string, string> {
  const tables: Record<string, string> = {};
  for (const name of Object.keys(registries.dotnet.tags).sort(compare)) {
    const tagsByFacts = new Map<string, string[]>();
    for (const [tag, { os, user }] of Object.entries(registries.dotnet.tags[name]!)) {
      const base = dotnetRoot(os);
      const runAs = user ?? (base.includes('windows/') ? windowsUser(base) : '');
      const key = `${base} ${runAs}`;
      tagsByFacts.set(key, [...(tagsByFacts.get(key) ?? []), tag]);
    }
    const builds = [...tagsByFacts].map(([key, tags]): Build => {
      const [base, user] = key.split(' ');
      return { tags, root: base!, user: user!, cmd: '?', entrypoint: '?', architectures: [] };
    });
    tables[name] = writeTagTable(builds, shared);
  }
  return tables;
}

function dotnetRoot(os: string): string {
  const windows = /^(nanoserver|windowsservercore)-(.+)$/.exec(os);
  if (windows)
    return `mcr.microsoft.com/windows/${windows[1] === 'nanoserver' ? 'nanoserver' : 'servercore'}:${windows[2]}`;
  const bare = /^(.+)-(chiseled|distroless)$/.exec(os);
  if (bare) return `distroless:${bare[1]}`;
  const numbered = /^(alpine|azurelinux)(.+)$/.exec(os);
  if (numbered) return `${numbered[1]}:${numbered[2]}`;
  return `${os.startsWith('bookworm') ? 'debian' : 'ubuntu'}:${os}`;
}

function retiredTables(sources: Sources): Tables {
  const { retired, official } = sources;
  const tags: Record<string, string> = {};
  for (const name of Object.keys(retired.retired).sort(compare)) {
    if (!keepsRetiredTags(name, sources)) continue;
    const current = new Set(official.images[name]?.entries.flatMap((entry) => [...entry.t, ...(entry.s ?? [])]));
    const dropped = Object.entries(retired.retired[name]!).filter(
      ([date]) => date >= forgotten || name in retired.removedImages,
    );
    const gone = [...new Set(dropped.flatMap(([, list]) => list))].filter((tag) => !current.has(tag));
    if (gone.length > 0) tags[name] = writeTagSet(gone);
  }
  const versions: Record<string, string> = {};
  for (const name of Object.keys(tags)) {
    if (!(name in retired.versionFirstSeen)) continue;
    versions[name] = writeVersions(Object.keys(retired.versionFirstSeen[name]!));
  }
  return { retiredTags: tags, patchVersions: versions };
}

/** `since|successor,successor|note` of repositories that are deprecated or were removed. */
function repositoryTables({ official, retired }: Sources): Tables {
  const table: Record<string, string> = {};
  for (const [name, image] of Object.entries(official.images)) {
    if (!image.deprecated) continue;
    const { since, replace, note } = image.deprecated;
    table[name] = `${since ?? ''}|${replace.join(',')}|${note}`;
  }
  for (const [name, since] of Object.entries(retired.removedImages)) {
    table[name] ??= `${since}|${(retired.removedReplace[name] ?? []).join(',')}|`;
  }
  return { deprecatedRepositories: sorted(table) };
}

/** `tag bytes date;…`, the date without hyphens or empty. */
function sizeTables({ images }: Sizes): Record<string, string> {
  const table: Record<string, string> = {};
  for (const [name, tags] of Object.entries(images)) {
    table[name] = Object.entries(tags)
      .map(([tag, { b, d }]) => `${tag} ${b} ${(d ?? '').replaceAll('-', '')}`)
      .join(';');
  }
  return sorted(table);
}

/** `drops|name uid alpineUid gid home;…`, `drops` being `1` when the entrypoint steps down from root. */
function userTables({ images, curated }: Users): Record<string, string> {
  const table: Record<string, string> = {};
  for (const name of new Set([...Object.keys(images), ...Object.keys(curated)])) {
    if (/[ *:]/.test(name)) continue;
    const users = new Map<
      string,
      { uids: Set<number | null>; alpine: Set<number | null>; gid: string; home: string }
    >();
    const userNamed = (user: string) => {
      const known = users.get(user) ?? { uids: new Set(), alpine: new Set(), gid: '', home: '' };
      users.set(user, known);
      return known;
    };
    const choice = curated[name];
    if (choice?.user) {
      const user = userNamed(choice.user);
      user.uids.add(choice.uid);
      user.alpine.add(choice.uidAlpine ?? choice.uid);
      user.gid = `${choice.gid ?? ''}`;
      user.home = choice.home ?? '';
    }
    for (const { name: user, uid, on } of images[name]?.creates ?? []) {
      const known = userNamed(user);
      (on === 'alpine' ? known.alpine : known.uids).add(uid);
    }
    const drops = images[name]?.drops || choice?.use.startsWith('no USER needed: entrypoint') ? '1' : '';
    if (drops === '' && users.size === 0) continue;
    const written = [...users].map(([user, { uids, alpine, gid, home }]) =>
      [user, onlyOne(uids), onlyOne(alpine), gid, home].join(' ').trimEnd(),
    );
    table[name] = `${drops}|${written.join(';')}`;
  }
  return sorted(table);
}

/** The number when all builds agree on it, else empty. */
function onlyOne(uids: ReadonlySet<number | null>): string {
  return uids.size === 1 ? `${[...uids][0] ?? ''}` : '';
}

/** `variant|risk|note` per step from the default tag to the slimmest, joined by line breaks. */
function variantTables({ images }: Variants): Record<string, string> {
  const table: Record<string, string> = {};
  for (const [name, { ladder }] of Object.entries(images)) {
    const steps = ladder.slice(1).map(({ variant, risk, note }) => `${variant}|${risk}|${note ?? ''}`);
    if (steps.length > 0) table[name] = steps.join('\n');
  }
  return sorted(table);
}

function registryTables({ distroless, chainguard }: Registries): Tables {
  const images = Object.entries(chainguard.images).map(([name, { runAs, entry, cmd, shell, apk }]) => {
    const best = shell.includes('bash') ? 'bash' : shell.includes('busybox') ? 'ash' : shell.length > 0 ? 'sh' : 'none';
    return [name, `${runAs}|${best}|${apk ? 'apk' : ''}|${entry ?? ''}|${cmd ?? ''}`] as const;
  });
  return {
    distrolessImages: distroless.images.map(({ image }) => image.replace('gcr.io/distroless/', '')).join(' '),
    chainguardImages: sorted(Object.fromEntries(images)),
  };
}

function sorted(table: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => compare(a, b)));
}
