import { defineRule } from '../../lint/rule.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import { type Edit, remove } from '../../text/edit.ts';

export const overriddenInstruction = defineRule({
  id: 'overridden-instruction',
  practice: 'syntax',
  summary: 'A `CMD`, `ENTRYPOINT` or `HEALTHCHECK` is replaced by a later one of the same stage.',
  why: 'Only the last one of a stage takes effect. The earlier one is dead text that misleads whoever reads it, and often both were meant to run: a container starts one program.',
  severity: 'warning',
  fix: 'safe',
  aliases: [
    'hadolint/DL4003',
    'hadolint/DL4004',
    'hadolint/DL3012',
    'buildkit/MultipleInstructionsDisallowed',
    'trivy/DS-0007',
    'trivy/DS-0016',
    'trivy/DS-0023',
    'kics/multiple_cmd_instructions_listed',
    'kics/multiple_entrypoint_instructions_listed',
    'dockerfile-utils/MULTIPLE_INSTRUCTIONS',
  ],
  examples: [{ before: 'FROM debian:13\nCMD ["a"]\nCMD ["b"]\n', after: 'FROM debian:13\nCMD ["b"]\n' }],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      for (const keyword of ['CMD', 'ENTRYPOINT', 'HEALTHCHECK']) {
        const all = stage.instructions.filter((each) => each.keyword === keyword);
        const last = all.at(-1);
        for (const instruction of all.slice(0, -1)) {
          report({
            range: instruction.keywordRange,
            message: `This ${keyword} has no effect, since a later one replaces it; remove it.`,
            tags: ['unnecessary'],
            related: [{ range: last!.keywordRange, message: `This ${keyword} takes effect.` }],
            fixes:
              instruction.comments.length > 0
                ? []
                : [
                    {
                      title: `Remove the ${keyword} that has no effect`,
                      edits: [removeLines(dockerfile, instruction)],
                    },
                  ],
            ...(instruction.comments.length > 0 ? { withheld: 'There are comments between its lines.' } : {}),
          });
        }
      }
    }
  },
});

/** Deletes the lines of an instruction; comments above stay. */
function removeLines(dockerfile: Dockerfile, instruction: Instruction): Edit {
  const { lines, text } = dockerfile;
  const start = lines.lineStart(lines.lineAt(instruction.range.start));
  const end = lines.fullLine(lines.lineAt(instruction.range.end)).end;
  // The last line of a file without a final line break takes the break in front of it along.
  if (end === text.length && !text.endsWith('\n') && start > 0)
    return remove({ start: lines.lineEnd(lines.lineAt(start) - 1), end });
  return remove({ start, end });
}
