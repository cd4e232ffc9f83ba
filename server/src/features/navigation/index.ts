import type { Dockerfile } from '../../model/dockerfile.ts';
import { type Edit, replace } from '../../text/edit.ts';
import type { Range } from '../../text/range.ts';
import { stageSymbolAt } from './stages.ts';
import type { FileSymbol, Occurrence } from './symbols.ts';
import { variableSymbolAt } from './variables.ts';

export { copiedFileAt } from './files.ts';
export type { Occurrence } from './symbols.ts';

/** Why something is not done; a sentence for the user. */
export interface Refusal {
  readonly refusal: string;
}

/** Where the stage or variable at the offset is declared; empty when nothing is named there. */
export function definitionsAt(dockerfile: Dockerfile, offset: number): readonly Range[] {
  const found = symbolAt(dockerfile, offset);
  return found ? found.symbol.definitionsFor(found.occurrence) : [];
}

/** All places that name what is named at the offset, in the order of the text. */
export function occurrencesAt(dockerfile: Dockerfile, offset: number): readonly Occurrence[] {
  return symbolAt(dockerfile, offset)?.symbol.occurrences ?? [];
}

/** What would be renamed at the offset; undefined when nothing is named there. */
export function renameTarget(
  dockerfile: Dockerfile,
  offset: number,
): { readonly range: Range; readonly name: string } | Refusal | undefined {
  const found = symbolAt(dockerfile, offset);
  if (!found) return undefined;
  const { symbol, occurrence } = found;
  if (symbol.refusal !== undefined) return { refusal: symbol.refusal };
  if (occurrence.isIndirect) return { refusal: 'A number is no name; rename the stage where it is named.' };
  return { range: occurrence.range, name: dockerfile.slice(occurrence.range) };
}

/** The edits that give it another name everywhere. */
export function rename(dockerfile: Dockerfile, offset: number, name: string): readonly Edit[] | Refusal {
  const found = symbolAt(dockerfile, offset);
  if (!found) return { refusal: 'There is no stage and no variable here.' };
  const { symbol, occurrence } = found;
  const refusal = symbol.refusal ?? symbol.refusesName(name);
  if (refusal !== undefined) return { refusal };
  if (occurrence.isIndirect) return { refusal: 'A number is no name; rename the stage where it is named.' };
  return symbol.occurrences.filter((each) => !each.isIndirect).map(({ range }) => replace(range, name));
}

function symbolAt(
  dockerfile: Dockerfile,
  offset: number,
): { readonly symbol: FileSymbol; readonly occurrence: Occurrence } | undefined {
  // A variable in the name of an image stands inside of it.
  const symbol = variableSymbolAt(dockerfile, offset) ?? stageSymbolAt(dockerfile, offset);
  const here = symbol?.occurrences.filter(({ range }) => range.start <= offset && offset <= range.end) ?? [];
  const [occurrence] = here.toSorted((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start));
  return symbol && occurrence && { symbol, occurrence };
}
