import { parse } from 'unbash';
import type * as bash from 'unbash';
import type { Range } from '../text/range.ts';
import type {
  ShellWord,
  ShellAssignment,
  ShellRedirect,
  ShellConstruct,
  ShellCommand,
  ShellNode,
  ShellStatement,
  ShellScript,
} from './shellTree.ts';

export type * from './shellTree.ts';

/**
 * Parses POSIX shell or bash. Never throws.
 *
 * @param text same-length text of the script @param base its offset in the document
 */
export function parseShell(text: string, base: number): ShellScript {
  const range = { start: base, end: base + text.length };
  // A carriage return would become part of a word; line ends are told by the line feed alone.
  const source = text.replaceAll('\r', ' ');
  const unread: ShellScript = {
    range,
    statements: [],
    commands: [],
    functions: [],
    complete: false,
    errorAt: undefined,
    hasComments: false,
  };
  if (isTooDeep(source)) return unread;
  let script: bash.ParsedScript;
  try {
    script = parse(source);
  } catch {
    return unread;
  }
  const reader = new Reader(source, base);
  const statements = script.commands.map((statement) => reader.statement(statement, []));
  return {
    range,
    statements,
    commands: reader.commands.sort((a, b) => a.range.start - b.range.start),
    functions: reader.functions,
    complete: (script.errors ?? []).length === 0,
    errorAt: script.errors?.[0] && base + Math.min(script.errors[0].pos, text.length),
    hasComments: hasComment(source),
  };
}

/** Commands that run the command given by their arguments; `options` are those that take a value in the next word. */
const wrapperOptions: Readonly<Record<string, readonly string[]>> = {
  sudo: ['-u', '-g', '-h', '-p', '-C', '-r', '-t', '-U', '--user', '--group', '--host', '--prompt'],
  env: ['-u', '--unset', '-C', '--chdir'],
  exec: ['-a'],
  command: [],
  time: ['-f', '-o'],
  nice: ['-n'],
  ionice: ['-c', '-n'],
  nohup: [],
  eatmydata: [],
  stdbuf: ['-i', '-o', '-e'],
  timeout: ['-k', '-s', '--kill-after', '--signal'],
  builtin: [],
  fakeroot: [],
};

class Reader {
  readonly commands: ShellCommand[] = [];
  readonly functions: string[] = [];
  readonly #source: string;
  readonly #base: number;

  constructor(source: string, base: number) {
    this.#source = source;
    this.#base = base;
  }

  statement(statement: bash.Statement, within: readonly ShellConstruct[]): ShellStatement {
    const background = statement.background === true;
    return {
      node: this.#node(statement.command, background ? [...within, 'background'] : within),
      range: this.#range(statement),
      background,
    };
  }

  #range(node: { readonly pos: number; readonly end: number }): Range {
    return { start: this.#base + node.pos, end: this.#base + node.end };
  }

  #list(list: bash.CompoundList | undefined, within: readonly ShellConstruct[]): ShellStatement[] {
    return (list?.commands ?? []).map((statement) => this.statement(statement, within));
  }

  #node(node: bash.PipelineNode | bash.AndOr | bash.CompoundList, within: readonly ShellConstruct[]): ShellNode {
    const range = this.#range(node);
    switch (node.type) {
      case 'Command':
        return { kind: 'command', range, command: this.#command(node, within) };
      case 'Pipeline': {
        const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
        const inner: ShellConstruct[] = [...within];
        if (node.commands.length > 1) inner.push('pipeline');
        if (negated) inner.push('negation');
        return {
          kind: 'pipeline',
          range,
          negated,
          timed: node.prefixes.some((prefix) => prefix.type === 'Time'),
          items: node.commands.map((item) => this.#node(item, inner)),
          operators: [...node.operators],
        };
      }
      case 'AndOr': {
        const firstOr = node.operators.indexOf('||');
        const place = (index: number): readonly ShellConstruct[] => {
          if (firstOr < 0) return within;
          return [...within, index > firstOr ? 'or' : 'guarded'];
        };
        return {
          kind: 'and-or',
          range,
          items: node.commands.map((item, index) => this.#node(item, place(index))),
          operators: [...node.operators],
        };
      }
      case 'Subshell':
        return { kind: 'subshell', range, body: this.#list(node.body, [...within, 'subshell']) };
      case 'BraceGroup':
        return { kind: 'group', range, body: this.#list(node.body, [...within, 'group']) };
      case 'CompoundList':
        return { kind: 'group', range, body: this.#list(node, within) };
      case 'Redirected': {
        for (const redirect of node.redirects) this.#redirect(redirect, within);
        return { ...this.#node(node.command, within), range };
      }
      case 'If': {
        const inner: ShellConstruct[] = [...within, 'if'];
        const body = [
          ...this.#list(node.clause, inner),
          ...this.#list(node.then, inner),
          ...node.elif.flatMap((elif) => [...this.#list(elif.clause, inner), ...this.#list(elif.then, inner)]),
          ...this.#list(node.else, inner),
        ];
        return { kind: 'compound', keyword: 'if', range, body };
      }
      case 'For':
      case 'Select': {
        for (const word of node.wordlist ?? []) this.#word(word, within);
        const keyword = node.type === 'For' ? 'for' : 'select';
        return { kind: 'compound', keyword, range, body: this.#list(node.body, [...within, keyword]) };
      }
      case 'ArithmeticFor':
        return { kind: 'compound', keyword: 'for', range, body: this.#list(node.body, [...within, 'for']) };
      case 'While': {
        const inner: ShellConstruct[] = [...within, 'while'];
        return {
          kind: 'compound',
          keyword: node.kind,
          range,
          body: [...this.#list(node.clause, inner), ...this.#list(node.body, inner)],
        };
      }
      case 'Case': {
        this.#word(node.word, within);
        const body = node.items.flatMap((item) => this.#list(item.body, [...within, 'case']));
        return { kind: 'compound', keyword: 'case', range, body };
      }
      case 'Function': {
        this.functions.push(node.name.value);
        const body = this.#node(node.body, [...within, 'function']);
        return {
          kind: 'compound',
          keyword: 'function',
          range,
          body: [{ node: body, range: body.range, background: false }],
        };
      }
      case 'Coproc': {
        const body = this.#node(node.body, [...within, 'coproc']);
        return {
          kind: 'compound',
          keyword: 'coproc',
          range,
          body: [{ node: body, range: body.range, background: true }],
        };
      }
      case 'TestCommand':
        return { kind: 'compound', keyword: '[[', range, body: [] };
      case 'ArithmeticCommand':
        return { kind: 'compound', keyword: '((', range, body: [] };
    }
  }

  #command(node: bash.Command, within: readonly ShellConstruct[]): ShellCommand {
    const assignments: ShellAssignment[] = [];
    const redirects: ShellRedirect[] = [];
    const words: ShellWord[] = [];
    if (node.name) words.push(this.#word(node.name, within));
    for (const part of [...node.prefix, ...node.suffix]) {
      if (part.type === 'Word') words.push(this.#word(part, within));
      else if (part.type !== 'Assignment') redirects.push(this.#redirect(part, within));
      else if (node.prefix.includes(part)) assignments.push(this.#assignment(part, within));
      // `export A=b` is a word of the command like any other.
      else words.push(this.#assignmentWord(part, within));
    }
    const unwrapped = unwrap(words);
    const nameWord = unwrapped.words[0];
    const command: ShellCommand = {
      name: nameWord?.value?.split('/').pop() ?? '',
      nameWord,
      args: unwrapped.words.slice(1),
      assignments,
      redirects,
      range: this.#range(node),
      wrappers: unwrapped.wrappers,
      within,
      unconditional: !within.some((construct) => conditional.includes(construct)),
    };
    this.commands.push(command);
    return command;
  }

  #assignment(node: bash.Assignment, within: readonly ShellConstruct[]): ShellAssignment {
    const { value } = node;
    const word = value.type === 'Word' ? this.#word(value, within) : undefined;
    return { name: node.name, value: word ? word.value : undefined, text: node.text, range: this.#range(node) };
  }

  #assignmentWord(node: bash.Assignment, within: readonly ShellConstruct[]): ShellWord {
    const { value } = node;
    const word = value.type === 'Word' ? this.#word(value, within) : undefined;
    return {
      text: node.text,
      range: this.#range(node),
      value: word?.value === undefined ? undefined : `${node.name}=${word.value}`,
      quoted: word?.quoted ?? false,
    };
  }

  #redirect(node: bash.Redirection, within: readonly ShellConstruct[]): ShellRedirect {
    const target = node.type !== 'HereDoc' && node.target ? this.#word(node.target, within) : undefined;
    return { operator: node.operator, target, range: this.#range(node) };
  }

  #word(word: bash.Word, within: readonly ShellConstruct[]): ShellWord {
    for (const part of word.parts ?? []) this.#substitutions(part, within);
    const text = this.#source.slice(word.pos, word.end);
    return {
      text,
      range: this.#range(word),
      value: isLiteral(word, text) ? word.value : undefined,
      quoted: /["'\\]/.test(text),
    };
  }

  #substitutions(part: bash.WordPart, within: readonly ShellConstruct[]): void {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') {
      for (const child of part.parts) this.#substitutions(child, within);
      return;
    }
    if (part.type !== 'CommandExpansion' && part.type !== 'ProcessSubstitution') return;
    // Escaped backticks are parsed from a decoded copy whose positions are not ours.
    if (!part.script || part.script.source !== undefined) return;
    for (const statement of part.script.commands) this.statement(statement, [...within, 'substitution']);
  }
}

const conditional: readonly ShellConstruct[] = [
  'if',
  'for',
  'while',
  'case',
  'select',
  'function',
  'or',
  'background',
  'coproc',
];

function isLiteral(word: bash.Word, text: string): boolean {
  if (!word.parts) return !/[$`]/.test(text) || /^'[^']*'$/.test(text);
  return word.parts.every(isLiteralPart);
}

function isLiteralPart(part: bash.WordPart): boolean {
  switch (part.type) {
    case 'Literal':
      return !part.text.startsWith('~') || part.text !== part.value;
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return true;
    case 'DoubleQuoted':
      return part.parts.every(isLiteralPart);
    default:
      return false;
  }
}

function unwrap(words: readonly ShellWord[]): { words: readonly ShellWord[]; wrappers: ShellWord[] } {
  const wrappers: ShellWord[] = [];
  let rest = words;
  for (;;) {
    const name = rest[0]?.value?.split('/').pop() ?? '';
    const takesValue = Object.hasOwn(wrapperOptions, name) ? wrapperOptions[name] : undefined;
    if (!takesValue) break;
    let at = 1;
    while (at < rest.length) {
      const word = rest[at]!.text;
      if (word === '--') {
        at++;
        break;
      }
      if (word.startsWith('-') && word !== '-') at += takesValue.includes(word) ? 2 : 1;
      else if (name === 'env' && /^[A-Za-z_]\w*=/.test(word)) at++;
      else break;
    }
    // `timeout 10 cmd`: the duration stands in front of the command.
    if (name === 'timeout') at++;
    if (at >= rest.length) break;
    wrappers.push(...rest.slice(0, at));
    rest = rest.slice(at);
  }
  return { words: rest, wrappers };
}

function hasComment(source: string): boolean {
  return /(?:^|[\s;])#/.test(source);
}

const deepestNesting = 200;

/** Whether parentheses are nested so deep that reading them would take seconds; no script that means something is. */
function isTooDeep(source: string): boolean {
  let depth = 0;
  for (const character of source.match(/[()]/g) ?? []) {
    depth = character === '(' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > deepestNesting) return true;
  }
  return false;
}
