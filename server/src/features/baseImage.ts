import { tagsDate } from '../facts/data/images.generated.ts';
import { supportDate } from '../facts/data/support.generated.ts';
import { type BaseImageFacts, endOfLife, type Support } from '../facts/index.ts';
import type { BaseImage } from '../model/image.ts';

/** Markdown with what is known offline of a base image; undefined for stages, scratch and images that are not known. */
export function describeBaseImage(image: BaseImage, today: string | undefined): string | undefined {
  const { facts, resolved } = image;
  if (!facts || !resolved) return undefined;
  const rows: [string, string | undefined][] = [
    ['Compressed size', sizeText(facts)],
    ['Support', today === undefined ? undefined : supportText(endOfLife(resolved, today))],
    ['System', systemText(facts)],
    ['Default user', userText(facts)],
    ['Shell', facts.shell === 'unknown' ? undefined : facts.shell],
    ['Package manager', facts.packageManager === 'unknown' ? undefined : facts.packageManager],
    ['Tag', facts.tagStatus === 'retired' ? 'no longer rebuilt' : undefined],
  ];
  const known = rows.filter(([, value]) => value !== undefined);
  const table = known.map(([name, value]) => `| ${name} | ${value} |`).join('\n');
  const source = `Known when Plimsoll was made: images as of ${tagsDate}, support as of ${supportDate}.`;
  return `**${image.name}**\n\n| | |\n|-|-|\n${table}\n\n*${source}*`;
}

/** Decimal megabytes, as Docker prints sizes. */
export function megabytes(bytes: number): string {
  const size = bytes / 1_000_000;
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} MB`;
}

function sizeText({ size }: BaseImageFacts): string | undefined {
  if (!size) return undefined;
  return `${size.approximate ? 'about ' : ''}${megabytes(size.bytes)}${size.date ? ` (${size.date})` : ''}`;
}

function supportText(lines: readonly Support[]): string | undefined {
  const texts = lines.map(({ label, status, until }) => {
    const date = until === undefined ? '' : ` ${until}`;
    if (status === 'ended') return `${label}: ended${date}`;
    if (status === 'extended') return `${label}: long-term support until${date}`;
    if (status === 'unknown') return undefined;
    return until === undefined ? `${label}: supported` : `${label}: until${date}`;
  });
  const known = texts.filter((text) => text !== undefined);
  return known.length > 0 ? known.join('; ') : undefined;
}

function systemText({ family, release, libc }: BaseImageFacts): string | undefined {
  if (family === 'unknown') return undefined;
  return [family, release, libc === 'unknown' || libc === 'none' ? undefined : `(${libc})`].filter(Boolean).join(' ');
}

function userText({ user, readyUsers, dropsPrivileges }: BaseImageFacts): string | undefined {
  if (user.name === '') return undefined;
  const ready =
    user.isRoot === true && readyUsers.length > 0
      ? `; also has ${readyUsers.map((each) => `\`${each.name}\``).join(', ')}`
      : '';
  const drops = user.isRoot === true && dropsPrivileges === true ? ', its entrypoint steps down by itself' : '';
  return `\`${user.name}\`${drops}${ready}`;
}
