import type { Environment } from '../model/environment.ts';
import { platformArgs, predefinedArgs } from '../model/environment.ts';
import { expandWord } from '../syntax/variables.ts';

/** Stands in a loose text for whatever a variable holds that is not known. No Dockerfile can contain it. */
const anything = '\u0000';

/** A text that may hold gaps where a variable's value is not known. */
export type LooseText = string;

/** Variables of the base image, as far as the finished image still shows them. */
export type BaseEnvironment = ReadonlyMap<string, string>;

export function baseEnvironment(env: readonly string[]): BaseEnvironment {
  return new Map(
    env.flatMap((each): [string, string][] => {
      const equals = each.indexOf('=');
      return equals < 1 ? [] : [[each.slice(0, equals), each.slice(equals + 1)]];
    }),
  );
}

/** Expands variables as a build does; what can't be known becomes a gap. */
export function expandLoosely(text: string, escape: string, own: Environment, base: BaseEnvironment): LooseText {
  const lookup = (name: string): string | undefined => {
    const variable = own.get(name);
    if (variable) return variable.value ?? (variable.unset ? undefined : anything);
    if (predefinedArgs.has(name) || platformArgs.has(name)) return anything;
    if (!own.open) return undefined;
    return base.size > 0 ? base.get(name) : anything;
  };
  return expandWord(text, escape, lookup) ?? anything;
}

/** The text with a gap for each variable: what a build with other arguments may have made of it. */
export function expandOpenly(text: string, escape: string): LooseText {
  return expandWord(text, escape, () => anything) ?? anything;
}

export function hasGap(text: LooseText): boolean {
  return text.includes(anything);
}

export function isOnlyGaps(text: LooseText): boolean {
  return text.replaceAll(anything, '').replace(/[/.]/g, '') === '';
}

/** Blanks differ between what is written and what builders note, so all of them are left out before comparing. */
export function compact(text: string): string {
  return text.replace(/\s+/g, '');
}

/** Whether the text is the loose one with its gaps filled somehow. Both compact. */
export function fits(loose: LooseText, text: string): boolean {
  if (!hasGap(loose)) return loose === text;
  const pieces = loose.split(anything);
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let at = first.length;
  const end = text.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
}

/** Words of a command line or a list, each once. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(/[\s;&|()<>"'`,[\]{}=\\\u0000]+/).filter((word) => word !== ''));
}

/** 0: no word in common, 1: the same words. */
export function similarity(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = sharedWords(a, b);
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}

/** The share of the wanted words that are there. */
export function coverage(wanted: ReadonlySet<string>, there: ReadonlySet<string>): number {
  return wanted.size === 0 ? 1 : sharedWords(wanted, there) / wanted.size;
}

function sharedWords(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const word of a) if (b.has(word)) shared++;
  return shared;
}
