import type { Finding } from '../../lint/finding.ts';
import type { Rule } from '../../lint/rule.ts';
import type { BuildContext } from '../../model/context.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { Range } from '../../text/range.ts';
import { type Arguments, argumentsOf, type CursorInInstruction, placeAt } from '../cursor.ts';
import { commentEntries } from './comments.ts';
import type { Completions, Entry } from './entry.ts';
import { fixedValueEntries, flagEntries } from './flags.ts';
import { imageEntries, stageEntries, stageNumberEntries } from './images.ts';
import { caseOf, keywordEntries } from './keywords.ts';
import { mountKeyEntries, mountPart, mountValueEntries } from './mounts.ts';
import { contextEntries, destinationEntries, stagePathEntries } from './paths.ts';
import { userEntries } from './users.ts';
import { argumentEntries, labelEntries, portEntries, shellEntries, signalEntries } from './values.ts';
import { expandsVariables, variableBefore, variableEntries } from './variables.ts';

export type { Completions, Entry } from './entry.ts';

export interface CompletionOptions {
  readonly rules: readonly Rule[];
  /** Asked in comments only. */
  readonly findings: () => readonly Finding[];
  /**
   * The build context of a text; asked for paths only, with a text that lacks the path at the cursor, which is not there
   * yet and would speak against every folder.
   */
  readonly context: (text: string) => BuildContext | undefined;
  /** Whether pieces with places to fill in are wanted. */
  readonly snippets: boolean;
  /** The character whose typing asks; undefined when a person or a letter does. */
  readonly trigger?: string | undefined;
}

/** Behind these a blank says nothing of what is wanted next, and a list would be in the way. */
const silentAfterBlank: readonly string[] = ['RUN', 'ARG', 'LABEL', 'HEALTHCHECK', 'WORKDIR'];

/** What can be written at an offset. Undefined where there is nothing to say. Any text and any offset will do. */
export function completionsAt(
  dockerfile: Dockerfile,
  offset: number,
  options: CompletionOptions,
): Completions | undefined {
  const place = placeAt(dockerfile, offset);
  switch (place.kind) {
    case 'nowhere':
      return undefined;
    case 'blank-line':
      if (options.trigger !== undefined) return undefined;
      return at({ start: offset, end: offset }, offset, 0, keywords(dockerfile, offset, undefined, false, options));
    case 'comment': {
      const typed = dockerfile.text.slice(place.range.start, offset);
      const found = commentEntries(dockerfile, place, typed, { rules: options.rules, findings: options.findings() });
      if (!found || (options.trigger !== undefined && !found.isCertain)) return undefined;
      const rest = /^[\w./:-]*/.exec(dockerfile.text.slice(offset, place.range.end))![0].length;
      return at({ start: place.range.start, end: offset + rest }, offset, found.from, found.entries);
    }
    case 'heredoc': {
      const { instruction, heredoc } = place;
      const isScript = instruction.keyword === 'RUN';
      if (!isScript && !heredoc.expand) return undefined;
      const text = dockerfile.text.slice(heredoc.bodyRange.start, offset);
      return variables(dockerfile, instruction, text, isScript ? '\\' : instruction.escape, offset);
    }
    case 'instruction':
      return inInstruction(dockerfile, place, offset, options);
  }
}

function inInstruction(
  dockerfile: Dockerfile,
  place: CursorInInstruction,
  offset: number,
  options: CompletionOptions,
): Completions | undefined {
  const { instruction, word } = place;
  const args = argumentsOf(place);
  if (!args) {
    if (options.trigger !== undefined) return undefined;
    return at(word, offset, 0, keywords(dockerfile, offset, instruction, instruction.isTrigger, options));
  }
  if (instruction.keyword === 'ONBUILD' && args.words.length === 0) {
    return at(word, offset, 0, keywords(dockerfile, offset, instruction, true, options));
  }
  const { keyword } = instruction;
  if (options.trigger === ' ' && silentAfterBlank.includes(keyword)) return undefined;
  if (args.mayBeFlag && args.typed.startsWith('--') && args.typed.includes('=')) {
    return inFlagValue(dockerfile, place, args, offset, options);
  }
  if (args.mayBeFlag && args.typed.startsWith('-')) {
    return at(word, offset, 0, flagEntries(keyword, args.flags, dockerfile.frontend));
  }
  if (/\$\{?\w*$/.test(args.typed)) {
    if (!expandsVariables(instruction)) return undefined;
    const text = place.head.slice(instruction.writtenKeyword.length);
    return variables(dockerfile, instruction, text, keyword === 'RUN' ? '\\' : instruction.escape, offset);
  }
  const found = wordEntries(dockerfile, place, args, offset, options);
  if (!args.mayBeFlag || args.typed !== '' || options.trigger !== undefined) return found;
  const flags = flagEntries(keyword, args.flags, dockerfile.frontend);
  return at(word, offset, 0, [...(found?.entries ?? []), ...flags]);
}

function keywords(
  dockerfile: Dockerfile,
  offset: number,
  instruction: Instruction | undefined,
  isTrigger: boolean,
  { snippets }: CompletionOptions,
): Entry[] {
  return keywordEntries(dockerfile, { offset, instruction, isTrigger }, snippets);
}

function variables(
  dockerfile: Dockerfile,
  instruction: Instruction,
  text: string,
  escape: string,
  offset: number,
): Completions | undefined {
  const variable = variableBefore(text, escape);
  if (!variable) return undefined;
  const behind = /^\w*/.exec(dockerfile.text.slice(offset, offset + 200))![0].length;
  const isClosed = /^[}:+\-?#%/]/.test(dockerfile.text.slice(offset + behind, offset + behind + 1));
  const entries = variableEntries(dockerfile, instruction, variable.isBraced && !isClosed ? '}' : '');
  return at({ start: offset - variable.typed.length, end: offset + behind }, offset, 0, entries);
}

function inFlagValue(
  dockerfile: Dockerfile,
  { instruction, word }: CursorInInstruction,
  { typed }: Arguments,
  offset: number,
  options: CompletionOptions,
): Completions | undefined {
  const equals = typed.indexOf('=');
  const flag = typed.slice(2, equals);
  const value = typed.slice(equals + 1);
  const from = equals + 1;
  const stage = dockerfile.stageOf(instruction);
  const { keyword } = instruction;
  if (keyword === 'COPY' && flag === 'from') return fromValue(dockerfile, instruction, value, word, offset, from);
  if (flag === 'chown' && stage) return at(word, offset, from, userEntries(stage, instruction, true));
  if (keyword === 'RUN' && flag === 'mount') {
    const part = mountPart(value);
    const start = typed.length - part.typed.length;
    // The keys behind the cursor are another matter.
    const comma = dockerfile.text.slice(offset, word.end).indexOf(',');
    const piece = { start: word.start, end: comma < 0 ? word.end : offset + comma };
    if (part.equals < 0) return at(piece, offset, start, mountKeyEntries(part));
    const key = part.typed.slice(0, part.equals).toLowerCase();
    const valueStart = start + part.equals + 1;
    if (key === 'from') {
      return fromValue(dockerfile, instruction, part.typed.slice(part.equals + 1), piece, offset, valueStart);
    }
    const sources = key === 'source' || key === 'src';
    const origin = value.split(',').some((each) => each.startsWith('from='));
    if (sources && part.type === 'bind' && !origin) {
      return contextPaths(dockerfile, part.typed.slice(part.equals + 1), piece, offset, valueStart, false, options);
    }
    const run = stage?.allRuns.find((each) => each.instruction === instruction);
    return at(piece, offset, valueStart, mountValueEntries(part, run));
  }
  if (keyword === 'FROM' && /\$\{?\w*$/.test(value)) {
    return variables(dockerfile, instruction, value, instruction.escape, offset);
  }
  return at(word, offset, from, fixedValueEntries(keyword, flag));
}

/** A stage above, or an image. */
function fromValue(
  dockerfile: Dockerfile,
  instruction: Instruction,
  value: string,
  word: Range,
  offset: number,
  from: number,
): Completions | undefined {
  const stage = dockerfile.stageOf(instruction);
  const stages = [...stageEntries(dockerfile, stage), ...stageNumberEntries(dockerfile, stage)];
  const images = imageEntries(dockerfile, value, dockerfile.text.slice(offset, word.end));
  const isStage = stages.some(({ label }) => label.toLowerCase().startsWith(value.toLowerCase()));
  if (isStage || !images) return at(word, offset, from, stages);
  return at(upToColon(word, offset, dockerfile), offset, from + images.from, images.entries);
}

function wordEntries(
  dockerfile: Dockerfile,
  place: CursorInInstruction,
  args: Arguments,
  offset: number,
  options: CompletionOptions,
): Completions | undefined {
  const { instruction, word } = place;
  const stage = dockerfile.stageOf(instruction);
  const isFirst = args.words.length === 0;
  switch (instruction.keyword) {
    case 'FROM':
      return fromArguments(dockerfile, place, args, offset);
    case 'COPY':
    case 'ADD':
      return copyArguments(dockerfile, place, args, offset, options);
    case 'USER':
      if (!stage || !isFirst) return undefined;
      return at(word, offset, 0, userEntries(stage, instruction, args.typed.includes(':')));
    case 'ARG':
      return at(word, offset, 0, args.typed.includes('=') ? [] : argumentEntries(dockerfile, stage));
    case 'LABEL':
      return at(word, offset, 0, args.typed.includes('=') ? [] : labelEntries());
    case 'EXPOSE':
      return isFirst ? at(word, offset, 0, portEntries(stage)) : undefined;
    case 'STOPSIGNAL':
      return isFirst ? at(word, offset, 0, signalEntries()) : undefined;
    case 'SHELL':
      return isFirst && args.typed === '' ? at(word, offset, 0, shellEntries(stage)) : undefined;
    case 'HEALTHCHECK': {
      if (!isFirst) return undefined;
      const inCase = caseOf(dockerfile);
      return at(word, offset, 0, [
        { kind: 'keyword', label: inCase('CMD'), text: `${inCase('CMD')} `, detail: 'the command that tells' },
        { kind: 'keyword', label: inCase('NONE'), detail: 'switches the base image’s check off' },
      ]);
    }
    default:
      return undefined;
  }
}

function fromArguments(
  dockerfile: Dockerfile,
  { instruction, word }: CursorInInstruction,
  { words, typed }: Arguments,
  offset: number,
): Completions | undefined {
  if (words.length === 1) {
    const as = caseOf(dockerfile)('AS');
    return at(word, offset, 0, [{ kind: 'keyword', label: as, text: `${as} `, detail: 'names the stage' }]);
  }
  if (words.length > 1) return undefined;
  const images = imageEntries(dockerfile, typed, dockerfile.text.slice(offset, word.end));
  if (!images) return undefined;
  if (/[:/]/.test(typed)) {
    return at(upToColon(word, offset, dockerfile), offset, images.from, images.entries);
  }
  const stages = stageEntries(dockerfile, dockerfile.stageOf(instruction));
  const scratch: Entry = { kind: 'image', label: 'scratch', detail: 'nothing at all' };
  return at(upToColon(word, offset, dockerfile), offset, 0, [...stages, ...images.entries, scratch]);
}

/** The name without the tag behind the cursor, or the tag without the digest. */
function upToColon(word: Range, offset: number, { text }: Dockerfile): Range {
  const end = text.slice(offset, word.end).search(/[:@]/);
  return end < 0 ? word : { start: word.start, end: offset + end };
}

function copyArguments(
  dockerfile: Dockerfile,
  { instruction, word, head }: CursorInInstruction,
  { words, typed, flags }: Arguments,
  offset: number,
  options: CompletionOptions,
): Completions | undefined {
  const stage = dockerfile.stageOf(instruction);
  if (!stage) return undefined;
  const text = head.slice(head.length - typed.length);
  const isJson = (words[0] ?? typed).startsWith('[');
  const json = isJson ? jsonString(head) : undefined;
  if (isJson && !json) return undefined;
  const path = json?.typed ?? text;
  const start = typed.length - path.length;
  if (start < 0) return undefined;
  const quote = json ? dockerfile.text.slice(offset, word.end).indexOf('"') : -1;
  const piece = quote < 0 ? word : { start: word.start, end: offset + quote };
  const isFirst = json ? json.isFirst : words.length === 0;
  // A list that opens by itself would take `COPY . .` and the line break behind it for a choice.
  if (!isFirst && options.trigger === ' ') return undefined;
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length);
  if (from !== undefined) {
    const other = isFirst ? dockerfile.stageNamed(from, stage) : undefined;
    if (isFirst) return other && at(piece, offset, start, stagePathEntries(other));
    return at(piece, offset, start, destinationEntries(stage, instruction));
  }
  const paths = contextPaths(dockerfile, path, piece, offset, start, json !== undefined, options);
  if (isFirst || (path !== '' && !path.startsWith('/') && paths && paths.entries.length > 0)) return paths;
  const destinations = destinationEntries(stage, instruction);
  if (path !== '') return at(piece, offset, start, destinations);
  return at(piece, offset, start, [...destinations, ...(paths?.entries ?? [])]);
}

function contextPaths(
  dockerfile: Dockerfile,
  typed: string,
  word: Range,
  offset: number,
  start: number,
  quoted: boolean,
  options: CompletionOptions,
): Completions | undefined {
  const pathStart = word.start + start;
  const context = options.context(`${dockerfile.text.slice(0, pathStart)}.${dockerfile.text.slice(word.end)}`);
  const found = context && contextEntries(context, typed, quoted);
  if (!found) return undefined;
  const slash = dockerfile.text.slice(offset, word.end).indexOf('/');
  const piece = slash < 0 ? word : { start: word.start, end: offset + slash + 1 };
  return at(piece, offset, start + found.from, found.entries);
}

/** The string of a JSON form that the cursor is in. */
function jsonString(head: string): { readonly typed: string; readonly isFirst: boolean } | undefined {
  const strings = head.slice(head.indexOf('[')).split('"');
  if (strings.length % 2 === 1) return undefined;
  return { typed: strings.at(-1)!, isFirst: strings.length === 2 };
}

/** Entries for the part of a word that starts `from` characters behind its start; undefined when there are none. */
function at(word: Range, offset: number, from: number, entries: readonly Entry[]): Completions | undefined {
  const start = word.start + from;
  if (entries.length === 0 || start > offset) return undefined;
  return { insert: { start, end: offset }, replace: { start, end: Math.max(offset, word.end) }, entries };
}
