import type { Dockerfile } from '../../model/dockerfile.ts';
import {
  type Environment,
  platformArgs,
  predefinedArgs,
  type Variable,
  expandingInstructions,
} from '../../model/environment.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { Entry } from './entry.ts';

/** Instructions that run in the container, which has ENV only. */
const atRunTime: readonly string[] = ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'];

/**
 * The name behind the `$` before the cursor; undefined when there is none that anybody expands.
 *
 * @param text from the arguments' start to the cursor @param escape what takes the meaning from a `$`
 */
export function variableBefore(
  text: string,
  escape: string,
): { readonly typed: string; readonly isBraced: boolean } | undefined {
  const match = /\$(\{?)([A-Za-z_]\w*)?$/.exec(text);
  if (!match) return undefined;
  let single = false;
  let double = false;
  for (let index = 0; index < match.index; index++) {
    const character = text[index]!;
    if (single) single = character !== "'";
    else if (character === escape) {
      if (index + 1 === match.index) return undefined;
      index++;
    } else if (character === '"') double = !double;
    else if (character === "'" && !double) single = true;
  }
  return single ? undefined : { typed: match[2] ?? '', isBraced: match[1] === '{' };
}

/** Whether variables mean something in the arguments of the instruction, by whoever expands them. */
export function expandsVariables(instruction: Instruction): boolean {
  const { keyword } = instruction;
  if (expandingInstructions.has(keyword)) return true;
  return (keyword === 'RUN' || atRunTime.includes(keyword)) && !instruction.argsText.startsWith('[');
}

/** Variables that are set where the instruction stands. */
export function variableEntries(dockerfile: Dockerfile, instruction: Instruction, closing: string): Entry[] {
  const stage = dockerfile.stageOf(instruction);
  const isGlobal = !stage || instruction === stage.from;
  const environment = isGlobal ? globalsBefore(dockerfile, instruction) : stage.envAt(instruction);
  const { keyword } = instruction;
  const found = new Map<string, Entry>();
  const add = (name: string, detail: string): void => {
    if (!found.has(name)) found.set(name, { kind: 'variable', label: name, detail, text: name + closing });
  };
  const visible = atRunTime.includes(keyword) ? environment.exported : environment;
  // Those set last are the ones in mind.
  for (const variable of visible.variables.toReversed()) add(variable.name, describe(variable));
  if (isGlobal) for (const name of platformArgs) add(name, 'set by the builder');
  else if (!stage.rootBase.isScratch) add('PATH', 'of the base image');
  if (keyword === 'RUN')
    for (const name of predefinedArgs) if (/^[A-Z]/.test(name)) add(name, 'a build argument of every build');
  return [...found.values()];
}

/** Before its own ARG a name is not known, neither in front of the first FROM. */
function globalsBefore(dockerfile: Dockerfile, instruction: Instruction): Pick<Environment, 'variables' | 'exported'> {
  const earlier = dockerfile.globalArgs.filter((each) => each.range.start < instruction.range.start);
  const names = new Set(earlier.flatMap((each) => each.pairs.map(({ name }) => name)));
  const { globalEnvironment } = dockerfile;
  const variables = globalEnvironment.variables.filter(({ name }) => names.has(name));
  return { variables, exported: globalEnvironment.exported };
}

function describe({ kind, value, unset, source }: Variable): string {
  const word = kind === 'env' ? 'ENV' : source ? 'ARG' : 'argument';
  if (value !== undefined) return `${word} = ${value.length > 60 ? `${value.slice(0, 59)}…` : value}`;
  return unset ? `${word}, not set` : word;
}
