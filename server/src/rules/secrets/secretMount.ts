import type { FixProposal } from '../../lint/rule.ts';
import { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { findVariables } from '../../syntax/variables.ts';
import { type Edit, insertAfter, insertAt, remove } from '../../text/edit.ts';
import { namesSecret } from './secretNames.ts';

export type SecretMountAnswer =
  | { readonly kind: 'fix'; readonly fix: FixProposal }
  | { readonly kind: 'withheld'; readonly reason: string };

/**
 * Passes a build argument as a secret mount instead: ARG goes, and each RUN that needs the value mounts it, as a
 * variable where the frontend can do that (1.10), otherwise read from the file.
 */
export function secretMount(stage: Stage, argument: Instruction): SecretMountAnswer {
  const name = argument.pairs[0]!.name;
  if (argument.pairs.length > 1) return withheld('It is declared together with other arguments.');
  // An empty default gives nothing away.
  if (argument.pairs[0]!.rawValue?.replace(/^(["'])\1$/, ''))
    return withheld('It has a default, which is in the file already: change the secret, too.');
  const later = stage.instructions.slice(stage.instructions.indexOf(argument) + 1);
  const elsewhere = later.find((each) => each.keyword !== 'RUN' && names(each, name));
  if (elsewhere) return withheld(`${elsewhere.keyword} uses it, too, and has no secret mounts.`);
  const runs = usersOf(stage, later, name);
  if (runs.length === 0) return withheld('Which RUN needs it can’t be told.');
  if (!runs.every(canMount)) return withheld('A RUN that needs it is in JSON form or runs another shell.');
  const id = name.toLowerCase().replaceAll('_', '-');
  const asVariable = stage.dockerfile.frontend.has(1, 10) === true;
  const { lines } = stage.dockerfile;
  const edits: Edit[] = [remove(lines.fullLine(lines.lineAt(argument.range.start)))];
  for (const run of runs) {
    const flag = ` --mount=type=secret,id=${id}${asVariable ? `,env=${name}` : ''}`;
    edits.push(insertAfter(run.instruction.keywordRange, flag));
    if (asVariable) continue;
    const read = `export ${name}="$(cat /run/secrets/${id})"`;
    edits.push(
      insertAt(run.scriptRange.start, run.form === 'heredoc' ? read + stage.dockerfile.lineBreak : `${read} && `),
    );
  }
  return {
    kind: 'fix',
    fix: { title: `Use a secret mount; build with --secret id=${id},env=${name} from then on`, edits, preferred: true },
  };
}

function withheld(reason: string): SecretMountAnswer {
  return { kind: 'withheld', reason };
}

function names(instruction: Instruction, name: string): boolean {
  return findVariables(instruction.argsText, 0, instruction.escape).some((reference) => reference.name === name);
}

/**
 * The rewrite for a secret that was found in the layer of an instruction: what it takes from a build argument comes by a
 * secret mount, and a RUN removes the files again that it leaves the secret in. Undefined where that can't be done without
 * knowing more.
 *
 * @param files in the image, absolute, in which the secret was found; none when only the image's history has it
 */
export function leakedSecretFix(
  instruction: Instruction,
  stage: Stage,
  files: readonly string[],
): { readonly argument: Instruction; readonly fix: FixProposal } | undefined {
  const argument = instruction.keyword === 'ARG' ? instruction : leakingArgument(instruction, stage);
  const answer = argument && secretMount(stage, argument);
  if (!argument || answer?.kind !== 'fix') return undefined;
  if (instruction === argument || files.length === 0) return { argument, fix: answer.fix };
  const removal = removalOf(new Run(instruction, stage), files);
  if (!removal) return undefined;
  const { title, edits } = answer.fix;
  const what = files.length === 1 ? files[0] : `${files.length} files`;
  return {
    argument,
    fix: {
      title: title.replace('Use a secret mount', `Use a secret mount and remove ${what} in the same RUN`),
      edits: [...edits, removal],
    },
  };
}

/** The one build argument whose value a RUN may have written down. */
function leakingArgument(instruction: Instruction, stage: Stage): Instruction | undefined {
  if (instruction.keyword !== 'RUN') return undefined;
  const before = stage.instructions.slice(0, stage.instructions.indexOf(instruction));
  const used = before.filter(
    (each) =>
      each.keyword === 'ARG' &&
      each.pairs.some(({ name }) => patternOf(name).test(stage.dockerfile.slice(instruction.range))),
  );
  const secret = used.filter((each) => each.pairs.some(({ name }) => namesSecret(name)));
  const [only, ...others] = secret.length > 0 ? secret : used;
  return others.length === 0 ? only : undefined;
}

/** At the end of the script: what a RUN has removed at its end is not in its layer. Undefined where the end is unclear. */
function removalOf(run: Run, files: readonly string[]): Edit | undefined {
  const { scriptRange, scriptText, form, instruction, stage } = run;
  if (!canMount(run)) return undefined;
  if (!files.every((file) => /^(?:\/[\w@%+.,-]+)+$/.test(file) && !file.split('/').includes('..'))) return undefined;
  const command = `rm -f ${files.join(' ')}`;
  if (form === 'heredoc') {
    if (!scriptText.endsWith('\n')) return undefined;
    return insertAt(scriptRange.end, command + stage.dockerfile.lineBreak);
  }
  const script = scriptText.trimEnd();
  const isPlain = instruction.heredocs.length === 0 && !/[;&|\\({]$|(?:^|\s)#[^\n]*$/.test(script);
  return isPlain ? insertAt(scriptRange.start + script.length, ` && ${command}`) : undefined;
}

/** The RUNs that name the variable; when none does, those that install packages, whose configuration may. */
function usersOf(stage: Stage, later: readonly Instruction[], name: string): readonly Run[] {
  const runs = stage.runs.filter((run) => later.includes(run.instruction));
  const naming = runs.filter((run) => patternOf(name).test(stage.dockerfile.slice(run.instruction.range)));
  return naming.length > 0 ? naming : runs.filter((run) => run.installs.some((use) => use.fromManifest));
}

function patternOf(name: string): RegExp {
  return new RegExp(`\\$(?:${name}\\b|\\{${name}\\b)`);
}

function canMount(run: Run): boolean {
  const isPosix = ['posix', 'bash', 'ash', 'zsh'].includes(run.shell.dialect);
  return (
    isPosix &&
    (run.form === 'shell' || run.form === 'heredoc') &&
    !run.stage.dockerfile.slice(run.scriptRange).startsWith('#!')
  );
}
