import type { ShellCommand, ShellNode, ShellScript, ShellStatement } from '../../syntax/shell.ts';

/** A command as it ran: its words, and what of the shell's state it saw (`cd`, `export`, `set`, … that ran before it). */
export interface Step {
  readonly text: string;
  /** Its number in source order over all scripts, 0-based. */
  readonly leaf: number;
  readonly state: string;
}

export interface Outcome {
  readonly steps: readonly Step[];
  readonly succeeded: boolean;
}

/** A script and whether its shell starts with errexit (`SHELL ["/bin/sh", "-e", "-c"]`). */
export interface PlayedScript {
  readonly script: ShellScript;
  readonly errexit: boolean;
}

/** Decides whether the n-th leaf of the source (0-based, in source order over all scripts) succeeds. */
export type Fate = (leaf: number) => boolean;

/** Commands that change what later commands of the same shell see. */
const changesState: ReadonlySet<string> = new Set(
  'cd pushd popd export unset set shopt umask trap alias unalias source . eval exec readonly declare typeset local ulimit hash'.split(
    ' ',
  ),
);

/**
 * Plays scripts one after the other as a build does, each in a shell of its own, and stops at the first that fails.
 * Nothing is run: `fate` tells how each command ends. Compound commands (`if`, loops, `case`, functions) and pipes
 * count as one step. Written without a look at the code that rewrites scripts, so that it can be held against it.
 */
export function simulate(scripts: readonly PlayedScript[], source: (node: ShellNode) => string, fate: Fate): Outcome {
  const player = new Player(source, fate);
  let succeeded = true;
  for (const { script, errexit } of scripts) {
    if (succeeded) succeeded = player.shell(script.statements, '', new Set(errexit ? ['errexit'] : []), false);
    else player.skip(script.statements);
  }
  return { steps: player.steps, succeeded };
}

/** The leaves of scripts in source order, as `simulate` counts them. */
export function leaves(scripts: readonly PlayedScript[], source: (node: ShellNode) => string): string[] {
  const player = new Player(source, () => true);
  for (const { script } of scripts) player.skip(script.statements);
  return player.skipped;
}

interface Shell {
  /** What changed the shell so far, options apart. */
  state: string;
  options: ReadonlySet<string>;
}

/** Thrown to leave the shell that runs now; caught at its border. */
class Exit extends Error {
  readonly succeeded: boolean;

  constructor(succeeded: boolean) {
    super('exit');
    this.succeeded = succeeded;
  }
}

class Player {
  readonly steps: Step[] = [];
  readonly skipped: string[] = [];
  readonly #source: (node: ShellNode) => string;
  readonly #fate: Fate;
  #leaf = 0;

  constructor(source: (node: ShellNode) => string, fate: Fate) {
    this.#source = source;
    this.#fate = fate;
  }

  /** Runs statements in a shell of their own; returns whether it ends well. */
  shell(statements: readonly ShellStatement[], state: string, options: ReadonlySet<string>, tested: boolean): boolean {
    const before = this.#leaf;
    try {
      return this.#sequence(statements, { state, options }, tested);
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      // Leaves that were not reached keep their numbers.
      this.#leaf = before + countLeaves(statements);
      return error.succeeded;
    }
  }

  /** Counts leaves that do not run. */
  skip(statements: readonly ShellStatement[]): void {
    for (const { node } of statements) this.#skipNode(node);
  }

  #sequence(statements: readonly ShellStatement[], shell: Shell, tested: boolean): boolean {
    let succeeded = true;
    for (const statement of statements) {
      succeeded = this.#node(statement.node, shell, tested);
      if (statement.background) succeeded = true;
      else if (!succeeded && !isTested(statement.node)) this.#leaveOnError(shell, tested);
    }
    return succeeded;
  }

  /** @param tested whether the exit code is looked at by `&&`, `||`, `!` or `if`, where errexit does not act */
  #node(node: ShellNode, shell: Shell, tested: boolean): boolean {
    switch (node.kind) {
      case 'command':
        return this.#command(node, node.command, shell);
      case 'pipeline': {
        const single = node.items.length === 1 ? node.items[0] : undefined;
        const succeeded = single ? this.#node(single, shell, tested || node.negated) : this.#leafStep(node, shell);
        return node.negated ? !succeeded : succeeded;
      }
      case 'and-or': {
        let succeeded = true;
        for (const [index, item] of node.items.entries()) {
          const operator = index === 0 ? '&&' : node.operators[index - 1];
          const runs = operator === '&&' ? succeeded : !succeeded;
          const isLast = index === node.items.length - 1;
          if (runs) succeeded = this.#node(item, shell, tested || !isLast);
          else this.#skipNode(item);
          if (isLast && runs && !succeeded && !isTested(item)) this.#leaveOnError(shell, tested);
        }
        return succeeded;
      }
      case 'subshell':
        return this.shell(node.body, shell.state, shell.options, tested);
      case 'group':
        return this.#sequence(node.body, shell, tested);
      case 'compound':
        return this.#leafStep(node, shell);
    }
  }

  #leaveOnError(shell: Shell, tested: boolean): void {
    if (shell.options.has('errexit') && !tested) throw new Exit(false);
  }

  #command(node: ShellNode, command: ShellCommand, shell: Shell): boolean {
    if (command.name === 'exit') {
      this.#leaf++;
      throw new Exit(command.args[0] === undefined || command.args[0].value === '0');
    }
    const succeeded = this.#leafStep(node, shell);
    const isAssignment = command.nameWord === undefined && command.assignments.length > 0;
    if (changesState.has(command.name) || isAssignment) {
      if (command.name === 'set') shell.options = optionsAfter(command, shell.options);
      else shell.state += `${this.#text(node)};`;
    }
    // `set` fails on options that do not exist only.
    if (command.name === 'true' || command.name === ':' || command.name === 'set') return true;
    if (command.name === 'false') return false;
    return succeeded;
  }

  #leafStep(node: ShellNode, shell: Shell): boolean {
    const text = this.#text(node);
    // What `set` itself sees of the options is no difference: it sets them.
    const isSet = node.kind === 'command' && node.command.name === 'set';
    const options = isSet ? '' : [...shell.options].sort().join(' ');
    this.steps.push({ text, leaf: this.#leaf, state: options === '' ? shell.state : `set ${options};${shell.state}` });
    // Whether the effects of a compound command on the shell come about can't be told, so all of it counts as state.
    if (node.kind === 'compound' && mayChangeShell(node)) shell.state += `${text};`;
    return this.#fate(this.#leaf++);
  }

  #skipNode(node: ShellNode): void {
    switch (node.kind) {
      case 'command':
      case 'compound':
        this.skipped.push(this.#text(node));
        this.#leaf++;
        break;
      case 'pipeline':
        if (node.items.length === 1) this.#skipNode(node.items[0]!);
        else {
          this.skipped.push(this.#text(node));
          this.#leaf++;
        }
        break;
      case 'and-or':
        for (const item of node.items) this.#skipNode(item);
        break;
      default:
        this.skip(node.body);
    }
  }

  #text(node: ShellNode): string {
    return this.#source(node).replaceAll(/\s+/g, ' ').trim();
  }
}

/** Whether something in a compound command would change the shell around it, or leave it. */
function mayChangeShell(node: ShellNode): boolean {
  switch (node.kind) {
    case 'command': {
      const { name, nameWord, assignments } = node.command;
      return (
        changesState.has(name) ||
        name === 'exit' ||
        name === 'return' ||
        (nameWord === undefined && assignments.length > 0)
      );
    }
    case 'pipeline':
      return node.items.length === 1 && mayChangeShell(node.items[0]!);
    case 'and-or':
      return node.items.some(mayChangeShell);
    case 'subshell':
      return false;
    case 'group':
      return node.body.some((statement) => mayChangeShell(statement.node));
    case 'compound':
      return (
        ['for', 'select', 'function', 'coproc'].includes(node.keyword) ||
        node.body.some((statement) => mayChangeShell(statement.node))
      );
  }
}

function countLeaves(statements: readonly ShellStatement[]): number {
  const count = (node: ShellNode): number => {
    switch (node.kind) {
      case 'command':
      case 'compound':
        return 1;
      case 'pipeline':
        return node.items.length === 1 ? count(node.items[0]!) : 1;
      case 'and-or':
        return node.items.reduce((sum, item) => sum + count(item), 0);
      default:
        return countLeaves(node.body);
    }
  };
  return statements.reduce((sum, { node }) => sum + count(node), 0);
}

/** Errexit ignores negated pipes, and of a list all members but the last, which the list itself looks after. */
function isTested(node: ShellNode): boolean {
  return node.kind === 'and-or' || (node.kind === 'pipeline' && node.negated);
}

const optionNames: Readonly<Record<string, string>> = {
  e: 'errexit',
  u: 'nounset',
  x: 'xtrace',
  f: 'noglob',
  v: 'verbose',
  n: 'noexec',
  a: 'allexport',
};

/** The shell options in force after a `set`. */
function optionsAfter(command: ShellCommand, before: ReadonlySet<string>): ReadonlySet<string> {
  const options = new Set(before);
  const words = command.args.map((word) => word.value ?? word.text);
  words.forEach((word, index) => {
    const cluster = /^([-+])([a-zA-Z]+)$/.exec(word);
    if (!cluster) return;
    const turn = (name: string): void => {
      if (cluster[1] === '-') options.add(name);
      else options.delete(name);
    };
    for (const letter of cluster[2]!) {
      if (letter === 'o') turn(words[index + 1] ?? '');
      else turn(optionNames[letter] ?? letter);
    }
  });
  return options;
}
