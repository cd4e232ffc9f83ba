import { someOf } from '../someOf.ts';
import { defineRule, type FixProposal, type Report } from '../../lint/rule.ts';
import type { Command } from '../../model/command.ts';
import { Copy } from '../../model/copy.ts';
import type { Run } from '../../model/run.ts';
import { appendToScript, removeFromScript } from '../../model/scriptEdits.ts';
import type { Stage } from '../../model/stage.ts';
import type { Edit } from '../../text/edit.ts';
import { dropRun } from './dropRun.ts';
import { type Cleanup, cleanupsOf } from './leftovers.ts';
import { mergeRow } from './mergeRow.ts';

export const cleanupInLaterLayer = defineRule({
  id: 'cleanup-in-later-layer',
  practice: 'layers',
  summary: 'What is removed in a later layer than the one that made it stays in the image.',
  why: [
    'Each instruction adds a layer on top of the earlier ones. Removing a file that an earlier layer holds only hides it:',
    'its bytes are stored, pushed and pulled as before. Clean up in the same `RUN` that makes the mess.',
    '',
    'A file that comes in by `COPY` can be used without leaving it in a layer by `RUN --mount=type=bind`.',
  ].join('\n'),
  severity: 'warning',
  fix: 'safe',
  changes: ['layers', 'run-flags'],
  aliases: [],
  examples: [
    {
      before: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl\nRUN rm -rf /var/lib/apt/lists/*\n',
      after: 'FROM debian:13\nRUN apt-get update && apt-get install -y curl \\\n    && rm -rf /var/lib/apt/lists/*\n',
    },
  ],
  check({ dockerfile, report }) {
    for (const stage of dockerfile.shippedStages) {
      for (const run of stage.runs) {
        const finding = reportOf(stage, run);
        if (finding) report(finding);
      }
    }
  },
});

interface LateCleanup {
  readonly cleanup: Cleanup;
  /** The command or COPY nearest before it that made the mess. */
  readonly maker: Command | Copy;
}

/** One report for all that a RUN cleans up too late. */
function reportOf(stage: Stage, run: Run): Report | undefined {
  const cleanups = cleanupsOf(run);
  if (cleanups.length === 0) return undefined;
  const earlier = earlierThan(stage, run);
  const late = cleanups.flatMap((cleanup): LateCleanup[] => {
    for (const step of earlier) {
      const maker = cleanup.madeBy(step);
      if (maker) return [{ cleanup, maker }];
    }
    return [];
  });
  const [first] = late;
  if (!first) return undefined;
  const things = someOf(
    late.map(({ cleanup }) => cleanup.thing),
    3,
  );
  const fix = merging(run, late) ?? moving(run, late);
  return {
    range: first.cleanup.command.range,
    message: `Removing ${things} here frees nothing, as an earlier layer keeps it; ${adviceOn(first.maker)}.`,
    related: late.map(({ maker }) => ({
      range: maker instanceof Copy ? maker.instruction.keywordRange : maker.range,
      message: 'This layer keeps it.',
    })),
    fixes: fix ? [fix] : [],
  };
}

function adviceOn(maker: Command | Copy): string {
  if (!(maker instanceof Copy)) return 'clean up in the RUN that makes the mess';
  if (maker.usesContext || maker.from !== undefined) return 'let RUN --mount=type=bind bring it in instead';
  return 'download, use and remove it in one RUN';
}

/** How far back the maker of a mess is looked for. */
const farthest = 200;

/** RUNs, COPYs and ADDs of this file that the RUN builds on, the nearest first. */
function earlierThan(stage: Stage, run: Run): (Run | Copy)[] {
  const found: (Run | Copy)[] = [];
  for (const each of stage.chain) {
    const before = <T extends Run | Copy>(steps: readonly T[]): T[] => {
      const end = steps.findIndex((step) => step.instruction.range.start >= run.instruction.range.start);
      return steps.slice(0, end < 0 ? steps.length : end).slice(-farthest);
    };
    found.push(...before(each.runs), ...before(each.copies));
    if (found.length > farthest) break;
  }
  return found.sort((a, b) => b.instruction.range.start - a.instruction.range.start).slice(0, farthest);
}

/** Merges the RUNs from the maker to the cleanup, when nothing else stands between them. */
function merging(run: Run, late: readonly LateCleanup[]): FixProposal | undefined {
  const makers = late.map(({ maker }) => (maker instanceof Copy ? undefined : maker.run));
  if (makers.some((maker) => maker?.stage !== run.stage)) return undefined;
  const { runs } = run.stage;
  const from = Math.min(...makers.map((maker) => runs.indexOf(maker!)));
  const row = mergeRow(runs[from]!, run);
  if (!row) return undefined;
  return row.isFree
    ? { title: 'Merge the RUNs, so that it is removed in the layer that made it', edits: row.edits, safety: 'safe' }
    : {
        title: 'Merge the RUNs (an edit of a later one then runs the earlier ones again)',
        edits: row.edits,
        safety: 'suggestion',
      };
}

/** Moves the removal of a cache to the end of the RUN that fills it, when no later one needs it. */
function moving(run: Run, late: readonly LateCleanup[]): FixProposal | undefined {
  const [{ maker }] = late as readonly [LateCleanup];
  if (maker instanceof Copy || late.some((each) => each.maker instanceof Copy || each.maker.run !== maker.run))
    return undefined;
  if (!late.every(({ cleanup }) => cleanup.isCache && cleanup.isWhole) || usedBetween(maker.run, run, late))
    return undefined;
  if (!runsAlike(maker.run, run)) return undefined;
  const { dockerfile } = run.stage;
  const commands = [...new Set(late.map(({ cleanup }) => cleanup.command))];
  if (commands.some((command) => !command.shell.unconditional || command.shell.within.length > 0)) return undefined;
  const texts = commands.map((command) => dockerfile.slice(command.range));
  if (texts.some((text) => /[\n$]/.test(text))) return undefined;
  const added = appendToScript(maker.run, texts.join(' && '));
  const dropped = dropping(run, commands);
  if (!added || !dropped) return undefined;
  return {
    title: 'Move the clean-up into the RUN that makes the mess (what stands between does without)',
    edits: [added, ...dropped],
    safety: 'suggestion',
  };
}

/** Whether a command does the same in both: same stage, user and shell, no flags. */
function runsAlike(first: Run, second: Run): boolean {
  if (first.stage !== second.stage || first.shell.source !== second.shell.source) return false;
  return userOf(first) === userOf(second) && [first, second].every((run) => run.instruction.flags.length === 0);
}

function userOf(run: Run): string | undefined {
  return run.stage.effectiveUserAt(run.instruction).source?.argsText;
}

/** Whether a RUN between uses the package manager, or does what can't be known. */
function usedBetween(maker: Run, run: Run, late: readonly LateCleanup[]): boolean {
  const { runs } = run.stage;
  const between = [...runs.slice(runs.indexOf(maker) + 1, runs.indexOf(run)), run];
  const managers = new Set(late.map(({ cleanup }) => cleanup.manager));
  return between.some((each) => {
    if (each.form === 'exec' || each.form === 'foreign' || !each.script?.complete) return true;
    if (each.packageUses.some((use) => managers.has(use.manager) && use.action !== 'clean')) return true;
    return each !== run && each.commands.some(mayInstall);
  });
}

/** A script of the project, or a tool that calls the package manager itself. */
function mayInstall(command: Command): boolean {
  if (/\.sh$|\//.test(command.shell.nameWord?.text ?? '') || /^(?:ba|da|a)?sh$/.test(command.name)) return true;
  return command.args.some((word) => /with-deps|install-deps/.test(word.text));
}

/** The edits that take the commands out of the RUN: the whole RUN when nothing else is in it. */
function dropping(run: Run, commands: readonly Command[]): Edit[] | undefined {
  if (commands.length < run.commands.length) {
    const edits = commands.map(removeFromScript);
    return commands.length === 1 && edits[0] ? [edits[0]] : undefined;
  }
  const dropped = dropRun(run);
  return dropped && [dropped];
}
