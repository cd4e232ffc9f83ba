/** What to do when a scan is asked for while one runs. */
export type Conflict = 'replace' | 'keep';

/**
 * Lets one scan run at a time: Trivy locks its cache. The one running is cancelled and waited for before the next
 * begins; of several that wait, only the last one asked for runs.
 */
export class ScanSlot {
  #current: { readonly controller: AbortController; readonly ended: Promise<unknown> } | undefined;
  #latest = 0;

  get isBusy(): boolean {
    return this.#current !== undefined;
  }

  /** Ends the running scan, if there is one. */
  cancel(): void {
    this.#current?.controller.abort();
  }

  /**
   * Runs a scan when none is running, or in place of the running one.
   *
   * @param ask called when one is running; `keep` drops the new one
   * @param work gets the signal that ends it
   * @returns what `work` gives, or `undefined` when it was not run
   */
  async run<T>(ask: () => Promise<Conflict>, work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    if (this.#current !== undefined && (await ask()) === 'keep') return undefined;
    const number = ++this.#latest;
    while (this.#current !== undefined) {
      this.#current.controller.abort();
      await this.#current.ended;
      if (number !== this.#latest) return undefined;
    }
    const controller = new AbortController();
    const result = work(controller.signal);
    const current = { controller, ended: result.catch(() => undefined) };
    this.#current = current;
    try {
      return await result;
    } finally {
      this.#current = undefined;
    }
  }
}
