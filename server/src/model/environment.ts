import type { Instruction } from '../syntax/instruction.ts';
import { expandWord, unknownValue, type VariableLookup } from '../syntax/variables.ts';

/** Build arguments that every build knows without ARG. */
export const predefinedArgs: ReadonlySet<string> = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
);

/** Arguments that BuildKit sets once they are declared; global in FROM. */
export const platformArgs: ReadonlySet<string> = new Set(
  ['BUILD', 'TARGET']
    .flatMap((side) => ['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].map((part) => side + part))
    .concat('TARGETSTAGE'),
);

/** Instructions in whose arguments the builder itself puts in the values of variables. */
export const expandingInstructions: ReadonlySet<string> = new Set([
  ...['ADD', 'ARG', 'COPY', 'ENV', 'EXPOSE', 'FROM', 'LABEL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
]);

export type VariableKind = 'env' | 'arg';

export interface Variable {
  readonly name: string;
  readonly kind: VariableKind;
  /** undefined when it can't be known: no default, an unresolvable reference. */
  readonly value: string | undefined;
  /** Whether it is known to be unset rather than unknown: `ARG NAME` without default and without build argument. */
  readonly unset: boolean;
  /** The instruction that sets it; undefined for the base image's environment. */
  readonly source: Instruction | undefined;
}

/** Variables at one place of a stage. Immutable: `with…` makes a new one. */
export class Environment {
  readonly #variables: ReadonlyMap<string, Variable>;
  /** Whether a name that is not listed may still be set (by a base image that is not known). */
  readonly open: boolean;

  constructor(variables: ReadonlyMap<string, Variable>, open: boolean) {
    this.#variables = variables;
    this.open = open;
  }

  static empty(open: boolean): Environment {
    return new Environment(new Map(), open);
  }

  get(name: string): Variable | undefined {
    return this.#variables.get(name);
  }

  get variables(): readonly Variable[] {
    return [...this.#variables.values()];
  }

  /** Only ENV: what the container sees. */
  get exported(): Environment {
    return new Environment(new Map([...this.#variables].filter(([, variable]) => variable.kind === 'env')), this.open);
  }

  with(added: readonly Variable[]): Environment {
    if (added.length === 0) return this;
    const variables = new Map(this.#variables);
    for (const variable of added) {
      // An ARG never hides an ENV of the same name.
      if (variable.kind === 'arg' && variables.get(variable.name)?.kind === 'env') continue;
      variables.set(variable.name, variable);
    }
    return new Environment(variables, this.open);
  }

  readonly lookup: VariableLookup = (name) => {
    const variable = this.#variables.get(name);
    if (variable) return variable.value ?? (variable.unset ? undefined : unknownValue);
    return this.open || predefinedArgs.has(name) || platformArgs.has(name) ? unknownValue : undefined;
  };

  /** The text with variables expanded and quotes removed; undefined when something in it can't be known. */
  expand(text: string, escape: string): string | undefined {
    return expandWord(text, escape, this.lookup);
  }
}

/** Variables that an ARG or ENV sets, seen from the environment in front of it. */
export function variablesSetBy(
  instruction: Instruction,
  before: Environment,
  buildArgs: Readonly<Record<string, string>>,
  globals: Environment | undefined,
): Variable[] {
  const kind: VariableKind = instruction.keyword === 'ENV' ? 'env' : 'arg';
  return instruction.pairs
    .filter((pair) => pair.name !== '')
    .map((pair) => {
      const own = pair.rawValue === undefined ? undefined : before.expand(pair.rawValue, instruction.escape);
      const base = { name: pair.name, kind, source: instruction };
      if (kind === 'env') return { ...base, value: pair.rawValue === undefined ? '' : own, unset: false };
      if (Object.hasOwn(buildArgs, pair.name)) return { ...base, value: buildArgs[pair.name], unset: false };
      if (pair.rawValue !== undefined) return { ...base, value: own, unset: false };
      const inherited = globals?.get(pair.name);
      if (inherited) return { ...base, value: inherited.value, unset: inherited.unset };
      return { ...base, value: undefined, unset: false };
    });
}
