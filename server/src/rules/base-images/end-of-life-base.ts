import { deprecatedRepository, endOfLife, type Support } from '../../facts/index.ts';
import type { Severity } from '../../lint/finding.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import type { Range } from '../../text/range.ts';
import { imageEdit, tagEdit } from './editTag.ts';

export const endOfLifeBase = defineRule({
  id: 'end-of-life-base',
  practice: 'base-images',
  summary: 'The base image’s release gets no security updates any more, or soon will not.',
  why: [
    'After its end of support a release is no longer repaired: vulnerabilities found since then stay in every image built on it, and its package archives vanish, so that one day the build stops.',
    '',
    'The message says since or until when; the fixes offer the next supported line and the newest long-term one, each with its own end. The dates come from endoflife.date and are as old as the data that ships with Plimsoll; lines that it does not know are not judged.',
  ].join('\n'),
  severity: 'warning',
  fix: 'suggestion',
  aliases: ['dockerfile-doctor/DD077'],
  examples: [{ before: 'FROM node:14-alpine\n', after: 'FROM node:22-alpine\n' }],
  check({ dockerfile, report }) {
    const { today } = dockerfile;
    if (today === undefined) return;
    for (const stage of dockerfile.stages) {
      const { base } = stage;
      if (!base.isExternal || !base.written) continue;
      // A repository that is given up has no release to move to: see deprecated-repository.
      if (deprecatedRepository(base.resolved!, today)) continue;
      // When the image itself is past its end, that of its distribution says nothing new.
      const judged = endOfLife(base.resolved!, today).filter((support) => severityOf(support) !== undefined);
      const support = judged.find((each) => each.part === 'image') ?? judged[0];
      if (!support) continue;
      report({
        range: rangeOf(stage, support),
        message: messageOf(support),
        severity: severityOf(support)!,
        fixes: fixes(stage, support),
      });
    }
  },
});

/** The release, wherever the name says it: mostly the tag, for distroless the repository. */
function rangeOf({ base }: Stage, { successors }: Support): Range {
  const { tagRange, nameRange } = base.written!;
  if (base.word!.hasVariable) return base.word!.range;
  return tagRange && !successors.some(({ repository }) => repository !== undefined) ? tagRange : nameRange;
}

function severityOf(support: Support): Severity | undefined {
  switch (support.status) {
    case 'ended':
      return 'warning';
    case 'ending':
      return 'info';
    case 'extended':
      return 'hint';
    default:
      return undefined;
  }
}

function messageOf(support: Support): string {
  const { label, until, regularEnd, status } = support;
  if (status === 'ended') {
    const since =
      until === undefined ? 'gets no security updates any more' : `has had no security updates since ${until}`;
    return `${label} ${since}; move to a supported release.`;
  }
  if (status === 'ending')
    return `${label} gets security updates only until ${until}; plan the move to a newer release.`;
  return `${label} left regular support on ${regularEnd}; only its long-term team still repairs a part of it, until ${until}.`;
}

function fixes(stage: Stage, support: Support): FixProposal[] {
  return support.successors.flatMap((successor) => {
    const { repository, tag } = successor;
    const written = (repository ?? '') + (tag === undefined ? '' : `${repository ? ':' : ''}${tag}`);
    const registry = stage.base.resolved?.registry;
    const edit =
      repository === undefined
        ? tagEdit(stage, written)
        : imageEdit(stage, registry ? `${registry}/${written}` : written);
    const until = successor.until ? `, supported until ${successor.until}` : '';
    return edit
      ? [
          {
            title: `Move to ${written} (${successor.label}${until}); test the build`,
            edits: [edit],
          },
        ]
      : [];
  });
}
