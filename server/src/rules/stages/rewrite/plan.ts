import { type BaseImageFacts, baseImageFacts } from '../../../facts/index.ts';
import type { Command } from '../../../model/command.ts';
import type { Stage } from '../../../model/stage.ts';
import { parseImageReference } from '../../../syntax/imageReference.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import { findVariables } from '../../../syntax/variables.ts';
import { type Edit, insertAfter, insertAt, replace } from '../../../text/edit.ts';
import { inCaseOf, lineAbove } from '../../insertLine.ts';

/** How to turn one stage into a build stage and a final stage. */
export interface RewritePlan {
  /** Image of the final stage; the one that the stage is built on where `splitAt` is given. */
  readonly image: string;
  /** USER of the final stage; undefined when its image is non-root already or the build's own USER is carried over. */
  readonly user: string | undefined;
  /** The last instruction of the build: what follows it becomes the end of the final stage. */
  readonly lastBuildStep: Instruction;
  /**
   * Where the build begins, when what stands in front of it belongs to the final image, too: that becomes a stage of its
   * own, on which both the build and the final stage are built.
   */
  readonly splitAt?: Instruction;
  /** A RUN to add at the end of the build stage. */
  readonly buildStep?: string | undefined;
  /** Instructions for the final stage, in front of what it copies. */
  readonly setup?: readonly string[];
  /** What the final stage takes from the build stage; absolute paths. */
  readonly copies: readonly StageCopy[];
  /** False where the program does not start in the folder of the build. True when left out. */
  readonly keepsWorkdir?: boolean;
  /** Whether a variable matters only to the build. */
  readonly isBuildVariable: (name: string) => boolean;
  /** Further edits, such as CMD in JSON form because the final image has no shell. */
  readonly edits?: readonly Edit[];
  /** What is taken for granted, as parts of a sentence. */
  readonly assumes: readonly string[];
}

export interface StageCopy {
  readonly from: string;
  readonly to: string;
  /** For `--chown`. */
  readonly owner?: string | undefined;
}

/** What an ecosystem says of a stage: a plan, or why there is none. */
export type Recognition =
  | { readonly kind: 'plan'; readonly plan: RewritePlan }
  | { readonly kind: 'declined'; readonly reason: string };

/** A kind of project that compiles: recognises its build, and knows what the result needs at run time. */
export interface Ecosystem {
  readonly name: string;
  /** What ships although only the build needs it, for the message. */
  readonly ships: string;
  /** The command that builds; undefined when this is not such a project. */
  buildCommand(stage: Stage): Command | undefined;
  plan(stage: Stage): Recognition;
}

export function declined(reason: string): Recognition {
  return { kind: 'declined', reason };
}

/** What is known of the final stage's image. */
export function factsOf(image: string): BaseImageFacts | undefined {
  return baseImageFacts(parseImageReference(image, 0));
}

/** Whether the image is published and known, so that a rewrite may name it. */
export function isPublished(image: string): boolean {
  const status = factsOf(image)?.tagStatus;
  return status === 'current' || status === 'retired';
}

/** The user for whoever an image has none ready. */
export const numericUser = '10001:10001';

/** Instructions that describe the image instead of filling it; those of the build part are repeated in the final stage. */
const describing: readonly string[] = [
  'ENV',
  'LABEL',
  'MAINTAINER',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'CMD',
  'ENTRYPOINT',
  'USER',
];
const ofFinalHead: readonly string[] = ['ARG', 'ENV', 'LABEL', 'MAINTAINER'];

export function rewriteEdits(stage: Stage, plan: RewritePlan): Edit[] {
  const { dockerfile } = stage;
  const newLine = dockerfile.lineBreak;
  const keyword = (word: string): string => inCaseOf(stage.from, word);
  const names = stageNames(stage, plan.splitAt !== undefined);
  const edits: Edit[] = [...(plan.edits ?? [])];
  const first = names.base ?? names.build;
  if (!stage.nameWord) edits.push(insertAfter(stage.from.headRange, ` ${keyword('AS')} ${first}`));
  else if (first !== stage.nameWord.text) edits.push(replace(stage.nameWord.range, first));
  if (plan.splitAt) {
    const line = `${keyword('FROM')} ${names.base} ${keyword('AS')} ${names.build}`;
    const edit = lineAbove(dockerfile, plan.splitAt, line);
    const isBlankAbove = /\n[ \t]*\r?\n$/.test(dockerfile.text.slice(0, edit.range.start));
    edits.push(isBlankAbove ? edit : insertAt(edit.range.start, newLine + edit.newText));
  }
  const lines: string[] = [];
  if (plan.buildStep) lines.push(`${keyword('RUN')} ${plan.buildStep}`);
  const platform = plan.splitAt ? undefined : stage.from.flags.find((flag) => flag.name === 'platform');
  const from = [keyword('FROM'), ...(platform ? [dockerfile.slice(platform.range)] : []), names.base ?? plan.image];
  if (names.final !== undefined) from.push(keyword('AS'), names.final);
  lines.push('', from.join(' '));
  const carried = carriedInstructions(stage, plan);
  const behind = stage.instructions.slice(stage.instructions.indexOf(plan.lastBuildStep) + 1);
  lines.push(
    ...carried.filter((each) => ofFinalHead.includes(each.keyword)).map((each) => dockerfile.slice(each.range)),
  );
  lines.push(...(plan.setup ?? []).map((each) => each.replace(/^[A-Z]+/, keyword)));
  const workdir = stage.workdirAt(behind[0] ?? 'end');
  const copies = plan.copies.map((copy) => copyLine(copy, names.build, keyword('COPY')));
  // A folder belongs to whoever makes it: where COPY brings the whole folder, with the owner that it has in the build (or
  // gets here), it comes before WORKDIR.
  const isWhole = plan.copies.some((copy) => copy.to === workdir);
  const next = behind[0]?.keyword === 'WORKDIR' ? behind[0].words[0]?.text : undefined;
  if (plan.keepsWorkdir !== false && workdir !== undefined && workdir !== '/' && !next?.startsWith('/'))
    copies.splice(isWhole ? copies.length : 0, 0, `${keyword('WORKDIR')} ${workdir}`);
  lines.push(...copies);
  edits.push(...ownedCopies(stage, plan));
  const rest = carried.filter((each) => !ofFinalHead.includes(each.keyword));
  lines.push(...rest.filter((each) => !isStart(each)).map((each) => dockerfile.slice(each.range)));
  const starts = rest.filter(isStart).map((each) => dockerfile.slice(each.range));
  const user =
    plan.user !== undefined && !keptUser(stage, plan.lastBuildStep) ? [`${keyword('USER')} ${plan.user}`] : [];
  const start = behind.find(isStart);
  if (user.length > 0 && start) {
    edits.push(insertAt(dockerfile.lines.lineStart(dockerfile.lines.lineAt(start.range.start)), user[0]! + newLine));
  } else lines.push(...user);
  lines.push(...starts);
  edits.push(insertAfter(plan.lastBuildStep.range, newLine + lines.join(newLine)));
  return edits;
}

/** What is copied behind the build into a folder that belongs to the new user belongs to that user, too. */
function ownedCopies(stage: Stage, plan: RewritePlan): Edit[] {
  return stage.copies.flatMap((copy) => {
    const path = copy.destinationPath?.replace(/(.)\/$/, '$1');
    if (copy.instruction.range.start < plan.lastBuildStep.range.start || copy.chown !== undefined) return [];
    const folder = plan.copies.find(
      ({ to, owner }) => owner !== undefined && (path === to || path?.startsWith(`${to}/`)),
    );
    return folder ? [insertAfter(copy.instruction.keywordRange, ` --chown=${folder.owner}`)] : [];
  });
}

/** The USER of the stage that stays in force: not one that says root in front of the build's end. */
export function keptUser(stage: Stage, lastBuildStep: Instruction): Instruction | undefined {
  const last = stage.instructions.findLast((each) => each.keyword === 'USER');
  const isBehind = last !== undefined && last.range.start > lastBuildStep.range.start;
  return isBehind || stage.effectiveUserAt('end').isRoot !== true ? last : undefined;
}

export function isStart(instruction: Instruction): boolean {
  return instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT';
}

function copyLine(copy: StageCopy, stage: string, keyword: string): string {
  const owner = copy.owner ? ` --chown=${copy.owner}` : '';
  const paths = /\s/.test(copy.from + copy.to)
    ? `[${JSON.stringify(copy.from)}, ${JSON.stringify(copy.to)}]`
    : `${copy.from} ${copy.to}`;
  return `${keyword} --from=${stage}${owner} ${paths}`;
}

/** What the build part says of the image, with the variables that it refers to; of CMD and the like only those in force. */
function carriedInstructions(stage: Stage, plan: RewritePlan): Instruction[] {
  const end = stage.instructions.indexOf(plan.lastBuildStep);
  const start = plan.splitAt ? stage.instructions.indexOf(plan.splitAt) : 0;
  const before = stage.instructions.slice(start, end + 1);
  const behind = stage.instructions.slice(end + 1);
  const user = keptUser(stage, plan.lastBuildStep);
  const kept = new Set(
    before.filter((each, index) => {
      if (!describing.includes(each.keyword)) return false;
      if (each.keyword === 'USER') return each === user;
      if (each.keyword === 'ENV') return !each.pairs.every((pair) => plan.isBuildVariable(pair.name));
      const onlyLast = isStart(each) || ['HEALTHCHECK', 'STOPSIGNAL', 'MAINTAINER'].includes(each.keyword);
      return !onlyLast || ![...before.slice(index + 1), ...behind].some((later) => later.keyword === each.keyword);
    }),
  );
  // From the end to the start: what is kept may need variables that stand above it.
  const used = new Set(behind.flatMap(variablesIn));
  for (const each of before.toReversed()) {
    const isVariable = each.keyword === 'ARG' || each.keyword === 'ENV';
    if (isVariable && each.pairs.some((pair) => used.has(pair.name))) kept.add(each);
    if (kept.has(each)) for (const name of variablesIn(each)) used.add(name);
  }
  return before.filter((each) => kept.has(each));
}

function variablesIn(instruction: Instruction): string[] {
  return findVariables(instruction.argsText, 0, instruction.escape).map((reference) => reference.name);
}

/**
 * Names of the two stages. A name that others may build by (`--target app`) goes to the final one; a name that speaks of
 * building stays.
 */
function stageNames(stage: Stage, hasBase: boolean): StageNames {
  const { name } = stage;
  const taken = new Set(stage.dockerfile.stages.map((each) => each.name));
  const free = (names: readonly string[]): string =>
    names.find((each) => !taken.has(each)) ?? `${names[0]}-${stage.index}`;
  const base = hasBase ? free(['base', 'common', 'runtime']) : undefined;
  if (name !== undefined && !hasBase && /build|compile|deps/.test(name))
    return { build: stage.nameWord!.text, final: undefined, base };
  return { build: free(['build', 'builder', 'compile', 'build-stage']), final: stage.nameWord?.text, base };
}

interface StageNames {
  readonly build: string;
  /** What the final stage is called; undefined for none. */
  readonly final: string | undefined;
  /** The stage on which both are built. */
  readonly base: string | undefined;
}
