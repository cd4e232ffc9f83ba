import { defineRule } from '../../lint/rule.ts';
import { expandWord } from '../../syntax/variables.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { replace } from '../../text/edit.ts';

export const legacyKeyValue = defineRule({
  id: 'legacy-key-value',
  practice: 'syntax',
  summary: '`ENV name value` and `LABEL name value` without `=` are the old form.',
  why: 'In the old form everything behind the name is one value, blanks included, and only one name fits on a line, so `ENV A 1 B=2` sets `A` to `1 B=2`. BuildKit warns about it. The form with `=` says what it means.',
  severity: 'hint',
  fix: 'safe',
  aliases: ['buildkit/LegacyKeyValueFormat'],
  examples: [{ before: 'FROM debian:13\nENV PORT 8080\n', after: 'FROM debian:13\nENV PORT=8080\n' }],
  check({ dockerfile, report }) {
    for (const outer of dockerfile.instructions) {
      const instruction = outer.trigger ?? outer;
      const [pair] = instruction.pairs;
      if (!instruction.legacyPair || !pair?.valueRange || pair.rawValue === undefined) continue;
      const value = rewritten(instruction, dockerfile.slice(pair.valueRange));
      report({
        range: pair.nameRange,
        message: `${instruction.keyword} ${pair.name} uses the old form without =; write ${pair.name}=value.`,
        fixes:
          value === undefined
            ? []
            : [
                {
                  title: `Write ${pair.name}=…`,
                  edits: [replace({ start: pair.nameRange.end, end: pair.valueRange.end }, `=${value}`)],
                },
              ],
        ...(value === undefined
          ? { withheld: 'Its quotes, escapes or line breaks would not mean the same in the new form.' }
          : {}),
      });
    }
  },
});

/**
 * The value as one word of the new form that means the same; undefined when that can't be shown: both are expanded with
 * probe values and compared.
 */
function rewritten(instruction: Instruction, value: string): string | undefined {
  if (
    /[\r\n]/.test(value) ||
    instruction.pairs[0]!.split ||
    /^[=]|<</.test(value) ||
    /[$]/.test(instruction.pairs[0]!.name)
  )
    return undefined;
  const candidates = /[\s]/.test(value) ? [`"${value}"`] : [value];
  candidates.push(escapedBlanks(value, instruction.escape));
  const lookup = (name: string): string => `<${name}>`;
  const expected = expandWord(value, instruction.escape, lookup);
  return candidates.find(
    (candidate) =>
      isOneWord(candidate, instruction.escape) && expandWord(candidate, instruction.escape, lookup) === expected,
  );
}

/** Puts the escape character in front of each blank outside quotes. */
function escapedBlanks(text: string, escape: string): string {
  let result = '';
  let quote = '';
  for (const character of text) {
    if (quote === character) quote = '';
    else if (!quote && (character === '"' || character === "'")) quote = character;
    result += !quote && /\s/.test(character) ? escape + character : character;
  }
  return result;
}

function isOneWord(text: string, escape: string): boolean {
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (quote) {
      if (character === quote) quote = '';
      else if (character === escape && quote !== "'") i++;
    } else if (character === '"' || character === "'") quote = character;
    else if (character === escape) i++;
    else if (/\s/.test(character)) return false;
  }
  return quote === '' && !text.endsWith(escape);
}
