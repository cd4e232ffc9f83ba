import type { Tables } from '../generate-facts.ts';
import type { Cycle, EndOfLife } from './source.ts';
import { compare } from './tagTable.ts';

/**
 * Images whose tags look like the product's versions, though the image was built from something else: the openjdk and
 * java images never shipped Oracle's builds for long, and the repository is deprecated as a whole.
 */
const misleading = new Set(['openjdk', 'java']);

/** Products of operating systems that tags name in their suffix, or that are looked up by repository. */
const systems = [
  'alpine-linux',
  'amazon-linux',
  'aws-lambda',
  'debian',
  'oracle-linux',
  'rhel',
  'ubuntu',
  'windows-nano-server',
  'windows-server-core',
];

/** Release lines and their dates. */
export function supportTables(data: EndOfLife): Tables {
  const images: Record<string, string> = {};
  for (const name of Object.keys(data.images).sort(compare)) {
    const { product, re } = data.images[name]!;
    if (!misleading.has(name)) images[name] = `${product} ${re}`;
  }
  const used = new Set([...systems, ...Object.values(images).map((text) => text.split(' ')[0]!)]);
  const products: Record<string, string> = {};
  for (const name of [...used].sort(compare)) {
    const product = data.products[name];
    if (!product) throw new Error(`eol.json has no product ${name}`);
    const cycles = product.cycles.map((cycle) => writeCycle(securityEnd(name, cycle), data.meta.date));
    products[name] = [product.title, ...cycles].join('\n');
  }
  return {
    supportDate: data.meta.date,
    supportedProducts: products,
    supportedImages: images,
    distrolessSupport: writeDistroless(data.distroless),
  };
}

/** AWS stops patching a runtime when it deprecates it; `eol` there is when functions can no longer be updated. */
function securityEnd(product: string, cycle: Cycle): Cycle {
  return product === 'aws-lambda' && cycle.eoas !== undefined ? { ...cycle, eol: cycle.eoas } : cycle;
}

/** `cycle|name|end|extended end|lts`: dates without hyphens, `-` for no date announced, `+` for yes or over. */
function writeCycle({ c, n, rel, eol, eoes, lts }: Cycle, today: string): string {
  // A line that was not out when the data was taken is a forecast: nobody can pull it for sure.
  const forecast = rel !== undefined && rel > today;
  const parts = [
    forecast ? `${c}!` : c,
    n ?? '',
    date(eol),
    eoes === undefined ? '' : date(eoes),
    lts === undefined ? '' : date(lts),
  ];
  return parts.join('|').replace(/\|+$/, '');
}

function date(value: string | boolean): string {
  if (value === true) return '+';
  return value === false ? '-' : value.replaceAll('-', '');
}

/** `debian12 static 202609` … for the releases with dates. */
function writeDistroless(data: Readonly<Record<string, unknown>>): string {
  const lines: string[] = [];
  for (const [release, dates] of Object.entries(data)) {
    if (typeof dates !== 'object' || dates === null) continue;
    for (const [image, end] of Object.entries(dates)) {
      if (/^\d{4}-\d{2}$/.test(`${end}`)) lines.push(`${release} ${image} ${`${end}`.replace('-', '')}`);
    }
  }
  return lines.sort(compare).join('\n');
}
