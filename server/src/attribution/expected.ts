import { Copy, resolvePath } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import type { Environment } from '../model/environment.ts';
import type { Stage } from '../model/stage.ts';
import type { Heredoc } from '../syntax/heredoc.ts';
import type { Instruction } from '../syntax/instruction.ts';
import { removeQuotes } from '../syntax/words.ts';
import {
  type BaseEnvironment,
  compact,
  expandLoosely,
  expandOpenly,
  hasGap,
  isOnlyGaps,
  type LooseText,
  wordSet,
} from './looseText.ts';

/** An instruction that the history should show, with the texts under which builders note it. All texts are compact. */
export interface ExpectedStep {
  /** Of a trigger: the instruction behind ONBUILD. */
  readonly instruction: Instruction;
  readonly stage: Stage;
  readonly keyword: string;
  /** Run because the parent stage, in the same file, says ONBUILD. */
  readonly isTrigger: boolean;
  /** Of RUN: the command, in each form that some builder writes. Of others: the arguments, raw and expanded. */
  readonly texts: readonly LooseText[];
  /** The shell in force, as builders write it in front of a RUN; undefined for the default. */
  readonly shell: string | undefined;
  /** Of COPY and ADD: where to, raw and expanded; of WORKDIR: the directory. */
  readonly destinations: readonly LooseText[];
  /** Arguments and destination with all variables open, when they have some: the build may have set other values. */
  readonly openText: LooseText | undefined;
  readonly openDestination: LooseText | undefined;
  /** Of ENV, ARG and LABEL: the names. */
  readonly names: readonly string[];
  /** Of EXPOSE: the words, expanded. */
  readonly ports: readonly LooseText[];
  readonly words: ReadonlySet<string>;
  /** Whether it is a RUN in JSON form: then no shell need stand in front. */
  readonly isExec: boolean;
}

/** Instructions that write files. */
export const workKeywords: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);

/** Looks up the stage that `--target` names; the final one when it is left out. */
export function targetStage(dockerfile: Dockerfile, target: string | undefined): Stage | undefined {
  if (target === undefined || target === '') return dockerfile.finalStage;
  const named = dockerfile.stages.findLast((stage) => stage.name === target.toLowerCase());
  return named ?? (/^\d+$/.test(target) ? dockerfile.stages[Number(target)] : undefined);
}

/**
 * What the history of an image built from these stages should show behind its base image, oldest first.
 *
 * @param chain a stage, the stage it is built from, and so on
 */
export function expectedSteps(chain: readonly Stage[], base: BaseEnvironment): ExpectedStep[] {
  return chain.toReversed().flatMap((stage) => {
    const triggers = (stage.parent?.instructions ?? []).flatMap((each) => each.trigger ?? []);
    const inherited = stage.parent?.envAt('end');
    return [
      ...triggers.map((each) => expected(each, stage, inherited ?? stage.envAt(each), true, base)),
      ...stage.instructions
        .filter((each) => each.known)
        .map((each) => expected(each, stage, stage.envAt(each), false, base)),
    ];
  });
}

function expected(
  instruction: Instruction,
  stage: Stage,
  own: Environment,
  isTrigger: boolean,
  base: BaseEnvironment,
): ExpectedStep {
  const { keyword, escape } = instruction;
  const expand = (text: string): LooseText => compact(expandLoosely(text, escape, own, base));
  const open = (text: string): LooseText => compact(expandOpenly(text, escape));
  const openText = expandedArguments(instruction, open);
  const openDestination = destinations(instruction, stage, open)[0];
  const raw = compact(instruction.argsText);
  const shell = keyword === 'RUN' ? stage.shellAt(isTrigger ? 'end' : instruction).words?.join(' ') : undefined;
  return {
    instruction,
    stage,
    keyword,
    isTrigger,
    texts:
      keyword === 'RUN' ? runTexts(instruction, stage) : [...new Set([expandedArguments(instruction, expand), raw])],
    shell,
    destinations: destinations(instruction, stage, expand),
    openText: isTelling(openText) ? openText : undefined,
    openDestination: isTelling(openDestination) ? openDestination : undefined,
    names: instruction.pairs.map((pair) => removeQuotes(pair.name, escape)),
    ports: keyword === 'EXPOSE' ? instruction.words.map((word) => expand(word.text)) : [],
    words: wordSet(instruction.argsText + instruction.heredocs.map((each) => bodyOf(each, stage)).join(' ')),
    isExec: keyword === 'RUN' && instruction.json !== undefined,
  };
}

/** Whether a text has gaps, but not only gaps. */
function isTelling(text: LooseText | undefined): text is LooseText {
  return text !== undefined && hasGap(text) && !isOnlyGaps(text);
}

/** Builders note items of a JSON form without quotes and commas, and words without their quotes. */
function expandedArguments(instruction: Instruction, expand: (text: string) => LooseText): LooseText {
  if (instruction.json) return instruction.json.items.map((item) => expand(item.value)).join('');
  return expand(instruction.argsText);
}

function destinations(instruction: Instruction, stage: Stage, expand: (text: string) => LooseText): LooseText[] {
  const { keyword } = instruction;
  if (keyword === 'COPY' || keyword === 'ADD') {
    const written = new Copy(instruction, stage).destination?.text;
    return written === undefined ? [] : [...new Set([expand(written), compact(written)])];
  }
  if (keyword === 'WORKDIR') {
    const written = instruction.words[0]?.text ?? '';
    const absolute = resolvePath(stage.workdirAt(instruction), written);
    return [...new Set([expand(written), compact(written), ...(absolute === undefined ? [] : [expand(absolute)])])];
  }
  return [];
}

function runTexts(instruction: Instruction, stage: Stage): string[] {
  const text = instruction.argsText;
  const flags = instruction.flags.map((flag) => stage.dockerfile.slice(flag.range)).join('');
  const forms = [text];
  if (instruction.json) forms.push(instruction.json.items.map((item) => item.value).join(' '));
  if (instruction.heredocs.length > 0) {
    const bodies = instruction.heredocs.map((heredoc) => ({ name: heredoc.name, body: bodyOf(heredoc, stage) }));
    const all = bodies.map(({ name, body }) => `${body}\n${name}`).join('\n');
    forms.push(`${text}\n${all}`, `${text}\n${all.slice(0, all.length - bodies.at(-1)!.name.length)}`);
    if (bodies.length === 1) forms.push(bodies[0]!.body);
    // Buildah leaves out all terminators.
    else forms.push(`${text}\n${bodies.map(({ body }) => body).join('\n')}`);
  }
  const compacted = forms.map(compact).filter((form) => form !== '');
  return [...new Set(flags === '' ? compacted : [...compacted, ...compacted.map((form) => compact(flags) + form)])];
}

function bodyOf(heredoc: Heredoc, stage: Stage): string {
  return stage.dockerfile.slice(heredoc.bodyRange);
}
