import type { Range } from '../text/range.ts';
import type { ShellCommand, ShellConstruct, ShellNode, ShellScript, ShellStatement } from './shell.ts';

/** What running a script does to the shell that runs it, and to a script that would follow in the same shell. */
export interface ShellEffects {
  /** Options that `set` turns on as the very first thing (`e`, `x`, `o pipefail`), sorted; empty when there are none. */
  readonly opening: readonly string[];
  /**
   * The first thing besides `opening` that what follows would notice: `cd`, `export`, an assignment, a function, …
   * What a subshell, a substitution or a pipeline keeps in is none.
   */
  readonly leak: ShellLeak | undefined;
  /** A process that goes on when the script is done, until the shell ends: `&`, `coproc`, `>( … )`. */
  readonly background: boolean;
  /** Whether a trap is set: it waits for the shell's end. */
  readonly trap: boolean;
  /** Whether it returns from nothing (`return` outside a function), which shells take differently. */
  readonly strayReturn: boolean;
  /** Whether `set -e` may come into force in it, by itself or by a file that it reads. */
  readonly mayTurnOnErrexit: boolean;
  /** Whether, behind `opening`, it may change the shell's options. */
  readonly changesOptions: boolean;
  /**
   * Whether `set -e` makes a difference: a command fails, and another one would follow. It makes none in a list that
   * holds `&&` and `||` alone. In front of `&&` a shell ignores `set -e`, so such a script can't stand there.
   */
  readonly dependsOnErrexit: boolean;
  /** Whether under `set -e` the script's failure always ends the shell: not so for `a && b` when `a` fails. */
  readonly failureEndsShell: boolean;
}

export interface ShellLeak {
  /** The command's name, or `assignment`, `function`, `loop variable`. */
  readonly what: string;
  readonly range: Range;
}

/** Reads the effects off the tree of a completely understood script; `text` is its text. */
export function shellEffects(script: ShellScript, text: string): ShellEffects {
  const set = openingSet(script.statements[0]?.node);
  const rest = script.commands.filter((command) => command !== set?.command);
  const leaks = [
    ...rest.flatMap((command) => commandLeak(command)),
    ...nodeLeaks(script.statements),
    ...expansionLeak(script, text),
  ];
  leaks.sort((a, b) => a.range.start - b.range.start);
  const changesOptions = rest.some((command) => optionChangers.includes(command.name));
  const last = script.statements.at(-1);
  return {
    opening: set?.options ?? [],
    leak: leaks[0],
    background: isBackgroundIn(script.statements) || script.commands.some(runsOn) || text.includes('>('),
    trap: rest.some((command) => command.name === 'trap' && !isContained(command.within)),
    strayReturn: rest.some((command) => command.name === 'return' && !command.within.includes('function')),
    mayTurnOnErrexit: (set?.options.includes('e') ?? false) || changesOptions,
    changesOptions,
    dependsOnErrexit: isSequence(behindSet(script, set?.command)) || hasSequenceInSubstitution(script, text),
    failureEndsShell: last !== undefined && !last.background && endsShell(last.node),
  };
}

/** Builtins that change what a later command of the same shell finds. */
const stateBuiltins: readonly string[] = [
  ...[
    'cd',
    'pushd',
    'popd',
    'export',
    'unset',
    'set',
    'umask',
    'trap',
    'alias',
    'unalias',
    'exec',
    'shopt',
    'readonly',
  ],
  ...['declare', 'typeset', 'local', 'let', 'read', 'mapfile', 'readarray', 'getopts', 'shift', 'eval', '.', 'source'],
  ...['ulimit', 'hash', 'enable', 'exit', 'return', 'setopt'],
];

const optionChangers: readonly string[] = ['set', 'shopt', 'setopt', 'eval', '.', 'source'];

/** What keeps changes of the shell in: it runs in a process of its own. */
const containers: readonly ShellConstruct[] = ['subshell', 'substitution', 'pipeline', 'background', 'coproc'];

function isContained(within: readonly ShellConstruct[]): boolean {
  return within.some((construct) => containers.includes(construct));
}

function runsOn(command: ShellCommand): boolean {
  return command.within.includes('background') || command.within.includes('coproc');
}

function commandLeak(command: ShellCommand): ShellLeak[] {
  if (isContained(command.within)) return [];
  const { name, range } = command;
  if (stateBuiltins.includes(name)) return [{ what: name, range }];
  if (command.wrappers.some((word) => word.value === 'exec')) return [{ what: 'exec', range }];
  // An assignment in front of a special builtin stays, one in front of a program does not.
  if (command.assignments.length > 0 && (!command.nameWord || name === ':')) return [{ what: 'assignment', range }];
  if (name === 'printf' && command.args[0]?.value === '-v') return [{ what: 'printf -v', range }];
  // A name that only the shell knows may be any builtin, unless it is a path.
  if (name === '' && command.nameWord && !command.nameWord.text.includes('/'))
    return [{ what: command.nameWord.text, range }];
  return [];
}

/** Functions, loop variables and arithmetic, which are no commands. */
function nodeLeaks(statements: readonly ShellStatement[]): ShellLeak[] {
  return statements.flatMap(({ node, background }) => (background ? [] : nodeLeak(node)));
}

function nodeLeak(node: ShellNode): ShellLeak[] {
  switch (node.kind) {
    case 'command':
    case 'subshell':
      return [];
    case 'pipeline':
      return node.items.length > 1 ? [] : node.items.flatMap(nodeLeak);
    case 'and-or':
      return node.items.flatMap(nodeLeak);
    case 'group':
      return nodeLeaks(node.body);
    case 'compound': {
      const what = Object.hasOwn(compoundLeaks, node.keyword) ? compoundLeaks[node.keyword] : undefined;
      return what ? [{ what, range: node.range }] : nodeLeaks(node.body);
    }
  }
}

const compoundLeaks: Readonly<Record<string, string>> = {
  for: 'loop variable',
  select: 'loop variable',
  function: 'function',
  '((': 'arithmetic',
};

/** `${name:=value}` and `$((name = 1))` assign wherever they stand; told by the text, as words have no tree of their own. */
function expansionLeak(script: ShellScript, text: string): ShellLeak[] {
  const match = /\$\{\w+:?=|\$\(\([^)]*(?:\+\+|--|[^=!<>]=(?!=))/.exec(text);
  if (!match) return [];
  const start = script.range.start + match.index;
  return [{ what: 'assignment', range: { start, end: start + match[0].length } }];
}

function isBackgroundIn(statements: readonly ShellStatement[]): boolean {
  return statements.some(
    ({ node, background }) => background || (node.kind === 'compound' && node.keyword === 'coproc'),
  );
}

interface OpeningSet {
  readonly command: ShellCommand;
  readonly options: readonly string[];
}

/** The `set -ex` that the script begins with, when it only turns options on. */
function openingSet(node: ShellNode | undefined): OpeningSet | undefined {
  const first = node?.kind === 'and-or' ? node.items[0] : node;
  if (first?.kind !== 'command' || first.command.name !== 'set' || first.command.args.length === 0) return undefined;
  const options: string[] = [];
  const words = first.command.args.map((word) => word.value);
  for (let at = 0; at < words.length; at++) {
    const letters = /^-([a-zA-Z]+)$/.exec(words[at] ?? '')?.[1];
    if (!letters) return undefined;
    options.push(...letters.replaceAll('o', ''));
    if (!letters.includes('o')) continue;
    const name = words[++at];
    if (name === undefined || !/^[a-z]+$/.test(name)) return undefined;
    options.push(name === 'errexit' ? 'e' : `o ${name}`);
  }
  return { command: first.command, options: [...new Set(options)].sort() };
}

/** The statements without the `set` that opens them, which does not fail. */
function behindSet(script: ShellScript, set: ShellCommand | undefined): readonly ShellStatement[] {
  const [first, ...rest] = script.statements;
  return set && first?.node.kind === 'command' ? rest : script.statements;
}

/** Whether commands follow each other without `&&` or `||` between, at any level. */
function isSequence(statements: readonly ShellStatement[]): boolean {
  const [only, ...more] = statements;
  return more.length > 0 || (only !== undefined && holdsSequence(only.node));
}

function holdsSequence(node: ShellNode): boolean {
  switch (node.kind) {
    case 'command':
      // The text that it runs may hold anything; where its exit code is only asked for by `&&`, `set -e` is off in it.
      return ['eval', '.', 'source'].includes(node.command.name) && !isAskedFor(node.command);
    case 'pipeline':
      return node.items.some(holdsSequence);
    case 'and-or':
      return node.items.some(
        (item, index) => (index === node.items.length - 1 || item.kind !== 'command') && holdsSequence(item),
      );
    case 'subshell':
    case 'group':
      return isSequence(node.body);
    case 'compound':
      return node.keyword !== '[[' && node.keyword !== '((';
  }
}

function isAskedFor(command: ShellCommand): boolean {
  return command.within.includes('guarded') || command.within.includes('negation');
}

/** `$(a; b)`: bash and dash differ in whether `set -e` reaches into it. */
function hasSequenceInSubstitution(script: ShellScript, text: string): boolean {
  return script.commands.some((command) => {
    if (!command.within.includes('substitution')) return false;
    return /[;\n]$/.test(text.slice(0, command.range.start - script.range.start).trimEnd());
  });
}

function endsShell(node: ShellNode): boolean {
  switch (node.kind) {
    case 'command':
    case 'subshell':
      return true;
    case 'pipeline':
      return !node.negated;
    case 'and-or':
      return node.operators.at(-1) === '||' && endsShell(node.items.at(-1)!);
    case 'group':
      return node.body.length > 0 && !node.body.at(-1)!.background && endsShell(node.body.at(-1)!.node);
    case 'compound':
      return node.keyword === '[[' || node.keyword === '((';
  }
}
