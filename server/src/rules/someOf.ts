/** `a, b and c`; of more than `most` all but the last few and a number: `a, b, c and 4 more`. Each name once. */
export function someOf(names: readonly string[], most = 4): string {
  const all = [...new Set(names)];
  const shown = Math.max(1, most - 1);
  if (all.length > most) return `${all.slice(0, shown).join(', ')} and ${all.length - shown} more`;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
