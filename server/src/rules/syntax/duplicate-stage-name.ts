import { defineRule } from '../../lint/rule.ts';

export const duplicateStageName = defineRule({
  id: 'duplicate-stage-name',
  practice: 'syntax',
  summary: 'Two stages have the same name, or a stage has a reserved one.',
  why: '`COPY --from` and `FROM` then mean the last stage of that name above them, and `--target` one of them, which is seldom what was meant. Names are compared without regard to case. `scratch` and `context` mean something else.',
  severity: 'error',
  fix: 'none',
  aliases: [
    'hadolint/DL3024',
    'hadolint/DL3063',
    'buildkit/DuplicateStageName',
    'buildkit/ReservedStageName',
    'trivy/DS-0012',
    'kics/same_alias_in_different_froms',
  ],
  examples: [{ before: 'FROM debian:13 AS build\nFROM debian:12 AS build\n' }],
  check({ dockerfile, report }) {
    dockerfile.stages.forEach((stage, index) => {
      if (!stage.name || !stage.nameWord) return;
      if (stage.name === 'scratch' || stage.name === 'context') {
        report({ range: stage.nameWord.range, message: `The name ${stage.name} is reserved; choose another one.` });
        return;
      }
      const first = dockerfile.stages.slice(0, index).find((other) => other.name === stage.name);
      if (!first) return;
      report({
        range: stage.nameWord.range,
        message: `There is a stage ${stage.name} already; choose another name.`,
        related: [{ range: first.nameWord!.range, message: 'The other stage of that name.' }],
      });
    });
  },
});
