import { supportedProducts } from './data/support.generated.ts';
import { lazyTable } from './lazyTable.ts';

/** A release line as the data has it; dates are ISO. */
export interface Cycle {
  readonly cycle: string;
  /** `Bookworm`, `Noble Numbat`; undefined for lines without a name. */
  readonly name: string | undefined;
  /** End of security support: a date, `false` when none is announced, `true` when it is over without a known date. */
  readonly end: string | boolean;
  readonly extendedEnd: string | undefined;
  /** Since when it is a long-term line: a date, or true for always. */
  readonly lts: string | boolean;
  /** Not released when the data was taken. */
  readonly isForecast: boolean;
}

export interface Product {
  readonly id: string;
  readonly title: string;
  /** Newest first. */
  readonly cycles: readonly Cycle[];
}

/** Release lines of a product by its id at endoflife.date. */
export const productOf: (id: string) => Product | undefined = lazyTable(supportedProducts, (text, id): Product => {
  const [title, ...lines] = text.split('\n');
  return { id, title: title!, cycles: lines.map(readCycle) };
});

/** The code name of a Debian or Ubuntu release in lower case: `12` → `bookworm`, `24.04` → `noble`. */
export function codeName(product: 'debian' | 'ubuntu', version: string): string | undefined {
  return firstWord(productOf(product)?.cycles.find(({ cycle }) => cycle === version));
}

/** The release line of a product that a number or a code name means. */
export function findCycle(product: Product, text: string): Cycle | undefined {
  const exact = product.cycles.find((cycle) => cycle.cycle === text || firstWord(cycle) === text);
  if (exact || !text.includes('.')) return exact;
  // Some products count lines by fewer numbers than their tags do: 8.0 is line 8.
  return findCycle(product, text.slice(0, text.lastIndexOf('.')));
}

/** First word of the name, lower case: how tags write it. */
export function firstWord(cycle: Cycle | undefined): string | undefined {
  return cycle?.name?.split(' ')[0]!.toLowerCase();
}

function readCycle(line: string): Cycle {
  const [id, name, end, extendedEnd, lts] = line.split('|');
  const extended = readDate(extendedEnd);
  return {
    cycle: id!.replace(/!$/, ''),
    name: name || undefined,
    end: readDate(end),
    extendedEnd: typeof extended === 'string' ? extended : undefined,
    lts: readDate(lts),
    isForecast: id!.endsWith('!'),
  };
}

function readDate(text: string | undefined): string | boolean {
  if (text === '+') return true;
  if (text === undefined || text === '' || text === '-') return false;
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`;
}
