import type { Range } from '../text/range.ts';

/** A word of a shell command. */
export interface ShellWord {
  /** As written. */
  readonly text: string;
  readonly range: Range;
  /** What the shell makes of it when it is literal (quotes removed); undefined when it holds expansions or globs. */
  readonly value: string | undefined;
  /** Whether any part of it is quoted or escaped. */
  readonly quoted: boolean;
}

export interface ShellAssignment {
  readonly name: string;
  /** Literal value; undefined when it holds expansions. */
  readonly value: string | undefined;
  readonly text: string;
  readonly range: Range;
}

export interface ShellRedirect {
  /** `>`, `>>`, `<`, `<<`, `<<<`, `2>&1`'s `>&`, … */
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly range: Range;
}

/** What a command stands in, outermost first. */
export type ShellConstruct =
  | 'if'
  | 'for'
  | 'while'
  | 'case'
  | 'select'
  | 'function'
  | 'subshell'
  | 'group'
  | 'substitution'
  | 'pipeline'
  | 'negation'
  | 'background'
  | 'coproc'
  /** Stands before a `||` of its list: its failure does not end the script. */
  | 'guarded'
  /** Stands behind a `||` of its list: runs only when something before failed. */
  | 'or';

/** A simple command. Wrappers such as `sudo`, `env` and `exec` are seen through: see `wrappers`. */
export interface ShellCommand {
  /** Last path segment of the command's literal name: `apt-get` for `/usr/bin/apt-get`; empty when it can't be known. */
  readonly name: string;
  readonly nameWord: ShellWord | undefined;
  /** Arguments behind the name, redirects not included. */
  readonly args: readonly ShellWord[];
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** The whole command with wrappers, assignments and redirects. */
  readonly range: Range;
  /** `sudo`, `env`, `exec`, … that stand in front, with their own words. */
  readonly wrappers: readonly ShellWord[];
  readonly within: readonly ShellConstruct[];
  /** Whether it always runs when the script gets this far: not in a branch, loop or function, nor behind `||`. */
  readonly unconditional: boolean;
}

/** The syntax tree, reduced to what tells the order and the fate of exit codes. */
export type ShellNode =
  | { readonly kind: 'command'; readonly range: Range; readonly command: ShellCommand }
  | {
      readonly kind: 'pipeline';
      readonly range: Range;
      readonly negated: boolean;
      readonly timed: boolean;
      readonly items: readonly ShellNode[];
      readonly operators: readonly ('|' | '|&')[];
    }
  | {
      readonly kind: 'and-or';
      readonly range: Range;
      readonly items: readonly ShellNode[];
      readonly operators: readonly ('&&' | '||')[];
    }
  | { readonly kind: 'subshell' | 'group'; readonly range: Range; readonly body: readonly ShellStatement[] }
  | {
      /** `if`, `for`, `while`, `case`, `select`, `function`, `[[ … ]]`, `(( … ))`, `coproc`. */
      readonly kind: 'compound';
      readonly range: Range;
      readonly keyword: string;
      readonly body: readonly ShellStatement[];
    };

/** A node and what ends it. */
export interface ShellStatement {
  readonly node: ShellNode;
  readonly range: Range;
  /** `&`: runs in the background, its exit code is lost. */
  readonly background: boolean;
}

export interface ShellScript {
  readonly range: Range;
  /** Statements one after the other, separated by `;`, `&` or line breaks. */
  readonly statements: readonly ShellStatement[];
  /** All simple commands in source order, nested ones and those in substitutions included. */
  readonly commands: readonly ShellCommand[];
  /** Names of functions that the script defines: calling them runs no program. */
  readonly functions: readonly string[];
  /** Whether the whole text was understood. When not, the tree is partial and no fix may rely on it. */
  readonly complete: boolean;
  /** Offset in the document where the text stopped making sense; undefined when it was understood. */
  readonly errorAt: number | undefined;
  /** `#` comments of the shell (only heredocs can have some; comment lines of the Dockerfile are gone before). */
  readonly hasComments: boolean;
}
