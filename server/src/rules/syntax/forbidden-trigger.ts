import { defineRule } from '../../lint/rule.ts';

const forbidden: readonly string[] = ['FROM', 'MAINTAINER', 'ONBUILD'];

export const forbiddenTrigger = defineRule({
  id: 'forbidden-trigger',
  practice: 'syntax',
  summary: '`ONBUILD` in front of an instruction that can’t be a trigger.',
  why: 'A trigger becomes part of the Dockerfile that builds on this image, in the middle of a stage. `FROM` can’t stand there, `ONBUILD` would reach images two levels away, and `MAINTAINER` says nothing about another’s image; the builder refuses all three.',
  severity: 'error',
  fix: 'none',
  aliases: ['hadolint/DL3043'],
  examples: [{ before: 'FROM debian:13\nONBUILD FROM debian:13\n' }],
  check({ dockerfile, report }) {
    for (const { trigger } of dockerfile.instructions) {
      if (!trigger || !forbidden.includes(trigger.keyword)) continue;
      report({
        range: trigger.keywordRange,
        message: `${trigger.keyword} can’t be a trigger; remove it, or write it without ONBUILD.`,
      });
    }
  },
});
