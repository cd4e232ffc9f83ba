import type { Stage } from '../model/stage.ts';
import type { Alignment, Pair } from './align.ts';
import { type ExpectedStep, expectedSteps, workKeywords } from './expected.ts';
import type { HistoryStep } from './history.ts';
import { surely } from './layers.ts';
import type { BaseEnvironment } from './looseText.ts';
import { Scorer } from './score.ts';

/** A reading of a history that has one entry for each stage. */
export interface SnapshotAlignment extends Alignment {
  /** What each of these entries, by their index in the history, has in its layer. */
  readonly stages: ReadonlyMap<number, Stage>;
}

/**
 * Reads what kaniko leaves with `--single-snapshot`: of each stage one layer, under the name of its last instruction,
 * whatever that does. Undefined when the history is not of this kind.
 *
 * @param chain the stages whose layers are in the image, the built one first
 * @param ordinary what comparing every instruction has given
 */
export function alignSnapshots(
  chain: readonly Stage[],
  steps: readonly HistoryStep[],
  env: BaseEnvironment,
  ordinary: Alignment,
): SnapshotAlignment | undefined {
  const last = chain.toReversed().flatMap((stage) => lastOf(stage, env));
  const start = steps.length - last.length;
  if (last.length === 0 || start < 0 || (chain[0]!.rootBase.isScratch && start > 0)) return undefined;
  const noted = steps.slice(start);
  if (noted.some((step) => step.producer !== 'plain' || step.isEmpty)) return undefined;
  // Only a snapshot makes a layer of what writes no file; without this sign, nothing else may come from this builder.
  const isUnmistakable = noted.some(({ keyword }) => keyword !== 'WORKDIR' && !workKeywords.has(keyword ?? ''));
  if (!isUnmistakable && steps[start - 1]?.producer === 'plain') return undefined;
  if (ordinary.pairs.some(({ at, score }) => at < start && score > 0)) return undefined;

  const scorer = new Scorer();
  const pairs = last.map((expected, index): Pair => {
    const score = scorer.score(expected, noted[index]!);
    return { expected, at: start + index, score, isAmbiguous: false };
  });
  if (pairs.some(({ score }) => score < surely)) return undefined;
  const quality = pairs.reduce((sum, { score }) => sum + score, 0) / pairs.length;
  return { pairs, quality, stages: new Map(pairs.map(({ at, expected }) => [at, expected.stage])) };
}

function lastOf(stage: Stage, env: BaseEnvironment): readonly ExpectedStep[] {
  return expectedSteps([stage], env)
    .filter(({ isTrigger }) => !isTrigger)
    .slice(-1);
}
