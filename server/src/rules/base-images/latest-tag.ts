import { factsDate, type FloatingTag, floatingTag, type ImageName, recommendedTags } from '../../facts/index.ts';
import { defineRule, type FixProposal, type Report } from '../../lint/rule.ts';
import type { Stage } from '../../model/stage.ts';
import { replace } from '../../text/edit.ts';
import { tagEdit } from './editTag.ts';
import { megabytes } from './words.ts';

export const latestTag = defineRule({
  id: 'latest-tag',
  practice: 'base-images',
  summary: 'The base image is named without a version, or as `latest`.',
  why: 'Without a tag Docker takes `latest`, which is whatever was published last. The same Dockerfile then builds on another major version next month, without a change that anyone could review or take back. The same holds for tags that name a variant or a channel only, as `node:slim` and `nginx:stable` do: these are told more quietly, and so is distroless, whose release the repository names (`static-debian13`). Name the release line that you mean; the fixes offer the line that such a tag stood for, or lines that are supported, with the date until when.',
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
      const range = base.word!.hasVariable ? base.word!.range : (base.written.tagRange ?? base.written.nameRange);
      const release = distrolessWithRelease(base.resolved!);
      if (release !== undefined) {
        const range = base.word!.hasVariable ? base.word!.range : base.written.nameRange;
        report({ range, ...describeDistroless(stage, release) });
        continue;
      }
      if (tag !== undefined && tag !== 'latest') {
        const floating = floatingTag(base.resolved!);
        if (floating) report({ range, ...describe(stage, floating) });
        continue;
      }
      // Distroless names the release in the repository and has no tags for it.
      if (/(?:^|\/)distroless\/[\w.-]+-debian\d+$/.test(base.resolved!.repository)) continue;
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

/** The release of Debian that distroless images are built on now, and the images that have a repository for it. */
const distrolessRelease = 'debian13';
const distrolessImages = ['static', 'base', 'base-nossl', 'cc', 'python3'];

/** The repository that names the release, for the one of distroless that follows the newest. */
function distrolessWithRelease({ registry, repository, tag }: ImageName): string | undefined {
  const image = /^distroless\/([\w-]+)$/.exec(repository)?.[1];
  const isPlain = tag === undefined || ['latest', 'nonroot', 'debug', 'debug-nonroot'].includes(tag);
  return registry === 'gcr.io' && image !== undefined && distrolessImages.includes(image) && isPlain
    ? `${registry}/${repository}-${distrolessRelease}`
    : undefined;
}

function describeDistroless({ base }: Stage, release: string): Pick<Report, 'message' | 'severity' | 'fixes'> {
  const { repository } = base.resolved!;
  const { word, written } = base;
  const isEditable = !word!.split && !word!.hasVariable;
  return {
    message: `gcr.io/${repository} moves on to the next release of Debian when the publisher does; write ${release}.`,
    severity: 'info',
    fixes: isEditable
      ? [
          {
            title: `Write ${release}; the libraries may change`,
            edits: [replace(written!.nameRange, release)],
          },
        ]
      : [],
  };
}

function describe(stage: Stage, { kind, pinned }: FloatingTag): Pick<Report, 'message' | 'severity' | 'fixes'> {
  const { name } = stage.base;
  const edit = pinned === undefined ? undefined : tagEdit(stage, pinned);
  const title = `Pin to ${pinned}, which ${stage.base.resolved!.tag} was on ${factsDate}; the version may change`;
  const proposals = edit ? [{ title, edits: [edit] }] : fixes(stage);
  switch (kind) {
    case 'variant':
      return {
        message: `${name} names a variant but no version: it is whatever was published last; name the release line, too.`,
        severity: 'info',
        fixes: proposals,
      };
    case 'channel':
      return {
        message: `${name} moves on to the next version when the publisher does; name the release line.`,
        severity: 'hint',
        fixes: proposals,
      };
    case 'development':
      return {
        message: `${name} is a development branch that changes every day; name a release for what ships.`,
        severity: 'hint',
        fixes: proposals,
      };
  }
}

function fixes(stage: Stage): FixProposal[] {
  const { facts } = stage.base;
  const { today } = stage.dockerfile;
  if (!facts || today === undefined) return [];
  const isSlim = /(?:^|-)slim(?:-|$)/.test(stage.base.resolved!.tag ?? '');
  const choices = recommendedTags(facts.repository, today);
  // A variant that is asked for stays; without a tag all are offered.
  const kept = choices.filter(({ variant }) => variant === (isSlim ? 'slim' : 'default'));
  const isBare = ['latest', undefined].includes(stage.base.resolved!.tag);
  return (isBare ? choices : kept).flatMap((choice) => {
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
