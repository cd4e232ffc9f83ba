/** Readers of the generated tables of tags; the formats are described where they are written, in scripts/facts. */

/** One build of an image: every tag of it means the same image. */
export interface Build {
  readonly tags: readonly string[];
  /** Operating system image below: `debian:bookworm-slim`, `alpine:?` (release unknown), or empty. */
  readonly root: string;
  /** Default user: empty for root, `?` when unknown. */
  readonly user: string;
  /** JSON of the words; empty when neither this image's Dockerfile sets it; `?` when unknown. */
  readonly cmd: string;
  readonly entrypoint: string;
  /** `amd64`, `arm64v8`, …; empty when not known. */
  readonly architectures: readonly string[];
}

/** Reads the builds of one image; an empty text means that they are not listed. */
export function readBuilds(text: string, sharedTexts: readonly string[]): readonly Build[] {
  if (text === '') return [];
  const shared = (position: string) => sharedTexts[position === '' ? 0 : Number.parseInt(position, 36)] ?? '';
  const [setLine, ...lines] = text.split('\n');
  const sets = ['', ...setLine!.split('|')].map((set) => set.split(','));
  return lines.map((line): Build => {
    const [root, start, groups, architectures] = line.split(';');
    const [user, cmd, entrypoint] = shared(start!).split('\n');
    const tags = groups!.split(' ').flatMap((group) => {
      const [set, suffixes] = group.split(':');
      const prefixes = set === '' ? [''] : sets[Number.parseInt(set!, 36)]!;
      return prefixes.flatMap((prefix) => suffixes!.split(',').map((suffix) => joinTag(prefix, suffix)));
    });
    return {
      tags,
      root: shared(root!),
      user: user ?? '',
      cmd: cmd ?? '',
      entrypoint: entrypoint ?? '',
      architectures: architectures === undefined ? [] : shared(architectures).split(','),
    };
  });
}

function joinTag(prefix: string, suffix: string): string {
  return prefix === '' || suffix === '' ? prefix + suffix : `${prefix}-${suffix}`;
}

const codes = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** Reads tags of which only the existence is kept. */
export function readTagSet(text: string): ReadonlySet<string> {
  const [suffixLine, ...lines] = text.split('\n');
  const suffixes = suffixLine!.split(',');
  const tags = new Set<string>();
  for (const line of lines) {
    const [prefixes, written] = line.split(';');
    const positions = (written!.match(/~..|./g) ?? []).map(suffixPosition);
    for (const prefix of prefixes!.split(',')) {
      for (const position of positions) tags.add(joinTag(prefix, suffixes[position]!));
    }
  }
  return tags;
}

function suffixPosition(code: string): number {
  if (code.length === 1) return codes.indexOf(code);
  return codes.length + codes.indexOf(code[1]!) * codes.length + codes.indexOf(code[2]!);
}

/** Reads full versions, whose last numbers are written as ranges. */
export function readVersions(text: string): ReadonlySet<string> {
  const versions = new Set<string>();
  for (const item of text.split(' ')) {
    const match = /^(.+\.)(\d+(?:-\d+)?(?:,\d+(?:-\d+)?)*)$/.exec(item);
    if (!match) {
      versions.add(item);
      continue;
    }
    for (const range of match[2]!.split(',')) {
      const [first, last = first] = range.split('-').map(Number);
      for (let patch = first!; patch <= last!; patch++) versions.add(`${match[1]}${patch}`);
    }
  }
  return versions;
}
