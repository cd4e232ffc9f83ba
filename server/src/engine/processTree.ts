import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A program and what it started. The program leads a process group; descendants that left the group (command line
 * plugins do) are listed with the time they started, because a process id may be given to somebody else meanwhile.
 */
export interface ProcessTree {
  readonly root: number;
  readonly others: readonly ProcessEntry[];
}

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Opaque; tells two processes with the same id apart. */
  readonly started: string;
  readonly zombie: boolean;
}

/** The tree as it is now, together with members of an earlier picture whose parents are gone. */
export async function snapshotTree(root: number, earlier?: ProcessTree): Promise<ProcessTree> {
  if (process.platform === 'win32') return { root, others: [] };
  const all = await listProcesses();
  const known = (earlier?.others ?? []).filter((member) => all.some((entry) => isSame(entry, member)));
  const inTree = new Set([root, ...known.map((entry) => entry.pid)]);
  // Children may be listed before their parents, so this is repeated until nothing is added.
  for (let size = 0; size !== inTree.size; ) {
    size = inTree.size;
    for (const entry of all) if (inTree.has(entry.parent) || entry.group === root) inTree.add(entry.pid);
  }
  return { root, others: all.filter((entry) => entry.pid !== root && inTree.has(entry.pid)) };
}

/** True while a member of the tree runs. */
export async function isTreeAlive(tree: ProcessTree): Promise<boolean> {
  if (process.platform === 'win32') return isRunning(tree.root);
  const all = await listProcesses();
  return all.some(
    (entry) =>
      !entry.zombie &&
      (entry.pid === tree.root || entry.group === tree.root || tree.others.some((member) => isSame(entry, member))),
  );
}

/** Asks all to end, as Ctrl-C does. On Windows, where a program without a console can't be asked, forces it. */
export function interruptTree(tree: ProcessTree): void {
  if (process.platform === 'win32') forceTree(tree);
  else signalTree(tree, 'SIGINT');
}

export function forceTree(tree: ProcessTree): void {
  if (process.platform !== 'win32') {
    signalTree(tree, 'SIGKILL');
    return;
  }
  const taskkill = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'taskkill.exe');
  execFile(taskkill, ['/PID', String(tree.root), '/T', '/F'], { windowsHide: true }, () => undefined);
}

function signalTree(tree: ProcessTree, signal: 'SIGINT' | 'SIGKILL'): void {
  send(-tree.root, signal);
  for (const member of tree.others) if (member.group !== tree.root) send(member.pid, signal);
}

function send(pid: number, signal: 'SIGINT' | 'SIGKILL'): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function isSame(a: ProcessEntry, b: ProcessEntry): boolean {
  return a.pid === b.pid && a.started === b.started;
}

function listProcesses(): Promise<ProcessEntry[]> {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

async function listFromProc(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').then(parseStat, () => undefined)),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** `pid (name) state ppid pgrp … starttime …`; the name may hold blanks and brackets. See proc(5). */
export function parseStat(stat: string): ProcessEntry | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const pid = Number.parseInt(stat, 10);
  const [state, parent, group] = fields;
  const started = fields[19];
  if (Number.isNaN(pid) || parent === undefined || group === undefined || started === undefined) return undefined;
  return { pid, parent: Number(parent), group: Number(group), started, zombie: state === 'Z' };
}

function listFromPs(): Promise<ProcessEntry[]> {
  return new Promise((resolve) => {
    execFile('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=,lstart='], { maxBuffer: 16 * 1024 * 1024 }, (_, stdout) => {
      resolve(stdout.split('\n').flatMap(parsePsLine));
    });
  });
}

export function parsePsLine(line: string): ProcessEntry[] {
  const match = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
  if (match === null) return [];
  const [, pid, parent, group, state = '', started = ''] = match;
  return [{ pid: Number(pid), parent: Number(parent), group: Number(group), started, zombie: state.startsWith('Z') }];
}
