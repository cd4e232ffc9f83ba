import type { HistoryEntry, ImageConfig } from './report.ts';

interface Configured {
  readonly history: readonly HistoryEntry[];
  readonly config: Pick<ImageConfig, 'env'>;
}

/**
 * Comparisons of characters that one report may cost at worst. Real ones need a thousandth; reports are foreign, and
 * texts can be made that take long to tell apart.
 */
const mostWork = 400_000_000;

/** Longest text that is looked for, in UTF-16 units: Trivy cuts what it shows. */
const longestText = 10_000;

/**
 * Finds in the configuration of an image what a scanner found there, to tell which instruction left it: the index of an
 * entry of the history, undefined when it can't be told.
 */
export class ConfigPlaces {
  readonly #image: Configured;
  readonly #found = new Map<string, number | undefined>();
  #essences: readonly string[] | undefined;
  #work = 0;

  constructor(image: Configured) {
    this.#image = image;
  }

  /**
   * Where a secret stands, or what made the variable or label that holds it.
   *
   * @param match the line of the configuration as Trivy shows it: JSON, a star for each character of the secret, long
   *   lines cut on both sides
   */
  ofSecret(match: string): number | undefined {
    return this.#once(`secret ${match}`, () => {
      const line = match.trim().replace(/,$/, '');
      if (!line.includes('***') || line.length > longestText) return undefined;
      const { config } = this.#image;
      const variable = /^"([A-Za-z_][A-Za-z0-9_.-]*)=/.exec(line)?.[1];
      if (variable !== undefined && config.env.some((entry) => entry.startsWith(`${variable}=`))) {
        return this.#setter('ENV', variable);
      }
      const label = /^"([^"\\]+)": "/.exec(line)?.[1];
      if (label !== undefined && label !== 'created_by') return this.#setter('LABEL', label);
      // Parts of long lines are shown without what stands around them.
      const inner = line.replace(/^"(?:created_by": ")?/, '').replace(/"$/, '');
      return /[^*\s]/.test(inner) ? this.#textWith(inner) : undefined;
    });
  }

  /**
   * What an instruction was made of again, for checks that want a Dockerfile.
   *
   * @param instruction the first line that a check complains of
   */
  ofInstruction(instruction: string): number | undefined {
    return this.#once(`instruction ${instruction}`, () => {
      const wanted = essence(instruction);
      if (wanted === '' || wanted.length > longestText) return undefined;
      this.#essences ??= this.#image.history.map((entry) => essence(entry.createdBy));
      const exact = this.#essences.lastIndexOf(wanted);
      if (exact >= 0 || !wanted.startsWith('RUN')) return indexOrNone(exact);
      const script = wanted.slice('RUN'.length);
      this.#work += script.length * this.#essences.length;
      return this.#work > mostWork
        ? undefined
        : indexOrNone(this.#essences.findLastIndex((text) => text.endsWith(script)));
    });
  }

  #once(key: string, find: () => number | undefined): number | undefined {
    if (!this.#found.has(key)) this.#found.set(key, find());
    return this.#found.get(key);
  }

  /** The last instruction that gives a value to a name. */
  #setter(keyword: string, name: string): number | undefined {
    const start = new RegExp(`(?:^|\\s)${keyword}\\s`);
    const assignment = new RegExp(`(?:^|\\s)["']?${escaped(name)}["']?[=\\s]`);
    return this.#last(name, (text) => {
      const begin = start.exec(text);
      return begin !== null && assignment.test(text.slice(begin.index + begin[0].length - 1));
    });
  }

  #textWith(shown: string): number | undefined {
    const pattern = new RegExp(
      shown
        .split(/(\*+)/)
        .map((part, index) => (index % 2 === 0 ? escaped(part) : `[^]{${part.length}}`))
        .join(''),
    );
    return this.#last(shown, (text) => pattern.test(asGoWrites(text)));
  }

  #last(sought: string, test: (text: string) => boolean): number | undefined {
    return indexOrNone(
      this.#image.history.findLastIndex(({ createdBy }) => {
        this.#work += (sought.length + 1) * createdBy.length;
        return this.#work <= mostWork && test(createdBy);
      }),
    );
  }
}

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

function indexOrNone(index: number): number | undefined {
  return index < 0 ? undefined : index;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
