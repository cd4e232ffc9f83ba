import type { BuildContext } from '../../model/context.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { Entry } from './entry.ts';

/** The most entries of one folder that are listed. */
const most = 500;

export interface PathEntries {
  /** Where the last part of the path starts in the typed text. */
  readonly from: number;
  readonly entries: readonly Entry[];
}

/** What the build sees in the folder that the typed path is in. Undefined for paths that are none of the context. */
export function contextEntries(context: BuildContext, typed: string, quoted: boolean): PathEntries | undefined {
  if (/[$*?[\\]|:\/\//.test(typed)) return undefined;
  const from = typed.lastIndexOf('/') + 1;
  const listed = context.list(typed.slice(0, from));
  if (!listed) return undefined;
  const names = listed
    // A blank would end the word.
    .filter(({ name }) => (quoted ? !/["\\]/.test(name) : !/[\s"'\\$]/.test(name)))
    .sort((a, b) => Number(isSeldomCopied(a.name)) - Number(isSeldomCopied(b.name)) || (a.name < b.name ? -1 : 1));
  return {
    from,
    entries: names
      .slice(0, most)
      .map(
        ({ name, isDirectory }): Entry =>
          isDirectory ? { kind: 'folder', label: `${name}/`, goesOn: true } : { kind: 'file', label: name },
      ),
  };
}

function isSeldomCopied(name: string): boolean {
  return /^\.|dockerfile|containerfile/i.test(name);
}

/** Where things are copied to most often: the working directory. */
export function destinationEntries(stage: Stage, instruction: Instruction): Entry[] {
  const workdir = stage.workdirAt(instruction);
  const absolute = workdir === undefined || workdir === '/' ? '/' : `${workdir}/`;
  return [
    { kind: 'folder', label: './', detail: workdir === undefined ? 'the working directory' : workdir },
    ...(workdir === undefined ? [] : [{ kind: 'folder' as const, label: absolute, detail: 'the working directory' }]),
  ];
}

/** What can be told of the files of another stage: where it works. */
export function stagePathEntries(other: Stage): Entry[] {
  const workdir = other.workdirAt('end');
  if (workdir === undefined || workdir === '/') return [];
  return [
    { kind: 'folder', label: `${workdir}/`, detail: `working directory of ${other.nameWord?.text ?? other.index}` },
  ];
}
