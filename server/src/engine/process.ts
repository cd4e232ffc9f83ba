import { type ChildProcess, spawn } from 'node:child_process';
import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { forceTree, interruptTree, isTreeAlive, snapshotTree } from './processTree.ts';

export interface RunOptions {
  /** Absolute; programs read configuration from the folder they run in. */
  readonly cwd: string;
  /** The whole environment; this process's own when absent. */
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  /** Ends the program and everything it started. */
  readonly signal?: AbortSignal;
  /** Called for each line of stderr, without its line break; long lines come in pieces. */
  readonly onStderrLine?: (line: string) => void;
  readonly onStdoutLine?: (line: string) => void;
  /** Takes the bytes of stdout as they come, all of them; none is kept as text then. Must not reject. */
  readonly readStdout?: (stdout: AsyncIterable<Uint8Array>) => Promise<void>;
  /** UTF-16 units of stdout to keep; beyond it the program is ended. */
  readonly maximumStdout?: number;
  /** Milliseconds between asking a program to end and forcing it. */
  readonly graceMs?: number;
}

/** How a program ended. */
export type Ending = 'exited' | 'not-started' | 'cancelled' | 'timed-out' | 'too-much-output';

export interface RunResult {
  readonly ending: Ending;
  /** The program's own code; null unless it exited by itself. */
  readonly exitCode: number | null;
  readonly stdout: string;
  /** The last 64 Ki UTF-16 units. */
  readonly stderr: string;
  /** Why it was not started: `ENOENT`, `EACCES`, … */
  readonly startError?: { readonly code: string; readonly message: string };
}

/** Runs a program and waits for its end. Never rejects. */
export type RunProgram = (file: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

const keptStderr = 64 * 1024;
/** UTF-16 units from which on a line comes in pieces. */
export const longestLine = 64 * 1024;
const defaultGraceMs = 5000;
const defaultMaximumStdout = 400 * 1024 * 1024;

/** How long pipes may stay open after the program's end, held by something it left behind on purpose. */
const pipesAfterExitMs = 1000;

/** Programs running now, to be ended with this process: in a group of their own they would outlive it. */
const running = new Set<ChildProcess>();

process.on('exit', () => {
  for (const child of running) if (child.pid !== undefined) forceTree({ root: child.pid, others: [] });
});

/**
 * Runs a program without a shell: arguments arrive as they are given. It gets a process group of its own; on
 * cancellation and at the time limit the group and its other descendants are interrupted, and killed when they are
 * still there after the grace time.
 */
export const runProgram: RunProgram = (file, args, options) =>
  new Promise((resolve) => {
    if (options.signal?.aborted === true) {
      resolve({ ending: 'cancelled', exitCode: null, stdout: '', stderr: '' });
      return;
    }
    const stderr = new Tail(keptStderr);
    const stdout: string[] = [];
    let stdoutLength = 0;
    let ending: Ending = 'exited';

    let child: ChildProcess;
    try {
      child = spawn(file, [...args], {
        cwd: options.cwd,
        env: options.env ?? process.env,
        shell: false,
        windowsHide: true,
        detached: process.platform !== 'win32',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    } catch (error) {
      resolve(notStarted(error));
      return;
    }
    running.add(child);
    const killer = new TreeKiller(child, options.graceMs ?? defaultGraceMs);
    const end = (why: Ending) => {
      if (ending !== 'exited') return;
      ending = why;
      void killer.start();
    };
    const onAbort = () => end('cancelled');
    options.signal?.addEventListener('abort', onAbort, { once: true });
    const limit = options.timeoutMs === undefined ? undefined : setTimeout(() => end('timed-out'), options.timeoutMs);

    const reading = options.readStdout?.(child.stdout ?? Readable.from([]));
    const closeStdout = reading
      ? () => void child.stdout?.destroy()
      : readText(child.stdout, options.onStdoutLine, (text) => {
          stdoutLength += text.length;
          if (stdoutLength > (options.maximumStdout ?? defaultMaximumStdout)) end('too-much-output');
          else stdout.push(text);
        });
    const closeStderr = readText(child.stderr, options.onStderrLine, (text) => stderr.push(text));

    let settled = false;
    const settle = async (result: Partial<RunResult>) => {
      if (settled) return;
      settled = true;
      clearTimeout(limit);
      options.signal?.removeEventListener('abort', onAbort);
      await killer.finished();
      running.delete(child);
      closeStdout();
      closeStderr();
      await reading;
      resolve({ ending, exitCode: null, stdout: stdout.join(''), stderr: stderr.text, ...result });
    };
    child.on('error', (error) => {
      if (child.pid === undefined) void settle(notStarted(error));
    });
    child.on('exit', (code) => {
      const exitCode = ending === 'exited' ? code : null;
      // Who reads the bytes may be slower than the program was.
      if (reading && ending === 'exited') return;
      setTimeout(() => void settle({ exitCode }), pipesAfterExitMs).unref();
    });
    child.on('close', (code) => void settle({ exitCode: ending === 'exited' ? code : null }));
  });

function notStarted(error: unknown): RunResult {
  const { code = 'unknown', message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  return { ending: 'not-started', exitCode: null, stdout: '', stderr: '', startError: { code, message } };
}

/** Ends a program with all it started, politely first. */
class TreeKiller {
  readonly #child: ChildProcess;
  readonly #graceMs: number;
  #work: Promise<void> | undefined;

  constructor(child: ChildProcess, graceMs: number) {
    this.#child = child;
    this.#graceMs = graceMs;
  }

  start(): Promise<void> {
    this.#work ??= this.#run();
    return this.#work;
  }

  async finished(): Promise<void> {
    await this.#work;
  }

  async #run(): Promise<void> {
    const root = this.#child.pid;
    if (root === undefined) return;
    const tree = await snapshotTree(root);
    interruptTree(tree);
    const deadline = Date.now() + this.#graceMs;
    while (Date.now() < deadline) {
      if (!(await isTreeAlive(tree))) return;
      await new Promise((wake) => setTimeout(wake, 50));
    }
    forceTree(await snapshotTree(root, tree));
  }
}

/** The last part of a text that may be long. */
class Tail {
  readonly #limit: number;
  text = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  push(more: string): void {
    this.text += more;
    if (this.text.length > 2 * this.#limit) this.text = this.text.slice(-this.#limit);
  }
}

/** Decodes a stream as UTF-8, whose characters may be split between chunks; gives the text on, whole and by line. */
function readText(
  stream: NodeJS.ReadableStream | null,
  onLine: ((line: string) => void) | undefined,
  onText: (text: string) => void,
): () => void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string) => {
    onText(text);
    if (onLine === undefined) return;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line.replace(/\r$/, ''));
    if (rest.length > longestLine) {
      onLine(rest);
      rest = '';
    }
  };
  stream?.on('data', (chunk: Buffer) => take(decoder.write(chunk)));
  // A broken pipe is the program's end, which is reported in its own way.
  stream?.on('error', () => undefined);
  return () => {
    take(decoder.end());
    if (rest !== '') onLine?.(rest);
    rest = '';
    (stream as { destroy?: () => void } | null)?.destroy?.();
  };
}
