import type { Instruction } from '../syntax/instruction.ts';
import type { Word } from '../syntax/words.ts';
import type { Range } from '../text/range.ts';
import type { Command } from './command.ts';
import { Copy, resolvePath } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { Environment, variablesSetBy } from './environment.ts';
import { BaseImage } from './image.ts';
import { type EffectiveShell, readShell, Run } from './run.ts';
import { type EffectiveUser, readUser } from './user.ts';

/** Where a question is asked: just before an instruction takes effect, or at the end of the stage. */
export type Place = Instruction | 'end';

/** FROM and what follows it. */
export class Stage {
  readonly dockerfile: Dockerfile;
  /** 0-based, as `COPY --from=0` counts. */
  readonly index: number;
  readonly from: Instruction;
  /** Lower-case; undefined for a stage without AS. */
  readonly name: string | undefined;
  readonly nameWord: Word | undefined;
  readonly base: BaseImage;
  /** Instructions behind FROM, in order. */
  readonly instructions: readonly Instruction[];
  readonly runs: readonly Run[];
  /**
   * RUNs inside ONBUILD, in order. They run in builds FROM this image, with the user, directory and variables of its end,
   * and are in no layer of it.
   */
  readonly triggerRuns: readonly Run[];
  /** COPY and ADD in order, ONBUILD ones not included. */
  readonly copies: readonly Copy[];

  #environments: ReadonlyMap<Instruction, Environment> | undefined;
  #endEnvironment: Environment | undefined;
  /** With ARG, as stages that are built FROM it go on. */
  #lastEnvironment: Environment | undefined;
  #dependsOn: readonly Stage[] | undefined;
  #chain: readonly Stage[] | undefined;
  #indexes: ReadonlyMap<Instruction, number> | undefined;
  readonly #byKeyword = new Map<string, readonly Instruction[]>();

  constructor(dockerfile: Dockerfile, index: number, from: Instruction, instructions: readonly Instruction[]) {
    this.dockerfile = dockerfile;
    this.index = index;
    this.from = from;
    this.instructions = instructions;
    const words = from.words;
    const hasName = words.length === 3 && words[1]!.text.toUpperCase() === 'AS';
    this.nameWord = hasName ? words[2] : undefined;
    this.name = this.nameWord?.text.toLowerCase();
    this.base = new BaseImage(words[0], dockerfile.globalEnvironment, from.escape, (name) =>
      dockerfile.earlierStage(name, index),
    );
    this.runs = instructions.filter((each) => each.keyword === 'RUN').map((each) => new Run(each, this));
    this.triggerRuns = instructions.flatMap(({ trigger }) =>
      trigger?.keyword === 'RUN' ? [new Run(trigger, this)] : [],
    );
    this.copies = instructions
      .filter((each) => each.keyword === 'COPY' || each.keyword === 'ADD')
      .map((each) => new Copy(each, this));
  }

  /** RUNs and those inside ONBUILD, in the order of the text: for looks at one command alone. */
  get allRuns(): readonly Run[] {
    if (this.triggerRuns.length === 0) return this.runs;
    return [...this.runs, ...this.triggerRuns].sort((a, b) => a.instruction.range.start - b.instruction.range.start);
  }

  /** The stage it is built FROM. */
  get parent(): Stage | undefined {
    return this.base.stage;
  }

  /** Itself, its parent, and so on. Names can only mean earlier stages, so there is no cycle. */
  get chain(): readonly Stage[] {
    this.#chain ??= this.parent ? [this, ...this.parent.chain] : [this];
    return this.#chain;
  }

  /** The base image that the chain ends in. */
  get rootBase(): BaseImage {
    return this.chain.at(-1)!.base;
  }

  get range(): Range {
    return { start: this.from.range.start, end: (this.instructions.at(-1) ?? this.from).range.end };
  }

  get isFinal(): boolean {
    return this === this.dockerfile.finalStage;
  }

  /** Whether its layers are in the final image: it is the final stage or the final stage is built FROM it. */
  get isShipped(): boolean {
    return this.dockerfile.shippedStages.includes(this);
  }

  /** Whether building the final stage needs it. */
  get isReachable(): boolean {
    return this.dockerfile.reachableStages.has(this);
  }

  /** Stages that it needs: its parent, those it copies or mounts from. */
  get dependsOn(): readonly Stage[] {
    if (!this.#dependsOn) {
      const names = [
        ...this.copies.map((copy) => copy.from),
        ...this.runs.flatMap((run) => run.mounts.map((mount) => mount.from)),
      ];
      const found = names.flatMap((name) => (name === undefined ? [] : (this.dockerfile.stageNamed(name, this) ?? [])));
      this.#dependsOn = [...new Set([...(this.parent ? [this.parent] : []), ...found])];
    }
    return this.#dependsOn;
  }

  get usedBy(): readonly Stage[] {
    return this.dockerfile.stages.filter((stage) => stage.dependsOn.includes(this));
  }

  /** Variables in effect just before the instruction; `end`: what the container sees (ENV only). */
  envAt(place: Place): Environment {
    if (!this.#environments) this.#readEnvironments();
    if (place === 'end') return this.#endEnvironment!;
    return this.#environments!.get(place) ?? this.#triggerEnvironment(place);
  }

  /** Variables with which a stage that is built FROM it starts: build arguments go on to be known there. */
  get inheritance(): Environment {
    if (!this.#environments) this.#readEnvironments();
    return this.#lastEnvironment!;
  }

  /** The user that a RUN there runs as; `end`: the one of the container. */
  effectiveUserAt(place: Place): EffectiveUser {
    const instruction = this.#lastBefore(place, 'USER');
    if (instruction) {
      const text = instruction.words[0]?.text;
      const expanded = text === undefined ? undefined : this.envAt(instruction).expand(text, instruction.escape);
      return readUser(expanded, instruction);
    }
    if (this.parent) return this.parent.effectiveUserAt('end');
    if (this.base.isScratch) return readUser('0', undefined);
    const user = this.base.facts?.user;
    return user
      ? { user: user.name, group: undefined, isRoot: user.isRoot, source: undefined }
      : readUser(undefined, undefined);
  }

  /** Absolute working directory; undefined when it can't be known. */
  workdirAt(place: Place): string | undefined {
    const before = this.#before(place, 'WORKDIR');
    let workdir = this.#startWorkdir();
    for (const instruction of before) {
      const text = instruction.words[0]?.text;
      const value = text === undefined ? undefined : this.envAt(instruction).expand(text, instruction.escape);
      const resolved = value === undefined ? undefined : resolvePath(workdir, value);
      workdir = resolved === '/' ? '/' : resolved?.replace(/\/$/, '');
    }
    return workdir;
  }

  /** The shell of the shell form of RUN, CMD and ENTRYPOINT. */
  shellAt(place: Place): EffectiveShell {
    const instruction = this.#lastBefore(place, 'SHELL');
    if (instruction) return readShell(instruction.json?.items.map((item) => item.value) ?? [], instruction);
    if (this.parent) return this.parent.shellAt('end');
    const { facts } = this.base;
    // Of an image that is not known, the escape character tells most: a backtick is written for Windows paths.
    const windows = facts ? facts.family === 'windows' : this.dockerfile.escape === '`' && !this.base.isScratch;
    const dialect = windows ? 'cmd' : 'posix';
    return { dialect, pipefail: false, errexit: false, words: undefined, source: undefined };
  }

  /** The ENTRYPOINT in force at the end, its own or an inherited one of this file; a CMD likewise. */
  lastInChain(keyword: 'CMD' | 'ENTRYPOINT' | 'HEALTHCHECK' | 'STOPSIGNAL' | 'USER'): Instruction | undefined {
    for (const stage of this.chain) {
      const found = stage.instructions.findLast((each) => each.keyword === keyword);
      if (found) return found;
    }
    return undefined;
  }

  /** Commands of its RUNs by name (and subcommand), nested ones included. */
  commands(name: string, ...subcommands: readonly string[]): readonly Command[] {
    return this.runs.flatMap((run) => matching(run.commands, name, subcommands));
  }

  /** How many of the stage's instructions stand in front of the place; a trigger stands where its ONBUILD does. */
  #indexOf(place: Place): number {
    if (place === 'end') return this.instructions.length;
    if (!this.#indexes) {
      const indexes = new Map<Instruction, number>();
      this.instructions.forEach((each, index) => {
        indexes.set(each, index);
        if (each.trigger) indexes.set(each.trigger, index);
      });
      this.#indexes = indexes;
    }
    return this.#indexes.get(place) ?? 0;
  }

  #before(place: Place, keyword: string): readonly Instruction[] {
    const index = this.#indexOf(place);
    let all = this.#byKeyword.get(keyword);
    if (!all) {
      all = this.instructions.filter((each) => each.keyword === keyword);
      this.#byKeyword.set(keyword, all);
    }
    return all.filter((each) => this.#indexOf(each) < index);
  }

  #lastBefore(place: Place, keyword: string): Instruction | undefined {
    return this.#before(place, keyword).at(-1);
  }

  #startWorkdir(): string | undefined {
    if (this.parent) return this.parent.workdirAt('end');
    if (this.base.isScratch) return '/';
    const { facts } = this.base;
    if (!facts) return undefined;
    return facts.workdir ?? (facts.family === 'windows' ? undefined : '/');
  }

  #readEnvironments(): void {
    const { buildArgs, globalEnvironment } = this.dockerfile;
    const inherited = this.parent?.inheritance ?? Environment.empty(!this.base.isScratch);
    const environments = new Map<Instruction, Environment>();
    let current = inherited;
    for (const instruction of this.instructions) {
      environments.set(instruction, current);
      if (instruction.keyword === 'ENV' || instruction.keyword === 'ARG') {
        current = current.with(variablesSetBy(instruction, current, buildArgs, globalEnvironment));
      }
    }
    this.#environments = environments;
    this.#lastEnvironment = current;
    this.#endEnvironment = current.exported;
  }

  #triggerEnvironment(trigger: Instruction): Environment {
    const owner = this.instructions.find((each) => each.trigger === trigger);
    return owner ? this.#environments!.get(owner)! : this.#endEnvironment!;
  }
}

export function matching(commands: readonly Command[], name: string, subcommands: readonly string[]): Command[] {
  return commands.filter(
    (command) => command.name === name && (subcommands.length === 0 || subcommands.includes(command.subcommand ?? '')),
  );
}
