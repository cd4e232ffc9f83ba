import assert from 'node:assert/strict';
import type { Failure, Outcome } from './outcome.ts';
import { attemptTwice } from './secondAttempt.ts';

const editing = '/clone/out/test/workbench/editing.test.js';
const scanning = '/clone/out/test/workbench/scanning.test.js';
const files = ['test/workbench/editing.test.ts', 'test/workbench/scanning.test.ts'];

function outcome(
  passedIn: readonly string[],
  failures: readonly Failure[] = [],
  skips: readonly string[] = [],
): Outcome {
  return { passed: passedIn.length, failures, skips, passedIn };
}

/** Answers the runs in turn and keeps what each was asked to run. */
function runner(...outcomes: Outcome[]) {
  const runs: (readonly string[])[] = [];
  const told: string[] = [];
  const run = (asked: readonly string[]) => {
    runs.push(asked);
    return Promise.resolve(outcomes[runs.length - 1]!);
  };
  return { runs, told, result: () => attemptTwice(files, run, (line) => told.push(line)) };
}

describe('a second attempt', () => {
  const failure = { title: 'opens', detail: 'Timeout\n  at line', file: editing };

  it('is not made when all passed', async () => {
    const { runs, result } = runner(outcome([editing, scanning]));
    assert.equal((await result()).passed, 2);
    assert.deepEqual(runs, [files]);
  });

  it('repeats the files with a failure, and counts each test once', async () => {
    const first = outcome([editing, scanning, scanning], [failure], ['late (reason)']);
    const { runs, told, result } = runner(first, outcome([editing, editing], [], ['late (reason)']));
    assert.deepEqual(await result(), { passed: 4, failures: [], skips: ['late (reason)'] });
    assert.deepEqual(runs, [files, [files[0]]]);
    assert.deepEqual(told, ['  second attempt after: opens: Timeout']);
  });

  it('fails what fails again', async () => {
    const { result } = runner(outcome([scanning], [failure]), outcome([editing], [failure]));
    assert.deepEqual(await result(), { passed: 2, failures: [failure], skips: [] });
  });

  it('is not made when the run as a whole failed', async () => {
    const whole = { title: 'workbench', detail: 'ended with code 1' };
    const { runs, result } = runner(outcome([scanning], [failure, whole]));
    assert.deepEqual((await result()).failures, [failure, whole]);
    assert.equal(runs.length, 1);
  });
});
