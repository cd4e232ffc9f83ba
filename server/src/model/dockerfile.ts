import { type Instruction, parseInstruction } from '../syntax/instruction.ts';
import { type Comment, type Directive, type SplitText, splitLogicalLines } from '../syntax/logicalLines.ts';
import type { SyntaxProblem } from '../syntax/problem.ts';
import { LineIndex } from '../text/lineIndex.ts';
import type { Command } from './command.ts';
import type { BuildContext } from './context.ts';
import type { Copy } from './copy.ts';
import { Environment, variablesSetBy } from './environment.ts';
import { Frontend } from './frontend.ts';
import type { Run } from './run.ts';
import { matching, Stage } from './stage.ts';

export interface ModelOptions {
  /** The files of the build; undefined when they are not known (an untitled text, standard input). */
  readonly context?: BuildContext | undefined;
  /** Values given with `--build-arg`. */
  readonly buildArgs?: Readonly<Record<string, string>> | undefined;
  /** ISO date for questions about support; the engine has no clock of its own. */
  readonly today?: string | undefined;
}

/** The model of one text: computed once, immutable, answers what rules ask. */
export class Dockerfile {
  readonly text: string;
  readonly lines: LineIndex;
  readonly escape: '\\' | '`';
  readonly lineBreak: '\n' | '\r\n';
  readonly directives: readonly Directive[];
  /** All comments in order; directives are none. */
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  /** ARGs in front of the first FROM. */
  readonly globalArgs: readonly Instruction[];
  readonly stages: readonly Stage[];
  /** What the parser knows is wrong, in order. */
  readonly problems: readonly SyntaxProblem[];
  readonly frontend: Frontend;
  readonly context: BuildContext | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** ISO date; undefined when support can't be judged. */
  readonly today: string | undefined;
  /** Variables that FROM lines see. */
  readonly globalEnvironment: Environment;

  readonly #byInstruction = new Map<Instruction, Stage>();
  #shipped: readonly Stage[] | undefined;
  #reachable: ReadonlySet<Stage> | undefined;

  constructor(text: string, split: SplitText, options: ModelOptions) {
    this.text = text;
    this.lines = new LineIndex(text);
    this.escape = split.escape;
    this.lineBreak = split.lineBreak;
    this.directives = split.directives;
    this.comments = split.comments;
    this.context = options.context;
    this.buildArgs = options.buildArgs ?? {};
    this.today = options.today;
    this.frontend = new Frontend(split.directives);
    this.instructions = split.lines.map((line) => parseInstruction(line, split.escape));
    const parts = this.instructions.flatMap((each) => [...each.problems, ...(each.trigger?.problems ?? [])]);
    this.problems = [...split.problems, ...parts].sort((a, b) => a.range.start - b.range.start);
    const firstFrom = this.instructions.findIndex((each) => each.keyword === 'FROM');
    const preamble = firstFrom < 0 ? this.instructions : this.instructions.slice(0, firstFrom);
    this.globalArgs = preamble.filter((each) => each.keyword === 'ARG');
    let environment = Environment.empty(false);
    for (const arg of this.globalArgs) {
      environment = environment.with(variablesSetBy(arg, environment, this.buildArgs, undefined));
    }
    this.globalEnvironment = environment;
    this.stages = this.#readStages(firstFrom);
  }

  /** The last stage: what `docker build` without `--target` makes; undefined without FROM. */
  get finalStage(): Stage | undefined {
    return this.stages.at(-1);
  }

  /** The stages whose layers are in the final image, final stage first. */
  get shippedStages(): readonly Stage[] {
    this.#shipped ??= this.finalStage?.chain ?? [];
    return this.#shipped;
  }

  /** The stages that building the final one needs. */
  get reachableStages(): ReadonlySet<Stage> {
    if (!this.#reachable) {
      const reached = new Set<Stage>();
      const pending = this.finalStage ? [this.finalStage] : [];
      for (let stage = pending.pop(); stage; stage = pending.pop()) {
        if (reached.has(stage)) continue;
        reached.add(stage);
        pending.push(...stage.dependsOn);
      }
      this.#reachable = reached;
    }
    return this.#reachable;
  }

  get runs(): readonly Run[] {
    return this.stages.flatMap((stage) => stage.runs);
  }

  get copies(): readonly Copy[] {
    return this.stages.flatMap((stage) => stage.copies);
  }

  /** Commands of all RUNs, also of those inside ONBUILD, by name (and subcommand), nested ones included. */
  commands(name: string, ...subcommands: readonly string[]): readonly Command[] {
    return this.stages.flatMap((stage) => stage.allRuns).flatMap((run) => matching(run.commands, name, subcommands));
  }

  /** The stage that an instruction (FROM included) belongs to; undefined in front of the first FROM. */
  stageOf(instruction: Instruction): Stage | undefined {
    return this.#byInstruction.get(instruction);
  }

  /** The instruction directly in front of or behind another one of the same stage. */
  neighbour(instruction: Instruction, step: 1 | -1): Instruction | undefined {
    const index = this.instructions.indexOf(instruction);
    const found = index < 0 ? undefined : this.instructions[index + step];
    return found && this.stageOf(found) === this.stageOf(instruction) ? found : undefined;
  }

  /** The last stage of that name in front of stage `before` (FROM can only name earlier ones). */
  earlierStage(name: string, before: number): Stage | undefined {
    const wanted = name.toLowerCase();
    return this.#known.slice(0, before).findLast((stage) => stage.name === wanted);
  }

  /** The stage that `--from` of an instruction in `user` names: by name, or by number. */
  stageNamed(name: string, user: Stage): Stage | undefined {
    const named = this.earlierStage(name, user.index);
    if (named || !/^\d+$/.test(name)) return named;
    const numbered = this.#known[Number(name)];
    return numbered && numbered.index < user.index ? numbered : undefined;
  }

  /** Text of a range. */
  slice(range: { readonly start: number; readonly end: number }): string {
    return this.text.slice(range.start, range.end);
  }

  /** Stages read so far; the same as `stages` once the model is complete. */
  #known: Stage[] = [];

  #readStages(firstFrom: number): readonly Stage[] {
    if (firstFrom < 0) return [];
    let at = firstFrom;
    while (at < this.instructions.length) {
      let end = at + 1;
      while (end < this.instructions.length && this.instructions[end]!.keyword !== 'FROM') end++;
      const from = this.instructions[at]!;
      const own = this.instructions.slice(at + 1, end);
      const stage = new Stage(this, this.#known.length, from, own);
      this.#known.push(stage);
      for (const instruction of [from, ...own]) {
        this.#byInstruction.set(instruction, stage);
        if (instruction.trigger) this.#byInstruction.set(instruction.trigger, stage);
      }
      at = end;
    }
    return this.#known;
  }
}

/** Parses a text and builds its model. Never throws; what is wrong is in `problems`. */
export function buildModel(text: string, options: ModelOptions = {}): Dockerfile {
  return new Dockerfile(text, splitLogicalLines(text), options);
}
