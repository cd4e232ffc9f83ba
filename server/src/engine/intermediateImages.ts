/**
 * Keeps account of the images without a name that the builders of docker (legacy) and podman leave after each step, by
 * their output. A build that is cancelled leaves the last ones behind.
 *
 *     Step 2/4 : RUN make           STEP 2/4: RUN make
 *      ---> Running in 5f2e…
 *      ---> 0a1b2c3d4e5f            --> 0a1b2c3d4e5
 */
export class IntermediateImages {
  readonly #made: string[] = [];
  #isFrom = true;
  #isCached = false;

  /** A line that the builder wrote. */
  push(line: string): void {
    const step = /^(?:\[\d+\/\d+\] )?STEP \d+(?:\/\d+)? ?: *(\w+)/i.exec(line)?.[1];
    if (step !== undefined) {
      // Its image is the base image, which is somebody's.
      this.#isFrom = step.toUpperCase() === 'FROM';
      this.#isCached = false;
      return;
    }
    if (/^ ?-{2,3}> Using cache\b/.test(line)) this.#isCached = true;
    const id = /^ ?-{2,3}> ([0-9a-f]{11,64})$/.exec(line)?.[1];
    if (id !== undefined && !this.#isFrom && !this.#isCached) this.#made.push(id);
  }

  /** Ids of the images that this build has made, newest first; those taken from the cache are not among them. */
  get made(): readonly string[] {
    return this.#made.toReversed();
  }
}
