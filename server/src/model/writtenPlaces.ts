import type { Command } from './command.ts';
import { resolvePath } from './copy.ts';
import { pathIn } from './download.ts';
import type { Stage } from './stage.ts';
import { startupOf } from './startup.ts';

/** A folder or file that the program in the container writes, as far as the Dockerfile tells. */
export interface WrittenPlace {
  /** Absolute, without a slash at the end. */
  readonly path: string;
  /** A file in a folder of the system, which can't be given away as a whole. */
  readonly isFile: boolean;
  /** The `mkdir` of this stage that makes the folder. */
  readonly maker: Command | undefined;
}

/** What can be told of the places that a container writes. */
export interface WrittenPlaces {
  readonly places: readonly WrittenPlace[];
  /** Paths that it writes in folders which have to stay root's, such as `/run/app.sock`. */
  readonly outOfReach: readonly string[];
}

const systemFolder =
  /^\/(?:(?:etc|usr|bin|sbin|lib\w*|dev|proc|sys|root|boot|opt|var|run|tmp|home|mnt|media|srv|go)?|usr\/(?:local|share|src|include)|var\/(?:log|lib|cache|run|spool|www|opt|mail|local))$|^\/(?:etc|bin|sbin|lib\w*|dev|proc|sys|root|boot|tmp|var\/tmp|usr\/(?:s?bin|lib\w*|local\/\w+)|(?:var\/)?run\/secrets)(?:\/|$)/;

/** Whether a folder belongs to the system and must not be given to a user. */
export function isSystemFolder(path: string): boolean {
  return systemFolder.test(path.replace(/(.)\/$/, '$1'));
}

const thing =
  '(?:data|logs?|uploads?|storage|cache|state|db|database|sqlite|media|pid|spool|backups?|downloads?|output|tmp|temp|persist\\w*|store)';
const where = '(?:[-_.]?(?:dir|directory|path|home|file|folder|root|url|uri|dsn|location|base))';
const variableOfPlace = new RegExp(`(?:^|_)${thing}${where}$`, 'i');
/** Folders of build tools, which the program doesn't use. */
const variableOfTool =
  /^(?:PIP|UV|YARN|NPM|PNPM|COREPACK|POETRY|GO|CARGO|SCCACHE|BUNDLE|GEM|COMPOSER|NUGET|CCACHE|APT|CONDA|PLAYWRIGHT|PUPPETEER|CYPRESS|GRADLE|MAVEN)/i;
const optionOfPlace = new RegExp(
  `^--?(?:\\w+[-_.])*(?:${thing}${where}?|dbpath|datadir|logpath|logfile|pidfile|tmpdir)$`,
  'i',
);
const nameOfPlace =
  /^(?:data|logs?|uploads?|storage|cache|state|db|database|media|pids?|spool|backups?|downloads?|outputs?|tmp|temp|sessions?|persist\w*|staticfiles)$/i;
const fileName = /\.(?:db|sqlite3?|log|pid|sock|lock|mdb|out|err)$/i;
/** Folders that only the build has a use for, or that a package manager needs. */
const ofTheBuild =
  /\/(?:build|bin|src|dist|lib|target|obj|node_modules|include|\.git|\.ssh|apt|dpkg|partial|lists|sshd|apk|yum|dnf|rpm|man\d?)(?:\/|$)/;

/** Where the container of a stage writes: its volumes, and what its start, its variables and its `mkdir`s name. */
export function writtenPlaces(stage: Stage): WrittenPlaces {
  const named = [...volumes(stage), ...namedInEnvironment(stage), ...namedAtStart(stage)];
  const found = new Map<string, WrittenPlace>();
  const outOfReach: string[] = [];
  for (const written of named) {
    const path = written.replace(/(.)\/+$/, '$1');
    const folder = fileName.test(path) ? path.slice(0, path.lastIndexOf('/')) || '/' : path;
    if (/^\/(?:dev|proc|tmp|var\/tmp)(?:\/|$)/.test(folder)) continue;
    if (!isSystemFolder(folder)) found.set(folder, { path: folder, isFile: false, maker: undefined });
    else if (folder !== path && folder === '/var/log') found.set(path, { path, isFile: true, maker: undefined });
    else if (folder !== path) outOfReach.push(path);
  }
  for (const { path, maker } of madeFolders(stage)) {
    if (found.has(path) || isForWriting(stage, path)) found.set(path, { path, isFile: false, maker });
  }
  return { places: [...found.values()], outOfReach };
}

function volumes(stage: Stage): string[] {
  return stage.chain.flatMap((each) =>
    each.instructions
      .filter(({ keyword }) => keyword === 'VOLUME')
      .flatMap((instruction) => {
        const words = instruction.json?.items.map(({ value }) => value) ?? instruction.words.map(({ text }) => text);
        return words.flatMap((word) => {
          const value = each.envAt(instruction).expand(word, instruction.escape);
          return value?.startsWith('/') ? [value] : [];
        });
      }),
  );
}

function namedInEnvironment(stage: Stage): string[] {
  return stage
    .envAt('end')
    .variables.filter(({ name }) => variableOfPlace.test(name) && !variableOfTool.test(name))
    .flatMap(({ value }) => pathOf(value ?? '') ?? []);
}

function namedAtStart(stage: Stage): string[] {
  const paths: string[] = [];
  for (const instruction of startupOf(stage).instructions) {
    const words = instruction.json?.items.map(({ value }) => value) ?? instruction.words.map(({ text }) => text);
    const environment = stage.envAt('end');
    words.forEach((word, index) => {
      const equals = word.startsWith('-') ? word.indexOf('=') : -1;
      const option = equals < 0 ? (words[index - 1] ?? '') : word.slice(0, equals);
      const value = equals < 0 ? word : word.slice(equals + 1);
      const isRedirect = !instruction.json && /^\d?>>?$/.test(option);
      const redirected = instruction.json ? undefined : /^\d?>>?(\/\S+)$/.exec(word)?.[1];
      const path =
        redirected ??
        (optionOfPlace.test(option) || isRedirect ? environment.expand(value, instruction.escape) : undefined);
      const place = pathOf(path ?? (value.startsWith('sqlite') ? value : ''));
      if (place !== undefined) paths.push(place);
    });
  }
  return paths;
}

/** The absolute path in a value; that of a database in a URL such as `sqlite:////data/app.db`. */
function pathOf(value: string): string | undefined {
  const database = /^(?:sqlite3?(?:\+\w+)?|file):(?:\/\/)?(?:\/(?=\/))?(\/[^?#]+)/.exec(value);
  // With three slashes some libraries mean a path that is relative to the working directory.
  if (database) return /:\/\/\/[^/]/.test(value) && !value.startsWith('file') ? undefined : database[1];
  return /^\/[\w./-]+$/.test(value) ? value : undefined;
}

/** Folders that `mkdir` and `install -d` make in the RUNs of the stage. */
export function madeFolders(stage: Stage): ReadonlyArray<{ readonly path: string; readonly maker: Command }> {
  return stage.runs.flatMap((run) =>
    run.commands
      .filter((command) => command.name === 'mkdir')
      .flatMap((maker) => {
        const mode = maker.optionValue('-m');
        const operands = maker.operands.filter((word) => word.value === undefined || word.value !== mode);
        return operands.flatMap((word) => {
          const value = word.value ?? stage.envAt(run.instruction).expand(word.text, run.instruction.escape);
          if (value === undefined || /[{}*?]/.test(value)) return [];
          const path = value.startsWith('/') ? resolvePath('/', value) : pathIn(maker, value);
          const name = value.split('/').findLast((part) => part !== '') ?? '';
          // What the same RUN removes again is of no use to the program.
          const isRemoved = run.removes(new RegExp(`(?:^|[\\s/"'])${name.replace(/[^\w-]/g, '.')}(?:[\\s/"']|$)`));
          return path === undefined || isRemoved ? [] : [{ path: path.replace(/(.)\/$/, '$1'), maker }];
        });
      }),
  );
}

/** Whether a folder that a RUN makes looks like one for the program to write into. */
function isForWriting(stage: Stage, path: string): boolean {
  if (isSystemFolder(path)) return false;
  const folder = stage.workdirAt('end');
  const inOwn = folder !== undefined && !isSystemFolder(folder) && (path === folder || path.startsWith(`${folder}/`));
  if (ofTheBuild.test(inOwn ? path.slice(folder.length) : path)) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return inOwn || nameOfPlace.test(name) || /^\/(?:var\/)?(?:log|run|cache|spool)\/[\w.-]+$/.test(path);
}
