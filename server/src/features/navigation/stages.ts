import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';
import { declaration, type FileSymbol, type Occurrence, reference } from './symbols.ts';

/** A place that names a stage, or what would be one if it were declared above. */
export interface StageReference {
  readonly user: Stage;
  /** As written. */
  readonly name: string;
  readonly range: Range;
  readonly stage: Stage | undefined;
}

/** All places after FROM, `--from=` and in mounts that name a stage or an image. */
export function stageReferences(dockerfile: Dockerfile): readonly StageReference[] {
  return dockerfile.stages.flatMap((user) => {
    const { word, written, stage } = user.base;
    const base = word && written && !word.split ? [{ user, name: written.text, range: written.range, stage }] : [];
    const flags = user.instructions.flatMap((instruction) =>
      instruction.flags.flatMap(({ name, value, valueRange }) => {
        if (value === undefined || !valueRange) return [];
        if (name === 'from' && instruction.keyword === 'COPY') return [{ name: value, range: valueRange }];
        if (name !== 'mount') return [];
        return mountOrigin(value, valueRange.start);
      }),
    );
    return [...base, ...flags.map((flag) => ({ user, ...flag, stage: dockerfile.stageNamed(flag.name, user) }))];
  });
}

function mountOrigin(value: string, start: number): { readonly name: string; readonly range: Range }[] {
  const found = /(?:^|,)from=([^,]+)/.exec(value);
  if (!found) return [];
  const name = found[1]!;
  const from = start + found.index + found[0].length - name.length;
  return [{ name, range: { start: from, end: from + name.length } }];
}

/** The stage that is named at the offset. */
export function stageSymbolAt(dockerfile: Dockerfile, offset: number): FileSymbol | undefined {
  const references = stageReferences(dockerfile);
  const isHere = (range: Range): boolean => range.start <= offset && offset <= range.end;
  const stage =
    dockerfile.stages.find(({ nameWord }) => nameWord && !nameWord.split && isHere(nameWord.range)) ??
    references.find(({ range }) => isHere(range))?.stage;
  return stage && stageSymbol(dockerfile, stage, references);
}

function stageSymbol(dockerfile: Dockerfile, stage: Stage, references: readonly StageReference[]): FileSymbol {
  const own = references.filter((each) => each.stage === stage);
  const { nameWord } = stage;
  const isIndirect = (each: StageReference): boolean => each.name.toLowerCase() !== stage.name;
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

function refusalOf(dockerfile: Dockerfile, stage: Stage, byVariable: StageReference | undefined): string | undefined {
  if (!stage.nameWord) return 'This stage has no name; give it one with AS.';
  if (stage.nameWord.split) return 'The name is written across two lines.';
  if (!byVariable) return undefined;
  const line = dockerfile.lines.lineAt(byVariable.range.start) + 1;
  return `Line ${line} names the stage through a variable, which can’t be followed in every build.`;
}

function refusesName(
  dockerfile: Dockerfile,
  stage: Stage,
  references: readonly StageReference[],
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
