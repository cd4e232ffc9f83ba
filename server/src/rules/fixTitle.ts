/** Longest title of a fix, in characters: menus cut what is longer. */
export const longestTitle = 120;

/**
 * A title with notes in brackets on what may be different, as far as they fit; of the others their number. Where some
 * may be left out, the finding tells all of them (`doubtsOf`).
 */
export function titleWith(head: string, notes: readonly string[]): string {
  for (let shown = notes.length; shown >= 0; shown--) {
    const rest = notes.length - shown;
    const parts = [...notes.slice(0, shown), ...(rest > 0 ? [shown > 0 ? `${rest} more` : `${rest} to check`] : [])];
    const title = parts.length > 0 ? `${head} (${parts.join('; ')})` : head;
    if (title.length <= longestTitle || shown === 0) return title;
  }
  return head;
}

/** The same notes as a sentence of the finding; undefined when all of them fit into the title. */
export function doubtsOf(head: string, notes: readonly string[]): string | undefined {
  const all = notes.join('; ');
  return `${head} (${all})`.length <= longestTitle ? undefined : `To check before the fix: ${all}.`;
}
