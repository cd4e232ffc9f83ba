import type { Attribution, InstructionShare } from '../../../server/src/attribution/index.ts';
import { describeLines } from '../../../server/src/attribution/index.ts';
import {
  baseImageFacts,
  endOfLife,
  type ImageName,
  type ImageSize,
  slimVariants,
  type Support,
} from '../../../server/src/facts/index.ts';
import type { Dockerfile } from '../../../server/src/model/dockerfile.ts';
import type { BaseImage } from '../../../server/src/model/image.ts';
import { neededCommands } from '../../../server/src/model/neededCommands.ts';
import type { Stage } from '../../../server/src/model/stage.ts';
import { isFixable, type ScanFinding, type ScanReport, type Severity } from '../../../server/src/scan/report.ts';
import { formatBytes, plural } from '../text.ts';
import { partOf } from './scanLines.ts';

/** One change that removes findings, in words. Texts may hold foreign names. */
export interface Change {
  readonly title: string;
  readonly detail: string;
  /** Position in `Attribution.shares`; undefined when it is of no line. */
  readonly share: number | undefined;
  /** Findings it is about. */
  readonly findings: number;
  /** The tag to move FROM to, which exists. */
  readonly tag?: string;
  /** The image with that tag, to be scanned for a comparison. */
  readonly image?: string;
  /** A build that takes newer packages is what helps. */
  readonly rebuild?: 'pull' | 'no-cache';
}

const weights: Readonly<Record<Severity, number>> = { critical: 100, high: 20, medium: 4, low: 1, unknown: 1 };

/** What to change, the change that removes most first. `today` is an ISO date. */
export function changeFirst(
  attribution: Attribution,
  report: ScanReport,
  dockerfile: Dockerfile,
  today: string,
): Change[] {
  const changes = attribution.shares.flatMap((share, index) => {
    const findings = share.findings.map((position) => report.findings[position]!);
    if (findings.length === 0) return [];
    const change =
      share.kind === 'base'
        ? baseChange(attribution, share, findings, dockerfile, today)
        : ownChange(share, findings, attribution);
    return change ? [{ change: { ...change, share: index }, weight: weightOf(findings, change) }] : [];
  });
  return changes.sort((a, b) => b.weight - a.weight).map(({ change }) => change);
}

type Draft = Omit<Change, 'share'>;

/** What is expected to go counts whole, the rest a little: it stays until somebody publishes a fix. */
function weightOf(findings: readonly ScanFinding[], { tag }: Draft): number {
  const secret = 500;
  return findings.reduce((sum, finding) => {
    const weight = finding.kind === 'secret' ? secret : weights[finding.severity];
    return sum + (tag !== undefined || isFixable(finding) || finding.kind !== 'vulnerability' ? weight : weight / 10);
  }, 0);
}

function baseChange(
  attribution: Attribution,
  share: InstructionShare,
  findings: readonly ScanFinding[],
  dockerfile: Dockerfile,
  today: string,
): Draft {
  const name = attribution.base?.name || 'the base image';
  const part = `${partOf(share.counts, attribution.counts)} ${share.counts.total === 1 ? 'comes' : 'come'} from the base image.`;
  const stage = dockerfile.stages.find(({ from }) => from.range.start === share.instructions[0]?.range.start);
  const facts = stage && baseFacts(stage.base, today);
  const better = stage && facts && betterTag(stage, facts.ended);
  if (better) {
    return {
      title: `Move FROM ${name} to ${better.tag}`,
      detail: [part, facts.ended && supportSentence(facts.ended, today), sizeSentence(better)]
        .filter(Boolean)
        .join(' '),
      findings: findings.length,
      tag: better.tag,
      image: better.image,
    };
  }
  const fixable = findings.filter(isFixable).length;
  const ended = facts?.ended && supportSentence(facts.ended, today);
  return {
    title: fixable > 0 ? `Build again on a newer ${name}` : `Nothing newer than ${name} is known to help`,
    detail: [
      part,
      ended,
      fixable > 0
        ? `${plural(fixable, 'of them has', 'of them have')} a fixed version; building with a freshly pulled base brings what its makers have rebuilt.`
        : 'None of them has a fixed version.',
    ]
      .filter(Boolean)
      .join(' '),
    findings: fixable,
    ...(fixable > 0 && { rebuild: 'pull' as const }),
  };
}

function ownChange(
  share: InstructionShare,
  findings: readonly ScanFinding[],
  { counts }: Attribution,
): Draft | undefined {
  const lines = describeLines(share.instructions.map((each) => each.lines));
  const keyword = share.instructions.at(-1)?.keyword ?? '';
  const secrets = findings.filter(({ kind }) => kind === 'secret');
  if (secrets.length > 0) {
    return {
      title: `Take the ${secrets.length === 1 ? 'secret' : 'secrets'} out of ${lines}`,
      detail: `${plural(secrets.length, 'secret')} in the layer of this ${keyword}, readable by everyone who has the image. ${
        keyword === 'COPY' || keyword === 'ADD'
          ? 'Leave the file out with .dockerignore'
          : 'Hand it over with RUN --mount=type=secret'
      }, and replace what has leaked.`,
      findings: secrets.length,
    };
  }
  const fixable = findings.filter(isFixable);
  if (fixable.length === 0) return undefined;
  const part = `${partOf(share.counts, counts)}, ${fixable.length} fixable.`;
  const system = fixable.filter((finding) => finding.class === 'os-pkgs');
  if (system.length * 2 >= fixable.length) {
    return {
      title: `Renew the packages of ${lines}`,
      detail: `${part} Newer versions are published: a build without its cache installs them, unless the line pins older ones.`,
      findings: fixable.length,
      rebuild: 'no-cache',
    };
  }
  const names = [...new Set(fixable.map((finding) => finding.package ?? finding.target))];
  const some = `${names.slice(0, 3).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const source = share.copiedFrom?.lines ? `, made in ${describeLines([share.copiedFrom.lines])}` : '';
  return {
    title: `Update ${some}`,
    detail: `${part} They come with ${lines}${source}; raise their versions where the project names them.`,
    findings: fixable.length,
  };
}

export interface BaseFacts {
  readonly resolved: ImageName;
  /** The release line whose support is over or nearly so. */
  readonly ended: Support | undefined;
}

export function baseFacts({ resolved, isExternal }: BaseImage, today: string): BaseFacts | undefined {
  if (!isExternal || !resolved) return undefined;
  const ended = endOfLife(resolved, today).find(({ status }) => status === 'ended' || status === 'ending');
  return { resolved, ended };
}

interface BetterTag {
  readonly tag: string;
  readonly image: string;
  readonly from: ImageSize | undefined;
  readonly to: ImageSize | undefined;
}

/** A supported line where the present one has ended, and of that the slim variant unless the stage needs more. */
function betterTag(stage: Stage, ended: Support | undefined): BetterTag | undefined {
  const resolved = stage.base.resolved!;
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
  return from && to && to.bytes < from.bytes
    ? `${tag} is ${formatBytes(to.bytes)} to download instead of ${formatBytes(from.bytes)}; comparing shows how many findings stay.`
    : 'Comparing shows how many findings stay.';
}
