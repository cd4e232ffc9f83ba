import { DockerfileParser } from 'dockerfile-ast';
import type { Range } from '../text/range.ts';
import type { Heredoc } from './heredoc.ts';
import { type JsonForm, readJsonForm } from './jsonForm.ts';
import type { Comment, LogicalLine } from './logicalLines.ts';
import type { SyntaxProblem } from './problem.ts';
import { splitAtBlanks, splitOutsideQuotes, wholeWord, type Word, type WordSource } from './words.ts';

export const keywords = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
] as const;

export type Keyword = (typeof keywords)[number];

/** `--name=value` between keyword and arguments. */
export interface Flag {
  readonly name: string;
  readonly value: string | undefined;
  readonly range: Range;
  readonly nameRange: Range;
  readonly valueRange: Range | undefined;
}

/** One `KEY=value` of ENV, ARG or LABEL. `value` has its quotes; see `Word.value` for the rules of removing them. */
export interface Pair {
  readonly name: string;
  readonly nameRange: Range;
  /** As written, undefined for `ARG NAME`. */
  readonly rawValue: string | undefined;
  readonly valueRange: Range | undefined;
  readonly range: Range;
  readonly split: boolean;
}

/** An instruction as written: where its pieces are, nothing resolved. */
export interface Instruction {
  /** Upper-case; what was written when it is no keyword of the Dockerfile format. */
  readonly keyword: Keyword | (string & {});
  readonly known: boolean;
  /** As written: `run`, `Run`. */
  readonly writtenKeyword: string;
  readonly keywordRange: Range;
  readonly range: Range;
  /** Without heredoc bodies. */
  readonly headRange: Range;
  readonly flags: readonly Flag[];
  /** From the first argument to the end of the last one; empty (at the end) when there are none. */
  readonly argsRange: Range;
  /** Same-length text of `argsRange`. */
  readonly argsText: string;
  readonly words: readonly Word[];
  /** Pairs of ENV, ARG and LABEL. */
  readonly pairs: readonly Pair[];
  /** `ENV NAME value`: the old form with one name and the rest as value. */
  readonly legacyPair: boolean;
  readonly json: JsonForm | undefined;
  readonly heredocs: readonly Heredoc[];
  /** Comments between its lines. */
  readonly comments: readonly Comment[];
  readonly line: LogicalLine;
  /** The instruction inside ONBUILD. */
  readonly trigger: Instruction | undefined;
  /** Whether it is itself such a trigger. */
  readonly isTrigger: boolean;
  readonly escape: '\\' | '`';
  readonly problems: readonly SyntaxProblem[];
}

/** The value of the flag with that name; undefined when it is missing. Names are compared as written. */
export function flagValue(instruction: Instruction, name: string): string | undefined {
  return instruction.flags.find((flag) => flag.name === name)?.value;
}

/** Looks into a logical line. Never throws. */
export function parseInstruction(line: LogicalLine, escape: '\\' | '`'): Instruction {
  return parsePart(line, escape, 0, false);
}

const flagged: readonly string[] = ['ADD', 'COPY', 'FROM', 'HEALTHCHECK', 'RUN'];

function parsePart(line: LogicalLine, escape: '\\' | '`', from: number, isTrigger: boolean): Instruction {
  const base = line.headRange.start;
  const text = line.text.slice(from);
  const written = keywordOf(text);
  const keyword = written.toUpperCase();
  const start = base + from;
  const keywordRange = { start, end: start + written.length };
  const known = (keywords as readonly string[]).includes(keyword);
  let argsStart = from + written.length;
  const flags: Flag[] = [];
  if (flagged.includes(keyword)) argsStart = readFlags(line, argsStart, flags);
  const blanks = line.text.slice(argsStart).search(/\S/);
  argsStart = blanks < 0 ? line.text.length : argsStart + blanks;
  const argsText = line.text.slice(argsStart).trimEnd();
  const argsRange = { start: base + argsStart, end: base + argsStart + argsText.length };
  const source: WordSource = { text: argsText, base: argsRange.start, escape, gluedAt: line.gluedAt };
  const problems: SyntaxProblem[] = [];
  const json = readJson(keyword, source, problems);
  const pairs = pairsOf(keyword, source);
  const trigger =
    keyword === 'ONBUILD' && argsText !== '' && !isTrigger ? parsePart(line, escape, argsStart, true) : undefined;
  return {
    keyword,
    known,
    writtenKeyword: written,
    keywordRange,
    range: { start, end: line.range.end },
    headRange: { start, end: line.headRange.end },
    flags,
    argsRange,
    argsText,
    words: wordsOf(keyword, source),
    pairs: pairs.pairs,
    legacyPair: pairs.legacy,
    json,
    heredocs: line.heredocs,
    comments: line.comments,
    line,
    trigger,
    isTrigger,
    escape,
    problems,
  };
}

/** The first word. dockerfile-ast finds it; a text it finds nothing in (control characters) counts as one word. */
function keywordOf(text: string): string {
  const own = /^\S+/.exec(text)?.[0] ?? '';
  try {
    const parsed = DockerfileParser.parse(text.slice(0, own.length + 1))
      .getInstructions()[0]
      ?.getInstruction();
    return parsed && own.startsWith(parsed) ? parsed : own;
  } catch {
    return own;
  }
}

/** Reads `--flag=value` words; returns where the arguments start. `--` alone ends the flags and belongs to them. */
function readFlags(line: LogicalLine, from: number, flags: Flag[]): number {
  const base = line.headRange.start;
  let at = from;
  for (;;) {
    const blanks = /^\s+/.exec(line.text.slice(at))?.[0].length ?? 0;
    const word = /^--\S*/.exec(line.text.slice(at + blanks))?.[0];
    if (blanks === 0 || word === undefined) return at;
    if (word === '--') return at + blanks + 2;
    const start = base + at + blanks;
    const equals = word.indexOf('=');
    const nameEnd = start + (equals < 0 ? word.length : equals);
    flags.push({
      name: word.slice(2, equals < 0 ? undefined : equals),
      value: equals < 0 ? undefined : word.slice(equals + 1),
      range: { start, end: start + word.length },
      nameRange: { start: start + 2, end: nameEnd },
      valueRange: equals < 0 ? undefined : { start: nameEnd + 1, end: start + word.length },
    });
    at += blanks + word.length;
  }
}

function wordsOf(keyword: string, source: WordSource): Word[] {
  switch (keyword) {
    case 'ENV':
    case 'ARG':
    case 'LABEL':
      return splitOutsideQuotes(source);
    case 'USER':
    case 'WORKDIR':
    case 'STOPSIGNAL':
    case 'MAINTAINER':
      return wholeWord(source);
    default:
      return splitAtBlanks(source);
  }
}

const jsonAllowed: readonly string[] = ['ADD', 'CMD', 'COPY', 'ENTRYPOINT', 'RUN', 'SHELL', 'VOLUME'];

function readJson(keyword: string, source: WordSource, problems: SyntaxProblem[]): JsonForm | undefined {
  let text = source.text;
  let base = source.base;
  if (keyword === 'HEALTHCHECK') {
    const command = /^CMD\s+/i.exec(text)?.[0].length;
    if (command === undefined) return undefined;
    text = text.slice(command);
    base += command;
  } else if (!jsonAllowed.includes(keyword)) return undefined;
  const reading = readJsonForm(text, base);
  if (reading.kind === 'json') return reading.form;
  if (reading.kind === 'not-strings') {
    problems.push({
      kind: 'json-not-strings',
      message: 'A JSON form may hold strings only; put every item in double quotes.',
      range: reading.range,
      severity: 'error',
    });
  } else if (reading.kind === 'malformed' && looksLikeJson(text)) {
    problems.push({
      kind: 'json-malformed',
      message: 'This is not valid JSON, so it is taken as plain text, brackets and quotes included.',
      range: reading.range,
      severity: 'warning',
    });
  }
  return undefined;
}

/** `[ -f x ] && y` is the shell's test command, not a JSON form gone wrong. */
function looksLikeJson(text: string): boolean {
  if (/\]\s*(?:&&|\|\||;|&|\|)/.test(text)) return false;
  return /^\[\s*["'\u201c\u201d\]]/.test(text) || /^\[[^\s[\]]+(?:\s*,|\]\s*$)/.test(text);
}

function pairsOf(keyword: string, source: WordSource): { pairs: Pair[]; legacy: boolean } {
  if (keyword !== 'ENV' && keyword !== 'LABEL' && keyword !== 'ARG') return { pairs: [], legacy: false };
  const words = splitOutsideQuotes(source);
  const first = words[0];
  if (!first) return { pairs: [], legacy: false };
  if (keyword !== 'ARG' && !first.text.includes('=')) {
    const nameText = /^\S+/.exec(source.text)![0];
    const name = { start: source.base, end: source.base + nameText.length };
    const rest = source.text.slice(nameText.length);
    const valueText = rest.trimStart();
    const valueStart = source.base + source.text.length - valueText.length;
    const valueRange = valueText === '' ? undefined : { start: valueStart, end: valueStart + valueText.length };
    return {
      pairs: [
        {
          name: nameText,
          nameRange: name,
          rawValue: valueRange ? valueText : undefined,
          valueRange,
          range: { start: name.start, end: valueRange?.end ?? name.end },
          split: source.gluedAt.length > 0,
        },
      ],
      legacy: true,
    };
  }
  const pairs = words.map((word): Pair => {
    const equals = word.text.indexOf('=');
    const nameEnd = word.range.start + (equals < 0 ? word.text.length : equals);
    return {
      name: equals < 0 ? word.text : word.text.slice(0, equals),
      nameRange: { start: word.range.start, end: nameEnd },
      rawValue: equals < 0 ? undefined : word.text.slice(equals + 1),
      valueRange: equals < 0 ? undefined : { start: nameEnd + 1, end: word.range.end },
      range: word.range,
      split: word.split,
    };
  });
  return { pairs, legacy: false };
}
