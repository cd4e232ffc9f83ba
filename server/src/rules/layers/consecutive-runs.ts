import { defineRule, type FixProposal, type Report } from '../../lint/rule.ts';
import type { Run } from '../../model/run.ts';
import type { Stage } from '../../model/stage.ts';
import type { Edit } from '../../text/edit.ts';
import { heredocForm } from './heredocForm.ts';
import { mergeRuns } from './mergeRuns.ts';
import { mergeValue, type MergeValue } from './runCost.ts';

export const consecutiveRuns = defineRule({
  id: 'consecutive-runs',
  practice: 'layers',
  summary: 'Each of several `RUN`s in a row makes a layer of its own.',
  why: [
    'A layer only ever adds: what one `RUN` writes and the next one deletes or changes is stored twice or for nothing.',
    'Steps that belong together (refresh the package lists, install, clean up) are smaller and always current as one `RUN`.',
    '',
    'The fix joins the scripts so that they do the same as before: `{ …; }` keeps the exit code of a list, `( … )` keeps',
    '`cd`, variables and options from reaching the next script, and the build still stops at the same failure.',
    '',
    'Where the frontend has heredocs, a second fix writes the same as `RUN <<EOF`: every command on a line of its own under',
    '`set -e`, without `&&` and continuation marks. It needs BuildKit, so it is a suggestion.',
    '',
    'One `RUN` is also one entry of the build cache: after an edit all of it runs again. Dependency installs, and what',
    'would be rebuilt for every edit, are therefore left apart or only suggested.',
  ].join('\n'),
  severity: 'info',
  fix: 'safe',
  changes: ['layers', 'run-flags'],
  aliases: [
    'hadolint/DL3059',
    'kics/multiple_run_add_copy_instructions_listed',
    'sonar/S7031',
    'tally/prefer-run-heredoc',
  ],
  examples: [
    {
      before:
        'FROM debian:13\nRUN apt-get update\nRUN apt-get install -y curl\n# no lists in the image\nRUN rm -rf /var/lib/apt/lists/*\n',
      after:
        'FROM debian:13\nRUN apt-get update \\\n    && apt-get install -y curl \\\n    # no lists in the image\n    && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      before: 'FROM debian:13\nRUN cd /etc && touch motd\nRUN mkdir /data || true\n',
      after: 'FROM debian:13\nRUN (cd /etc && touch motd) \\\n    && { mkdir /data || true; }\n',
    },
  ],
  check({ dockerfile, report }) {
    // Layers of other stages are not in the image.
    for (const stage of dockerfile.shippedStages) {
      for (const group of groupsOf(stage)) report(reportOf(group));
    }
  },
});

interface Group {
  /** Two or more neighbours that can be merged. */
  readonly runs: Run[];
  readonly value: Exclude<MergeValue, 'unwanted'>;
  /** The one to show: the first that could have been part of an earlier layer and that no other group shows. */
  readonly shown: Run;
}

/** The longest rows of RUNs that can be merged and are worth it in the same degree. */
function groupsOf(stage: Stage): Group[] {
  const groups: Group[] = [];
  for (const [previous, run] of neighboursOf(stage)) {
    const open = groups.at(-1)?.runs.at(-1) === previous ? groups.at(-1) : undefined;
    const earlier = open && open.runs.length < longestRow ? open.runs : [previous];
    const value = worst(earlier.map((each) => mergeValue(each, run)));
    if (value === 'unwanted' || isUnsightly(previous, run, value)) continue;
    if (mergeRuns([...earlier, run]).kind === 'refused') {
      if (mergeRuns([previous, run]).kind === 'merged') groups.push({ runs: [previous, run], value, shown: run });
    } else if (open?.value === value && earlier === open.runs) open.runs.push(run);
    // What merges freely stays a group of its own; a suggestion takes it along.
    else groups.push({ runs: [...earlier, run], value, shown: run });
  }
  return groups;
}

/** A row of more RUNs is told in pieces. */
const longestRow = 40;

/** Pairs of RUNs with nothing but comments between. */
function neighboursOf(stage: Stage): (readonly [Run, Run])[] {
  const runs = new Map(stage.runs.map((run) => [run.instruction, run]));
  return stage.instructions.flatMap((instruction, index) => {
    const previous = index > 0 ? runs.get(stage.instructions[index - 1]!) : undefined;
    const run = runs.get(instruction);
    return previous && run && !hasSpareInstruction(previous, run) ? [[previous, run] as const] : [];
  });
}

/** Whether an instruction is commented out between them: inside a RUN it could no longer be put back. */
function hasSpareInstruction({ instruction, stage }: Run, next: Run): boolean {
  const { dockerfile } = stage;
  return dockerfile.comments.some(
    ({ range }) =>
      range.start >= instruction.range.end &&
      range.end <= next.instruction.range.start &&
      /^#[#\s]*(?:RUN|COPY|ADD|ENV|ARG|USER|WORKDIR|SHELL|CMD|ENTRYPOINT|FROM|EXPOSE|VOLUME)\s/.test(
        dockerfile.slice(range),
      ),
  );
}

/** Whether the result reads worse than what is there, for no more than a suggestion: a script over many lines in brackets. */
function isUnsightly(first: Run, second: Run, value: MergeValue): boolean {
  if (isBlock(first) !== isBlock(second)) return true;
  return (
    value === 'costs-cache' &&
    [first, second].some((run) => isBlock(run) || (isLong(run) && /;|^cd\s|&&\s*cd\s/.test(run.scriptText)))
  );
}

/** A script over several lines under its own `set -e`: written as a unit. */
function isBlock(run: Run): boolean {
  return isLong(run) && /^set\s+-[a-z]*e[^&|]*;/.test(run.scriptText);
}

function isLong(run: Run): boolean {
  return run.instruction.line.continuations.length > 2;
}

function worst(values: readonly MergeValue[]): MergeValue {
  return values.find((value) => value === 'unwanted') ?? values.find((value) => value === 'costs-cache') ?? 'free';
}

function reportOf({ runs, value, shown }: Group): Report {
  const merge = mergeRuns(runs);
  const count = runs.length;
  const cost = 'an edit of a later one then runs the earlier ones again';
  return {
    range: shown.instruction.keywordRange,
    message:
      value === 'free'
        ? `${count} RUNs in a row make ${count} layers; merge them into one.`
        : `${count} RUNs in a row make ${count} layers; merge them if they rarely change, as ${cost}.`,
    ...(value === 'free' ? {} : { severity: 'hint' as const }),
    related: runs
      .filter((run) => run !== shown)
      .map((run) => ({ range: run.instruction.keywordRange, message: 'This RUN can be part of the same layer.' })),
    fixes: merge.kind === 'refused' ? [] : [inOneList(merge.edits), ...asHeredoc()],
  };

  function inOneList(edits: readonly Edit[]): FixProposal {
    return value === 'free'
      ? { title: `Merge ${count} RUNs into one`, edits, safety: 'safe' }
      : { title: `Merge ${count} RUNs into one (${cost})`, edits, safety: 'suggestion' };
  }

  function asHeredoc(): FixProposal[] {
    const { frontend } = shown.stage.dockerfile;
    if (frontend.has(1, 4) !== true) return [];
    const edits = heredocForm(runs);
    const caveats = [
      // Without the directive, the builder decides what it understands.
      ...(frontend.image === undefined ? ['needs BuildKit'] : []),
      ...(value === 'free' ? [] : [cost]),
    ];
    const title = `Merge ${count} RUNs into one heredoc${caveats.length > 0 ? ` (${caveats.join('; ')})` : ''}`;
    return edits ? [{ title, edits, safety: 'suggestion' }] : [];
  }
}
