/** `a, b and c`; of more than four the first three and a number: `a, b, c and 4 more`. Each name once. */
export function someOf(names: readonly string[]): string {
  const all = [...new Set(names)];
  if (all.length > 4) return `${all.slice(0, 3).join(', ')} and ${all.length - 3} more`;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}
