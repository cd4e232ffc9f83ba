import type { ExpectedStep } from './expected.ts';
import type { HistoryStep } from './history.ts';
import { compact, coverage, fits, hasGap, type LooseText, similarity, wordSet } from './looseText.ts';

/** A history entry that is another instruction altogether. */
export const impossible = Number.NEGATIVE_INFINITY;

/** The same instruction with another text: better than leaving both alone, worse than all that is alike. */
const otherText = -0.3;

/** A text that fits only because a variable in it is not known. */
const withGap = 0.95;

/** A text that fits when the build is taken to have set its variables otherwise. */
const withOtherValues = 0.8;

/** Compares instructions with history entries; what it works out of an entry is kept for the next comparison. */
export class Scorer {
  readonly #compact = new Map<HistoryStep, string>();
  readonly #words = new Map<HistoryStep, ReadonlySet<string>>();

  /** 1 for the same instruction, less when it differs, `impossible` for another keyword. */
  score(expected: ExpectedStep, step: HistoryStep): number {
    if (step.keyword === undefined) return this.#scoreUnmarked(expected, step);
    if (step.keyword !== expected.keyword) return impossible;
    const score = this.#scoreText(expected, step);
    return score < withGap && this.#isAnnotated(expected, step) ? withGap : score;
  }

  #scoreText(expected: ExpectedStep, step: HistoryStep): number {
    switch (expected.keyword) {
      case 'RUN':
        return this.#isSameCommand(expected, step) ? 1 : this.#scoreWords(expected, step);
      case 'COPY':
      case 'ADD':
        return this.#scoreCopy(expected, step);
      case 'WORKDIR':
        return this.#scoreWorkdir(expected, step);
      case 'ARG':
      case 'ENV':
      case 'LABEL':
        return scoreNames(expected, step);
      case 'EXPOSE':
        return this.#scorePorts(expected, step);
      default:
        return this.#scoreRest(expected, step);
    }
  }

  /** Exec forms and unusual shells leave no sign of RUN; then only the very same text will do. */
  #scoreUnmarked(expected: ExpectedStep, step: HistoryStep): number {
    if (expected.keyword !== 'RUN' || step.producer !== 'other') return impossible;
    const text = step.entry.createdBy;
    if (expected.isExec && expected.texts.includes(compact(text))) return 1;
    if (expected.shell === undefined) return impossible;
    return expected.texts.some((each) => compact(`${expected.shell} ${each}`) === compact(text)) ? 1 : impossible;
  }

  #isSameCommand(expected: ExpectedStep, step: HistoryStep): boolean {
    const text = this.#compactOf(step);
    if (step.text.length >= cutFrom && text.endsWith('…')) return expected.texts.some((each) => isStartOf(each, text));
    return expected.texts.some(
      (command) => text.endsWith(command) && isShellPart(prefixOf(step.text, command.length), expected),
    );
  }

  /** Newer buildah glues the annotations that a build was given to its last instruction: `RUN makea=b`. */
  #isAnnotated(expected: ExpectedStep, step: HistoryStep): boolean {
    if (!step.isLast || step.producer !== 'classic') return false;
    const isRun = expected.keyword === 'RUN';
    const destination = isRun ? undefined : hiddenDestination(step);
    const text = destination === undefined ? this.#compactOf(step) : compact(destination);
    return (destination === undefined ? expected.texts : expected.destinations).some((each) => {
      const at = isRun ? text.lastIndexOf(each) : text.startsWith(each) ? 0 : -1;
      if (each === '' || at < 0 || !/^[^=|&;<>"'`]+=/.test(text.slice(at + each.length))) return false;
      return !isRun || isShellPart(prefixOf(step.text, text.length - at), expected);
    });
  }

  #scoreWords(expected: ExpectedStep, step: HistoryStep): number {
    const alike = similarity(expected.words, this.#wordsOf(step));
    return alike >= 0.5 ? 0.3 + 0.5 * alike : otherText;
  }

  /** Classic builders name only the destination behind a digest, BuildKit all but the flags. */
  #scoreCopy(expected: ExpectedStep, step: HistoryStep): number {
    const destination = hiddenDestination(step);
    if (destination !== undefined) {
      const text = compact(destination);
      const found = expected.destinations.find((each) => fits(each, text));
      if (found !== undefined) return hasGap(found) ? withGap : 1;
      return fitsOpenly(expected.openDestination, text) ? withOtherValues : otherText;
    }
    const text = compact(step.text.replace(/^(?:--\S+\s+)+/, ''));
    const found = expected.texts.find((each) => fits(each, text));
    if (found !== undefined) return hasGap(found) ? withGap : 1;
    return fitsOpenly(expected.openText, text) ? withOtherValues : this.#scoreWords(expected, step);
  }

  #scoreWorkdir(expected: ExpectedStep, step: HistoryStep): number {
    const text = this.#compactOf(step).replace(/(?<=.)\/$/, '');
    const wanted = expected.destinations.map((each) => each.replace(/(?<=.)\/$/, ''));
    const found = wanted.find((each) => fits(each, text));
    if (found !== undefined) return hasGap(found) ? withGap : 1;
    if (wanted.some((each) => !hasGap(each) && text.endsWith(`/${each}`))) return 1;
    return fitsOpenly(expected.openDestination, text) ? withOtherValues : otherText;
  }

  /** Builders sort ports, add protocols (`map[80/tcp:{}]`), or copy the line. */
  #scorePorts(expected: ExpectedStep, step: HistoryStep): number {
    const isOpen = expected.ports.some(hasGap);
    if (!isOpen && portsOf(expected.ports) === portsOf([step.text])) return 1;
    if (expected.texts.some((each) => fits(each, this.#compactOf(step)))) return isOpen ? withGap : 1;
    return isOpen || step.text.includes('$') ? withGap : otherText;
  }

  #scoreRest(expected: ExpectedStep, step: HistoryStep): number {
    const text = this.#compactOf(step);
    if (expected.texts.some((each) => fits(each, text))) return 1;
    const share = coverage(expected.words, this.#wordsOf(step));
    // Durations and flags of HEALTHCHECK are noted in a form of their own.
    if (expected.keyword === 'HEALTHCHECK' && share >= 0.5) return 1;
    return share >= 0.5 ? share : otherText;
  }

  #compactOf(step: HistoryStep): string {
    let text = this.#compact.get(step);
    if (text === undefined) this.#compact.set(step, (text = compact(step.text)));
    return text;
  }

  #wordsOf(step: HistoryStep): ReadonlySet<string> {
    let words = this.#words.get(step);
    if (!words) {
      const isRun = step.keyword === 'RUN';
      const start = isRun ? (shellFront.exec(step.text.slice(0, longestFront))?.[0].length ?? 0) : 0;
      const text = step.text.slice(start);
      this.#words.set(step, (words = wordSet(text)));
    }
    return words;
  }
}

/** What stands behind the digest of files that were copied. */
function hiddenDestination({ keyword, producer, text }: HistoryStep): string | undefined {
  if (keyword !== 'COPY' && keyword !== 'ADD') return undefined;
  const digest = /(?:file|dir|multi):[0-9a-f]{32,}\s+in\s+(.*)$/s.exec(text);
  return (digest ?? (producer === 'classic' ? /^\S+\s+in\s+(.*)$/s.exec(text) : null))?.[1];
}

/** All ports in one text, ranges (`8000-8010`) resolved. */
function portsOf(texts: readonly string[]): string {
  const ports = new Set<number>();
  for (const [, first, last = first] of texts.join(' ').matchAll(/(\d{1,5})(?:-(\d{1,5}))?/g)) {
    for (let port = Number(first); port <= Number(last); port++) ports.add(port);
  }
  return [...ports].sort((a, b) => a - b).join(' ');
}

function fitsOpenly(text: LooseText | undefined, there: string): boolean {
  return text !== undefined && fits(text, there);
}

/**
 * Names that are noted, in ARG also as a bare list of all names so far that have a value. Values break ties between the
 * same names.
 */
function scoreNames(expected: ExpectedStep, step: HistoryStep): number {
  if (expected.names.length === 0) return otherText;
  const there = new Set([...step.text.matchAll(/(?:^|\s)"?([^\s="]+)"?(?==|\s|$)/g)].map((match) => match[1]!));
  const found = expected.names.filter((name) => there.has(name)).length / expected.names.length;
  const isArg = expected.keyword === 'ARG';
  if (isArg && found < 1 && step.producer === 'classic' && !step.text.includes('=')) return withGap;
  if (found < 0.5) return otherText;
  const text = compact(step.text);
  const isSame = isArg || expected.texts.some((each) => fits(each, text));
  return isSame ? found : Math.max(0.5, found - 0.1);
}

/** Texts from this length on may have been cut, which an ellipsis shows. */
const cutFrom = 1000;

/** Whether a text that was cut ends in the beginning of a command. */
function isStartOf(command: string, cut: string): boolean {
  const there = cut.slice(0, -1);
  const start = there.indexOf(command.slice(0, 200));
  return start >= 0 && command.startsWith(there.slice(start));
}

/** The part of a text that stands in front of its last `length` characters other than blanks. */
function prefixOf(text: string, length: number): string {
  let at = text.length;
  for (let left = length; at > 0 && left > 0; at--) if (!/\s/.test(text[at - 1]!)) left--;
  return text.slice(0, at);
}

const program = String.raw`(?:\S*[\\/])?(?:(?:ba|da|a|z|k|c|)sh|cmd|powershell|pwsh)(?:\.exe)?`;
const option = String.raw`(?:\s+(?:-[\w-]+|\/[A-Za-z](?::\w+)?|pipefail|errexit|nounset))*`;
const shellAlone = new RegExp(`^${program}${option}\\s+$`, 'i');
const shellAtEnd = new RegExp(`(?:^|\\s)${program}${option}\\s+$`, 'i');
const shellFront = new RegExp(`^(?:\\|\\d+ .*?\\s)?${program}${option}\\s+`, 'is');
const longestShell = 300;
const longestFront = 2000;

/** Whether what stands in front of a command is a shell with its options, behind build arguments (`|1 A=1`) or not. */
function isShellPart(prefix: string, expected: ExpectedStep): boolean {
  if (prefix === '') return true;
  if (!/\s$/.test(prefix)) return false;
  const hasArguments = /^\|\d+ /.test(prefix);
  if (expected.isExec && hasArguments) return true;
  const end = prefix.length > longestShell ? prefix.slice(-longestShell) : prefix;
  if (expected.shell !== undefined && compact(end).endsWith(compact(expected.shell))) {
    return hasArguments || compact(end) === compact(expected.shell);
  }
  return hasArguments ? shellAtEnd.test(end) : prefix.length <= longestShell && shellAlone.test(prefix);
}
