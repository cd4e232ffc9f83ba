import type { Copy } from '../../model/copy.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { leaves, type Outcome, type PlayedScript, simulate, type Step } from './simulate.ts';
import type { ShellNode } from '../../syntax/shell.ts';

/** What can differ between two Dockerfiles in what they build. */
export type Change =
  /** Stages were added, removed or put in another order. */
  | 'stages'
  /** Another base image. */
  | 'base'
  /** ENV, as the container sees it. */
  | 'environment'
  /** ARG. */
  | 'arguments'
  /** LABEL, EXPOSE, VOLUME, STOPSIGNAL, HEALTHCHECK, MAINTAINER, ONBUILD. */
  | 'metadata'
  /** CMD or ENTRYPOINT in force. */
  | 'start'
  /** The user of a RUN or of the container. */
  | 'user'
  | 'working-directory'
  /** The shell of a RUN or of the container. */
  | 'shell'
  /** COPY and ADD: sources, destinations, flags, or their order among the RUNs. */
  | 'copies'
  /** Fewer or more RUNs. */
  | 'layers'
  /** Commands were added that do nothing but remove caches. */
  | 'clean-up'
  /** A command was added, removed or moved. */
  | 'commands'
  /** Words of commands; how many there are and in which order they run stays. */
  | 'command-words'
  /** The same commands, but another one runs, or fails the build, when one of them fails; or they see another state. */
  | 'control-flow'
  /** Mounts, network or security of a RUN. */
  | 'run-flags'
  | 'comments';

export interface Difference {
  readonly change: Change;
  readonly detail: string;
}

/**
 * What a change of the text changes in the build, told from the models alone: an independent check of what a fix
 * announces. Empty when both build the same, as far as the model can tell; what it can't look into (scripts it does not
 * understand, other shells) must be the same text.
 */
export function differences(before: Dockerfile, after: Dockerfile): Difference[] {
  const found: Difference[] = [];
  const compare = (change: Change, a: unknown, b: unknown): void => {
    const left = JSON.stringify(a);
    const right = JSON.stringify(b);
    if (left !== right) found.push({ change, detail: `${left} → ${right}` });
  };
  compare(
    'comments',
    before.comments.map((comment) => comment.text).sort(),
    after.comments.map((comment) => comment.text).sort(),
  );
  compare('arguments', before.globalArgs.flatMap(pairsOf), after.globalArgs.flatMap(pairsOf));
  compare(
    'stages',
    before.stages.map((stage) => stage.name),
    after.stages.map((stage) => stage.name),
  );
  if (before.stages.length !== after.stages.length) return found;
  before.stages.forEach((stage, index) => {
    const other = after.stages[index]!;
    compare('base', baseOf(stage), baseOf(other));
    compare('environment', variables(stage, 'env'), variables(other, 'env'));
    compare('arguments', ownPairs(stage, 'ARG'), ownPairs(other, 'ARG'));
    compare('metadata', metadata(stage), metadata(other));
    compare('start', start(stage), start(other));
    compare('user', userOf(stage), userOf(other));
    compare('working-directory', stage.workdirAt('end'), other.workdirAt('end'));
    compare('shell', stage.shellAt('end').words, other.shellAt('end').words);
    compare('layers', stage.runs.length, other.runs.length);
    compareWork(blocks(stage), blocks(other), compare, found);
  });
  return found;
}

function pairsOf(instruction: Instruction): unknown[] {
  return instruction.pairs.map((pair) => [pair.name, pair.rawValue]);
}

function baseOf(stage: Stage): unknown {
  return stage.parent ? stage.parent.index : [stage.base.name, stage.from.flags.map((flag) => [flag.name, flag.value])];
}

function variables(stage: Stage, kind: 'env' | 'arg'): unknown[] {
  return stage
    .envAt('end')
    .variables.filter((variable) => variable.kind === kind)
    .map((variable) => [variable.name, variable.value]);
}

function ownPairs(stage: Stage, keyword: string): unknown[] {
  return stage.instructions.filter((each) => each.keyword === keyword).flatMap(pairsOf);
}

const metadataKeywords: readonly string[] = ['LABEL', 'EXPOSE', 'VOLUME', 'MAINTAINER', 'ONBUILD'];

function metadata(stage: Stage): unknown[] {
  const plain = stage.instructions.filter((each) => metadataKeywords.includes(each.keyword));
  const last = (['STOPSIGNAL', 'HEALTHCHECK'] as const).map((keyword) =>
    stage.instructions.findLast((each) => each.keyword === keyword),
  );
  return [...plain, ...last].map((each) => each && wordsOf(each, stage));
}

/** The meaning of an instruction's words: values of pairs expanded, the rest as words; casing of the keyword is none. */
function wordsOf(instruction: Instruction, stage: Stage): unknown[] {
  if (instruction.trigger) return [instruction.keyword, ...wordsOf(instruction.trigger, stage)];
  if (instruction.pairs.length > 0) {
    const environment = stage.envAt(instruction);
    return [
      instruction.keyword,
      ...instruction.pairs.map((pair) => [
        pair.name,
        pair.rawValue === undefined
          ? undefined
          : (environment.expand(pair.rawValue, instruction.escape) ?? pair.rawValue),
      ]),
    ];
  }
  const flags = instruction.flags.map((flag) => [flag.name, flag.value]);
  const words = instruction.json
    ? instruction.json.items.map((item) => item.value)
    : instruction.words.map((word) => word.text);
  return [instruction.keyword, flags, words, instruction.json !== undefined, bodies(instruction, stage.dockerfile)];
}

function bodies(instruction: Instruction, dockerfile: Dockerfile): string[] {
  return instruction.heredocs.map((heredoc) => dockerfile.slice(heredoc.bodyRange));
}

function start(stage: Stage): unknown[] {
  return (['ENTRYPOINT', 'CMD'] as const).map((keyword) => {
    const instruction = stage.instructions.findLast((each) => each.keyword === keyword);
    return instruction && wordsOf(instruction, stage);
  });
}

function userOf(stage: Stage): unknown {
  const { user, group, isRoot } = stage.effectiveUserAt('end');
  return [user, group, isRoot];
}

/** RUNs that stand together, between two instructions that also fill the image. */
interface Block {
  readonly runs: readonly Run[];
  /** The COPY or ADD behind them; undefined at the end of the stage. */
  readonly copy: Copy | undefined;
}

function blocks(stage: Stage): Block[] {
  const found: Block[] = [];
  let runs: Run[] = [];
  for (const instruction of stage.instructions) {
    const run = stage.runs.find((each) => each.instruction === instruction);
    const copy = stage.copies.find((each) => each.instruction === instruction);
    if (run) runs.push(run);
    if (!copy) continue;
    found.push({ runs, copy });
    runs = [];
  }
  found.push({ runs, copy: undefined });
  return found;
}

type Compare = (change: Change, a: unknown, b: unknown) => void;

function compareWork(before: readonly Block[], after: readonly Block[], compare: Compare, found: Difference[]): void {
  compare(
    'copies',
    before.map((block) => block.copy && copyOf(block.copy)),
    after.map((block) => block.copy && copyOf(block.copy)),
  );
  if (before.length !== after.length) return;
  before.forEach((block, index) => compareRuns(block.runs, after[index]!.runs, compare, found));
}

function copyOf(copy: Copy): unknown[] {
  const { stage, instruction } = copy;
  return [
    instruction.keyword,
    flagsOf(instruction),
    copy.sources.map((source) => source.value ?? source.text),
    copy.destinationPath ?? copy.destination?.text,
    bodies(instruction, stage.dockerfile),
    stage.effectiveUserAt(instruction).user,
  ];
}

/** RUNs that can be played (`script`), or one whose words must stay as they are: exec form, a script not understood. */
interface Group {
  readonly runs: readonly Run[];
  readonly isOpaque: boolean;
}

function groups(runs: readonly Run[]): Group[] {
  const found: Group[] = [];
  for (const run of runs) {
    const isOpaque = !run.script?.complete || run.form === 'foreign';
    const last = found.at(-1);
    if (last && !last.isOpaque && !isOpaque) found[found.length - 1] = { runs: [...last.runs, run], isOpaque };
    else found.push({ runs: [run], isOpaque });
  }
  return found;
}

function compareRuns(before: readonly Run[], after: readonly Run[], compare: Compare, found: Difference[]): void {
  const left = groups(before);
  const right = groups(after);
  const opaque = (list: readonly Group[]): unknown[] =>
    list.map((group) => (group.isOpaque ? rawRun(group.runs[0]!) : 'script'));
  // An exec form is one command: with the same program, only its words differ.
  const programs = (list: readonly Group[]): unknown[] =>
    list.map((group) => group.runs[0]!.instruction.json?.items[0]?.value ?? opaque([group]));
  const isSameWork = JSON.stringify(programs(left)) === JSON.stringify(programs(right));
  compare(isSameWork ? 'command-words' : 'commands', opaque(left), opaque(right));
  if (JSON.stringify(opaque(left)) !== JSON.stringify(opaque(right))) return;
  left.forEach((group, index) => {
    const settings = (runs: readonly Run[]): unknown[] => unique(runs.map(runSettings));
    compare('run-flags', settings(group.runs), settings(right[index]!.runs));
    if (!group.isOpaque) compareScripts(played(group.runs), played(right[index]!.runs), compare, found);
  });
}

function compareScripts(left: Played, right: Played, compare: Compare, found: Difference[]): void {
  const leftLeaves = leaves(left.scripts, left.source);
  const rightLeaves = leaves(right.scripts, right.source);
  let added: ReadonlySet<number> = new Set();
  if (leftLeaves.length === rightLeaves.length) compare('command-words', leftLeaves, rightLeaves);
  else {
    const cleanUps = addedCleanUps(leftLeaves, rightLeaves);
    compare(cleanUps ? 'clean-up' : 'commands', leftLeaves, rightLeaves);
    if (!cleanUps) return;
    added = cleanUps;
  }
  const difference = differentOutcome(left, right, leftLeaves.length, added);
  if (difference) found.push({ change: 'control-flow', detail: difference });
}

const cleanUp =
  /^(?:\w+=\S+ )*(?:sudo (?:-\w+ (?:\w+ )?)*)?(?:rm -r?fr? (?:\S*(?:cache|\/var\/lib\/apt\/lists|\.npm|tmp)\S* ?)+|(?:\S+\/)?(?:npm|yarn|pnpm) (?:cache|store) (?:clean|prune)\b.*|(?:\S+\/)?composer clear-?cache|(?:\S+\/)?(?:apt-get|apt|dnf|yum|microdnf|tdnf|zypper|conda|mamba|micromamba) (?:clean|--?\w+ clean)\b.*)$/;

/** Numbers of the leaves of the second list that only clean up, when without them both lists are the same. */
function addedCleanUps(before: readonly string[], after: readonly string[]): ReadonlySet<number> | undefined {
  const added = new Set<number>();
  let at = 0;
  for (const [index, leaf] of after.entries()) {
    if (leaf === before[at]) at++;
    else if (cleanUp.test(leaf)) added.add(index);
    else return undefined;
  }
  return at === before.length ? added : undefined;
}

function unique(values: readonly unknown[]): unknown[] {
  return [...new Set(values.map((value) => JSON.stringify(value)))].map((text) => JSON.parse(text) as unknown);
}

function runSettings(run: Run): unknown {
  const { stage, instruction } = run;
  return [
    flagsOf(instruction),
    stage.effectiveUserAt(instruction).user ?? null,
    stage.workdirAt(instruction) ?? null,
    stage.shellAt(instruction).words ?? null,
    stage.envAt(instruction).variables.map((variable) => [variable.name, variable.value ?? null]),
  ];
}

function rawRun(run: Run): unknown {
  return [run.instruction.argsText.replaceAll(/\s+/g, ' '), bodies(run.instruction, run.stage.dockerfile)];
}

interface Played {
  readonly scripts: readonly PlayedScript[];
  readonly source: (node: ShellNode) => string;
}

function played(runs: readonly Run[]): Played {
  const scripts = runs.map((run) => ({
    script: run.script!,
    errexit: run.shell.errexit && run.interpreter === undefined,
  }));
  // The same-length text, so that continuation marks and comments are no part of a command.
  const source = (node: ShellNode): string => {
    const run =
      runs.find(
        (each) => each.instruction.range.start <= node.range.start && node.range.end <= each.instruction.range.end,
      ) ?? runs[0]!;
    const { argsRange, argsText } = run.instruction;
    const isInHead = node.range.start >= argsRange.start && node.range.end <= argsRange.end;
    return isInHead
      ? argsText.slice(node.range.start - argsRange.start, node.range.end - argsRange.start)
      : run.stage.dockerfile.slice(node.range);
  };
  return { scripts, source };
}

/** With that many steps, only single failures are tried, not pairs. */
const mostPairs = 24;

/** A way of failing after which both run other steps or end differently; undefined when there is none. */
function differentOutcome(left: Played, right: Played, count: number, added: ReadonlySet<number>): string | undefined {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const pairs = count > mostPairs ? [] : numbers.flatMap((a) => numbers.filter((b) => a < b).map((b) => [a, b]));
  const ways: ReadonlyArray<readonly number[]> = [[], ...numbers.map((index) => [index]), ...pairs, numbers];
  // Leaves of the second side, numbered as on the first; added ones always succeed and are left out of the steps.
  const sameAs: number[] = [];
  for (let index = 0, at = 0; index < count + added.size; index++) sameAs.push(added.has(index) ? -1 : at++);
  const first = (outcome: Outcome): string => JSON.stringify(outcome.steps.map(step));
  const second = (outcome: Outcome): string =>
    JSON.stringify(
      outcome.steps.filter((each) => !added.has(each.leaf)).map((each) => step({ ...each, leaf: sameAs[each.leaf]! })),
    );
  for (const failing of ways) {
    const a = simulate(left.scripts, left.source, (leaf) => !failing.includes(leaf));
    const b = simulate(right.scripts, right.source, (leaf) => !failing.includes(sameAs[leaf]!));
    if (a.succeeded !== b.succeeded || first(a) !== second(b)) {
      const way =
        failing.length === 0
          ? 'all commands succeed'
          : `command ${failing.map((leaf) => leaf + 1).join(' and ')} of ${count} fails`;
      return `when ${way}: ${first(a)} ${ending(a)} → ${second(b)} ${ending(b)}`;
    }
  }
  return undefined;
}

/** A step by its place in the source and the state that it saw; its words are compared apart. */
function step({ leaf, state }: Step): string {
  return `${state}${leaf}`;
}

function ending(outcome: Outcome): string {
  return outcome.succeeded ? 'succeeds' : 'fails';
}

/** Flags in an order of their own, since that of the text means nothing. */
function flagsOf(instruction: Instruction): string[] {
  return instruction.flags.map((flag) => `${flag.name}=${flag.value ?? ''}`).sort();
}
