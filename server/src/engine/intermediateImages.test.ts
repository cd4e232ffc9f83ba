import assert from 'node:assert/strict';
import { IntermediateImages } from './intermediateImages.ts';

function madeBy(output: string): readonly string[] {
  const images = new IntermediateImages();
  for (const line of output.split('\n')) images.push(line);
  return images.made;
}

describe('IntermediateImages', () => {
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
});
