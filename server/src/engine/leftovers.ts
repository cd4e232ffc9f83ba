import { longestLine } from './process.ts';

/** What a build that is cancelled leaves behind; each kind newest first. */
export interface LeftBehind {
  /** Ids of images that this build has made; those taken from the cache are not among them. */
  readonly images: readonly string[];
  /** Ids of podman's working containers. */
  readonly containers: readonly string[];
  /** Absolute paths of folders that podman keeps while an instruction runs, with its environment in them. */
  readonly folders: readonly string[];
}

/**
 * Keeps account of what the builders of docker (legacy) and podman make, by their output. Nothing else tells what is
 * this build's: other builds may run at the same time, with the same images.
 *
 *     Step 2/4 : RUN make           STEP 2/4: RUN make
 *      ---> Running in 5f2e…        time="…" level=debug msg="Container ID: 5f2e…"
 *      ---> 0a1b2c3d4e5f            --> 0a1b2c3d4e5
 */
export class Leftovers {
  readonly #images: string[] = [];
  readonly #containers: string[] = [];
  readonly #folders: string[] = [];
  /** Whether the rest of a note follows: very long lines come in pieces. */
  #isCut = false;
  #isFrom = true;
  #isCached = false;

  /** Takes a line that the builder wrote; tells whether it is one for us alone, and not for people. */
  push(line: string): boolean {
    const wasCut = this.#isCut;
    const note = /^time="[^"]*" level=(?:info|debug|trace) msg=("?)(.*)\1/.exec(line)?.[2];
    const isRest = note === undefined && wasCut && !/^(?:time="|(?:\[\d+\/\d+\] )?STEP |-->)/.test(line);
    this.#isCut = (note !== undefined || isRest) && line.length > longestLine;
    if (note !== undefined) this.#takeNote(note);
    if (note !== undefined || isRest) return true;
    const step = /^(?:\[\d+\/\d+\] )?STEP \d+(?:\/\d+)? ?: *(\w+)/i.exec(line)?.[1];
    if (step !== undefined) {
      // Its image is the base image, which is somebody's.
      this.#isFrom = step.toUpperCase() === 'FROM';
      this.#isCached = false;
      return false;
    }
    if (/^ ?-{2,3}> Using cache\b/.test(line)) this.#isCached = true;
    const id = /^ ?-{2,3}> ([0-9a-f]{11,64})$/.exec(line)?.[1];
    if (id !== undefined && !this.#isFrom && !this.#isCached) this.#images.push(id);
    return false;
  }

  get all(): LeftBehind {
    return {
      images: this.#images.toReversed(),
      containers: this.#containers.toReversed(),
      folders: this.#folders.toReversed(),
    };
  }

  #takeNote(note: string): void {
    const container = /^Container ID: ([0-9a-f]{64})$/.exec(note)?.[1];
    if (container !== undefined) this.#containers.push(container);
    const folder = /^using \\"(\/(?:[^"\\]+\/)?buildah\d+)\\" to hold (?:bundle|temporary) data$/.exec(note)?.[1];
    if (folder !== undefined) this.#folders.push(folder);
  }
}
