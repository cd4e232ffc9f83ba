import { cleanPath } from '../../model/context.ts';
import { imagePath, type LateInstall } from './sourceCopies.ts';

/** Whether a copy that stays in front of the install brings the file. */
export function isProvided(late: LateInstall, file: string): boolean {
  const { stage } = late.run;
  const staying = stage.copies.filter(
    (copy) =>
      copy.usesContext && !late.early.includes(copy) && copy.instruction.range.start < late.run.instruction.range.start,
  );
  const plain = file.replace(/[*/]+$/, '');
  const inProject = late.imageFolder.slice(imagePath(late.source.copy)!.length);
  const wanted = cleanPath(`${late.source.folder}/${inProject}/${plain}`) ?? plain;
  const target = `${late.imageFolder === '/' ? '' : late.imageFolder}/${plain}`;
  return staying.some((copy) => {
    const place = imagePath(copy);
    return copy.sources.some((source) => {
      const path = cleanPath(source.value ?? source.text) ?? '';
      const isIt = folderPart(path) === folderPart(wanted) && matchesName(path, namePart(wanted));
      return isIt && (place === target || place === (folderPart(target) || '/'));
    });
  });
}

function folderPart(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

function namePart(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** COPY instructions for the files, one for each folder; undefined when a name would need quotes. */
export function manifestLines(late: LateInstall, files: readonly string[], parents: boolean): string[] | undefined {
  const { copy, folder } = late.source;
  const { instruction } = copy;
  const { dockerfile } = copy.stage;
  const flags = instruction.flags
    .filter((flag) => ['chown', 'chmod', 'link'].includes(flag.name))
    .map((flag) => `${dockerfile.slice(flag.range)} `)
    .join('');
  const keyword = instruction.writtenKeyword === instruction.writtenKeyword.toLowerCase() ? 'copy' : 'COPY';
  const inImage = late.imageFolder.slice(imagePath(copy)!.length).replace(/^\//, '');
  const inContext = late.project?.path ?? [folder, inImage].filter((part) => part !== '').join('/');
  const written = copy.destination!.text;
  const base = written === '.' ? './' : written.endsWith('/') ? written : `${written}/`;
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const isFolder = file.endsWith('/');
    const place = isFolder || file.includes('/') ? file.slice(0, file.lastIndexOf('/') + 1) : '';
    const key = parents ? '' : `${inImage === '' ? '' : `${inImage}/`}${place}`;
    const list = groups.get(key) ?? [];
    list.push(inContext === '' ? file : `${inContext}/${file}`);
    groups.set(key, list);
  }
  const lines: string[] = [];
  for (const [place, sources] of groups) {
    const words = [...sources, base + place];
    if (instruction.json) lines.push(`${keyword} ${flags}${JSON.stringify(words).replaceAll('","', '", "')}`);
    else if (sources.some((source) => /[\s"'\\$[\]]/.test(source))) return undefined;
    else lines.push(`${keyword} ${parents ? '--parents ' : ''}${flags}${words.join(' ')}`);
  }
  return lines;
}

export function matchesName(path: string, name: string): boolean {
  const last = path.replace(/\/+$/, '').split('/').pop()!;
  return new RegExp(
    `^${last
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  ).test(name);
}
