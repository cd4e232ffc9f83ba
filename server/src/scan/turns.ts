/**
 * Long work in pieces: it yields now and then, and who has it done decides whether others get a turn in between. Nothing is
 * known here of clocks and event loops.
 */
export type InTurns<T> = Generator<undefined, T>;

/** Does it all at once. */
export function atOnce<T>(work: InTurns<T>): T {
  for (;;) {
    const { value, done } = work.next();
    if (done === true) return value;
  }
}

/** Does it with a pause after each piece. */
export async function withPauses<T>(work: InTurns<T>, pause: () => Promise<unknown>): Promise<T> {
  for (;;) {
    const { value, done } = work.next();
    if (done === true) return value;
    await pause();
  }
}

/** Items between which no turn is given. */
const perTurn = 5000;

/** The items of a list with their positions, giving a turn every few thousand. */
export function* eachInTurns<T>(items: readonly T[], take: (item: T, index: number) => void): InTurns<void> {
  for (const [index, item] of items.entries()) {
    take(item, index);
    if (index % perTurn === perTurn - 1) yield;
  }
}
