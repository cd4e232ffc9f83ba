import type { Instruction } from '../syntax/instruction.ts';
import { cleanPath } from './context.ts';
import { type Copy, resolvePath } from './copy.ts';
import type { Stage } from './stage.ts';

/** Programs that start as root on purpose: to step down to another user, or because they can't work otherwise. */
const stepDownTools =
  /(?:^|[\s"'/;&|(])(?:gosu|su-exec|setpriv|runuser|setuidgid|s6-setuidgid|s6-applyuidgid|chpst|setuser|su|sudo|doas|fixuid|tini-su|start-stop-daemon)(?=[\s"']|$)|\b(?:uwsgi|gunicorn|mysqld|mariadbd|memcached|named|haproxy|varnishd)\b.*\s['"]?--?(?:uid|user|u)\b/;
const inits =
  /(?:^|[\s"'/])(?:systemd|s6-svscan|s6-overlay|runsvdir|my_init|supervisord|sshd|crond?|dockerd|rsyslogd)(?=[\s"']|$)|(?:^|[\s"'])(?:\/sbin)?\/init(?=[\s"']|$)/;

/** What starts in the container of a stage: ENTRYPOINT and CMD as written, and what can be read of the scripts they name. */
export interface Startup {
  /** ENTRYPOINT, then CMD, the ones in force; those of the base image are not among them. */
  readonly instructions: readonly Instruction[];
  /** Their arguments and the text of the scripts, as far as they can be seen. */
  readonly text: string;
  /** Paths of scripts that it starts and whose text can't be seen. */
  readonly unseenScripts: readonly string[];
}

export function startupOf(stage: Stage): Startup {
  const instructions = (['ENTRYPOINT', 'CMD'] as const).flatMap((keyword) => stage.lastInChain(keyword) ?? []);
  const parts: string[] = [];
  const unseenScripts: string[] = [];
  for (const instruction of instructions) {
    parts.push(instruction.argsText);
    for (const path of scriptPaths(instruction)) {
      const text = scriptText(stage, path);
      if (text === undefined) unseenScripts.push(path);
      // Comments of a script start nothing.
      else parts.push(text.replace(/^[ \t]*#.*$/gm, ''));
    }
  }
  return { instructions, text: parts.join('\n'), unseenScripts };
}

/**
 * Whether the container starts as root only to step down by itself (`gosu`, `su-exec`, …), or runs an init that needs
 * root; 'unknown' when a script that can't be seen decides it and such a tool is in the image.
 */
export function stepsDownItself(stage: Stage): boolean | 'unknown' {
  const startup = startupOf(stage);
  if (stepDownTools.test(startup.text) || inits.test(startup.text)) return true;
  const hasOwnEntrypoint = startup.instructions.some((each) => each.keyword === 'ENTRYPOINT');
  const { facts } = stage.rootBase;
  if (!hasOwnEntrypoint && facts?.dropsPrivileges === true) return true;
  if (startup.unseenScripts.length === 0) return false;
  const installsTool = stage.chain.some((each) =>
    each.runs.some((run) => /\b(?:gosu|su-exec|setpriv|s6-overlay|fixuid)\b/.test(run.instruction.argsText)),
  );
  return installsTool || facts?.dropsPrivileges === true ? 'unknown' : false;
}

function scriptPaths(instruction: Instruction): string[] {
  const words = instruction.json
    ? instruction.json.items.map((item) => item.value)
    : instruction.words.map((word) => word.value);
  return words.filter((word) => /^[\w./-]*\.(?:sh|bash)$|^\/?[\w./-]*entrypoint[\w.-]*$/i.test(word));
}

function scriptText(stage: Stage, path: string): string | undefined {
  const name = path.split('/').pop()!;
  for (const each of stage.chain) {
    for (const copy of each.copies) {
      const heredoc = copy.instruction.heredocs[0];
      if (heredoc && copy.destination?.text.endsWith(name)) return stage.dockerfile.slice(heredoc.bodyRange);
      const source = copy.from === undefined ? resolveCopiedFile(copy, path, each.workdirAt('end')) : undefined;
      const text = source === undefined ? undefined : stage.dockerfile.context?.read(source);
      if (text !== undefined) return text;
    }
  }
  return undefined;
}

/** TCP and UDP ports that the stage and those it is built FROM expose, as far as they are literal. */
export function exposedPorts(stage: Stage): readonly number[] {
  const ports = new Set<number>();
  for (const each of stage.chain) {
    for (const instruction of each.instructions) {
      if (instruction.keyword !== 'EXPOSE') continue;
      for (const word of instruction.words) {
        const expanded = each.envAt(instruction).expand(word.text, instruction.escape) ?? '';
        const match = /^(\d+)(?:-\d+)?(?:\/\w+)?$/.exec(expanded);
        if (match) ports.add(Number(match[1]));
      }
    }
  }
  return [...ports];
}

/** The file of the build context that a COPY puts at `path` (as the container names it); undefined when it is another. */
function resolveCopiedFile(copy: Copy, path: string, workdir: string | undefined): string | undefined {
  const wanted = path.startsWith('/') ? path : resolvePath(workdir, path);
  const name = path.split('/').pop()!;
  const destination = copy.destinationPath;
  for (const source of copy.sources) {
    const from = source.value === undefined ? undefined : cleanPath(source.value);
    if (from === undefined) continue;
    if (
      from.split('/').pop() === name &&
      (!path.includes('/') ||
        destination === wanted ||
        destination?.replace(/\/$/, '') === wanted?.slice(0, wanted.lastIndexOf('/')))
    ) {
      return from;
    }
    // A folder: what is below it lands below the destination.
    const folder = destination?.replace(/\/$/, '') ?? '';
    if (wanted?.startsWith(`${folder}/`)) {
      const below = wanted.slice(folder.length + 1);
      const inside = from === '' ? below : `${from}/${below}`;
      if (copy.stage.dockerfile.context?.has(inside)) return inside;
    } else if (!path.includes('/') && copy.stage.dockerfile.context?.has(from === '' ? name : `${from}/${name}`)) {
      return from === '' ? name : `${from}/${name}`;
    }
  }
  return undefined;
}
