import { defineRule } from '../../lint/rule.ts';
import { replace } from '../../text/edit.ts';

export const keywordCasing = defineRule({
  id: 'keyword-casing',
  practice: 'syntax',
  summary: 'Instructions are written in different cases, or `AS` in another case than `FROM`.',
  why: 'Docker reads keywords in any case. A file that keeps to one is easier to read; upper case, the custom, sets instructions apart from their arguments. The case that most instructions have wins.',
  severity: 'hint',
  fix: 'safe',
  aliases: [
    'buildkit/ConsistentInstructionCasing',
    'buildkit/FromAsCasing',
    'sonar/S6476',
    'dockerfile-utils/CASING_INSTRUCTION',
  ],
  examples: [{ before: 'FROM debian:13\nrun true\nCMD ["x"]\n', after: 'FROM debian:13\nRUN true\nCMD ["x"]\n' }],
  check({ dockerfile, report }) {
    const known = dockerfile.instructions
      .flatMap((each) => (each.trigger ? [each, each.trigger] : [each]))
      .filter((each) => each.known);
    const lower = known.filter((each) => each.writtenKeyword === each.keyword.toLowerCase()).length;
    const upper = known.filter((each) => each.writtenKeyword === each.keyword).length;
    const inCase = (word: string): string => (lower > upper ? word.toLowerCase() : word);
    for (const instruction of known) {
      const wanted = inCase(instruction.keyword);
      if (instruction.writtenKeyword !== wanted) {
        report({
          range: instruction.keywordRange,
          message: `Most instructions of this file are in ${lower > upper ? 'lower' : 'upper'} case; write ${wanted}.`,
          fixes: [{ title: `Write ${wanted}`, edits: [replace(instruction.keywordRange, wanted)] }],
        });
      }
      const as = instruction.keyword === 'FROM' && instruction.words.length === 3 ? instruction.words[1] : undefined;
      if (as && /^as$/i.test(as.text) && as.text !== inCase('AS') && !as.split) {
        report({
          range: as.range,
          message: `AS is in another case than the instructions; write ${inCase('AS')}.`,
          fixes: [{ title: `Write ${inCase('AS')}`, edits: [replace(as.range, inCase('AS'))] }],
        });
      }
    }
  },
});
