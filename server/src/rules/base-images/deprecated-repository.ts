import { deprecatedRepository, recommendedTags } from '../../facts/index.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import { imageEdit } from './editTag.ts';

/** How many successors are worth a line in the menu. */
const mostChoices = 3;

export const deprecatedRepositoryRule = defineRule({
  id: 'deprecated-repository',
  practice: 'base-images',
  summary: 'The repository of the base image is given up.',
  why: 'Nothing is published there any more, neither new versions nor security updates for the old ones. What is there stays as vulnerable as it is, and may be removed. The fixes name the repositories to which its users went, with a tag of the same version where there is one.',
  severity: 'warning',
  fix: 'suggestion',
  aliases: [],
  examples: [{ before: 'FROM openjdk:17\n', after: 'FROM eclipse-temurin:17-jdk\n' }],
  check({ dockerfile, report }) {
    const { today } = dockerfile;
    if (today === undefined) return;
    for (const stage of dockerfile.stages) {
      const { base } = stage;
      if (!base.isExternal || !base.written) continue;
      const found = deprecatedRepository(base.resolved!, today);
      if (!found) continue;
      const fixes = found.successors.slice(0, mostChoices).flatMap((named): FixProposal[] => {
        const successor = withTag(named, base.resolved!.tag, today);
        const edit = successor === undefined ? undefined : imageEdit(stage, successor);
        return edit
          ? [{ title: `Move to ${successor}; it is built differently, so test the build`, edits: [edit] }]
          : [];
      });
      const where = found.successors[0];
      report({
        range: base.word!.hasVariable ? base.word!.range : base.written.nameRange,
        message: `${base.written.repository} is no longer maintained${found.since ? ` since ${found.since}` : ''}${found.note ? ` (${found.note})` : ''}; ${where ? `move to ${where}` : 'choose another image'}.`,
        tags: ['deprecated'],
        fixes,
      });
    }
  },
});

/** The successor with a tag: its own, or the recommended one of the variant that is used now. */
function withTag(successor: string, tag: string | undefined, today: string | undefined): string | undefined {
  if (successor.slice(successor.lastIndexOf('/') + 1).includes(':')) return successor;
  const choices = today === undefined ? [] : recommendedTags(successor, today);
  const choice = choices.find(({ variant }) => variant !== 'default' && tag?.includes(variant)) ?? choices[0];
  return choice && `${successor}:${choice.tag}`;
}
