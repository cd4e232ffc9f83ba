import type { Dockerfile } from '../../model/dockerfile.ts';
import { platformArgs, predefinedArgs, expandingInstructions } from '../../model/environment.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction, Pair } from '../../syntax/instruction.ts';
import { findVariables } from '../../syntax/variables.ts';
import type { Range } from '../../text/range.ts';
import { type ScriptMentions, scriptMentions } from './scripts.ts';
import { declaration, type FileSymbol, type Occurrence, reference } from './symbols.ts';

/**
 * A variable. A build argument is one for the whole file, whatever stages ask for it: `--build-arg` gives its value by its
 * name. An ENV is one for a stage and the stages built FROM it.
 */
interface Variable {
  readonly name: string;
  readonly kind: 'arg' | 'env';
  readonly occurrences: Occurrence[];
  readonly declarations: Declared[];
  /** Places that may mean it, and nobody can tell. */
  readonly doubts: Doubt[];
}

interface Declared {
  readonly range: Range;
  readonly stage: Stage | undefined;
  /** An ARG of a stage that takes over what is declared in front of the first FROM. */
  readonly takesOver: boolean;
}

interface Doubt {
  readonly offset: number;
  readonly reason: string;
}

/** Variables that are in force, by name, with the declaration that says so. */
type Scope = ReadonlyMap<string, Bound>;

interface Bound {
  readonly variable: Variable;
  readonly declared: Declared;
}

/** The variable that is named at the offset, when this file declares it. */
export function variableSymbolAt(dockerfile: Dockerfile, offset: number): FileSymbol | undefined {
  const variables = variablesOf(dockerfile);
  const found = variables.find(({ occurrences }) =>
    occurrences.some(({ range }) => range.start <= offset && offset <= range.end),
  );
  return found && variableSymbol(dockerfile, found, variables);
}

const read = new WeakMap<Dockerfile, readonly Variable[]>();

/** Asked at every move of the cursor: read once for each model. */
function variablesOf(dockerfile: Dockerfile): readonly Variable[] {
  let variables = read.get(dockerfile);
  if (!variables) {
    variables = new VariableReader(dockerfile).variables;
    read.set(dockerfile, variables);
  }
  return variables;
}

/** Reads the file once, from top to bottom, and ties each name to what it means there. */
class VariableReader {
  readonly variables: Variable[] = [];
  readonly #dockerfile: Dockerfile;
  readonly #arguments = new Map<string, Variable>();
  readonly #ends = new Map<Stage, Scope>();
  readonly #runs = new Map<Instruction, Run>();

  constructor(dockerfile: Dockerfile) {
    this.#dockerfile = dockerfile;
    const globals = new Map<string, Bound>();
    for (const arg of dockerfile.globalArgs) this.#instruction(arg, globals, undefined);
    for (const stage of dockerfile.stages) {
      this.#instruction(stage.from, globals, undefined);
      // A stage goes on with the variables of the one it is built FROM, arguments included.
      const scope = new Map(stage.parent ? this.#ends.get(stage.parent) : undefined);
      for (const run of stage.runs) this.#runs.set(run.instruction, run);
      for (const instruction of stage.instructions) this.#instruction(instruction, scope, stage);
      this.#ends.set(stage, scope);
    }
  }

  #instruction(instruction: Instruction, scope: Map<string, Bound>, stage: Stage | undefined): void {
    const { keyword, trigger } = instruction;
    if (trigger) {
      this.#doubt(trigger.range, scope, 'in ONBUILD, which belongs to another build');
      return;
    }
    if (expandingInstructions.has(keyword)) this.#expanded(instruction, scope);
    else if (keyword === 'RUN') this.#run(instruction, scope);
    else this.#atRunTime(instruction, scope);
    if (keyword !== 'ARG' && keyword !== 'ENV') return;
    for (const pair of instruction.pairs) {
      if (/^[A-Za-z_]\w*$/.test(pair.name) && !pair.split) this.#declare(pair, keyword as 'ARG' | 'ENV', scope, stage);
    }
  }

  #declare(pair: Pair, keyword: 'ARG' | 'ENV', scope: Map<string, Bound>, stage: Stage | undefined): void {
    const { name, nameRange: range } = pair;
    const present = scope.get(name)?.variable;
    let variable: Variable;
    if (keyword === 'ARG') {
      variable = this.#arguments.get(name) ?? this.#make(name, 'arg');
      this.#arguments.set(name, variable);
    } else variable = present?.kind === 'env' ? present : this.#make(name, 'env');
    const declared = { range, stage, takesOver: pair.rawValue === undefined && stage !== undefined };
    variable.declarations.push(declared);
    variable.occurrences.push(declaration(range));
    // An ARG never hides an ENV of the same name.
    if (!(keyword === 'ARG' && present?.kind === 'env')) scope.set(name, { variable, declared });
  }

  #make(name: string, kind: 'arg' | 'env'): Variable {
    const variable: Variable = { name, kind, occurrences: [], declarations: [], doubts: [] };
    this.variables.push(variable);
    return variable;
  }

  /** What BuildKit expands: flags, arguments, and bodies of heredocs. */
  #expanded(instruction: Instruction, scope: Scope): void {
    const { escape, argsText, argsRange, flags, heredocs } = instruction;
    for (const { value, valueRange } of flags) {
      if (value !== undefined && valueRange) this.#references(value, valueRange.start, escape, instruction, scope);
    }
    this.#references(argsText, argsRange.start, escape, instruction, scope);
    for (const { bodyRange, expand } of heredocs) {
      if (expand) this.#references(this.#dockerfile.slice(bodyRange), bodyRange.start, escape, instruction, scope);
    }
  }

  #references(text: string, base: number, escape: string, { line }: Instruction, scope: Scope): void {
    for (const { name, nameRange } of findVariables(text, base, escape)) {
      const bound = scope.get(name);
      if (!bound) continue;
      const { variable, declared } = bound;
      if (line.gluedAt.includes(nameRange.end)) {
        variable.doubts.push({ offset: nameRange.start, reason: 'in a word that goes on in the next line' });
      } else variable.occurrences.push(reference(nameRange, declared.range));
    }
  }

  #run(instruction: Instruction, scope: Scope): void {
    for (const { value, valueRange } of instruction.flags) {
      if (value !== undefined && valueRange) {
        this.#references(value, valueRange.start, instruction.escape, instruction, scope);
      }
    }
    const run = this.#runs.get(instruction);
    const isShell = run !== undefined && (run.form === 'shell' || run.form === 'heredoc') && run.script !== undefined;
    if (!isShell) {
      this.#doubt(instruction.range, scope, 'in a script that can’t be read');
      return;
    }
    this.#mentions(scriptMentions(run.scriptText, run.scriptRange.start), scope, () => true);
    if (run.scriptRange !== instruction.argsRange) this.#doubt(instruction.argsRange, scope, 'beside a heredoc');
    else for (const { bodyRange } of instruction.heredocs) this.#doubt(bodyRange, scope, 'in a heredoc');
  }

  /** What runs in the container knows ENV alone. */
  #atRunTime(instruction: Instruction, scope: Scope): void {
    const { keyword, argsText, argsRange, json } = instruction;
    if (!['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].includes(keyword)) return;
    if (json) {
      this.#doubt(argsRange, scope, 'in the JSON form, which no shell expands', 'env');
      return;
    }
    this.#mentions(scriptMentions(argsText, argsRange.start), scope, ({ kind }) => kind === 'env');
  }

  #mentions({ names }: ScriptMentions, scope: Scope, isSeen: (variable: Variable) => boolean): void {
    for (const [name, { references, doubt }] of names) {
      const bound = scope.get(name);
      if (!bound || !isSeen(bound.variable)) continue;
      const { variable, declared } = bound;
      if (doubt) variable.doubts.push(doubt);
      else for (const range of references) variable.occurrences.push(reference(range, declared.range));
    }
  }

  /** Every name that stands in the text is one of which nobody knows what it means there. */
  #doubt(range: Range, scope: Scope, reason: string, kind?: 'env'): void {
    for (const match of this.#dockerfile.slice(range).matchAll(/[A-Za-z_]\w*/g)) {
      const variable = scope.get(match[0])?.variable;
      if (!variable || (kind !== undefined && variable.kind !== kind)) continue;
      variable.doubts.push({ offset: range.start + match.index, reason });
    }
  }
}

function variableSymbol(dockerfile: Dockerfile, variable: Variable, all: readonly Variable[]): FileSymbol {
  const { name, kind, declarations } = variable;
  return {
    kind: 'variable',
    name,
    occurrences: variable.occurrences.toSorted((a, b) => a.range.start - b.range.start),
    definitionsFor: ({ range, definition }) => {
      if (definition) return [definition];
      const own = declarations.find((each) => each.range.start === range.start);
      const global = declarations.find((each) => each.stage === undefined);
      return [own?.takesOver && global ? global.range : range];
    },
    refusal: refusalOf(dockerfile, variable),
    refusesName: (wanted) => {
      if (!/^[A-Za-z_]\w*$/.test(wanted)) {
        return 'The name of a variable holds letters, digits and underscores, and starts with no digit.';
      }
      if (wanted === name) return undefined;
      if (all.some((each) => each.name === wanted)) return `There is already a variable ${wanted}.`;
      if (kind === 'arg' && isBuilders(wanted)) return `${wanted} is set by the builder.`;
      const used = new RegExp(`(?<![\\w.-])${wanted}(?![\\w.-])`).exec(dockerfile.text);
      if (!used) return undefined;
      return `Line ${dockerfile.lines.lineAt(used.index) + 1} uses the name ${wanted} already.`;
    },
  };
}

function isBuilders(name: string): boolean {
  return platformArgs.has(name) || predefinedArgs.has(name);
}

function refusalOf(dockerfile: Dockerfile, { name, kind, doubts }: Variable): string | undefined {
  if (kind === 'arg' && isBuilders(name)) return `${name} is set by the builder under this name.`;
  if (kind === 'env' && /^(?:PATH|HOME|LANG|LC_\w+|TZ|TERM|USER|SHELL)$/.test(name)) {
    return `${name} is known to programs under this name.`;
  }
  const [doubt] = doubts;
  if (!doubt) return undefined;
  const line = dockerfile.lines.lineAt(doubt.offset) + 1;
  return `Line ${line} mentions ${name} ${doubt.reason}, so it is not sure what it means there.`;
}
