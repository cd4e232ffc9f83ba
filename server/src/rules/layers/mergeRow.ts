import type { Run } from '../../model/run.ts';
import type { Edit } from '../../text/edit.ts';
import { mergeRuns } from './mergeRuns.ts';
import { mergeValue } from './runCost.ts';

/** A merge of all RUNs from one to another. */
export interface RowMerge {
  readonly edits: readonly Edit[];
  /** Whether the cache loses nothing by it. */
  readonly isFree: boolean;
}

/** Nobody wants more in one. */
const longestRow = 20;

/** Merges the RUNs of a stage from `first` to `last`; undefined when something else stands between, or it can't be right. */
export function mergeRow(first: Run, last: Run): RowMerge | undefined {
  const { runs, dockerfile } = first.stage;
  const row = runs.slice(runs.indexOf(first), runs.indexOf(last) + 1);
  if (row.length > longestRow) return undefined;
  const isUnbroken = row.every(
    (run, index) => index === 0 || dockerfile.neighbour(row[index - 1]!.instruction, 1) === run.instruction,
  );
  const merge = isUnbroken && first.stage === last.stage ? mergeRuns(row) : undefined;
  if (merge?.kind !== 'merged') return undefined;
  const isFree = row.every((run, index) => row.slice(0, index).every((before) => mergeValue(before, run) === 'free'));
  return { edits: merge.edits, isFree };
}
