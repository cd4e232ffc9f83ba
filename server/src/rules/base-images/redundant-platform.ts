import { defineRule } from '../../lint/rule.ts';
import { remove } from '../../text/edit.ts';

export const redundantPlatform = defineRule({
  id: 'redundant-platform',
  practice: 'base-images',
  summary: '`--platform=$TARGETPLATFORM` says what is so without it.',
  why: 'The builder takes base images for the platform that is built for, `$TARGETPLATFORM`, unless it is told otherwise. The flag only makes readers ask why it is there. What helps a build for several platforms is `--platform=$BUILDPLATFORM` on the stages that compile: they then run without emulation.',
  severity: 'hint',
  fix: 'safe',
  changes: ['base'],
  aliases: ['buildkit/RedundantTargetPlatform', 'hadolint/DL3065'],
  examples: [
    {
      before: 'FROM --platform=$TARGETPLATFORM alpine:3.22\nRUN apk add --no-cache curl\n',
      after: 'FROM alpine:3.22\nRUN apk add --no-cache curl\n',
    },
  ],
  check({ dockerfile, report }) {
    // An ARG of its own in front of FROM gives the name another meaning.
    if (dockerfile.globalEnvironment.get('TARGETPLATFORM')) return;
    for (const { from } of dockerfile.stages) {
      const flag = from.flags.find(({ name }) => name === 'platform');
      const next = from.flags.find(({ range }) => flag && range.start > flag.range.start) ?? from.words[0];
      if (!flag || !next || !/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(flag.value ?? '')) continue;
      const isPlain = /^[ \t]+$/.test(dockerfile.slice({ start: flag.range.end, end: next.range.start }));
      report({
        range: flag.range,
        message: 'The platform that is built for is the default; leave the flag out.',
        ...(isPlain
          ? {
              fixes: [
                { title: 'Remove the flag', edits: [remove({ start: flag.range.start, end: next.range.start })] },
              ],
            }
          : {}),
      });
    }
  },
});
