import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { assertGone } from '../../../test/helpers/processes.ts';
import { type RunOptions, type RunResult, runProgram } from './process.ts';
import { parsePsLine, parseStat } from './processTree.ts';

const cwd = tmpdir();

function node(script: string, options: Partial<RunOptions> = {}, ...args: string[]): Promise<RunResult> {
  return runProgram(process.execPath, ['-e', script, ...args], { cwd, ...options });
}

/** Runs a script that prints process ids, one per line, and aborts when `count` of them are known. */
async function cancelAfter(count: number, script: string, graceMs: number) {
  const pids: number[] = [];
  const controller = new AbortController();
  const result = await node(script, {
    signal: controller.signal,
    graceMs,
    onStdoutLine: (line) => {
      pids.push(Number(line));
      if (pids.length === count) controller.abort();
    },
  });
  return { pids, result };
}

describe('runProgram', function () {
  this.timeout(90_000);

  it('hands arguments over as they are', async () => {
    const args = ['a b', '"', '$(id)', '`id`', '', "'", '--x=;|&', 'ü\n', '%PATH%', '*'];
    const result = await node('console.log(JSON.stringify(process.argv.slice(1)))', {}, '--', ...args);
    assert.deepEqual(JSON.parse(result.stdout), args);
    assert.equal(result.exitCode, 0);
    assert.equal(result.ending, 'exited');
  });

  it('reports exit code, stderr and lines', async () => {
    const lines: string[] = [];
    const script =
      'process.stderr.write("one\\r\\ntwo\\nthr"); setTimeout(() => { process.stderr.write("ee"); process.exitCode = 7 }, 50)';
    const result = await node(script, { onStderrLine: (line) => lines.push(line) });
    assert.equal(result.exitCode, 7);
    assert.equal(result.stderr, 'one\r\ntwo\nthree');
    assert.deepEqual(lines, ['one', 'two', 'three']);
  });

  it('decodes characters that are split between chunks', async () => {
    const script = `
      const bytes = Buffer.from('ä€𝄞');
      let index = 0;
      const timer = setInterval(() => {
        process.stdout.write(bytes.subarray(index, ++index));
        if (index === bytes.length) clearInterval(timer);
      }, 15)`;
    assert.equal((await node(script)).stdout, 'ä€𝄞');
  });

  it('gives the bytes of stdout to a reader, however slow it is', async () => {
    let length = 0;
    const result = await node('process.stdout.write(Buffer.alloc(400_000, 255))', {
      readStdout: async (chunks) => {
        await delay(1500);
        for await (const chunk of chunks) length += chunk.length;
      },
    });
    assert.deepEqual([length, result.stdout, result.exitCode, result.ending], [400_000, '', 0, 'exited']);
  });

  it('ends a program whose bytes are read when it is cancelled', async () => {
    const controller = new AbortController();
    const script = 'console.log(process.pid); setInterval(() => process.stdout.write(Buffer.alloc(70_000)), 1)';
    let pid = 0;
    const result = await node(script, {
      signal: controller.signal,
      readStdout: async (chunks) => {
        for await (const chunk of chunks) {
          pid ||= Number.parseInt(Buffer.from(chunk).toString(), 10);
          controller.abort();
        }
      },
    });
    assert.equal(result.ending, 'cancelled');
    await assertGone([pid]);
  });

  it('keeps the end of a long stderr', async () => {
    const result = await node('process.stderr.write("x".repeat(3_000_000) + "the end")');
    assert.ok(result.stderr.length <= 128 * 1024 + 70_000);
    assert.ok(result.stderr.endsWith('the end'));
  });

  it('ends a program that writes without end', async () => {
    const result = await node(
      'const write = () => { while (process.stdout.write("x".repeat(65536))); }; process.stdout.on("drain", write); write()',
      {
        maximumStdout: 1_000_000,
      },
    );
    assert.equal(result.ending, 'too-much-output');
    assert.ok(result.stdout.length <= 1_000_000);
  });

  it('says why a program cannot be started', async () => {
    const missing = await runProgram('/nowhere/trivy', [], { cwd });
    assert.equal(missing.ending, 'not-started');
    assert.equal(missing.startError?.code, 'ENOENT');
    const folder = await runProgram(tmpdir(), [], { cwd });
    assert.equal(folder.startError?.code, 'EACCES');
    const nul = await runProgram(process.execPath, ['a\0b'], { cwd });
    assert.equal(nul.ending, 'not-started');
  });

  it('starts nothing when it is cancelled before', async () => {
    const result = await node('process.exit(3)', { signal: AbortSignal.abort() });
    assert.equal(result.ending, 'cancelled');
  });

  it('ends a program at its time limit', async () => {
    const result = await node('setInterval(() => {}, 1000)', { timeoutMs: 200, graceMs: 2000 });
    assert.equal(result.ending, 'timed-out');
    assert.equal(result.exitCode, null);
  });

  it('lets a program clean up when it is cancelled', async () => {
    const controller = new AbortController();
    const result = await node(
      'process.on("SIGINT", () => { console.error("cleaned"); process.exit(0) }); console.log("up"); setInterval(() => {}, 1000)',
      {
        signal: controller.signal,
        onStdoutLine: () => controller.abort(),
      },
    );
    assert.equal(result.ending, 'cancelled');
    if (process.platform !== 'win32') assert.match(result.stderr, /cleaned/);
  });

  it('leaves no child behind, even one that ignores the interrupt and left the group', async function () {
    if (process.platform === 'win32') this.skip();
    const stubborn = 'process.on("SIGINT", () => {}); setInterval(() => {}, 1000)';
    const { pids, result } = await cancelAfter(
      4,
      `const { spawn } = require('node:child_process');
       const start = (options) => console.log(spawn(process.execPath, ['-e', ${JSON.stringify(stubborn)}], { stdio: 'inherit', ...options }).pid);
       process.on('SIGINT', () => {});
       console.log(process.pid);
       start({}); start({ detached: true });
       const middle = spawn(process.execPath, ['-e', 'console.log(require("node:child_process").spawn(process.execPath, ["-e", ' + JSON.stringify(${JSON.stringify(stubborn)}) + '], { stdio: "inherit" }).pid)'], { stdio: 'inherit' });
       setInterval(() => {}, 1000)`,
      500,
    );
    assert.equal(result.ending, 'cancelled');
    await assertGone(pids);
  });

  it('kills a child that outlives its interrupted parent', async function () {
    if (process.platform === 'win32') this.skip();
    const { pids } = await cancelAfter(
      2,
      `console.log(process.pid);
       const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGINT", () => {}); console.log(process.pid); setInterval(() => {}, 1000)'], { stdio: 'inherit', detached: true });
       setInterval(() => {}, 1000)`,
      500,
    );
    await assertGone(pids);
  });

  it('does not wait for what a program leaves running on purpose', async function () {
    if (process.platform === 'win32') this.skip();
    const start = Date.now();
    const result = await node(
      `const child = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], { stdio: 'inherit', detached: true });
       child.unref(); console.log(child.pid)`,
    );
    assert.equal(result.exitCode, 0);
    assert.ok(Date.now() - start < 30_000);
    process.kill(Number(result.stdout), 'SIGKILL');
  });
});

describe('process lists', () => {
  it('reads a line of /proc, whatever the name', () => {
    const stat = '42 (a) b (c) S 7 40 42 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 98765 1000 1';
    assert.deepEqual(parseStat(stat), { pid: 42, parent: 7, group: 40, started: '98765', zombie: false });
    assert.equal(parseStat('nonsense'), undefined);
  });

  it('reads a line of ps', () => {
    assert.deepEqual(parsePsLine('  42     7    40 Z+   Mon Aug 24 10:00:00 2026'), [
      { pid: 42, parent: 7, group: 40, started: 'Mon Aug 24 10:00:00 2026', zombie: true },
    ]);
    assert.deepEqual(parsePsLine(''), []);
  });
});
