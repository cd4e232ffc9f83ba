import type { Command } from './command.ts';
import { cleanPath } from './context.ts';
import { type Copy, pathMatcher, resolvePath } from './copy.ts';
import type { Run } from './run.ts';

/**
 * The path in the build context of the file that a RUN finds at an absolute path, because a COPY or ADD in front of it
 * (or a bind mount) puts it there; undefined when none is known to. Without a known context only sources that name the
 * file itself count: were it missing, the build would have stopped.
 */
export function copiedFile(run: Run, path: string): string | undefined {
  for (const mount of run.mounts) {
    if (mount.type !== 'bind' || mount.from !== undefined || mount.target === undefined) continue;
    const target = resolvePath(run.stage.workdirAt(run.instruction), mount.target)?.replace(/\/$/, '');
    const source = cleanPath(mount.options['source'] ?? mount.options['src'] ?? '.');
    if (target === undefined || source === undefined) continue;
    if (target === path) return existing(run, source);
    const below = path.startsWith(`${target}/`)
      ? existing(run, cleanPath(`${source}/${path.slice(target.length + 1)}`))
      : undefined;
    if (below !== undefined && run.stage.dockerfile.context) return below;
  }
  const copies = run.stage.chain
    .flatMap((stage) => stage.copies)
    .filter((copy) => copy.instruction.range.start < run.instruction.range.start);
  for (const copy of copies.sort((a, b) => b.instruction.range.start - a.instruction.range.start)) {
    const found = copy.from === undefined ? sourceOf(copy, path) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The folder that a command works in: WORKDIR and the `cd` in front of it; undefined when that can't be known. */
export function folderOf(command: Command): string | undefined {
  const { run } = command;
  let folder = run.stage.workdirAt(run.instruction);
  for (const each of run.commands) {
    if (each.range.start >= command.range.start) break;
    if (each.name !== 'cd' && each.name !== 'pushd' && each.name !== 'popd') continue;
    // A `cd` in a subshell that is over by now does not count.
    if (!each.shell.within.every((construct, index) => command.shell.within[index] === construct)) continue;
    const target = each.args[0]?.value;
    folder =
      each.name === 'popd' || target === undefined || target === '-'
        ? undefined
        : resolvePath(folder, target)?.replace(/(?<=.)\/$/, '');
  }
  const option =
    command.optionValue('--prefix') ??
    command.optionValue('--cwd') ??
    command.optionValue('--dir') ??
    (command.name === 'pnpm' ? command.optionValue('-C') : undefined);
  return option === undefined ? folder : resolvePath(folder, option)?.replace(/(?<=.)\/$/, '');
}

function existing(run: Run, path: string | undefined): string | undefined {
  const { context } = run.stage.dockerfile;
  return path === undefined || (context && (!context.has(path) || context.isDirectory(path))) ? undefined : path;
}

function sourceOf(copy: Copy, path: string): string | undefined {
  const { context } = copy.stage.dockerfile;
  const destination = copy.destinationPath;
  if (
    destination === undefined ||
    copy.instruction.flags.some((flag) => flag.name === 'parents' || flag.name === 'exclude')
  )
    return undefined;
  const folder = destination === '/' ? '' : destination.replace(/\/$/, '');
  const name = path.split('/').pop()!;
  const intoFolder =
    destination.endsWith('/') || copy.sources.length > 1 || copy.stage.workdirAt(copy.instruction) === destination;
  for (const source of copy.sources) {
    const pattern = source.value === undefined ? undefined : cleanPath(source.value);
    if (pattern === undefined) continue;
    const isFile =
      (!intoFolder || pattern.split('/').pop() === name) &&
      !/[*?[]/.test(pattern) &&
      pattern !== '' &&
      (context !== undefined || pattern.split('/').pop() === name);
    if (
      isFile &&
      path === (intoFolder ? `${folder}/${name}` : folder) &&
      (!context || (context.has(pattern) && !context.isDirectory(pattern)))
    )
      return pattern;
    if (!context || !path.startsWith(`${folder}/`)) continue;
    const below = path.slice(folder.length + 1);
    if (/[*?[]/.test(pattern)) {
      const parent = pattern.split('/').slice(0, -1).join('/');
      const file = parent === '' ? below : `${parent}/${below}`;
      if (!below.includes('/') && pathMatcher(pattern)(file) && context.has(file) && !context.isDirectory(file))
        return file;
    } else if (pattern === '' || context.isDirectory(pattern)) {
      const file = pattern === '' ? below : `${pattern}/${below}`;
      if (context.has(file) && !context.isDirectory(file)) return file;
    }
  }
  return undefined;
}
