import { defineRule } from '../../lint/rule.ts';

export const missingFrom = defineRule({
  id: 'missing-from',
  practice: 'syntax',
  summary: 'An instruction stands in front of the first FROM, or there is no FROM at all.',
  why: 'A build starts from an image. Only ARG, comments and directives may come before the first `FROM`; the build refuses everything else there.',
  severity: 'error',
  fix: 'none',
  aliases: ['hadolint/DL3061', 'dockerfile-utils/NO_SOURCE_IMAGE'],
  examples: [{ before: 'RUN true\nFROM debian:13\n' }],
  check({ dockerfile, report }) {
    const { instructions, stages } = dockerfile;
    if (instructions.length === 0) {
      report({
        range: { start: 0, end: 0 },
        message: 'There is no instruction here, and the build refuses that; start with FROM.',
      });
      return;
    }
    const early = instructions.slice(0, stages[0] ? instructions.indexOf(stages[0].from) : undefined);
    const refused = early.find((instruction) => instruction.keyword !== 'ARG' && instruction.known);
    if (refused) {
      const message = stages[0]
        ? `${refused.keyword} stands in front of FROM, and the build refuses it; move it below.`
        : `There is no FROM, so ${refused.keyword} has no image to work on; start with FROM.`;
      report({ range: refused.keywordRange, message });
    } else if (!stages[0] && instructions[0]) {
      report({ range: instructions[0].keywordRange, message: 'There is no FROM, so nothing can be built; add one.' });
    }
  },
});
