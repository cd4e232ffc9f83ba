import type { Dockerfile } from '../model/dockerfile.ts';
import type { Instruction } from '../syntax/instruction.ts';
import type { Range } from '../text/range.ts';
import type { Problem } from './finding.ts';

/**
 * Texts longer than this (UTF-16 units) are not checked. The longest of a thousand real Dockerfiles has 15,000; what is
 * longer than this is something else, and an editor must not wait for it.
 */
export const longestText = 256_000;

/** More instructions than this are not checked: an image has at most 127 layers, and rules compare instructions. */
export const mostInstructions = 2_000;

/** Why a text is not checked at all; undefined for a text that is. */
export function refuseText(text: string): Problem | undefined {
  const nul = text.indexOf('\0');
  if (nul >= 0) {
    return {
      kind: 'input:binary',
      message: 'This is not a text file (it holds NUL characters), so it was not checked.',
      range: { start: nul, end: nul + 1 },
      severity: 'error',
    };
  }
  if (text.length > longestText) {
    return {
      kind: 'input:too-long',
      message: `This text has ${grouped(text.length)} characters and was not checked; up to ${grouped(longestText)} are.`,
      range: { start: 0, end: 0 },
      severity: 'warning',
    };
  }
  return undefined;
}

/** The same for what shows only once the text is parsed. */
export function refuseModel(dockerfile: Dockerfile): Problem | undefined {
  const { length } = dockerfile.instructions;
  if (length <= mostInstructions) return undefined;
  return {
    kind: 'input:too-long',
    message: `This text has ${grouped(length)} instructions and was not checked; up to ${grouped(mostInstructions)} are.`,
    range: { start: 0, end: 0 },
    severity: 'warning',
  };
}

function grouped(number: number): string {
  return String(number).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** A half of a surrogate pair stands alone: such a text can't be saved as UTF-8. */
export function findLoneSurrogate(text: string): Problem | undefined {
  const match = /\p{Surrogate}/u.exec(text);
  if (!match) return undefined;
  return {
    kind: 'input:invalid-utf16',
    message: "This character is half of a surrogate pair and can't be saved as UTF-8; remove it.",
    range: { start: match.index, end: match.index + 1 },
    severity: 'warning',
  };
}

const placeholder = /\{\{|\{%|\{#|<%/;

/** What a template engine would replace; the text is then not yet a Dockerfile. */
export interface Placeholders {
  readonly first: Range;
  /** Whether an instruction holds a placeholder, so that what is found in it may be wrong. */
  isIn(instruction: Instruction): boolean;
}

/**
 * Placeholders where no Dockerfile has them: as an instruction, in a FROM, or in a file without any. Braces elsewhere are not taken for some,
 * since `docker inspect --format '{{.Id}}'` and the like are ordinary.
 */
export function findPlaceholders(dockerfile: Dockerfile): Placeholders | undefined {
  const isPart = !dockerfile.instructions.some(({ keyword }) => keyword === 'FROM');
  for (const instruction of dockerfile.instructions) {
    const text = dockerfile.slice(instruction.headRange);
    const match = placeholder.exec(text);
    if (!match || (match.index > 0 && instruction.keyword !== 'FROM' && !isPart)) continue;
    const start = instruction.headRange.start + match.index;
    return {
      first: { start, end: start + match[0].length },
      isIn: (each) => placeholder.test(dockerfile.slice(each.headRange)),
    };
  }
  return undefined;
}
