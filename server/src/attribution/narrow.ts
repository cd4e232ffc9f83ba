import { Copy, isRemote, resolvePath } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { PackageUse } from '../model/packages.ts';
import { Run } from '../model/run.ts';
import type { ScanFinding } from '../scan/report.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { copySourceOf } from './places.ts';
import type { CopySource, InstructionPlace } from './types.ts';

/** An instruction of a group, with what it can bring. */
interface Member {
  readonly place: InstructionPlace;
  readonly copy: Copy | undefined;
  /** What a RUN does with package managers. */
  readonly uses: readonly PackageUse[] | undefined;
  /** Whether it stands for triggers of the base image, of which nothing more is known. */
  readonly isTriggers: boolean;
  /** As written. */
  readonly text: string;
}

/** Finds out which of several instructions can have brought a finding. Remembers groups and files it has seen. */
export class Narrower {
  readonly #byStart = new Map<number, Instruction>();
  readonly #dockerfile: Dockerfile;
  readonly #members = new Map<readonly InstructionPlace[], readonly Member[]>();
  readonly #results = new Map<readonly InstructionPlace[], Map<string, readonly InstructionPlace[]>>();

  constructor(dockerfile: Dockerfile) {
    this.#dockerfile = dockerfile;
    for (const instruction of dockerfile.instructions) {
      this.#byStart.set(instruction.range.start, instruction);
      if (instruction.trigger) this.#byStart.set(instruction.trigger.range.start, instruction.trigger);
    }
  }

  /**
   * By its file the last COPY or ADD that puts it there, by its package the RUN that names it, else those that install
   * packages. All of the places when nothing speaks for some of them.
   */
  narrow(places: readonly InstructionPlace[], finding: ScanFinding): readonly InstructionPlace[] {
    if (places.length < 2) return places;
    const path = pathOf(finding);
    const key = path === undefined ? `${finding.class ?? ''} ${finding.package ?? ''}` : path;
    let results = this.#results.get(places);
    if (!results) this.#results.set(places, (results = new Map()));
    let result = results.get(key);
    if (!result) {
      const members = this.#membersOf(places);
      const chosen = path === undefined ? byPackage(members, finding) : byPath(members, path);
      results.set(key, (result = chosen.length === 0 ? places : chosen.map((member) => member.place)));
    }
    return result;
  }

  /** Where the files of a COPY come from when it takes them out of another stage or image. */
  copySource(place: InstructionPlace): CopySource | undefined {
    const { copy } = this.#membersOf([place])[0] ?? {};
    return copy && copySourceOf(copy);
  }

  #membersOf(places: readonly InstructionPlace[]): readonly Member[] {
    let members = this.#members.get(places);
    if (!members) {
      members = places.flatMap((place): Member[] => {
        const instruction = this.#byStart.get(place.range.start);
        const stage = instruction && this.#dockerfile.stageOf(instruction);
        if (!instruction || !stage) return [];
        const isRun = instruction.keyword === 'RUN';
        const isCopy = instruction.keyword === 'COPY' || instruction.keyword === 'ADD';
        return [
          {
            place,
            copy: isCopy ? new Copy(instruction, stage) : undefined,
            uses: isRun ? new Run(instruction, stage).packageUses : undefined,
            isTriggers: instruction.keyword === 'FROM',
            text: this.#dockerfile.slice(instruction.range),
          },
        ];
      });
      this.#members.set(places, members);
    }
    return members;
  }
}

/** Absolute path of the file in the image; undefined when the finding is of no one file. */
export function pathOf(finding: ScanFinding): string | undefined {
  const isFile = finding.class === 'lang-pkgs' && finding.target.includes('/');
  const written = finding.path ?? (isFile ? finding.target : undefined);
  return written === undefined ? undefined : `/${written.replace(/^(?:\.?\/)+/, '')}`;
}

function byPackage(members: readonly Member[], finding: ScanFinding): readonly Member[] {
  if (finding.class !== 'os-pkgs') return [];
  const does = (each: PackageUse): boolean => each.action === 'install' || each.action === 'upgrade';
  const runs = members.filter(isRunning);
  const naming = runs.filter(({ uses }) =>
    uses?.some((use) => use.action === 'install' && use.packages.some(({ name }) => name === finding.package)),
  );
  if (naming.length > 0) return naming;
  const installing = runs.filter(({ uses, isTriggers }) => isTriggers || uses?.some(does));
  return installing.length > 0 ? installing : runs;
}

function byPath(members: readonly Member[], path: string): readonly Member[] {
  const runs = members.filter(isRunning);
  const last = members.findLast(({ copy }) => copy !== undefined && puts(copy, path) !== 'never');
  if (!last) return mentioning(runs, path);
  if (puts(last.copy!, path) === 'surely') return [last];
  // A file that an earlier one names may be in a folder that the last one copies.
  const named = members.findLast(({ copy }) => copy !== undefined && puts(copy, path) === 'surely');
  // What package managers unpack seldom comes out of a build context, but it may; so may what a RUN speaks of.
  const isDoubtful = isUnpacked(path) && last.copy!.from === undefined;
  const others = isDoubtful ? runs : runs.filter(({ text }) => text.includes(path));
  return members.filter((member) => member === last || member === named || others.includes(member));
}

function isRunning({ uses, isTriggers }: Member): boolean {
  return uses !== undefined || isTriggers;
}

/** Of RUNs those that name the file, when some do; triggers are not known. */
function mentioning(runs: readonly Member[], path: string): readonly Member[] {
  const found = runs.filter(({ text }) => text.includes(path));
  return found.length > 0 ? found : runs;
}

function isUnpacked(path: string): boolean {
  return /\/(?:node_modules|site-packages|dist-packages|vendor|gems|\.venv|venv)\//.test(path);
}

const archive = /\.(?:tar|tgz|tbz2?|txz|tar\.[a-z0-9]+)$/i;

/**
 * Whether a COPY or ADD has put the file there. Names with a suffix are taken for files, others for folders, whose
 * content nobody knows here.
 */
function puts(copy: Copy, path: string): 'surely' | 'perhaps' | 'never' {
  const written = copy.destination?.value ?? copy.destination?.text;
  if (written === undefined) return 'never';
  const destination = resolvePath(copy.stage.workdirAt(copy.instruction), written);
  const folder = destination?.replace(/\/$/, '');
  const { heredocs } = copy.instruction;
  const sources = [
    ...copy.sources.map(({ value, text }) => ({ text: value ?? text, isHeredoc: false })),
    ...heredocs.map((heredoc) => ({ text: heredoc.name, isHeredoc: true })),
  ];
  const intoFolder = sources.length !== 1 || /(?:^|\/)\.?$/.test(written);
  const answers = sources.map(({ text, isHeredoc }) => {
    const name = text.replace(/\/$/, '').split('/').pop() ?? '';
    const isNamedAsFile =
      /[^.]\.[^./]+$/.test(name) && !/[*?[]/.test(name) && !(copy.isAdd && archive.test(name) && !isRemote(text));
    const isFile = isHeredoc || isNamedAsFile;
    if (folder === undefined) {
      // Without a known working directory only the end of the path can be compared.
      const end = [written.replace(/^(?:\.?\/)+|\/?\.?$/g, ''), isFile && intoFolder ? name : ''].filter(
        (part) => part !== '',
      );
      return end.length === 0 || `${path}/`.includes(`/${end.join('/')}/`) ? 'perhaps' : 'never';
    }
    if (name !== '' && intoFolder && path === `${folder}/${name}`) return 'surely';
    const target = isFile && intoFolder ? `${folder}/${name}` : folder;
    if (path === target) return 'surely';
    return path.startsWith(`${target}/`) ? 'perhaps' : 'never';
  });
  if (answers.includes('surely')) return 'surely';
  return answers.includes('perhaps') ? 'perhaps' : 'never';
}
