/**
 * The part of Node's Buffer that dockerfile-ast calls, where there is no Node: it looks at the bytes of the first
 * character for a byte order mark.
 */
export const Buffer = { from: (text: string): Uint8Array => new TextEncoder().encode(text) };
