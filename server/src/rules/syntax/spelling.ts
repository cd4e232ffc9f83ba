/** Edits between two words, a swap of neighbours counting as one (optimal string alignment). */
export function distance(a: string, b: string): number {
  const rows: number[][] = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 0; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, rows[i - 1]![j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      rows[i]![j] = best;
    }
  }
  return rows[a.length]![b.length]!;
}

/** The one known word that was probably meant; undefined when none or several are near. */
export function meant(word: string, known: readonly string[]): string | undefined {
  if (word.length > 30) return undefined;
  const limit = word.length <= 3 ? 1 : 2;
  const near = known
    .map((candidate) => ({ candidate, away: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ away }) => away <= limit)
    .sort((a, b) => a.away - b.away);
  return near[0] && near[0].away !== near[1]?.away ? near[0].candidate : undefined;
}

/** The word in lower case when the sample is. */
export function inCase(sample: string, word: string): string {
  return sample === sample.toLowerCase() ? word.toLowerCase() : word;
}
