import type { Run } from '../../model/run.ts';
import type { Comment } from '../../syntax/logicalLines.ts';
import { parseShell } from '../../syntax/shell.ts';
import { type ShellEffects, shellEffects } from '../../syntax/shellEffects.ts';
import { applyEdits, type Edit, insertAt, remove, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { joinLayout, type JoinLayout } from './joinLayout.ts';
import { obstacleBetween, obstacleIn } from './mergeObstacles.ts';

/**
 * Turns neighbouring RUNs into one that does the same.
 *
 * Each RUN has a shell of its own: its script starts from a fresh state, and the build stops when it ends with an error.
 * One RUN has one shell, so three things have to be put back by hand:
 *
 * - **the stop**: `a` then `b` becomes `a && b`. A script of several statements, or with `||`, is grouped first:
 *   `{ a; b; } && c`, for its exit code is that of its end;
 * - **the fresh state**: a script that would leave something behind (`cd`, `export`, a variable) goes into a subshell:
 *   `(cd /src && make) && c`;
 * - **`set -e`**: a shell ignores it in front of `&&`. Scripts that rely on it are joined by `;` where it is in force
 *   from the first to the last, and are not joined otherwise.
 *
 * Only what stands between the scripts is rewritten, so commands, comments and layout stay as they are.
 */
export type RunMerge =
  | { readonly kind: 'merged'; readonly edits: readonly Edit[] }
  /** `reason` completes "These RUNs can't be merged: …". */
  | { readonly kind: 'refused'; readonly reason: string };

/** A script that has to go into the common shell. */
interface Part {
  readonly run: Run;
  readonly effects: ShellEffects;
  /** Whether `set -e` is in force at its start, by SHELL. */
  readonly errexit: boolean;
  /** Offset of its first character. */
  readonly start: number;
  /** Offset behind its last statement, without a `;` that ends it. */
  readonly end: number;
  /** Whether it is one list of `&&` alone (or a single command): it can be a member of a longer list as it stands. */
  readonly isAndList: boolean;
  readonly endsInBackground: boolean;
}

type Wrapping = 'none' | 'group' | 'subshell';

interface Plan {
  readonly joint: '&&' | ';';
  /** One for each part. */
  readonly wrappings: readonly Wrapping[];
}

/** Longest argument that Linux hands to a program; the script is one. In bytes, so this leaves room. */
const longestScript = 100_000;

export function mergeRuns(runs: readonly Run[]): RunMerge {
  const obstacle = firstObstacle(runs);
  if (obstacle !== undefined) return { kind: 'refused', reason: obstacle };
  const parts = runs.map(readPart);
  const plan = firstOf(parts.slice(0, -1), lingering) ?? planFor(parts);
  if (typeof plan === 'string') return { kind: 'refused', reason: plan };
  if (!isUnderstood(parts, plan)) return { kind: 'refused', reason: 'the merged script would read differently' };
  return { kind: 'merged', edits: editsFor(parts, plan, joinLayout(runs)) };
}

/** The first reason that lies in what the RUNs are and do, apart from how their scripts end. */
function firstObstacle(runs: readonly Run[]): string | undefined {
  if (runs.length < 2) return 'there is only one';
  for (const [index, run] of runs.entries()) {
    const found = obstacleIn(run) ?? firstOf(runs.slice(0, index), (earlier) => knownObstacle(earlier, run));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A row grows by one RUN at a time, and its pairs are asked for each time. */
const obstacles = new WeakMap<Run, WeakMap<Run, { readonly reason: string | undefined }>>();

function knownObstacle(first: Run, second: Run): string | undefined {
  const known = obstacles.get(first) ?? new WeakMap<Run, { readonly reason: string | undefined }>();
  obstacles.set(first, known);
  const found = known.get(second) ?? { reason: obstacleBetween(first, second) };
  known.set(second, found);
  return found.reason;
}

function firstOf<T>(items: readonly T[], read: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = read(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function readPart(run: Run): Part {
  const script = run.script!;
  const last = script.statements.at(-1)!;
  return {
    run,
    effects: shellEffects(script, run.scriptText),
    errexit: run.shell.errexit,
    start: script.range.start,
    end: last.range.end,
    isAndList:
      script.statements.length === 1 &&
      !last.background &&
      !(last.node.kind === 'and-or' && last.node.operators.includes('||')),
    endsInBackground: last.background,
  };
}

/** Why nothing may follow the script in its shell. */
function lingering({ effects }: Part): string | undefined {
  if (effects.background) return 'a background process would live on in the commands that follow';
  if (effects.trap) return 'a trap waits for the end of its shell';
  if (effects.strayReturn) return 'return outside a function means something else in every shell';
  return undefined;
}

/** How the parts are joined; a reason when they can't be. */
function planFor(parts: readonly Part[]): Plan | string {
  const followed = parts.slice(0, -1);
  if (!followed.some(reliesOnErrexit)) {
    return { joint: '&&', wrappings: parts.map((part, index) => wrappingInAndList(part, parts.slice(index + 1))) };
  }
  if (!parts.every(hasErrexitThroughout)) return 'set -e has no effect in front of &&';
  const fromShell = parts[0]!.errexit;
  const wrappings = parts.map((part, index): Wrapping => {
    const later = parts.slice(index + 1);
    if (later.length === 0) return 'none';
    return part.effects.failureEndsShell && !leaksInto(part, later) ? 'none' : 'subshell';
  });
  // The parentheses would stand in front of the script's own `set -e`, where it is not in force yet.
  if (!fromShell && wrappings.includes('subshell')) return 'set -e has no effect in front of &&';
  return { joint: ';', wrappings };
}

function reliesOnErrexit({ errexit, effects }: Part): boolean {
  return (errexit || effects.mayTurnOnErrexit) && effects.dependsOnErrexit;
}

function hasErrexitThroughout({ errexit, effects }: Part): boolean {
  return (errexit || effects.opening.includes('e')) && !effects.changesOptions;
}

function wrappingInAndList(part: Part, later: readonly Part[]): Wrapping {
  if (later.length > 0 && leaksInto(part, later)) return 'subshell';
  return part.isAndList ? 'none' : 'group';
}

/** Whether a later script would notice that this one ran. Options don't count that each of them turns on itself. */
function leaksInto({ effects }: Part, later: readonly Part[]): boolean {
  if (effects.leak) return true;
  return later.some((part) => effects.opening.some((option) => !part.effects.opening.includes(option)));
}

interface Brackets {
  readonly open: string;
  readonly close: string;
}

function brackets(part: Part, wrapping: Wrapping): Brackets {
  if (wrapping === 'none') return { open: '', close: '' };
  if (wrapping === 'group') return { open: '{ ', close: part.endsInBackground ? ' }' : '; }' };
  // `((` would begin an arithmetic command.
  return part.run.scriptText.startsWith('(') ? { open: '( ', close: ' )' } : { open: '(', close: ')' };
}

/**
 * The braces of a group with which the script of a subshell begins: `({ a; b; } && c)` is `(a; b && c)`, for `;` binds
 * less than `&&`. Only without `set -e`, which would end `a; b` at its first failure.
 */
function needlessBraces({ run, effects, errexit }: Part, wrapping: Wrapping): readonly Range[] {
  const [statement, ...others] = run.script!.statements;
  const node = statement!.node;
  const group = node.kind === 'and-or' ? node.items[0] : undefined;
  if (wrapping !== 'subshell' || others.length > 0 || group?.kind !== 'group' || errexit || effects.mayTurnOnErrexit)
    return [];
  const open = { start: group.range.start, end: group.body[0]!.range.start };
  const close = { start: group.body.at(-1)!.range.end, end: group.range.end };
  const { dockerfile } = run.stage;
  const isPlain = /^\{[ \t]+$/.test(dockerfile.slice(open)) && /^;?[ \t]*\}$/.test(dockerfile.slice(close));
  return isPlain && !group.body.at(-1)!.background ? [open, close] : [];
}

function editsFor(parts: readonly Part[], plan: Plan, layout: JoinLayout): Edit[] {
  const around = parts.map((part, index) => brackets(part, plan.wrappings[index]!));
  const edits: Edit[] = [];
  const first = parts[0]!;
  if (around[0]!.open !== '') edits.push(insertAt(first.start, around[0]!.open));
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (!next) continue;
    const gap = { start: part.end, end: next.start };
    const comments = commentsIn(part.run, gap);
    edits.push(replace(gap, around[index]!.close + layout.join(plan.joint, comments) + around[index + 1]!.open));
  }
  edits.push(...parts.flatMap((part, index) => needlessBraces(part, plan.wrappings[index]!).map(remove)));
  const last = parts.at(-1)!;
  const close = around.at(-1)!.close;
  if (close !== '') edits.push(replace({ start: last.end, end: last.run.instruction.headRange.end }, close));
  return edits;
}

function commentsIn(run: Run, gap: { readonly start: number; readonly end: number }): readonly Comment[] {
  return run.stage.dockerfile.comments.filter(({ range }) => range.start >= gap.start && range.end <= gap.end);
}

/** Reads the script to be once more: it must be whole and hold the same commands in the same order. */
function isUnderstood(parts: readonly Part[], plan: Plan): boolean {
  const scripts = parts.map((part, index) => {
    const { open, close } = brackets(part, plan.wrappings[index]!);
    const edits = needlessBraces(part, plan.wrappings[index]!).map(({ start, end }) =>
      remove({ start: start - part.start, end: end - part.start }),
    );
    return open + applyEdits(part.run.scriptText.slice(0, part.end - part.start), edits) + close;
  });
  const text = scripts.join(` ${plan.joint} `);
  if (text.length > longestScript) return false;
  const merged = parseShell(text, 0);
  const commands = merged.commands.map(({ range }) => text.slice(range.start, range.end));
  const expected = parts.flatMap(({ run, start }) =>
    run.script!.commands.map(({ range }) => run.scriptText.slice(range.start - start, range.end - start)),
  );
  return (
    merged.complete &&
    commands.length === expected.length &&
    commands.every((command, index) => command === expected[index])
  );
}
