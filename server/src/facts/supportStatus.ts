import { supportDate } from './data/support.generated.ts';
import type { Cycle, Product } from './support.ts';
import type { SupportStatus } from './types.ts';

/** How long before its end a line counts as ending, in days, unless the caller says otherwise. */
export const endingWithinDays = 90;

/** A line without an announced end is taken for supported only as long as the data is younger than this, in days. */
const trustedDays = 365;

/** Extended support counts where it is open to everybody; Debian's is, Ubuntu's and Red Hat's are paid for. */
const publicExtendedSupport = new Set(['debian']);

/** Status, date and days of a line as of a day. */
export function statusOf(
  { product, cycle }: { readonly product: Product; readonly cycle: Cycle },
  today: string,
  endingWithin = endingWithinDays,
): { readonly status: SupportStatus; readonly until: string | undefined; readonly daysLeft: number | undefined } {
  const unknown = { until: undefined, daysLeft: undefined };
  if (cycle.end === true) return { status: 'ended', ...unknown };
  if (cycle.end === false) {
    return { status: daysBetween(supportDate, today) > trustedDays ? 'unknown' : 'supported', ...unknown };
  }
  const regularDays = daysBetween(today, cycle.end);
  if (Number.isNaN(regularDays)) return { status: 'unknown', ...unknown };
  const extendedEnd = publicExtendedSupport.has(product.id) ? cycle.extendedEnd : undefined;
  if (regularDays >= 0) {
    const isEnding = regularDays <= endingWithin && extendedEnd === undefined;
    return { status: isEnding ? 'ending' : 'supported', until: cycle.end, daysLeft: regularDays };
  }
  if (extendedEnd === undefined || extendedEnd <= cycle.end) {
    return { status: 'ended', until: cycle.end, daysLeft: regularDays };
  }
  const extendedDays = daysBetween(today, extendedEnd);
  const status = extendedDays < 0 ? 'ended' : extendedDays <= endingWithin ? 'ending' : 'extended';
  return { status, until: extendedEnd, daysLeft: extendedDays };
}

/** Is the line a long-term one on that day? */
export function isLongTerm(cycle: Cycle, today: string): boolean {
  return cycle.lts === true || (typeof cycle.lts === 'string' && cycle.lts <= today);
}

/** Lines that are supported and will be for longer than the warning time, newest first. */
export function supportedCycles(product: Product, today: string): readonly Cycle[] {
  return product.cycles.filter(
    (cycle) => !cycle.isForecast && statusOf({ product, cycle }, today).status === 'supported',
  );
}

const collator = new Intl.Collator('en', { numeric: true });

/** Compares dotted numbers; other characters count as text. */
export function compareVersions(a: string, b: string): number {
  return collator.compare(a, b);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
