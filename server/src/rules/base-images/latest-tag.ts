import { recommendedTags } from '../../facts/index.ts';
import { defineRule, type FixProposal } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import { tagEdit } from './editTag.ts';
import { megabytes } from './words.ts';

export const latestTag = defineRule({
  id: 'latest-tag',
  practice: 'base-images',
  summary: 'The base image is named without a version, or as `latest`.',
  why: 'Without a tag Docker takes `latest`, which is whatever was published last. The same Dockerfile then builds on another major version next month, without a change that anyone could review or take back. Name the release line that you mean; the fixes offer lines that are supported, with the date until when.',
  severity: 'warning',
  fix: 'suggestion',
  aliases: [
    'hadolint/DL3006',
    'hadolint/DL3007',
    'trivy/DS-0001',
    'checkov/CKV_DOCKER_7',
    'kics/image_version_not_explicit',
    'sonar/S6596',
    'semgrep/missing-image-version',
    'semgrep/avoid-latest-version',
    'dockle/DKL-DI-0006',
  ],
  examples: [{ before: 'FROM debian\n', after: 'FROM debian:13\n' }],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.stages) {
      const { base } = stage;
      if (!base.isExternal || !base.written || base.resolved!.digest !== undefined) continue;
      const tag = base.resolved!.tag;
      if (tag !== undefined && tag !== 'latest') continue;
      // Distroless names the release in the repository and has no tags for it.
      if (/(?:^|\/)distroless\/[\w.-]+-debian\d+$/.test(base.resolved!.repository)) continue;
      const range = base.word!.hasVariable ? base.word!.range : (base.written.tagRange ?? base.written.nameRange);
      report({
        range,
        message: `${base.name} is whatever was published last${tag ? '' : ' (no tag means latest)'}; name the release line.`,
        fixes: fixes(stage),
        // A name without a slash that no registry is known to have is mostly an image built on this machine.
        ...(!base.facts && !base.name.includes('/') ? { severity: 'hint' as const } : {}),
      });
    }
  },
});

function fixes(stage: Stage): FixProposal[] {
  const { facts } = stage.base;
  const { today } = stage.dockerfile;
  if (!facts || today === undefined) return [];
  return recommendedTags(facts.repository, today).flatMap((choice) => {
    const edit = tagEdit(stage, choice.tag);
    if (!edit) return [];
    const until = choice.until ? `supported until ${choice.until}` : undefined;
    const size = choice.size ? megabytes(choice.size) : undefined;
    const libc = choice.variant === 'alpine' && facts.libc !== 'musl' ? 'musl' : undefined;
    const details = [choice.isLts ? 'long-term support' : undefined, until, size, libc].filter(
      (part) => part !== undefined,
    );
    return [
      {
        title: `Pin to ${choice.tag}${details.length > 0 ? ` (${details.join(', ')})` : ''}; the version may change`,
        edits: [edit],
      },
    ];
  });
}
