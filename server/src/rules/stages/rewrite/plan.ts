import type { Command } from '../../../model/command.ts';
import type { Stage } from '../../../model/stage.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import { findVariables } from '../../../syntax/variables.ts';
import { type Edit, insertAfter, insertAt } from '../../../text/edit.ts';
import { inCaseOf } from '../../insertLine.ts';

/** How to turn one stage into a build stage and a final stage. */
export interface RewritePlan {
  /** Image of the final stage. */
  readonly image: string;
  /** USER of the final stage; undefined when its image is non-root already or the build's own USER is carried over. */
  readonly user: string | undefined;
  /** The last instruction of the build: what follows it becomes the end of the final stage. */
  readonly lastBuildStep: Instruction;
  /** A RUN to add at the end of the build stage. */
  readonly buildStep: string | undefined;
  /** What the final stage takes from the build stage; absolute paths. */
  readonly copies: readonly StageCopy[];
  /** Whether a variable matters only to the build. */
  readonly isBuildVariable: (name: string) => boolean;
  /** Further edits, such as CMD in JSON form because the final image has no shell. */
  readonly edits: readonly Edit[];
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

/** Instructions that describe the image instead of filling it; those of the build part are repeated in the final stage. */
const describing: readonly string[] = [
  'ENV',
  'LABEL',
  'EXPOSE',
  'VOLUME',
  'STOPSIGNAL',
  'HEALTHCHECK',
  'CMD',
  'ENTRYPOINT',
  'USER',
];

export function rewriteEdits(stage: Stage, plan: RewritePlan): Edit[] {
  const { dockerfile } = stage;
  const newLine = dockerfile.lineBreak;
  const keyword = (word: string): string => inCaseOf(stage.from, word);
  const name = stage.nameWord?.text ?? freeName(stage);
  const edits: Edit[] = [...plan.edits];
  if (!stage.nameWord) edits.push(insertAfter(stage.from.headRange, ` ${keyword('AS')} ${name}`));
  const lines: string[] = [];
  if (plan.buildStep) lines.push(`${keyword('RUN')} ${plan.buildStep}`);
  lines.push('', `${keyword('FROM')} ${plan.image}`);
  const carried = carriedInstructions(stage, plan);
  const isWorkdirNeeded = stage.workdirAt('end') !== '/';
  const behind = stage.instructions.slice(stage.instructions.indexOf(plan.lastBuildStep) + 1);
  lines.push(
    ...carried
      .filter((each) => ['ARG', 'ENV', 'LABEL'].includes(each.keyword))
      .map((each) => dockerfile.slice(each.range)),
  );
  if (isWorkdirNeeded) lines.push(`${keyword('WORKDIR')} ${stage.workdirAt(behind[0] ?? 'end')}`);
  for (const copy of plan.copies) {
    const owner = copy.owner ? ` --chown=${copy.owner}` : '';
    lines.push(`${keyword('COPY')} --from=${name}${owner} ${copy.from} ${copy.to}`);
  }
  const rest = carried.filter((each) => !['ARG', 'ENV', 'LABEL'].includes(each.keyword));
  const hasUser = [...rest, ...behind].some((each) => each.keyword === 'USER');
  lines.push(...rest.filter((each) => !isStart(each)).map((each) => dockerfile.slice(each.range)));
  const starts = rest.filter(isStart).map((each) => dockerfile.slice(each.range));
  const user = plan.user !== undefined && !hasUser ? [`${keyword('USER')} ${plan.user}`] : [];
  const start = behind.find(isStart);
  if (user.length > 0 && start) {
    edits.push(insertAt(dockerfile.lines.lineStart(dockerfile.lines.lineAt(start.range.start)), user[0]! + newLine));
  } else lines.push(...user);
  lines.push(...starts);
  edits.push(insertAfter(plan.lastBuildStep.range, newLine + lines.join(newLine)));
  return edits;
}

function isStart(instruction: Instruction): boolean {
  return instruction.keyword === 'CMD' || instruction.keyword === 'ENTRYPOINT';
}

/** What the build part says of the image, with the ARGs that it refers to; of CMD and ENTRYPOINT only those in force. */
function carriedInstructions(stage: Stage, plan: RewritePlan): Instruction[] {
  const end = stage.instructions.indexOf(plan.lastBuildStep);
  const before = stage.instructions.slice(0, end + 1);
  const behind = stage.instructions.slice(end + 1);
  const kept = before.filter((each, index) => {
    if (!describing.includes(each.keyword)) return false;
    if (each.keyword === 'ENV') return !each.pairs.every((pair) => plan.isBuildVariable(pair.name));
    const onlyLast = isStart(each) || ['USER', 'HEALTHCHECK', 'STOPSIGNAL'].includes(each.keyword);
    return !onlyLast || ![...before.slice(index + 1), ...behind].some((later) => later.keyword === each.keyword);
  });
  const used = new Set(
    [...kept, ...behind].flatMap((each) =>
      findVariables(each.argsText, 0, each.escape).map((reference) => reference.name),
    ),
  );
  const args = before.filter((each) => each.keyword === 'ARG' && each.pairs.some((pair) => used.has(pair.name)));
  return before.filter((each) => kept.includes(each) || args.includes(each));
}

function freeName(stage: Stage): string {
  const taken = new Set(stage.dockerfile.stages.map((each) => each.name));
  return ['build', 'builder', 'compile', 'build-stage'].find((name) => !taken.has(name)) ?? `build-${stage.index}`;
}

/** Words of an instruction's command when they are literal: JSON form, or a single simple command in shell form. */
export function literalWords(instruction: Instruction): readonly string[] | undefined {
  if (instruction.json) return instruction.json.items.map((item) => item.value);
  const text = instruction.argsText.trim();
  if (text === '' || /[$`*?[\]{}~;&|<>()#"'\\=\n]/.test(text)) return undefined;
  const words = text.split(/\s+/);
  return /^(?:cd|source|\.|eval|exec|exit|test|if|for|while|:|export|set)$/.test(words[0]!) ? undefined : words;
}

/** Packages of a distribution that only building needs. */
const buildPackages =
  /^(?:build-essential|build-base|gcc|g\+\+|clang|make|cmake|automake|autoconf|libtool|pkg-config|pkgconf|git|musl-dev|libc6?-dev|linux-headers|python3?|python2|python-is-python3|node-gyp|upx|upx-ucl|protobuf-compiler|protoc|binutils|nasm|gcc-multilib|openssh-client|curl|wget|unzip|jq)$/;

/**
 * Why a command of the build can't be left behind: it may put something into the image that the program needs.
 * undefined when it only builds.
 */
export function staysInImage(command: Command, isBuildTool: (command: Command) => boolean): string | undefined {
  if (isBuildTool(command)) return undefined;
  const use = command.run.packageUses.find((each) => each.command.range.start === command.range.start);
  if (use && ['apt', 'apk', 'dnf'].includes(use.manager)) {
    if (use.action !== 'install') return undefined;
    const other = use.packages.find((named) => !buildPackages.test(named.name));
    if (!other && !command.hasUnknownArguments) return undefined;
    return `the program may need ${other?.name ?? 'the packages'} that the build installs`;
  }
  if (
    ['rm', 'mkdir', 'echo', 'ls', 'true', 'set', ':', 'pwd', 'test', '[', 'date', 'cat', 'env', 'printenv'].includes(
      command.name,
    )
  ) {
    return command.shell.redirects.length > 0 ? 'a RUN writes a file that the program may need' : undefined;
  }
  return `a RUN also calls ${command.name || 'a program'}, and what that leaves in the image may be needed`;
}
