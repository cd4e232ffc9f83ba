import { defineRule } from '../../lint/rule.ts';
import type { Instruction } from '../../syntax/instruction.ts';
import type { Dockerfile } from '../../model/dockerfile.ts';
import { insertAt } from '../../text/edit.ts';

export const unnamedDescription = defineRule({
  id: 'unnamed-description',
  practice: 'syntax',
  summary: 'The comment above a named stage or an `ARG` does not begin with its name.',
  why: '`docker build --call=outline` and `--call=targets` list build arguments and stages, and show as their description the comment directly above, when it begins with the name: `# GO_VERSION is the release to build with`. Begin with the name, or put an empty line between when the comment is about something else. BuildKit checks this only when asked to (`# check=experimental=InvalidDefinitionDescription`), and so does Plimsoll.',
  severity: 'off',
  fix: 'suggestion',
  aliases: ['buildkit/InvalidDefinitionDescription'],
  examples: [
    {
      before: '# the release to build with\nARG GO_VERSION=1.26\nFROM golang:${GO_VERSION}\n',
      after: '# GO_VERSION the release to build with\nARG GO_VERSION=1.26\nFROM golang:${GO_VERSION}\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const instruction of dockerfile.instructions) {
      const names = namesOf(dockerfile, instruction);
      const [name] = names;
      const comment = commentAbove(dockerfile, instruction);
      if (name === undefined || !comment) continue;
      const words = dockerfile.slice(comment.range).replace(/^#\s*/, '');
      if (!/\p{L}/u.test(words) || toTools.test(words) || names.includes(words.split(' ')[0]!)) continue;
      const start = comment.range.end - words.length;
      report({
        range: { start, end: comment.range.end },
        message: `A description of ${name.length > 60 ? 'it' : name} begins with this name; write it first, or put an empty line behind the comment.`,
        fixes: [
          { title: `Begin with ${name}`, edits: [insertAt(start, `${name} `)] },
          {
            title: 'Put an empty line behind the comment',
            edits: [insertAt(comment.range.end, dockerfile.lineBreak)],
            preferred: false,
          },
        ],
      });
    }
  },
});

/** Comments that tell a tool what to do describe nothing. */
const toTools =
  /^(?:plimsoll|hadolint|tally|trivy|checkov|kics|semgrep|nosemgrep|renovate|dockerfile_lint|buildx?|syntax|escape|check)\b[^.]*[:=]|^(?:plimsoll|hadolint)\b|^\[/i;

function namesOf(dockerfile: Dockerfile, instruction: Instruction): string[] {
  if (instruction.keyword === 'ARG') return instruction.pairs.map(({ name }) => name);
  const stage = dockerfile.stages.find(({ from }) => from === instruction);
  return stage?.name === undefined ? [] : [stage.name];
}

function commentAbove(
  { comments, lines }: Dockerfile,
  { range }: Instruction,
): Dockerfile['comments'][number] | undefined {
  const line = lines.lineAt(range.start) - 1;
  return comments.find((comment) => !comment.inside && lines.lineAt(comment.range.start) === line);
}
