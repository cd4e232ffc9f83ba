import {
  baseImageFacts,
  endOfLife,
  type ImageName,
  type ImageSize,
  slimVariants,
  type Support,
} from '../facts/index.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { neededCommands } from '../model/neededCommands.ts';
import type { Stage } from '../model/stage.ts';
import { isFixable, type ScanFinding } from '../scan/report.ts';
import type { Attribution, InstructionShare } from './attribute.ts';
import type { ChangeDraft } from './changeFirst.ts';
import { formatBytes, partOf, plural, shortName } from './describe.ts';

/** What to do about the base image: another tag where one is known to be better, a newer build of the same otherwise. */
export function changeOfBase(
  attribution: Attribution,
  share: InstructionShare,
  findings: readonly ScanFinding[],
  dockerfile: Dockerfile,
  today: string,
): ChangeDraft {
  const name = shortName(attribution.base?.name || 'the base image');
  const part = `${partOf(share.counts, attribution.counts)} ${share.counts.total === 1 ? 'comes' : 'come'} from the base image`;
  const stage = dockerfile.stages.find(({ from }) => from.range.start === share.instructions[0]?.range.start);
  const resolved = stage?.base.isExternal === true ? stage.base.resolved : undefined;
  const ended = resolved && endOfLife(resolved, today).find(({ status }) => status === 'ended' || status === 'ending');
  const better = stage && resolved && betterTag(stage, resolved, ended);
  const support = ended ? [supportSentence(ended, today)] : [];
  if (better) {
    return {
      title: `Move FROM ${name} to ${better.tag}`,
      detail: [`${part}.`, ...support, sizeSentence(better)].join(' '),
      findings: findings.length,
      tag: better.tag,
      image: better.image,
    };
  }
  const fixable = findings.filter(isFixable).length;
  if (fixable === 0) {
    return {
      title: `Nothing to change in FROM ${name} yet`,
      detail: [
        `${part}, and none of them has a fixed version.`,
        ...support,
        'A base image with fewer packages has fewer findings.',
      ].join(' '),
      findings: 0,
    };
  }
  const some = `${part}; ${plural(fixable, 'has a fixed version', 'have a fixed version')}.`;
  if (resolved?.digest !== undefined) {
    return {
      title: `Give FROM the digest of a newer ${shortName(name.replace(/@.*/, ''))}`,
      detail: [some, ...support, 'Pinned by its digest, the base image stays as it is however often you build.'].join(
        ' ',
      ),
      findings: fixable,
    };
  }
  return {
    title: `Build again on a newer ${name}`,
    detail: [some, ...support, 'A build with a freshly pulled base brings what its makers have rebuilt since.'].join(
      ' ',
    ),
    findings: fixable,
    rebuild: 'pull',
  };
}

interface BetterTag {
  readonly tag: string;
  readonly image: string;
  readonly from: ImageSize | undefined;
  readonly to: ImageSize | undefined;
}

/** A supported line where the present one has ended, and of that the slim variant unless the stage needs more. */
function betterTag(stage: Stage, resolved: ImageName, ended: Support | undefined): BetterTag | undefined {
  if (resolved.digest !== undefined) return undefined;
  const successors = ended?.successors.filter(({ tag }) => tag !== undefined) ?? [];
  const successor = successors.findLast(({ isLts }) => isLts) ?? successors.at(-1);
  const moved: ImageName = successor
    ? { ...resolved, repository: successor.repository ?? resolved.repository, tag: successor.tag }
    : resolved;
  const needed = new Set(neededCommands(stage).map(({ name }) => name));
  const slim = slimVariants(moved).find(
    ({ changesLibc, risk, loses }) => !changesLibc && risk !== 'high' && !loses?.some((name) => needed.has(name)),
  );
  const tag = slim?.tag ?? successor?.tag;
  if (tag === undefined || successor?.repository !== undefined) return undefined;
  const { registry, repository } = resolved;
  const target: ImageName = { registry, repository, tag, digest: undefined };
  return {
    tag,
    image: `${registry ? `${registry}/` : ''}${repository}:${tag}`,
    from: baseImageFacts(resolved)?.size,
    to: slim?.size ?? baseImageFacts(target)?.size,
  };
}

function supportSentence({ label, status, until }: Support, today: string): string {
  if (status === 'ended') return `${label} gets no security updates${until ? ` since ${until}` : ' any more'}.`;
  return `${label} gets security updates until ${until ?? today} only.`;
}

/** Sizes as registries send them, which is what the facts know. */
function sizeSentence({ tag, from, to }: BetterTag): string {
  const scan = 'how many findings stay is known after a scan of it';
  return from && to && to.bytes < from.bytes
    ? `${tag} is ${formatBytes(to.bytes)} to download instead of ${formatBytes(from.bytes)}; ${scan}.`
    : `${scan.charAt(0).toUpperCase()}${scan.slice(1)}.`;
}
