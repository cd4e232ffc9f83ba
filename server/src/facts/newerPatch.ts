import { canonicalRepository, knownTag } from './imageName.ts';
import { endOfLife } from './endOfLife.ts';
import { compareVersions } from './supportStatus.ts';
import { buildOf, nearestBuild, tagStatus } from './tags.ts';
import type { ImageName, NewerPatch } from './types.ts';

/**
 * The newest published patch of the release line that a full version names (`node:24.1.0-slim` → `24.17.0-slim`), when
 * the data shows that the version was published and is no longer rebuilt. Undefined otherwise, and for lines that the
 * data does not know or that are not supported any more: those have no newer patch worth the move.
 *
 * @param today ISO date
 */
export function newerPatch(name: ImageName, today: string): NewerPatch | undefined {
  const tag = knownTag(name);
  const version = tag === undefined ? undefined : /^(\d+\.\d+\.\d+)(-.+)?$/.exec(tag);
  if (tag === undefined || !version) return undefined;
  const [, written, variant = ''] = version;
  const repository = canonicalRepository(name);
  if (tagStatus(repository, tag) !== 'retired') return undefined;
  const line = lineOf(name, today);
  const build =
    nearestBuild(repository, lineTag(written!, variant)) ?? nearestBuild(repository, majorTag(written!, variant));
  if (!line || !build || line.status === 'ended') return undefined;
  const newest = build.tags.find((each) => new RegExp(`^\\d+\\.\\d+\\.\\d+${escaped(variant)}$`).test(each));
  if (newest === undefined || compareVersions(newest.slice(0, newest.length - variant.length), written!) <= 0)
    return undefined;
  // A shorter tag may have moved to another line since.
  if (lineOf({ ...name, tag: newest }, today)?.cycle !== line.cycle) return undefined;
  const floating = line.cycle + variant;
  return { tag: newest, floating: buildOf(repository, floating) === build ? floating : undefined, line: line.label };
}

function lineOf(name: ImageName, today: string): ReturnType<typeof endOfLife>[number] | undefined {
  return endOfLife(name, today).find(({ part }) => part === 'image');
}

function lineTag(version: string, variant: string): string {
  return version.split('.').slice(0, 2).join('.') + variant;
}

function majorTag(version: string, variant: string): string {
  return version.split('.')[0]! + variant;
}

function escaped(text: string): string {
  return text.replaceAll(/[.+^${}()|[\]\\*?-]/g, '\\$&');
}
