import type { HistoryEntry, ImageConfig } from './report.ts';

/** Finds in the configuration of an image what a scanner found there, to tell which instruction left it. Pure. */

interface Configured {
  readonly history: readonly HistoryEntry[];
  readonly config: Pick<ImageConfig, 'env'>;
}

/**
 * The entry of the history that a secret in the configuration stands in or comes from. Its index; undefined when it
 * can't be told.
 *
 * @param match the line of the configuration as Trivy shows it: JSON, a star for each character of the secret, long
 *   lines cut on both sides
 */
export function historyOfSecret(match: string, { history, config }: Configured): number | undefined {
  const line = match.trim().replace(/,$/, '');
  if (!line.includes('***') || line.length > longestMatch) return undefined;
  const variable = /^"([A-Za-z_][A-Za-z0-9_.-]*)=/.exec(line)?.[1];
  if (variable !== undefined && config.env.some((entry) => entry.startsWith(`${variable}=`))) {
    const sets = new RegExp(`(?:^|\\s)ENV\\s(?:.*\\s)?["']?${escaped(variable)}["']?[=\\s]`, 's');
    return lastIndex(history, (entry) => sets.test(entry.createdBy));
  }
  const label = /^"([^"\\]+)": "/.exec(line)?.[1];
  if (label !== undefined && label !== 'created_by') {
    const sets = new RegExp(`(?:^|\\s)LABEL\\s(?:.*\\s)?["']?${escaped(label)}["']?[=\\s]`, 's');
    return lastIndex(history, (entry) => sets.test(entry.createdBy));
  }
  // Parts of long lines are shown without what stands around them.
  const inner = line.replace(/^"(?:created_by": ")?/, '').replace(/"$/, '');
  if (!/[^*\s]/.test(inner)) return undefined;
  const pattern = new RegExp(
    inner
      .split(/(\*+)/)
      .map((part, index) => (index % 2 === 0 ? escaped(part) : `[^]{${part.length}}`))
      .join(''),
  );
  return lastIndex(history, (entry) => pattern.test(asGoWrites(entry.createdBy)));
}

/**
 * The entry of the history that an instruction was made of again, for checks that want a Dockerfile.
 *
 * @param instruction the first line that a check complains of
 */
export function historyOfInstruction(instruction: string, { history }: Configured): number | undefined {
  const wanted = essence(instruction);
  if (wanted === '' || instruction.length > longestMatch) return undefined;
  const exact = lastIndex(history, (entry) => essence(entry.createdBy) === wanted);
  if (exact !== undefined || !wanted.startsWith('RUN')) return exact;
  const script = wanted.slice('RUN'.length);
  return lastIndex(history, (entry) => essence(entry.createdBy).endsWith(script));
}

const longestMatch = 10_000;

/** What stays the same when an instruction is read and written: no blanks, no quotes, nothing of the builder's. */
function essence(text: string): string {
  return text
    .replace(/ # buildkit\s*$/, '')
    .replace(/^\S*\/sh -c #\(nop\)\s*/, '')
    .replace(/[\s"'\\]/g, '');
}

/** Go's JSON, which writes these three as escapes. */
function asGoWrites(text: string): string {
  const codes: Readonly<Record<string, string>> = { '<': '\\u003c', '>': '\\u003e', '&': '\\u0026' };
  return JSON.stringify(text).replace(/[<>&]/g, (character) => codes[character]!);
}

function lastIndex(history: readonly HistoryEntry[], test: (entry: HistoryEntry) => boolean): number | undefined {
  const index = history.findLastIndex(test);
  return index < 0 ? undefined : index;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
