import { resolvePath } from '../../../model/copy.ts';
import type { Stage } from '../../../model/stage.ts';
import { startupOf } from '../../../model/startup.ts';
import type { Instruction } from '../../../syntax/instruction.ts';
import { type Edit, replace } from '../../../text/edit.ts';

/** The instruction whose first word is the program; undefined when only the base image says what starts. */
export function starterOf(stage: Stage): Instruction | undefined {
  return stage.lastInChain('ENTRYPOINT') ?? stage.lastInChain('CMD');
}

export const noStarter = 'there is no CMD or ENTRYPOINT that tells which program runs';
export const needsShell = 'CMD needs a shell, and the final image would have none';

/** Words of an instruction's command when they are literal: JSON form, or a single simple command in shell form. */
export function literalWords(instruction: Instruction): readonly string[] | undefined {
  if (instruction.json) return instruction.json.items.map((item) => item.value);
  const text = instruction.argsText.trim().replace(/^exec\s+/, '');
  if (text === '' || /[$`*?[\]{}~;&|<>()#"'\\=\n]/.test(text)) return undefined;
  const words = text.split(/\s+/);
  return /^(?:cd|source|\.|eval|exec|exit|test|if|for|while|:|export|set)$/.test(words[0]!) ? undefined : words;
}

/**
 * The program that a CMD or ENTRYPOINT starts, also where only the shell can tell its arguments (`./app --port $PORT`);
 * undefined when more than one command runs, or the name itself is not literal.
 */
export function startedProgram(instruction: Instruction): string | undefined {
  const words = literalWords(instruction);
  if (words || instruction.json) return words?.[0];
  const text = instruction.argsText.trim();
  return /^(?:exec\s+)?(?:[A-Za-z_]\w*=[^\s;&|<>`()]*\s+)*([\w./-]+)(?:\s[^;&|<>`()\n]*)?$/.exec(text)?.[1];
}

/** CMD and ENTRYPOINT in force. */
export function startersOf(stage: Stage): Instruction[] {
  return [stage.lastInChain('ENTRYPOINT'), stage.lastInChain('CMD')].filter((each) => each !== undefined);
}

/**
 * Edits that put CMD and ENTRYPOINT into JSON form, for an image without a shell; undefined when one of them needs the
 * shell, or stands in front of `lastBuildStep` (it would be repeated as it is).
 */
export function withoutShell(stage: Stage, lastBuildStep: Instruction): Edit[] | undefined {
  const shellForms = startersOf(stage).filter((each) => !each.json);
  if (shellForms.some((each) => literalWords(each) === undefined || each.range.start < lastBuildStep.range.start))
    return undefined;
  // What stands in an ENTRYPOINT of shell form hides CMD; in JSON form it would not.
  if (shellForms.some((each) => each.keyword === 'ENTRYPOINT') && stage.lastInChain('CMD')) return undefined;
  return shellForms.map((each) =>
    replace(
      each.argsRange,
      `[${literalWords(each)!
        .map((word) => JSON.stringify(word))
        .join(', ')}]`,
    ),
  );
}

/** CMD, ENTRYPOINT, the scripts they start, and HEALTHCHECK: all that names programs that run in the container. */
export function runTimeText(stage: Stage): string {
  return `${startupOf(stage).text}\n${stage.lastInChain('HEALTHCHECK')?.argsText ?? ''}`;
}

/** Absolute path of a program or file that is named at run time; undefined for a bare program name. */
export function runTimePath(stage: Stage, text: string): string | undefined {
  return resolvePath(stage.workdirAt('end'), text);
}
