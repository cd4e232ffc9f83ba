import { defineRule } from '../../lint/rule.ts';
import { replace } from '../../text/edit.ts';
import { inCaseOf } from '../insertLine.ts';

export const maintainer = defineRule({
  id: 'maintainer',
  practice: 'metadata',
  summary: '`MAINTAINER` is deprecated.',
  why: 'Docker deprecated the instruction in 2017 in favour of labels, which any tool can read. The fix writes the label `org.opencontainers.image.authors`; the image’s author field, which hardly anything shows, is then empty.',
  severity: 'info',
  fix: 'suggestion',
  aliases: [
    'hadolint/DL4000',
    'buildkit/MaintainerDeprecated',
    'trivy/DS-0022',
    'checkov/CKV_DOCKER_6',
    'kics/maintainer_instruction_being_used',
    'sonar/S6586',
    'semgrep/maintainer-is-deprecated',
    'dockerfile-utils/DEPRECATED_MAINTAINER',
  ],
  examples: [
    {
      before: 'FROM debian:13\nMAINTAINER Ada <ada@example.com>\n',
      after: 'FROM debian:13\nLABEL org.opencontainers.image.authors="Ada <ada@example.com>"\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.instructions) {
      const word = instruction.words[0];
      if (instruction.keyword !== 'MAINTAINER' || !word) continue;
      const text = /^"([^"]*)"$/.exec(word.text)?.[1] ?? /^'([^']*)'$/.exec(word.text)?.[1] ?? word.text;
      // MAINTAINER expands nothing, LABEL does.
      const quoted = `"${text.replaceAll(/["$\\`]/g, (character) => (character === instruction.escape || '"$'.includes(character) ? instruction.escape + character : character))}"`;
      const label = `${inCaseOf(instruction, 'LABEL')} org.opencontainers.image.authors=${quoted}`;
      const isPlain = !word.split && instruction.line.continuations.length === 0;
      report({
        range: instruction.keywordRange,
        message: 'MAINTAINER is deprecated; use a label.',
        tags: ['deprecated'],
        fixes: isPlain
          ? [
              {
                title:
                  'Replace it by the label org.opencontainers.image.authors (the author field of the image stays empty)',
                edits: [replace(instruction.headRange, label)],
                preferred: true,
              },
            ]
          : [],
      });
    }
  },
});
