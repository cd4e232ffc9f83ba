import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Stage } from '../../model/stage.ts';
import { type StageReference, stageReferences } from '../../model/stageReferences.ts';
import type { Range } from '../../text/range.ts';
import { declaration, type FileSymbol, type Occurrence, reference } from './symbols.ts';

/** A place that names a stage, or what would be one if it were declared above. */
export interface StageMention extends StageReference {
  readonly user: Stage;
  readonly stage: Stage | undefined;
}

/** All places after FROM, `--from=` and in mounts that name a stage or an image. */
export function stageMentions(dockerfile: Dockerfile): readonly StageMention[] {
  return dockerfile.stages.flatMap((user) => {
    const { word, written, stage } = user.base;
    const base = word && written && !word.split ? [{ user, name: written.text, range: written.range, stage }] : [];
    const others = stageReferences(user).map((each) => ({
      user,
      ...each,
      stage: dockerfile.stageNamed(each.name, user),
    }));
    return [...base, ...others];
  });
}

/** The stage that is named at the offset. */
export function stageSymbolAt(dockerfile: Dockerfile, offset: number): FileSymbol | undefined {
  const references = stageMentions(dockerfile);
  const isHere = (range: Range): boolean => range.start <= offset && offset <= range.end;
  const stage =
    dockerfile.stages.find(({ nameWord }) => nameWord && !nameWord.split && isHere(nameWord.range)) ??
    references.find(({ range }) => isHere(range))?.stage;
  return stage && stageSymbol(dockerfile, stage, references);
}

function stageSymbol(dockerfile: Dockerfile, stage: Stage, references: readonly StageMention[]): FileSymbol {
  const own = references.filter((each) => each.stage === stage);
  const { nameWord } = stage;
  const isIndirect = (each: StageMention): boolean => each.name.toLowerCase() !== stage.name;
  const occurrences: Occurrence[] = [
    ...(nameWord ? [declaration(nameWord.range)] : []),
    ...own.map((each) => reference(each.range, undefined, isIndirect(each))),
  ];
  const byVariable = own.find((each) => each.name.includes('$'));
  return {
    kind: 'stage',
    name: nameWord?.text ?? `${stage.index}`,
    occurrences: occurrences.sort((a, b) => a.range.start - b.range.start),
    definitionsFor: () => [nameWord?.range ?? stage.base.word?.range ?? stage.from.keywordRange],
    refusal: refusalOf(dockerfile, stage, byVariable),
    refusesName: (name) => refusesName(dockerfile, stage, references, name),
  };
}

function refusalOf(dockerfile: Dockerfile, stage: Stage, byVariable: StageMention | undefined): string | undefined {
  if (!stage.nameWord) return 'This stage has no name; give it one with AS.';
  if (stage.nameWord.split) return 'The name is written across two lines.';
  if (!byVariable) return undefined;
  const line = dockerfile.lines.lineAt(byVariable.range.start) + 1;
  return `Line ${line} names the stage through a variable, which can’t be followed in every build.`;
}

function refusesName(
  dockerfile: Dockerfile,
  stage: Stage,
  references: readonly StageMention[],
  name: string,
): string | undefined {
  if (!/^[a-z][\w.-]*$/i.test(name)) {
    return 'The name of a stage starts with a letter and holds letters, digits, dots, dashes and underscores.';
  }
  const wanted = name.toLowerCase();
  if (wanted === stage.name) return undefined;
  if (wanted === 'scratch') return 'scratch is the empty image and can’t be a stage.';
  const other = dockerfile.stages.find((each) => each !== stage && each.name === wanted);
  if (other) return `There is already a stage ${other.nameWord!.text}.`;
  const taken = references.find((each) => each.user.index > stage.index && each.name.toLowerCase() === wanted);
  if (!taken) return undefined;
  const line = dockerfile.lines.lineAt(taken.range.start) + 1;
  return `Line ${line} takes the image ${name}, which would then be this stage.`;
}
