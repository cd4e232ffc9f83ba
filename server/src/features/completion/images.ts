import { canonicalRepository, imageChoices, tagChoices } from '../../facts/index.ts';
import type { TagChoice } from '../../facts/types.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Stage } from '../../model/stage.ts';
import { parseImageReference } from '../../syntax/imageReference.ts';
import { megabytes } from '../baseImage.ts';
import type { Entry } from './entry.ts';

/** Ways of writing names of Docker Hub in full, and mirrors that keep the names. */
const hub = /^(?:(?:docker\.io|index\.docker\.io|public\.ecr\.aws\/docker|mirror\.gcr\.io)\/(?:library\/)?|library\/)/;

/** Where the name or the tag that is being written starts in the typed text, and what can stand there. */
export interface ImageEntries {
  /** Offset in the typed text. */
  readonly from: number;
  readonly entries: readonly Entry[];
}

/**
 * Images and tags for a name of which `typed` stands before the cursor and `rest` behind it; nothing behind a digest sign,
 * for digests can't be made up.
 */
export function imageEntries(dockerfile: Dockerfile, typed: string, rest: string): ImageEntries | undefined {
  if (typed.includes('@')) return undefined;
  const { tagRange } = parseImageReference(typed, 0);
  if (tagRange) {
    const name = dockerfile.globalEnvironment.expand(typed.slice(0, tagRange.start - 1), dockerfile.escape);
    return { from: tagRange.start, entries: name === undefined ? [] : tagEntries(name, dockerfile.today) };
  }
  const from = hub.exec(typed)?.[0].length ?? 0;
  const hasTag = /^[^\s/]*[:@]/.test(rest);
  const names = imageChoices().filter(({ name }) => from === 0 || !name.includes('/'));
  return {
    from,
    entries: names.map(({ name, publisher }) => ({
      kind: 'image',
      label: name,
      detail: publisher,
      text: hasTag ? name : `${name}:`,
      goesOn: !hasTag,
    })),
  };
}

/** Stages that the instruction may name: those above its own. */
export function stageEntries(dockerfile: Dockerfile, before: Stage | undefined): Entry[] {
  const stages = dockerfile.stages.slice(0, before?.index ?? 0);
  const names = new Set<string>();
  return stages.toReversed().flatMap((stage): Entry[] => {
    if (stage.name === undefined) return [];
    if (names.has(stage.name)) return [];
    names.add(stage.name);
    return [{ kind: 'stage', label: stage.nameWord!.text, detail: `stage ${stage.index}, FROM ${stage.base.name}` }];
  });
}

/** Stages without a name, by number. */
export function stageNumberEntries(dockerfile: Dockerfile, before: Stage | undefined): Entry[] {
  return dockerfile.stages
    .slice(0, before?.index ?? 0)
    .filter((stage) => stage.name === undefined)
    .map((stage) => ({
      kind: 'stage',
      label: `${stage.index}`,
      detail: `stage without a name, FROM ${stage.base.name}`,
    }));
}

function tagEntries(name: string, today: string | undefined): Entry[] {
  const repository = canonicalRepository(parseImageReference(name, 0));
  return tagChoices(repository, today).map((choice) => ({
    kind: 'tag',
    label: choice.tag,
    detail: describe(choice),
    deprecated: choice.status === 'ended',
  }));
}

/** The size comes first: lists are narrow, and cut what is behind. */
function describe({ label, status, until, isLts, size }: TagChoice): string {
  const bytes = size && `${size.approximate ? '~' : ''}${megabytes(size.bytes)}`;
  const word = status === 'ended' ? 'ended' : until === undefined ? undefined : 'until';
  const support = [label, isLts ? 'LTS' : undefined, word, until].filter((part) => part !== undefined).join(' ');
  return [bytes, support].filter(Boolean).join(', ');
}
