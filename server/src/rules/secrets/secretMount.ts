import type { FixProposal } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { findVariables } from '../../syntax/variables.ts';
import { type Edit, insertAfter, insertAt, remove } from '../../text/edit.ts';

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
  if (argument.pairs[0]!.rawValue)
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

/** The RUNs that name the variable; when none does, those that install packages, whose configuration may. */
function usersOf(stage: Stage, later: readonly Instruction[], name: string): readonly Run[] {
  const runs = stage.runs.filter((run) => later.includes(run.instruction));
  const pattern = new RegExp(`\\$(?:${name}\\b|\\{${name}\\b)`);
  const naming = runs.filter((run) => pattern.test(stage.dockerfile.slice(run.instruction.range)));
  return naming.length > 0 ? naming : runs.filter((run) => run.installs.some((use) => use.fromManifest));
}

function canMount(run: Run): boolean {
  const isPosix = ['posix', 'bash', 'ash', 'zsh'].includes(run.shell.dialect);
  return (
    isPosix &&
    (run.form === 'shell' || run.form === 'heredoc') &&
    !run.stage.dockerfile.slice(run.scriptRange).startsWith('#!')
  );
}
