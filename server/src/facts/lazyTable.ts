/** Reads the entries of a generated table when they are first asked for, and each only once. */
export function lazyTable<T>(
  table: Readonly<Record<string, string>>,
  read: (text: string, key: string) => T,
): (key: string) => T | undefined {
  const known = new Map<string, T>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined || !Object.hasOwn(table, key)) return value;
    const decoded = read(table[key]!, key);
    known.set(key, decoded);
    return decoded;
  };
}

/** Computes a value when it is first asked for, and only once. */
export function once<T>(compute: () => T): () => T {
  let known: { readonly value: T } | undefined;
  return () => {
    known ??= { value: compute() };
    return known.value;
  };
}
