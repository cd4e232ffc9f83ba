import type { Dockerfile } from '../model/dockerfile.ts';
import { isFixable, type ScanFinding, type ScanReport, type Severity } from '../scan/report.ts';
import type { Attribution, InstructionShare } from './attribute.ts';
import { changeOfBase } from './changeBase.ts';
import { describeLines, partOf, plural, shortName } from './describe.ts';

/** One change that removes findings, in words. Texts may hold foreign names. */
export interface Change {
  /** What to do, without a full stop: `Move FROM node:14 to 24-slim`. */
  readonly title: string;
  /** Why, and what to know before: a few sentences. */
  readonly detail: string;
  /** Position in `Attribution.shares`. */
  readonly share: number;
  /** Findings it is about. */
  readonly findings: number;
  /** The tag to move FROM to, which exists. */
  readonly tag?: string;
  /** The image with that tag, to be scanned for a comparison. */
  readonly image?: string;
  /** A build that takes newer packages is what helps: with a freshly pulled base, or without the cache. */
  readonly rebuild?: 'pull' | 'no-cache';
}

export type ChangeDraft = Omit<Change, 'share'>;

const weights: Readonly<Record<Severity, number>> = { critical: 100, high: 20, medium: 4, low: 1, unknown: 1 };
const secretWeight = 500;

/**
 * What to change first, the change that removes most on top. The panel, the editor and the command line say the same.
 *
 * @param dockerfile the one that the attribution was made with
 * @param today an ISO date, for the end of support
 */
export function changeFirst(
  attribution: Attribution,
  report: ScanReport,
  dockerfile: Dockerfile,
  today: string,
): Change[] {
  const changes = attribution.shares.flatMap((share, index) => {
    const findings = share.findings.map((position) => report.findings[position]!);
    const secrets = findings.filter(({ kind }) => kind === 'secret');
    const others = findings.filter(({ kind }) => kind !== 'secret');
    const drafts = [
      { of: secrets, draft: secrets.length > 0 ? changeOfSecrets(share, secrets) : undefined },
      {
        of: others,
        draft: others.length > 0 ? changeOfPackages(attribution, share, others, dockerfile, today) : undefined,
      },
    ];
    return drafts.flatMap(({ of, draft }) =>
      draft ? [{ change: { ...draft, share: index }, weight: weightOf(of, draft) }] : [],
    );
  });
  return changes.sort((a, b) => b.weight - a.weight).map(({ change }) => change);
}

/** What is expected to go counts whole, the rest a little: it stays until somebody publishes a fix. */
function weightOf(findings: readonly ScanFinding[], { tag }: ChangeDraft): number {
  return findings.reduce((sum, finding) => {
    const weight = finding.kind === 'secret' ? secretWeight : weights[finding.severity];
    return sum + (tag !== undefined || isFixable(finding) || finding.kind === 'secret' ? weight : weight / 10);
  }, 0);
}

function changeOfSecrets(share: InstructionShare, secrets: readonly ScanFinding[]): ChangeDraft {
  const count = secrets.length;
  const what = count === 1 ? 'secret' : 'secrets';
  const keyword = share.instructions.at(-1)?.keyword ?? '';
  const inConfiguration = !secrets.some(({ layerDiffId }) => layerDiffId !== undefined);
  const readable = inConfiguration
    ? `${plural(count, 'secret')} in the image's configuration or history, where this ${keyword} leaves ${count === 1 ? 'it' : 'them'}, readable by everyone who has the image.`
    : `${plural(count, 'secret')} in the layer of this ${keyword}, readable by everyone who has the image, also when a later line deletes the file.`;
  if (share.kind === 'base') {
    return {
      title: `Take another base image: this one holds ${count === 1 ? 'a secret' : 'secrets'}`,
      detail: `${plural(count, 'secret')} in the base image, readable by everyone who has yours.`,
      findings: count,
    };
  }
  const how =
    keyword === 'COPY' || keyword === 'ADD'
      ? 'Leave the file out with .dockerignore'
      : keyword === 'ENV'
        ? `Give ${count === 1 ? 'it' : 'them'} to the container when that is started`
        : keyword === 'LABEL'
          ? 'Labels are for everyone to read: leave the value out'
          : 'Hand it over with RUN --mount=type=secret, and write it to no file that stays';
  return {
    title: `Take the ${what} out of ${linesOf(share)}`,
    detail: `${readable} ${how}, and replace what has leaked.`,
    findings: count,
  };
}

function changeOfPackages(
  attribution: Attribution,
  share: InstructionShare,
  findings: readonly ScanFinding[],
  dockerfile: Dockerfile,
  today: string,
): ChangeDraft | undefined {
  if (share.kind === 'base') return changeOfBase(attribution, share, findings, dockerfile, today);
  const fixable = findings.filter(isFixable);
  if (fixable.length === 0) return undefined;
  const lines = linesOf(share);
  const part = `${partOf(share.counts, attribution.counts)} ${share.counts.total === 1 ? 'comes' : 'come'} from here, ${plural(fixable.length, 'has a fixed version', 'have a fixed version')}.`;
  if (share.kind === 'onbuild') {
    return {
      title: `Build again on a newer ${shortName(attribution.base?.name || 'base image')}`,
      detail: `${part} Its ONBUILD triggers bring them.`,
      findings: fixable.length,
      rebuild: 'pull',
    };
  }
  const source = share.copiedFrom;
  if (source && !source.isStage) {
    return {
      title: `Move COPY --from of ${lines} to a newer ${shortName(source.name)}`,
      detail: `${part} The files are copied from that image.`,
      findings: fixable.length,
    };
  }
  const system = fixable.filter((finding) => finding.class === 'os-pkgs');
  if (system.length * 2 >= fixable.length) {
    return {
      title: `Renew the packages of ${lines}`,
      detail: `${part} A build without its cache installs the newer versions, unless the line pins older ones.`,
      findings: fixable.length,
      rebuild: 'no-cache',
    };
  }
  const names = [...new Set(fixable.map((finding) => finding.package ?? finding.target))];
  const some = `${names.slice(0, 3).map(shortName).join(', ')}${names.length > 3 ? ` and ${names.length - 3} more` : ''}`;
  const made = source?.lines ? `, made in ${describeLines([source.lines])}` : '';
  return {
    title: `Update ${some}`,
    detail: `${part} ${names.length === 1 ? 'It comes' : 'They come'} with ${lines}${made}: raise ${names.length === 1 ? 'its version where the project names it' : 'their versions where the project names them'}, then build again.`,
    findings: fixable.length,
  };
}

function linesOf(share: InstructionShare): string {
  return describeLines(share.instructions.map((each) => each.lines));
}
