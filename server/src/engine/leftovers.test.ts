import assert from 'node:assert/strict';
import { type LeftBehind, Leftovers } from './leftovers.ts';

function leftBy(output: string): LeftBehind {
  const leftovers = new Leftovers();
  for (const line of output.split('\n')) leftovers.push(line);
  return leftovers.all;
}

function madeBy(output: string): readonly string[] {
  return leftBy(output).images;
}

describe('Leftovers', () => {
  it('knows what the legacy builder has made, and not what it found', () => {
    const output = `Step 1/4 : FROM busybox:local
 ---> 111111111111
Step 2/4 : RUN echo one
 ---> Using cache
 ---> 222222222222
Step 3/4 : RUN echo two
 ---> Running in 999999999999
 ---> 333333333333
Step 4/4 : COPY file /
 ---> 444444444444`;
    assert.deepEqual(madeBy(output), ['444444444444', '333333333333']);
  });

  it('knows what podman has made', () => {
    const output = `[1/2] STEP 1/2: FROM busybox:local AS base
[1/2] STEP 2/2: RUN echo
--> 11111111111
STEP 1/3: FROM busybox:local
STEP 2/3: RUN echo one
--> Using cache 2222222222222222222222222222222222222222222222222222222222222222
--> 22222222222
STEP 3/3: RUN echo two
two
--> 33333333333`;
    assert.deepEqual(madeBy(output), ['33333333333', '11111111111']);
  });

  it("knows podman's containers and folders by its notes, which nobody else gets to see", () => {
    const [one, two] = ['1'.repeat(64), '2'.repeat(64)];
    const output = `time="2026-05-04T10:00:00Z" level=debug msg="Container ID: ${one}"
STEP 1/2: FROM busybox:local
time="2026-05-04T10:00:00Z" level=debug msg="using \\"/var/tmp/buildah123\\" to hold bundle data"
time="2026-05-04T10:00:00Z" level=debug msg="using \\"/home/a/..\\" to hold bundle data"
time="2026-05-04T10:00:00Z" level=debug msg="using \\"buildah12\\" to hold temporary data"
time="2026-05-04T10:00:00Z" level=warning msg="Container ID: ${two}"
RUN says: Container ID: ${two}
time="2026-05-04T10:00:01Z" level=debug msg="Container ID: ${two}"
time="2026-05-04T10:00:01Z" level=debug msg="using \\"/var/tmp/buildah45\\" to hold temporary data"`;
    const { containers, folders } = leftBy(output);
    assert.deepEqual(containers, [two, one]);
    assert.deepEqual(folders, ['/var/tmp/buildah45', '/var/tmp/buildah123']);
    const leftovers = new Leftovers();
    assert.deepEqual(
      output.split('\n').map((line) => leftovers.push(line)),
      [true, false, true, true, true, false, false, true, true],
    );
    assert.equal(leftovers.push('time="2026-05-04T10:00:00Z" level=info msg=short'), true);
    // The environment of a RUN, with its build arguments, in one long line.
    const pieces = [`time="x" level=debug msg="config = ${'a'.repeat(70_000)}`, 'TOKEN=secret"', 'shown'];
    assert.deepEqual(
      pieces.map((piece) => leftovers.push(piece)),
      [true, true, false],
    );
  });
});
