import {
  baseImageFacts,
  commandsOfPackage,
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
      detail: [`${part}.`, ...support, sizeSentence(better), ...riskSentence(stage, better, ended)].join(' '),
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
  /** The release that it moves to; undefined where it stays the same. */
  readonly release: string | undefined;
  /** Programs that the present image has and the new one lacks, as far as that is known. */
  readonly loses: readonly string[];
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
    release: successor?.label,
    loses: slim?.loses ?? [],
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

/** Programs that a build calls without naming them, through a package manager or a script. */
const missed = ['gcc', 'make', 'git', 'curl', 'wget', 'python3'];

/** What may no longer work: nobody should find that out after the release. */
function riskSentence(stage: Stage, { tag, release, loses }: BetterTag, ended: Support | undefined): string[] {
  const installed = new Set(
    stage.runs
      .flatMap((run) => run.installs)
      .filter(({ manager }) => manager === 'apt')
      .flatMap(({ packages }) => packages.flatMap(({ name }) => [name, ...commandsOfPackage(name, 'apt')])),
  );
  const lacking = missed.filter((name) => loses.includes(name) && !installed.has(name));
  const risks = [
    ...(release !== undefined && ended ? [`${release} may behave differently from ${ended.label}`] : []),
    ...(lacking.length > 0 ? [`${tag} has no ${listed(lacking)}`] : []),
  ];
  return risks.length === 0 ? [] : [`${risks.join(', and ')}: test what is built.`];
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}
