import { doubtsOf, titleWith } from '../../fixTitle.ts';
import type { FixProposal } from '../../../lint/rule.ts';
import type { Command } from '../../../model/command.ts';
import type { Stage } from '../../../model/stage.ts';
import { exposedPorts, startupOf } from '../../../model/startup.ts';
import { dotnet } from './dotnet.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import { node } from './node.ts';
import { becomesNonRoot, obstacle } from './obstacles.ts';
import {
  declined,
  type Ecosystem,
  factsOf,
  keptUser,
  type Recognition,
  type RewritePlan,
  rewriteEdits,
} from './plan.ts';
import { php } from './php.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { literalWords, starterOf } from './start.ts';
import { staticSite } from './staticSite.ts';
import { toolchain } from './toolchain.ts';

/** In the order in which they are asked; the first that knows its build answers. */
const ecosystems: readonly Ecosystem[] = [go, rust, java, dotnet, staticSite, node, python, ruby, php, toolchain];

/** A build that ships with its program, and what can be done about it. */
export interface ShippedBuild {
  readonly ecosystem: Ecosystem;
  /** The command that builds. */
  readonly command: Command;
  readonly answer: Recognition;
}

/** The build that a stage ships; undefined when it builds nothing, or is not the one stage of its image. */
export function shippedBuild(stage: Stage): ShippedBuild | undefined {
  if (!stage.isFinal || stage.parent || !stage.base.word) return undefined;
  if (stage.instructions.some((each) => each.keyword === 'ONBUILD') || !startsProgram(stage)) return undefined;
  for (const ecosystem of ecosystems) {
    const command = ecosystem.buildCommand(stage);
    if (!command) continue;
    const answer = ecosystem.plan(stage);
    const reason = answer.kind === 'plan' ? obstacle(stage, answer.plan) : undefined;
    return { ecosystem, command, answer: reason === undefined ? answer : declined(reason) };
  }
  return undefined;
}

/** Whether the image is there to run one program; without one (or with a shell for it) it may be meant to build in. */
function startsProgram(stage: Stage): boolean {
  const starter = starterOf(stage);
  if (!starter) {
    // The images of servers start their server by themselves.
    const { facts } = stage.rootBase;
    return facts?.repository === 'php' && /apache|fpm/.test(facts.tag);
  }
  const [program = '', option = '', ...rest] = literalWords(starter) ?? [''];
  const isShell = /^(?:\/(?:usr\/)?bin\/)?(?:ba|z|a)?sh$/.test(program);
  return !isShell || rest.length > 0 || !/^(?:-\w+)?$/.test(option);
}

/** The rewrite as a fix. @param verb what the title begins with */
export function rewriteFix(stage: Stage, plan: RewritePlan, verb: string): FixProposal {
  return {
    title: titleWith(headOf(plan, verb), notesOn(stage, plan)),
    edits: rewriteEdits(stage, plan),
    kind: 'rewrite',
    preferred: false,
  };
}

/** What the rewrite takes for granted, where the title has no room for all of it. */
export function rewriteDoubts(stage: Stage, plan: RewritePlan, verb: string): { readonly withheld?: string } {
  const doubts = doubtsOf(headOf(plan, verb), notesOn(stage, plan));
  return doubts === undefined ? {} : { withheld: doubts };
}

function headOf(plan: RewritePlan, verb: string): string {
  // The registry is in the edit; a title has no room for it.
  return `${verb} ${plan.splitAt ? 'a base that both share' : plan.image.replace(/^[^/]+\.[^/]+\//, '')}`;
}

function notesOn(stage: Stage, plan: RewritePlan): readonly string[] {
  const assumes = [...plan.assumes, ...scriptAssumption(stage, plan), ...portAssumption(stage, plan)];
  return [`as ${finalUser(stage, plan)}`, ...assumes.map((each, index) => (index === 0 ? `assumes ${each}` : each))];
}

function finalUser(stage: Stage, plan: RewritePlan): string {
  const kept = keptUser(stage, plan.lastBuildStep);
  if (plan.splitAt) return `${stage.effectiveUserAt('end').user ?? 'before'}, as before`;
  return kept?.words[0]?.text ?? plan.user ?? factsOf(plan.image)?.user.name ?? 'the user of that image';
}

function scriptAssumption(stage: Stage, plan: RewritePlan): string[] {
  const [script] = plan.splitAt ? [] : startupOf(stage).unseenScripts;
  return script === undefined ? [] : [`that ${script} calls nothing of the build's image`];
}

function portAssumption(stage: Stage, plan: RewritePlan): string[] {
  const low = exposedPorts(stage).find((port) => port < 1024);
  return low !== undefined && becomesNonRoot(stage, plan) ? [`that it may open port ${low} without root`] : [];
}
