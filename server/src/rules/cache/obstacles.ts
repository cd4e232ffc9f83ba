import { type Copy, resolvePath } from '../../model/copy.ts';
import type { InstallNeeds } from '../../model/installs/index.ts';
import type { Run } from '../../model/run.ts';
import { isSourceFree } from '../../model/sourceFree.ts';
import { manifestPaths } from './cut.ts';
import { matchesName } from './manifestLines.ts';
import { imagePath, isBelow, type LateInstall } from './sourceCopies.ts';

const movable: readonly string[] = [
  'ENV',
  'ARG',
  'LABEL',
  'EXPOSE',
  'CMD',
  'ENTRYPOINT',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'SHELL',
  'USER',
  'MAINTAINER',
];

export function obstacleIn(copy: Copy): string | undefined {
  const { instruction } = copy;
  if (instruction.words.some((word) => word.split)) return 'the COPY has a word that runs across lines';
  if (instruction.flags.some((flag) => flag.name === 'parents' || flag.name === 'exclude'))
    return 'the COPY has --parents or --exclude';
  if (!instruction.json && /["'\\`]/.test(copy.destination?.text ?? '')) return 'the destination of the COPY is quoted';
  return undefined;
}

/** Why the copies can't be moved behind what stands between them and the install. */
export function obstacleBetween(late: LateInstall, needed: InstallNeeds): string | undefined {
  const { early, run } = late;
  const { stage } = run;
  const { dockerfile } = stage;
  const manifests = manifestPaths(late, needed);
  const first = early[0]!.instruction;
  for (const copy of early) {
    const before = [...copy.sources, copy.destination!];
    const after = stage.envAt(run.instruction);
    if (before.some((path) => path.value === undefined || after.expand(path.text, dockerfile.escape) !== path.value))
      return 'a variable of the COPY is changed in front of the install';
    if (imagePath(copy)!.includes('?') && !staysInPlace(copy, run)) return 'WORKDIR changes in front of the install';
  }
  for (const each of stage.instructions) {
    if (each.range.start <= first.range.start || each.range.start >= run.instruction.range.start) continue;
    if (movable.includes(each.keyword) || each.keyword === 'WORKDIR' || early.some((copy) => copy.instruction === each))
      continue;
    if (each.keyword === 'RUN') {
      const other = stage.runs.find((candidate) => candidate.instruction === each)!;
      const blocked =
        other.form === 'foreign' || (other.commands.length === 0 ? other.commands : undefined)
          ? each
          : other.commands.find((command) => !isSourceFree(command, late.imageFolder, manifests));
      if (blocked)
        return `${dockerfile
          .slice('shell' in blocked ? blocked.range : each.range)
          .split('\n')[0]!
          .trim()}, in front of the install, may need the source`;
    } else if (each.keyword === 'COPY' || each.keyword === 'ADD') {
      const other = stage.copies.find((copy) => copy.instruction === each)!;
      if (!isIndependent(other, late)) return 'another COPY writes to the same folder in between';
    } else return `${each.keyword} stands in front of the install`;
  }
  return undefined;
}

/** Whether the destination means the same folder at the place of the RUN. */
export function staysInPlace(copy: Copy, run: Run): boolean {
  return (
    resolvePath(run.stage.workdirAt(run.instruction) ?? '/?', copy.destination!.value!)?.replace(/(.)\/$/, '$1') ===
    imagePath(copy)
  );
}

/** Whether it does not matter which of both copies comes first. */
function isIndependent(other: Copy, late: LateInstall): boolean {
  const place = imagePath(other);
  if (place === undefined) return false;
  return late.early.every((copy) => {
    const folder = imagePath(copy)!;
    if (!isBelow(place, folder) && !isBelow(folder, place)) return true;
    if (isBelow(folder, place) && folder !== place) {
      const segment = folder.slice(place === '/' ? 1 : place.length + 1).split('/')[0]!;
      return other.sources.every((source) => isFile(other, source.value) && !matchesName(source.value!, segment));
    }
    // The same file of the context at the same place: either copy writes the same.
    const files = other.sources.map((source) => source.value?.replace(/^\.\//, ''));
    const same = files.every((file) => file !== undefined && !file.includes('/') && isFile(other, file));
    return (
      same &&
      other.from === undefined &&
      late.source.copy === copy &&
      late.source.folder === '' &&
      place === folder &&
      !other.chmod &&
      other.chown === copy.chown
    );
  });
}

/** Whether a source is a file rather than a folder, whose content would be copied. */
function isFile(copy: Copy, value: string | undefined): boolean {
  if (value === undefined || copy.from !== undefined) return false;
  const { context } = copy.stage.dockerfile;
  const name = value.split('/').pop()!;
  if (/[*?[]/.test(name)) return name.includes('.');
  return context
    ? !context.isDirectory(value)
    : /\w\.\w|^(?:Gemfile|Pipfile|Makefile|mvnw|gradlew|Procfile)$/.test(name);
}
